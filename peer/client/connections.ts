import type { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { MembershipPort, MembershipPortOptions } from './membership-port.ts'

/** Where the links and the engines of one peer run: in this thread, or elsewhere. */
export interface Runtime {
  /** Called again when a page comes back, once what was there before is closed. */
  connect(options: ConnectionsOptions): Connections
  /** Nothing is asked of it any more. */
  end(): void
}

/** A choice of where to run: what `inWorker` of 'tutti/worker' gives. */
export interface RuntimeOption {
  /** Begins a runtime for one peer. */
  start(): Runtime
}

export interface ConnectionsOptions {
  readonly self: PeerId
  /** How many connections this peer has had before, all closed. */
  readonly before: number
  /** Hands a signal to another peer, by way of the introducer. */
  signal(to: PeerId, data: unknown): void
  iceServers(): readonly RTCIceServer[]
  /** All peers that some group of this peer needs a link to. */
  needed(): Iterable<PeerId>
  versionMismatch(peer: PeerId, version: number): void
  /** The runtime is gone: nothing comes of it any more. */
  failed(error: TuttiError): void
}

/** All that links a peer to others, until it closes or its page is kept aside; a page that comes back makes it anew. */
export interface Connections {
  links(): readonly LinkInfo[]
  /** Takes what another peer's connections handed to their `signal`. */
  signal(from: PeerId, data: unknown): void
  /** Goes on wanting a link to a peer for `forMs`, though no group may need it. */
  keep(peer: PeerId, forMs: number): void
  /** A peer is in the introducer's reach again: what was tried meanwhile has come to nothing. */
  retry(peer: PeerId): void
  /** Looks again at what is needed. */
  settle(): void
  /** Begins a membership over these links. */
  membership(options: MembershipPortOptions): MembershipPort
  /** Lets a membership that is paused begin another attempt, over these links. */
  resume(membership: MembershipPort): void
  /** Hands over what is gathered, then ends all links. `isPageGoing`: no other turn is sure to come. */
  close(isPageGoing: boolean): void
}
