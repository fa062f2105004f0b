/**
 * What peers and the signaling server say to each other, over socket.io: the names and shapes of every event. Neither
 * side trusts the other with them: the server checks by `requests.ts`, the client as it reads.
 * A connection opens with a `Hello` in the handshake. Every request holds one payload; a request sent with an
 * acknowledgement is answered through it, and a refusal that nobody asked an answer for comes as `refused`.
 * Peer ids, lineages and tokens of a witness are names: `[A-Za-z0-9._~-]{1,64}`.
 */
import type { Standing } from './rooms.ts'

export { Rooms, type Standing } from './rooms.ts'

/** Rises when an older peer and a newer server, or the other way round, would misunderstand each other. */
export const PROTOCOL_VERSION = 1

/** Bytes of one offer, answer or candidate, as JSON, that a server lets pass unless it is told otherwise. */
export const SIGNAL_BYTES_MAX = 64 * 1024

/** Bytes of one value that a witness votes on. */
export const WITNESS_VALUE_BYTES_MAX = 256 * 1024

/** Bytes of what is said to and by a witness: a value, and names and numbers around it. */
export const WITNESS_BYTES_MAX = WITNESS_VALUE_BYTES_MAX + 1024

/** Characters of the name of a room, which is well-formed Unicode and not empty. */
export const ROOM_NAME_MAX = 128

/** In `auth` of the handshake. Whoever first shows a secret (16 to 128 characters) with an id owns the id. */
export interface Hello {
  version: number
  peer: string
  secret: string
  token?: string
}

export interface ClientToServer {
  /** Sent first on every connection: all rooms the peer is in. It leaves those that are not listed. */
  rooms(message: { rooms: Entry[] }, answer?: Answer): void
  enter(message: Entry, answer?: Answer): void
  leave(message: InRoom, answer?: Answer): void
  /** The peer is a member of a lineage of the room's group; without a standing: it no longer is. */
  announce(message: Entry, answer?: Answer): void
  /** Hands `data`, JSON that the server does not read, to one peer of the same room. */
  signal(message: InRoom & { to: string; data: unknown }, answer?: Answer): void
  /** Asks the witness of a room that the peer is in; what it says comes as `witness`. */
  witness(message: WitnessMessage, answer?: Answer): void
}

export interface ServerToClient {
  /** The first event of every connection. */
  welcome(message: { iceServers: IceServer[] }): void
  /** Who else is in the room, in order of arrival, and the token of its witness, if the server has one. */
  room(message: InRoom & { peers: string[]; witness?: string }): void
  entered(message: InRoom & { peer: string }): void
  /** `gone`: its connection was lost without a word. */
  left(message: InRoom & { peer: string; gone: boolean }): void
  /** The receiver is to found the group of the room. */
  founder(message: InRoom): void
  signal(message: InRoom & { from: string; data: unknown }): void
  /** What the witness of the room says to a request of the receiver. */
  witness(message: WitnessMessage): void
  /** The witness of the room has forgotten its votes, and has another token now. */
  'witness-token'(message: InRoom & { witness: string }): void
  refused(message: { reason: string; room?: string }): void
}

export type Answer = (answer: { ok: true } | { ok: false; reason: string }) => void

interface InRoom {
  room: string
}

/** A room, and where the peer stands in its group, if it is a member. */
export interface Entry extends InRoom {
  standing?: Standing
}

/** To and from a witness, in bytes that the relay and the client don't read. */
interface WitnessMessage extends InRoom {
  data: Uint8Array
}

/** A STUN or TURN server, in the shape that `RTCPeerConnection` takes. */
export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}
