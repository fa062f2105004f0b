import * as v from 'valibot'
import { nameSchema, roomNameSchema, SIGNAL_BYTES_MAX, WITNESS_BYTES_MAX } from '../../signaling/protocol.ts'
import { TuttiError } from '../base/errors.ts'

/** Throws a TuttiError with code `invalid-option` when `room` is no name for a room. */
export function checkRoomName(room: string): void {
  const parsed = v.safeParse(roomNameSchema, room)
  if (!parsed.success) throw new TuttiError('invalid-option', `the name of a room ${parsed.issues[0].message}`)
}

/** Throws a TuttiError with code `invalid-option` when `peer` is no id of a peer. */
export function checkPeerId(peer: string): void {
  const parsed = v.safeParse(nameSchema, peer)
  if (!parsed.success) throw new TuttiError('invalid-option', `a peer id ${parsed.issues[0].message}`)
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
