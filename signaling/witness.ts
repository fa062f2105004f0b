import { type Acceptor, accept, newAcceptor, prepare } from '../peer/membership/acceptor.ts'
import {
  decodeWitnessRequest,
  encodeWitnessAnswer,
  type InvalidWitnessBytes,
  type WitnessAnswer,
  type WitnessRequest,
} from '../peer/wire/witness.ts'
import { WITNESS_VALUE_BYTES_MAX } from './protocol.ts'

/** What a witness keeps at most. */
export interface WitnessLimits {
  /** Lineages of one room, forks and groups of earlier days; with one more the room forgets all, under a new token. */
  readonly lineagesPerRoom: number
  /** Bytes of one value; a larger one gets no vote. */
  readonly valueBytesMax: number
  /** Bytes of all values in all rooms; one that does not fit gets no vote. */
  readonly allBytesMax: number
}

export interface WitnessOptions {
  /** A room in use has forgotten its votes and goes on under `token`. Called before the answer to whoever caused it. */
  renewed(room: string, token: string): void
  readonly limits?: Partial<WitnessLimits>
  /** A name never drawn twice: `[A-Za-z0-9._~-]{1,64}`. Default: 128 random bits. */
  readonly random?: () => string
}

/**
 * The witness of every room: an acceptor with one vote in each view whose decided value carries the room's token. It
 * only breaks ties: it knows no members, reads no value, and nobody registers with it.
 *
 * A token names one memory. Votes are kept in this process only, and whatever forgets them (a restart, a room that
 * empties, a room with too many lineages) changes the token, so that a forgotten vote is never given twice.
 *
 * No socket and no clock: the server and the loopback introducer share it.
 */
export class Witness {
  readonly #rooms = new Map<string, WitnessRoom>()
  readonly #renewed: WitnessOptions['renewed']
  readonly #limits: WitnessLimits
  readonly #random: () => string
  #bytes = 0

  constructor({ renewed, limits, random = randomToken }: WitnessOptions) {
    this.#renewed = renewed
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.#random = random
  }

  /** The room's token, drawn when it is first asked for. */
  tokenOf(room: string): string {
    return this.#open(room).token
  }

  /** The answer to one request from a peer of the room, as bytes; for bytes that are no request, why they are none. */
  answer(room: string, bytes: Uint8Array): Uint8Array | InvalidWitnessBytes {
    const request = decodeWitnessRequest(bytes)
    if (request.kind === 'invalid') return request
    return encodeWitnessAnswer(this.#vote(room, this.#open(room), request))
  }

  /** Forgets the room: should it be used again, it has another token. */
  drop(room: string): void {
    for (const vote of this.#rooms.get(room)?.lineages.values() ?? []) this.#bytes -= bytesOf(vote)
    this.#rooms.delete(room)
  }

  /** How many rooms are kept. */
  get size(): number {
    return this.#rooms.size
  }

  #open(name: string): WitnessRoom {
    const known = this.#rooms.get(name)
    if (known !== undefined) return known
    const room = { token: this.#random(), lineages: new Map() }
    this.#rooms.set(name, room)
    return room
  }

  #vote(name: string, room: WitnessRoom, request: WitnessRequest): WitnessAnswer {
    if (request.token !== room.token) return withoutVote(request, room.token)
    const { lineages } = room
    const latest = lineages.get(request.lineage)
    if (latest !== undefined && request.number < latest.number) return { ...headOf(request, room.token), kind: 'past' }
    const known = latest?.number === request.number ? latest.acceptor : undefined
    if (request.kind === 'accept' && !this.#fits(request.value, latest)) {
      return withoutVote(request, room.token, known?.promised)
    }
    if (latest === undefined && lineages.size >= this.#limits.lineagesPerRoom) {
      return withoutVote(request, this.#renew(name))
    }
    const vote = { number: request.number, acceptor: known ?? newAcceptor<Uint8Array>() }
    this.#bytes -= bytesOf(latest)
    lineages.set(request.lineage, vote)
    const answer = voteOf(vote.acceptor, request, room.token)
    this.#bytes += bytesOf(vote)
    return answer
  }

  /** Whether there is room for `value` once `latest`, whose place it takes, is gone. */
  #fits({ length }: Uint8Array, latest: Vote | undefined): boolean {
    const { valueBytesMax, allBytesMax } = this.#limits
    return length <= valueBytesMax && this.#bytes - bytesOf(latest) + length <= allBytesMax
  }

  #renew(name: string): string {
    this.drop(name)
    const token = this.tokenOf(name)
    this.#renewed(name, token)
    return token
  }
}

const DEFAULT_LIMITS: WitnessLimits = {
  lineagesPerRoom: 16,
  valueBytesMax: WITNESS_VALUE_BYTES_MAX,
  allBytesMax: 128 * 1024 * 1024,
}

interface WitnessRoom {
  readonly token: string
  /** Of each lineage the vote in the latest view that asked for one. */
  readonly lineages: Map<string, Vote>
}

interface Vote {
  readonly number: number
  readonly acceptor: Acceptor<Uint8Array>
}

function bytesOf(vote: Vote | undefined): number {
  return vote?.acceptor.accepted?.value.length ?? 0
}

function voteOf(acceptor: Acceptor<Uint8Array>, request: WitnessRequest, token: string): WitnessAnswer {
  const head = headOf(request, token)
  const { ballot } = request
  if (request.kind === 'prepare') {
    const votes = prepare(acceptor, ballot)
    if (votes) return { ...head, kind: 'promise', votes, accepted: acceptor.accepted }
    return { ...head, kind: 'nack', promised: acceptor.promised }
  }
  // A copy: the value is kept for long, and may be a view into a much larger buffer.
  if (accept(acceptor, ballot, Uint8Array.from(request.value))) return { ...head, kind: 'accepted' }
  return { ...head, kind: 'nack', promised: acceptor.promised }
}

/** For a view of another token, and for a value that is too large: a higher ballot is no remedy. */
function withoutVote(request: WitnessRequest, token: string, promised = 0): WitnessAnswer {
  const head = headOf(request, token)
  if (request.kind === 'prepare') return { ...head, kind: 'promise', votes: false, accepted: undefined }
  return { ...head, kind: 'nack', promised }
}

function headOf({ lineage, number, ballot }: WitnessRequest, token: string) {
  return { lineage, number, ballot, token }
}

function randomToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
