import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'

/** How one peer is reached. */
export interface LinkInfo {
  readonly peer: PeerId
  /** `relayed`: by another member (`via`), or by a TURN server. */
  readonly state: 'connecting' | 'direct' | 'relayed'
  /** The peer that takes the messages for it next, as there is no usable link of its own now. */
  readonly via?: PeerId | undefined
  /** Round trip in ms, as last measured; undefined before the first answer. */
  readonly roundTripMs: number | undefined
  /** Bytes handed over and not yet sent. */
  readonly bytesQueued: number
}

export interface TransportListener {
  /** The link to `peer` is usable. */
  up(peer: PeerId): void
  /** The link broke; what was in flight may be lost. The transport tries again by itself as long as the peer is wanted. */
  down(peer: PeerId): void
  frame(peer: PeerId, frame: Uint8Array): void
  /** A link that was busy takes more. */
  drained?(peer: PeerId): void
}

/**
 * Moves binary frames between peers: reliable and in order on one link while it lasts, never across two.
 * Never calls its listener from inside a call of its own methods.
 */
export interface Transport {
  /** Sets the one listener; called once, before anything else. */
  listen(listener: TransportListener): void
  /** Wants a link to `peer`; kept up, and replaced when it breaks, until `unwant`. Called again: waits no longer for the next try. */
  want(peer: PeerId): void
  unwant(peer: PeerId): void
  /**
   * Queues a frame, which stays as it is from then on. Dropped when there is no link: the engine pulls what is missing.
   * @throws TuttiError `internal` if the frame is empty or larger than `frameBytesMax`.
   */
  send(peer: PeerId, frame: Uint8Array): void
  /** Closes the link at once, with all that it received and has not handed over; it is set up anew only while wanted, under a new epoch. */
  reset(peer: PeerId): void
  links(): readonly LinkInfo[]
  /** Whether a link has as much to send as it takes at a time: what waits until `drained` can still be put in order. Default: never. */
  isBusy?(peer: PeerId): boolean
  readonly frameBytesMax: number
  /** Sends what it can of the queues in this turn, then closes all links. The listener hears nothing more; calls do nothing. */
  close(): void
}

/** Throws if `frame` is none that a link carries. */
export function checkFrame(frame: Uint8Array, bytesMax: number): void {
  if (frame.length > 0 && frame.length <= bytesMax) return
  throw new TuttiError('internal', `a frame has 1 to ${bytesMax} bytes, this one has ${frame.length}`)
}
