import { newDeque, takeFirst } from '../base/deque.ts'

/** What a send queue needs of a data channel. */
export interface SendChannel {
  /** Bytes that the channel took and has not sent. */
  readonly bufferedAmount: number
  send(bytes: Uint8Array): void
}

/** The channel takes no more once it buffers this much; its own queue overflows at 16 MiB, and then it fails. */
export const HIGH_BYTES = 1024 * 1024
/** The channel asks for more once it buffers less than this. */
export const LOW_BYTES = 256 * 1024

/** The frames of one link that its channel has no room for yet, in order. Frames are kept, not copied. */
export class SendQueue {
  readonly #channel: SendChannel
  readonly #frames = newDeque<Uint8Array>()
  #bytes = 0

  constructor(channel: SendChannel) {
    this.#channel = channel
  }

  /** Bytes handed over and not yet sent, those in the channel included. */
  get bytes(): number {
    return this.#bytes + this.#channel.bufferedAmount
  }

  get isBusy(): boolean {
    return this.bytes >= HIGH_BYTES
  }

  push(frame: Uint8Array): void {
    if (this.#bytes === 0 && this.#channel.bufferedAmount < HIGH_BYTES) {
      this.#channel.send(frame)
      return
    }
    this.#frames.items.push(frame)
    this.#bytes += frame.length
  }

  /** Gives the channel what it takes until it buffers `limitBytes`. */
  drain(limitBytes = HIGH_BYTES): void {
    while (this.#channel.bufferedAmount < limitBytes) {
      const frame = takeFirst(this.#frames)
      if (frame === undefined) return
      this.#bytes -= frame.length
      this.#channel.send(frame)
    }
  }
}
