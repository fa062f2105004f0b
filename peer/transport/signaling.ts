import type { Lineage, PeerId } from '../base/ids.ts'

export type SignalingState = 'connecting' | 'open' | 'unreachable'

/** What the introducer tells a peer. */
export interface SignalingListener {
  state(state: SignalingState): void
  /** Who is in the room now, in order of arrival, without this peer. Comes after `enter`, and again after a reconnect. */
  room(room: string, peers: readonly PeerId[]): void
  entered(room: string, peer: PeerId): void
  /** `gone`: its socket closed without a word; a hint, no verdict. */
  left(room: string, peer: PeerId, gone: boolean): void
  /** This peer is to found the group of the room. */
  founder(room: string): void
  /** An offer, answer or candidate of another peer. */
  signal(from: PeerId, data: unknown): void
  /** The server's ICE servers, before the first link is made. */
  iceServers(servers: readonly RTCIceServer[]): void
  /**
   * The token of the room's witness, told before `room` and `founder`, and when it changes; undefined: the room has
   * none, or it can't be reached.
   */
  witness?(room: string, token: string | undefined): void
  /** What the witness of the room says to something that this peer asked. */
  witnessAnswer?(room: string, bytes: Uint8Array): void
  /** The server refused something of ours; `reason` is for people. `room`: where it concerns one, such as a full room. */
  refused(reason: string, room?: string): void
}

/**
 * A way of being introduced to others; the group's messages never pass here. An application may bring its own.
 * Reconnects by itself with backoff, enters its rooms again and repeats its announcements.
 */
export interface Signaling {
  /**
   * Starts. `self` is this peer's id, new at every load. Called once, and again only after `close`, with the same id and
   * in no room: a page that was kept aside comes back.
   */
  open(self: PeerId, listener: SignalingListener): void
  enter(room: string): void
  leave(room: string): void
  /** Tells that this peer is a member of a lineage of the room's group, so that nobody is named founder; undefined: it no longer is. */
  announce(room: string, standing: { readonly lineage: Lineage; readonly number: number } | undefined): void
  signal(room: string, to: PeerId, data: unknown): void
  /**
   * Asks the witness of the room, which may not answer. Absent where there is no witness; groups then do without one.
   * A request above 257 KiB is refused.
   */
  askWitness?(room: string, bytes: Uint8Array): void
  close(): void
  /**
   * As `close`, but without a goodbye: as if this page had crashed, so that the others hear of a peer that is gone. Where it is
   * absent, `close` is called.
   */
  vanish?(): void
}
