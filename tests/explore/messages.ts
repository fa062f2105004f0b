import type { PeerId } from '../../peer/base/ids.ts'
import type { Tag } from '../../peer/engine/io.ts'
import { decode } from '../../peer/wire/codec.ts'

interface Letter {
  readonly tag: Tag
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

  add(to: PeerId, tag: Tag, message: Uint8Array): { to: number; message: number } {
    const key = `${tag.attempt} ${tag.lineageTag} ${tag.number} ${Buffer.from(message).toString('latin1')}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#letters.push({ tag, message }) - 1
      this.#numbers.set(key, number)
    }
    return { to: this.peerNumber(to), message: number }
  }

  peerNumber(peer: PeerId): number {
    return this.#peers.indexOf(peer)
  }

  /** For people. */
  describe(message: number): string {
    const { tag, message: bytes } = this.get(message)
    const { kind, ...fields } = decode(bytes)
    const short = (_: string, value: unknown) => {
      if (value instanceof Uint8Array) return `${value.length} bytes`
      if (value instanceof Object && 'id' in value) return value.id
      return value
    }
    return `${kind}(view ${tag.number}) ${JSON.stringify(fields, short)}`
  }
}
