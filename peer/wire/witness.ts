import type { Lineage } from '../base/ids.ts'
import { BALLOT_MAX } from './ballot.ts'
import { Reader, WireError, Writer } from './bytes.ts'
import { bytes, checked, type Field, name, oneOf, optional, positive, record, variant, varint } from './fields.ts'
import type { Ballot } from './messages.ts'

/**
 * What a coordinator and the witness of its room say to each other: a version, the kind's number, then the fields. It
 * travels by the signaling server, outside of frames. `token` names one memory of the witness: `[A-Za-z0-9._~-]{1,64}`.
 */

/** Asks the acceptor of the view (lineage, number). */
export type WitnessRequest =
  | {
      readonly kind: 'prepare'
      readonly lineage: Lineage
      readonly number: number
      /** What the view carries; undefined if it carries none, and only the current token is asked for. */
      readonly token: string | undefined
      readonly ballot: Ballot
    }
  | {
      readonly kind: 'accept'
      readonly lineage: Lineage
      readonly number: number
      readonly token: string
      readonly ballot: Ballot
      /** Opaque to the witness. */
      readonly value: Uint8Array
    }

interface WitnessAnswerHead {
  readonly lineage: Lineage
  readonly number: number
  /** The ballot that was asked about. */
  readonly ballot: Ballot
  /** The witness's current token, whatever the view carries. */
  readonly token: string
}

export interface WitnessAccepted {
  readonly ballot: Ballot
  readonly value: Uint8Array
}

export type WitnessAnswer =
  /** `votes`: it promises, because the view carries its token. Otherwise the answer only tells the token. */
  | (WitnessAnswerHead & {
      readonly kind: 'promise'
      readonly votes: boolean
      readonly accepted: WitnessAccepted | undefined
    })
  /** No vote. `promised` above `ballot`: a later ballot may get one; otherwise none can be had for what was asked. */
  | (WitnessAnswerHead & { readonly kind: 'nack'; readonly promised: Ballot })
  | (WitnessAnswerHead & { readonly kind: 'accepted' })
  /** It has voted in a later view of that lineage: no vote here any more. */
  | (WitnessAnswerHead & { readonly kind: 'past' })

export interface InvalidWitnessBytes {
  readonly kind: 'invalid'
  readonly why: string
}

/** Rises when an older engine and a newer witness, or the other way round, would misunderstand each other. */
const VERSION = 1

const ballot = checked(varint, (number) => number <= BALLOT_MAX, 'a ballot beyond all rounds')
const token = name<string>('a token')
const place = {
  lineage: name<Lineage>('a lineage'),
  number: positive,
  ballot: checked(ballot, (number) => number > 0, 'no ballot'),
}
const head = { ...place, token }
const accepted = optional(record<WitnessAccepted>({ ballot: place.ballot, value: bytes }))

/** Numbers: append only. No request shares its number with an answer. */
const REQUEST = variant<WitnessRequest, 'kind'>(
  'kind',
  { prepare: 1, accept: 2 },
  { prepare: { ...place, token: optional(token) }, accept: { ...head, value: bytes } },
)
const ANSWER = checked(
  variant<WitnessAnswer, 'kind'>(
    'kind',
    { promise: 3, nack: 4, accepted: 5, past: 6 },
    {
      promise: { ...head, votes: oneOf([false, true]), accepted },
      nack: { ...head, promised: ballot },
      accepted: head,
      past: head,
    },
  ),
  (answer) => answer.kind !== 'promise' || isVote(answer),
  'accepted without a vote, or in a ballot above its promise',
)

export function encodeWitnessRequest(request: WitnessRequest): Uint8Array {
  return encoded(REQUEST, request)
}

/** The request, its value a view into `bytes`; for bytes that are none, why they are none. Never throws. */
export function decodeWitnessRequest(bytes: Uint8Array): WitnessRequest | InvalidWitnessBytes {
  return decoded(REQUEST, bytes)
}

export function encodeWitnessAnswer(answer: WitnessAnswer): Uint8Array {
  return encoded(ANSWER, answer)
}

/** The answer, its value a view into `bytes`; for bytes that are none, why they are none. Never throws. */
export function decodeWitnessAnswer(bytes: Uint8Array): WitnessAnswer | InvalidWitnessBytes {
  return decoded(ANSWER, bytes)
}

function encoded<T>(field: Field<T>, message: T): Uint8Array {
  const writer = new Writer().byte(VERSION)
  field.write(writer, message)
  return writer.finish()
}

function decoded<T>(field: Field<T>, bytes: Uint8Array): T | InvalidWitnessBytes {
  try {
    const reader = new Reader(bytes)
    if (reader.byte() !== VERSION) throw new WireError('another version')
    const message = field.read(reader)
    reader.end()
    return message
  } catch (error) {
    if (error instanceof WireError) return { kind: 'invalid', why: `witness: ${error.message}` }
    throw error
  }
}

function isVote(promise: Extract<WitnessAnswer, { kind: 'promise' }>): boolean {
  const { votes, accepted: before, ballot: asked } = promise
  return before === undefined || (votes && before.ballot <= asked)
}
