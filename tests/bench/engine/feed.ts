import type { PeerId } from '../../../peer/base/ids.ts'
import type { Engine } from '../../../peer/engine/engine.ts'
import type { Output, Tag } from '../../../peer/engine/io.ts'
import { unpackFrame } from '../../../peer/wire/frame.ts'

/** Gives an engine the messages of a frame, as the multiplexer and the runtime do. */
export function feed(engine: Engine, now: number, from: PeerId, tag: Tag, bytes: Uint8Array, outputs: Output[]): void {
  const frame = unpackFrame(bytes)
  if (frame === undefined) throw new Error('a frame that is none')
  engine.steps(
    now,
    frame.messages.map((message) => ({ type: 'receive', from, tag, message }) as const),
  )
  for (const output of engine.drain()) outputs.push(output)
}
