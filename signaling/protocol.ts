/**
 * What peers and the signaling server say to each other, over socket.io: the names, shapes and checks of every event.
 * A connection opens with a `Hello` in the handshake. Every request holds one payload; a request sent with an
 * acknowledgement is answered through it, and a refusal that nobody asked an answer for comes as `refused`.
 */
import * as v from 'valibot'

export { Rooms, type Standing } from './rooms.ts'

/** Rises when an older peer and a newer server, or the other way round, would misunderstand each other. */
export const PROTOCOL_VERSION = 1

/** Bytes of one offer, answer or candidate, as JSON, that a server lets pass unless it is told otherwise. */
export const SIGNAL_BYTES_MAX = 64 * 1024

/** Bytes of one value that a witness votes on. */
export const WITNESS_VALUE_BYTES_MAX = 256 * 1024

/** Bytes of what is said to and by a witness: a value, and names and numbers around it. */
export const WITNESS_BYTES_MAX = WITNESS_VALUE_BYTES_MAX + 1024

export interface ClientToServer {
  /** Sent first on every connection: all rooms the peer is in. It leaves those that are not listed. */
  rooms(message: v.InferOutput<typeof roomsRequest>, answer?: Answer): void
  enter(message: v.InferOutput<typeof enterRequest>, answer?: Answer): void
  leave(message: v.InferOutput<typeof leaveRequest>, answer?: Answer): void
  /** The peer is a member of a lineage of the room's group; without a standing: it no longer is. */
  announce(message: v.InferOutput<typeof announceRequest>, answer?: Answer): void
  /** Hands `data`, JSON that the server does not read, to one peer of the same room. */
  signal(message: v.InferOutput<typeof signalRequest>, answer?: Answer): void
  /** Asks the witness of a room that the peer is in; what it says comes as `witness`. */
  witness(message: v.InferOutput<typeof witnessMessage>, answer?: Answer): void
}

export interface ServerToClient {
  /** The first event of every connection. */
  welcome(message: v.InferOutput<typeof welcomeNotice>): void
  /** Who else is in the room, in order of arrival, and the token of its witness, if the server has one. */
  room(message: v.InferOutput<typeof roomNotice>): void
  entered(message: v.InferOutput<typeof enteredNotice>): void
  left(message: v.InferOutput<typeof leftNotice>): void
  /** The receiver is to found the group of the room. */
  founder(message: v.InferOutput<typeof founderNotice>): void
  signal(message: v.InferOutput<typeof signalNotice>): void
  /** What the witness of the room says to a request of the receiver. */
  witness(message: v.InferOutput<typeof witnessMessage>): void
  /** The witness of the room has forgotten its votes, and has another token now. */
  'witness-token'(message: v.InferOutput<typeof witnessTokenNotice>): void
  refused(message: v.InferOutput<typeof refusedNotice>): void
}

export type Answer = (answer: { ok: true } | { ok: false; reason: string }) => void

/** `[A-Za-z0-9._~-]{1,64}`: peer ids, lineages, tokens of a witness. */
export const nameSchema = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9._~-]{1,64}$/, 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -'),
)

export const roomNameSchema = v.pipe(
  v.string('must be a string'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(128, 'must have at most 128 characters'),
  v.regex(/^\P{Surrogate}*$/u, 'must be well-formed Unicode'),
)

const standingSchema = v.object(
  {
    lineage: nameSchema,
    number: v.pipe(v.number('must be a number'), v.safeInteger('must be an integer'), v.minValue(0, 'must be >= 0')),
  },
  'must be { lineage, number }',
)

const text = (length: number) =>
  v.pipe(v.string('must be a string'), v.maxLength(length, `must have at most ${length} characters`))

export const iceServersSchema: v.GenericSchema<IceServer[]> = v.array(
  v.object(
    {
      urls: v.union([text(512), v.pipe(v.array(text(512)), v.maxLength(16))], 'must be an address or a list of them'),
      username: v.exactOptional(text(512)),
      credential: v.exactOptional(text(512)),
    },
    'must be { urls, username?, credential? }',
  ),
  'must be a list of ICE servers',
)

/** A STUN or TURN server, in the shape that `RTCPeerConnection` takes. */
export interface IceServer {
  urls: string | string[]
  username?: string
  credential?: string
}

const inRoom = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.object({ room: roomNameSchema, ...entries }, 'must be an object with a room')

/** In `auth` of the handshake. Whoever first shows a secret (16 to 128 characters) with an id owns the id. */
export const helloSchema = v.object(
  {
    version: v.number('must be a number'),
    peer: nameSchema,
    secret: v.pipe(text(128), v.minLength(16, 'must have at least 16 characters')),
    token: v.exactOptional(text(8192)),
  },
  'must be { version, peer, secret, token? }',
)
export type Hello = v.InferOutput<typeof helloSchema>

export const enterRequest = inRoom({ standing: v.exactOptional(standingSchema) })
export const roomsRequest = v.object({ rooms: v.array(enterRequest, 'must be a list') }, 'must be { rooms }')
export const leaveRequest = inRoom({})
export const announceRequest = inRoom({ standing: v.exactOptional(standingSchema) })
export const signalRequest = inRoom({ to: nameSchema, data: v.unknown() })

/** Binary data as socket.io hands it over: a view in Node, a buffer in a page. */
const bytesSchema = v.pipe(
  v.union([v.instance(Uint8Array), v.instance(ArrayBuffer)], 'must be bytes'),
  v.check(({ byteLength }) => byteLength <= WITNESS_BYTES_MAX, `must have at most ${WITNESS_BYTES_MAX} bytes`),
  v.transform(
    (data): Uint8Array =>
      data instanceof Uint8Array ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data),
  ),
)

/** To and from a witness, whose words the relay and the client don't read. */
export const witnessMessage = inRoom({ data: bytesSchema })

/** More than any room holds: only there so that a hostile server can't fill a page. */
const peersSchema = v.pipe(v.array(nameSchema), v.maxLength(100_000))

export const welcomeNotice = v.object({ iceServers: v.pipe(iceServersSchema, v.maxLength(64)) })
export const roomNotice = inRoom({ peers: peersSchema, witness: v.exactOptional(nameSchema) })
export const witnessTokenNotice = inRoom({ witness: nameSchema })
export const enteredNotice = inRoom({ peer: nameSchema })
export const leftNotice = inRoom({ peer: nameSchema, gone: v.boolean() })
export const founderNotice = inRoom({})
export const signalNotice = inRoom({ from: nameSchema, data: v.unknown() })
export const refusedNotice = v.object({ reason: text(1024), room: v.exactOptional(roomNameSchema) })
