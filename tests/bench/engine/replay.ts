import type { Engine } from '../../../peer/engine/engine.ts'
import type { Output } from '../../../peer/engine/io.ts'
import { decode } from '../../../peer/wire/codec.ts'
import { readEntry } from '../../../peer/wire/entry.ts'
import { unpackFrame } from '../../../peer/wire/frame.ts'
import { feed } from './feed.ts'
import { type Journal, type JournalEntry, MEMBERS, newEngine } from './journal.ts'

/** What is called for each multicast. */
export type Listener = (payload: Uint8Array) => void

/** Only reads the frames: all messages, all entries, one call a multicast. */
export function replayDecoding({ entries }: Journal, listener: Listener): void {
  for (const entry of entries) {
    if (entry.type !== 'frame') continue
    const frame = unpackFrame(entry.frame)
    if (frame === undefined) throw new Error('a frame that is none')
    for (const bytes of frame.messages) {
      const message = decode(bytes)
      if (message.kind !== 'entries') continue
      for (const encoded of message.entries) {
        const cast = readEntry(encoded, MEMBERS)
        if (cast?.type === 'cast') listener(encoded.subarray(cast.payloadAt))
      }
    }
  }
}

/** An engine in the place of the one whose journal it is, before the multicasts. */
export function engineBefore(journal: Journal): Engine {
  const engine = newEngine(journal.self)
  const outputs: Output[] = []
  for (const entry of journal.before) play(engine, entry, outputs)
  return engine
}

/** Gives an engine the frames, and its listener what it delivers. What it would send is made and dropped. */
export function replayEngine(engine: Engine, { entries }: Journal, listener: Listener): void {
  const outputs: Output[] = []
  for (const entry of entries) {
    play(engine, entry, outputs)
    for (const output of outputs) if (output.type === 'deliver') listener(output.payload)
    outputs.length = 0
  }
}

function play(engine: Engine, entry: JournalEntry, outputs: Output[]): void {
  if (entry.type === 'frame') return feed(engine, entry.now, entry.from, entry.tag, entry.frame, outputs)
  engine.step(entry.now, entry.input)
  outputs.push(...engine.drain())
}
