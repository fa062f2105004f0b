import type { LinkSignal } from './link-signals.ts'
import type { SendChannel } from './send-queue.ts'

/**
 * Begins one WebRTC connection with one data channel, to be ended by `destroy` or by itself. Where it is made need not be
 * where its channel is used: a channel can be taken to a worker, a connection can't.
 */
export type Connect = (initiator: boolean, listener: ConnectionListener) => Connection

/** What of a signal is the connection's: the link knows its epoch. */
export type ConnectionSignal = Exclude<LinkSignal, { type: 'please' }>

type WithoutEpoch<S> = S extends unknown ? Omit<S, 'epoch'> : never
/** As a connection gives it. */
export type UnnumberedSignal = WithoutEpoch<ConnectionSignal>

/** What the browser measured of a connection. */
export interface Measured {
  readonly roundTripMs: number | undefined
  readonly relayed: boolean
}

export interface Connection {
  /** May throw at a signal that WebRTC refuses to read. */
  signal(signal: ConnectionSignal): void
  /** Has the path in use measured; where that fails, `done` is not called. */
  measure(done: (measured: Measured) => void): void
  /** Ends it. Whether `closed` follows is not said. */
  destroy(): void
}

/** None of these is called from inside a call of the connection's own methods. */
export interface ConnectionListener {
  /** To be handed to the other end. */
  signal(signal: UnnumberedSignal): void
  /** The channel is open: it can send. Before the first `data`. */
  open(channel: SendChannel): void
  data(bytes: Uint8Array): void
  /** The channel buffers less than `LOW_BYTES` again. */
  low(): void
  /** It broke, or came to nothing. */
  closed(): void
}
