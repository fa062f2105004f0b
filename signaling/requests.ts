/** What the server takes from a peer, and from whoever starts it: the checks of `protocol.ts` that tell what is wrong. */
import * as v from 'valibot'
import { type Entry, type Hello, type IceServer, ROOM_NAME_MAX, WITNESS_BYTES_MAX } from './protocol.ts'

const nameSchema = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9._~-]{1,64}$/, 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -'),
)

const roomNameSchema = v.pipe(
  v.string('must be a string'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(ROOM_NAME_MAX, `must have at most ${ROOM_NAME_MAX} characters`),
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

const inRoom = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.object({ room: roomNameSchema, ...entries }, 'must be an object with a room')

export const helloSchema: v.GenericSchema<unknown, Hello> = v.object(
  {
    version: v.number('must be a number'),
    peer: nameSchema,
    secret: v.pipe(text(128), v.minLength(16, 'must have at least 16 characters')),
    token: v.exactOptional(text(8192)),
  },
  'must be { version, peer, secret, token? }',
)

export const entryRequest: v.GenericSchema<unknown, Entry> = inRoom({ standing: v.exactOptional(standingSchema) })
export const roomsRequest = v.object({ rooms: v.array(entryRequest, 'must be a list') }, 'must be { rooms }')
export const leaveRequest = inRoom({})
export const signalRequest = inRoom({ to: nameSchema, data: v.unknown() })

/** Binary data as socket.io hands it over. */
const bytesSchema = v.pipe(
  v.instance(Uint8Array, 'must be bytes'),
  v.check(({ byteLength }) => byteLength <= WITNESS_BYTES_MAX, `must have at most ${WITNESS_BYTES_MAX} bytes`),
  v.transform((data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
)

export const witnessRequest = inRoom({ data: bytesSchema })
