import type { PeerId } from '../base/ids.ts'
import { kindOf } from '../wire/codec.ts'
import { unpackFrame } from '../wire/frame.ts'
import { Assembly, isPart } from '../wire/parts.ts'
import type { FrameObserver } from './network.ts'

/** A moment in the life of one message on one link. */
export interface Sighting {
  readonly moment: 'sent' | 'received' | 'handled'
  readonly kind: string
  readonly from: PeerId
  readonly to: PeerId
  readonly message: Uint8Array
}

/** Reads the frames that pass, counts their messages by kind as they are sent, and tells those who wait for one. */
export class Messages {
  readonly #watchers = new Set<(sighting: Sighting) => void>()
  readonly #assemblies = new Map<string, { readonly epoch: number; readonly assembly: Assembly }>()
  #sent = new Map<string, number>()

  readonly observe: FrameObserver = (moment, from, to, bytes, epoch) => {
    const frame = unpackFrame(bytes)
    if (frame === undefined || frame.isGreeting) return
    for (const piece of frame.messages) {
      const message = isPart(piece) ? this.#assemble(`${moment} ${from} ${to}`, epoch, piece) : piece
      if (message === undefined) continue
      const kind = kindOf(message) ?? 'invalid'
      if (moment === 'sent') this.#sent.set(kind, (this.#sent.get(kind) ?? 0) + 1)
      for (const watcher of this.#watchers) watcher({ moment, kind, from, to, message })
    }
  }

  /** A message that travels in parts is seen with its last part. */
  #assemble(key: string, epoch: number, part: Uint8Array): Uint8Array | undefined {
    let entry = this.#assemblies.get(key)
    if (entry?.epoch !== epoch) {
      entry = { epoch, assembly: new Assembly() }
      this.#assemblies.set(key, entry)
    }
    const whole = entry.assembly.take(part)
    return typeof whole === 'string' ? undefined : whole
  }

  /** Calls `watcher` at each sighting; the returned function ends that. */
  watch(watcher: (sighting: Sighting) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Messages sent so far, by kind. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#sent)
  }
}

/** What was sent between two counts, by kind; kinds not sent are left out. */
export function sentBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  const difference = new Map<string, number>()
  for (const [kind, count] of after) {
    const more = count - (before.get(kind) ?? 0)
    if (more > 0) difference.set(kind, more)
  }
  return difference
}
