import { type IceServer, ROOM_NAME_MAX, SIGNAL_BYTES_MAX, WITNESS_BYTES_MAX } from '../../signaling/protocol.ts'
import { TuttiError } from '../base/errors.ts'
import { isName, type PeerId } from '../base/ids.ts'
import { isList, isOptionalText, isRecord, isText } from './shapes.ts'

/** Lengths that nothing honest comes near, so that a hostile server can't fill a page. */
const PEERS_MAX = 100_000
const ICE_SERVERS_MAX = 64
const ADDRESSES_MAX = 16
const ICE_TEXT_MAX = 512

/** Throws a TuttiError with code `invalid-option` when `room` is no name for a room. */
export function checkRoomName(room: unknown): void {
  if (room !== '' && isText(room, ROOM_NAME_MAX) && !/\p{Surrogate}/u.test(room)) return
  const shape = `well-formed Unicode, not empty, and of at most ${ROOM_NAME_MAX} characters`
  throw new TuttiError('invalid-option', `the name of a room must be ${shape}`)
}

/** Throws a TuttiError with code `invalid-option` when `peer` is no id of a peer. */
export function checkPeerId(peer: unknown): void {
  if (isNamed(peer)) return
  throw new TuttiError('invalid-option', 'a peer id must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -')
}

/** Whether it is a peer id, a lineage or the token of a witness. */
export function isNamed<Name extends string = PeerId>(data: unknown): data is Name {
  return typeof data === 'string' && isName(data)
}

export function isPeers(data: unknown): data is PeerId[] {
  return isList(data, PEERS_MAX, isNamed<PeerId>)
}

export function isIceServers(data: unknown): data is IceServer[] {
  return isList(data, ICE_SERVERS_MAX, isIceServer)
}

/** Why a request of that length is not sent to a witness; undefined: it is. */
export function witnessProblem({ length }: Uint8Array): string | undefined {
  if (length <= WITNESS_BYTES_MAX) return undefined
  return `witness: a request has at most ${WITNESS_BYTES_MAX} bytes, this one ${length}: the change does without its vote`
}

/** `data` as others will get it. Throws a TuttiError when it is no JSON, or more than a server lets pass. */
export function encodeSignal(data: unknown): string {
  const text = JSON.stringify(data) as string | undefined
  if (text === undefined) throw new TuttiError('not-encodable', 'what is signaled must be JSON')
  if (text.length <= SIGNAL_BYTES_MAX) return text
  throw new TuttiError('too-large', `what is signaled has at most ${SIGNAL_BYTES_MAX} bytes as JSON`)
}

function isIceServer(data: unknown): data is IceServer {
  if (!isRecord(data)) return false
  const { urls, username, credential } = data
  if (!isIceText(urls) && !isList(urls, ADDRESSES_MAX, isIceText)) return false
  return isOptionalText(username, ICE_TEXT_MAX) && isOptionalText(credential, ICE_TEXT_MAX)
}

function isIceText(data: unknown): data is string {
  return isText(data, ICE_TEXT_MAX)
}
