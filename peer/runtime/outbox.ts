import type { PeerId } from '../base/ids.ts'
import { FRAME_OVERHEAD_BYTES, packFrame } from '../wire/frame.ts'
import { split } from '../wire/parts.ts'
import type { Clock } from './clock.ts'

interface FrameSink {
  send(peer: PeerId, frame: Uint8Array): void
  readonly frameBytesMax: number
}

/** A frame's header: which group, which attempt of the sender, which view. */
interface Header {
  readonly group: number
  readonly attempt: number
  readonly lineageTag: number
  readonly number: number
}

interface Gathering {
  readonly header: Header
  readonly messages: Uint8Array[]
  bytes: number
}

/** Gathers what goes to a link in one turn of the loop, so that it shares a frame (FL3). Order is kept. */
export class Outbox {
  readonly #sink: FrameSink
  readonly #clock: Clock
  readonly #gathering = new Map<PeerId, Gathering>()
  #flushDue = false

  constructor(sink: FrameSink, clock: Clock) {
    this.#sink = sink
    this.#clock = clock
  }

  add(peer: PeerId, header: Header, message: Uint8Array): void {
    const room = this.#sink.frameBytesMax - FRAME_OVERHEAD_BYTES
    if (message.length <= room) return this.#gather(peer, header, message)
    for (const part of split(message, room)) this.#gather(peer, header, part)
  }

  #gather(peer: PeerId, header: Header, message: Uint8Array): void {
    let gathering = this.#gathering.get(peer)
    const bytes = message.length + 4
    if (gathering !== undefined && (!sameHeader(gathering.header, header) || this.#full(gathering, bytes))) {
      this.#send(peer, gathering)
      gathering = undefined
    }
    if (gathering === undefined) {
      gathering = { header, messages: [], bytes: FRAME_OVERHEAD_BYTES }
      this.#gathering.set(peer, gathering)
    }
    gathering.messages.push(message)
    gathering.bytes += bytes
    if (this.#flushDue) return
    this.#flushDue = true
    this.#clock.defer(() => this.flush())
  }

  flush(): void {
    this.#flushDue = false
    const ready = [...this.#gathering]
    this.#gathering.clear()
    for (const [peer, gathering] of ready) this.#send(peer, gathering)
  }

  /** Forgets what waits for a link that broke. */
  drop(peer: PeerId): void {
    this.#gathering.delete(peer)
  }

  #full(gathering: Gathering, more: number): boolean {
    return gathering.bytes + more > this.#sink.frameBytesMax
  }

  #send(peer: PeerId, gathering: Gathering): void {
    this.#sink.send(peer, packFrame({ ...gathering.header, messages: gathering.messages }))
  }
}

function sameHeader(a: Header, b: Header): boolean {
  return a.group === b.group && a.attempt === b.attempt && a.lineageTag === b.lineageTag && a.number === b.number
}
