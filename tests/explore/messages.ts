import type { PeerId } from '../../peer/base/ids.ts'
import type { Tag } from '../../peer/engine/io.ts'
import { decode } from '../../peer/wire/codec.ts'
import { decodeWitnessAnswer, decodeWitnessRequest } from '../../peer/wire/witness.ts'

/** Stands for the witness where a peer would be named. */
export const WITNESS = 'witness' as PeerId

interface Letter {
  /** undefined: between a member and the witness. */
  readonly tag: Tag | undefined
  readonly message: Uint8Array
}

/** Messages as numbers: equal bytes under equal headers have equal numbers. */
export class Messages {
  readonly #letters: Letter[] = []
  readonly #numbers = new Map<string, number>()
  readonly #peers: readonly PeerId[]

  constructor(peers: readonly PeerId[]) {
    this.#peers = peers
  }

  get(message: number): Letter {
    return this.#letters[message]!
  }

  add(tag: Tag | undefined, message: Uint8Array): number {
    const header = tag === undefined ? 'witness' : `${tag.attempt} ${tag.lineageTag} ${tag.number}`
    const key = `${header} ${Buffer.from(message).toString('latin1')}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#letters.push({ tag, message }) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  peerNumber(peer: PeerId): number {
    return this.#peers.indexOf(peer)
  }

  /** For people. */
  describe(message: number): string {
    const { tag, message: bytes } = this.get(message)
    const { kind, ...fields } = tag === undefined ? decodeWitness(bytes) : decode(bytes)
    const place = tag === undefined ? '' : `(view ${tag.number})`
    return `${kind}${place} ${JSON.stringify(fields, shorten)}`
  }
}

function decodeWitness(bytes: Uint8Array) {
  const request = decodeWitnessRequest(bytes)
  return request.kind === 'invalid' ? decodeWitnessAnswer(bytes) : request
}

function shorten(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value instanceof Object && 'id' in value) return value.id
  return value
}
