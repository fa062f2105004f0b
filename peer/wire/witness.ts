import { isName, type Lineage } from '../base/ids.ts'
import { BALLOT_MAX } from './ballot.ts'
import { Reader, WireError, Writer } from './bytes.ts'
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

export function encodeWitnessRequest(request: WitnessRequest): Uint8Array {
  const writer = begin(request)
  writer.text(request.token ?? '')
  if (request.kind === 'accept') writer.bytes(request.value)
  return writer.finish()
}

/** The request, its value a view into `bytes`; for bytes that are none, why they are none. Never throws. */
export function decodeWitnessRequest(bytes: Uint8Array): WitnessRequest | InvalidWitnessBytes {
  return decoded(bytes, (reader, kind): WitnessRequest => {
    const place = readPlace(reader)
    switch (kind) {
      case NUMBERS.prepare:
        return { kind: 'prepare', ...place, token: readTokenOrNone(reader) }
      case NUMBERS.accept:
        return { kind: 'accept', ...place, token: readToken(reader), value: reader.bytes() }
      default:
        throw new WireError('no request to a witness')
    }
  })
}

export function encodeWitnessAnswer(answer: WitnessAnswer): Uint8Array {
  const writer = begin(answer)
  writer.text(answer.token)
  if (answer.kind === 'nack') writer.varint(answer.promised)
  if (answer.kind === 'promise') {
    writer.byte(answer.votes ? 1 : 0).varint(answer.accepted?.ballot ?? 0)
    if (answer.accepted !== undefined) writer.bytes(answer.accepted.value)
  }
  return writer.finish()
}

/** The answer, its value a view into `bytes`; for bytes that are none, why they are none. Never throws. */
export function decodeWitnessAnswer(bytes: Uint8Array): WitnessAnswer | InvalidWitnessBytes {
  return decoded(bytes, (reader, kind): WitnessAnswer => {
    const head = { ...readPlace(reader), token: readToken(reader) }
    switch (kind) {
      case NUMBERS.promise:
        return { kind: 'promise', ...head, ...readVote(reader, head.ballot) }
      case NUMBERS.nack:
        return { kind: 'nack', ...head, promised: readBallotOrNone(reader) }
      case NUMBERS.accepted:
        return { kind: 'accepted', ...head }
      case NUMBERS.past:
        return { kind: 'past', ...head }
      default:
        throw new WireError('no answer of a witness')
    }
  })
}

/** Rises when an older engine and a newer witness, or the other way round, would misunderstand each other. */
const VERSION = 1

/** Append only. No request shares its number with an answer. */
const NUMBERS = { prepare: 1, accept: 2, promise: 3, nack: 4, accepted: 5, past: 6 } as const

function begin(message: WitnessRequest | WitnessAnswer): Writer {
  const writer = new Writer().byte(VERSION).byte(NUMBERS[message.kind])
  return writer.text(message.lineage).varint(message.number).varint(message.ballot)
}

function decoded<T>(bytes: Uint8Array, read: (reader: Reader, kind: number) => T): T | InvalidWitnessBytes {
  try {
    const reader = new Reader(bytes)
    if (reader.byte() !== VERSION) throw new WireError('another version')
    const message = read(reader, reader.byte())
    reader.end()
    return message
  } catch (error) {
    if (error instanceof WireError) return { kind: 'invalid', why: `witness: ${error.message}` }
    throw error
  }
}

function readPlace(reader: Reader): { lineage: Lineage; number: number; ballot: Ballot } {
  const lineage = reader.text()
  if (!isName(lineage)) throw new WireError('not a lineage')
  const number = reader.varint()
  if (number === 0) throw new WireError('view numbers count from one')
  const ballot = readBallotOrNone(reader)
  if (ballot === 0) throw new WireError('no ballot')
  return { lineage: lineage as Lineage, number, ballot }
}

function readBallotOrNone(reader: Reader): Ballot {
  const ballot = reader.varint()
  if (ballot > BALLOT_MAX) throw new WireError('a ballot beyond all rounds')
  return ballot
}

function readTokenOrNone(reader: Reader): string | undefined {
  const text = reader.text()
  if (text === '') return undefined
  if (!isName(text)) throw new WireError('not a token')
  return text
}

function readToken(reader: Reader): string {
  const token = readTokenOrNone(reader)
  if (token === undefined) throw new WireError('no token')
  return token
}

function readVote(reader: Reader, asked: Ballot): { votes: boolean; accepted: WitnessAccepted | undefined } {
  const votes = reader.byte()
  if (votes > 1) throw new WireError('neither a vote nor none')
  const ballot = readBallotOrNone(reader)
  if (ballot > asked) throw new WireError('accepted in a ballot above its promise')
  if (ballot > 0 && votes === 0) throw new WireError('accepted without a vote')
  return { votes: votes === 1, accepted: ballot === 0 ? undefined : { ballot, value: reader.bytes() } }
}
