import type { Connect, Connection, Measured } from './connection.ts'
import type { LinkSignal } from './link-signals.ts'
import { type SendChannel, SendQueue } from './send-queue.ts'

export interface LinkOptions {
  /** Number of the connection; every signal of it carries this. */
  readonly epoch: number
  readonly initiator: boolean
  readonly connect: Connect
}

/** None of these is called from inside a call of the link's own methods, and none after `destroy`. */
export interface LinkListener {
  /** To be handed to the link's other end. */
  signal(signal: LinkSignal): void
  /** The channel is open: frames can be sent. */
  open(): void
  frame(frame: Uint8Array): void
  /** The channel has room again. */
  drained(): void
  /** The connection broke, or came to nothing. Last call. */
  closed(): void
}

/** Candidates taken from the other end of one link. */
const CANDIDATES_MAX = 256
/** How old the browser's figures may be before they are asked for again. */
const MEASURE_EVERY_MS = 1_000
/** How far the last flush of a closing page fills the channel; at 16 MiB it would fail. */
const FLUSH_BYTES = 8 * 1024 * 1024

/** One connection to one peer, never used again once it closed. */
export class Link {
  readonly epoch: number
  readonly #connection: Connection
  readonly #listener: LinkListener
  #queue: SendQueue | undefined
  #described = false
  #candidates = 0
  #over = false
  #destroyed = false
  #measured: Measured = { roundTripMs: undefined, relayed: false }
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor({ epoch, initiator, connect }: LinkOptions, listener: LinkListener) {
    this.epoch = epoch
    this.#listener = listener
    this.#connection = connect(initiator, {
      signal: (signal) => this.#over || listener.signal({ ...signal, epoch } as LinkSignal),
      open: (channel) => this.#open(channel),
      data: (bytes) => this.#over || listener.frame(bytes),
      low: () => this.#low(),
      closed: () => this.#closed(),
    })
  }

  /** Whether this end ended it: what it received and did not hand on yet counts no more. */
  get isDestroyed(): boolean {
    return this.#destroyed
  }

  /** Bytes handed over and not yet sent. */
  get bytesQueued(): number {
    return this.#queue?.bytes ?? 0
  }

  /** Whether it has as much to send as it takes at a time. */
  get isBusy(): boolean {
    return this.#queue?.isBusy === true
  }

  /** What the browser measured last; asks it again for the next time. */
  measure(): Measured {
    const nowMs = performance.now()
    if (this.#queue !== undefined && !this.#over && nowMs - this.#measuredAtMs > MEASURE_EVERY_MS) {
      this.#measuredAtMs = nowMs
      this.#connection.measure((measured) => {
        this.#measured = measured
      })
    }
    return this.#measured
  }

  /** Takes a signal of this link's epoch. What WebRTC refuses to read is dropped. */
  signal(signal: LinkSignal): void {
    if (this.#over || signal.type === 'please') return
    // A second description would end the connection.
    if (signal.type === 'candidate' ? ++this.#candidates > CANDIDATES_MAX : this.#described) return
    if (signal.type !== 'candidate') this.#described = true
    try {
      this.#connection.signal(signal)
    } catch {
      // The other end sent what is no description or candidate: without them the attempt runs out of time.
    }
  }

  send(frame: Uint8Array): void {
    this.#guard((queue) => queue.push(frame))
  }

  /** Hands the channel all that it can hold without failing. */
  flush(): void {
    this.#guard((queue) => queue.drain(FLUSH_BYTES))
  }

  /** Ends the connection; the listener hears nothing more. */
  destroy(): void {
    if (this.#over) return
    this.#over = true
    this.#destroyed = true
    this.#connection.destroy()
  }

  #open(channel: SendChannel): void {
    if (this.#over) return
    this.#queue = new SendQueue(channel)
    this.#listener.open()
  }

  #low(): void {
    this.#guard((queue) => queue.drain())
    if (!this.#over) this.#listener.drained()
  }

  #closed(): void {
    if (this.#over) return
    this.#over = true
    this.#listener.closed()
  }

  /** A channel that closes refuses to send before it says so: the link is over then, and `closed` tells. */
  #guard(use: (queue: SendQueue) => void): void {
    if (this.#queue === undefined || this.#over) return
    try {
      use(this.#queue)
    } catch {
      this.#connection.destroy()
    }
  }
}
