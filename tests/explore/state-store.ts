const CHUNK_BITS = 14
const CHUNK = 1 << CHUNK_BITS
const EMPTY = 0xffff_ffff
/** Numbers a state of the store takes: two halves of its hash, and its parent. */
const FIELDS = 3

/**
 * All states seen, each as a hash of 64 bits and the state it was first reached from. Two of a hundred million states have
 * the same hash with a probability of 3 in 10,000; one of them would then not be followed.
 */
export class StateStore {
  readonly #chunks: Uint32Array[] = []
  #table = new Uint32Array(1 << 16).fill(EMPTY)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#chunks.length * CHUNK * FIELDS * 4 + this.#table.byteLength
  }

  /** Adds a state unless it is there. True if it is new. States are numbered in the order of their arrival. */
  add(state: Int32Array, parent: number): boolean {
    const low = hashOf(state, LOW)
    const high = hashOf(state, HIGH)
    let slot = low & (this.#table.length - 1)
    for (; this.#table[slot] !== EMPTY; slot = (slot + 1) & (this.#table.length - 1)) {
      const index = this.#table[slot]!
      const at = (index & (CHUNK - 1)) * FIELDS
      const chunk = this.#chunks[index >>> CHUNK_BITS]!
      if (chunk[at] === low && chunk[at + 1] === high) return false
    }
    const index = this.#size++
    if ((index & (CHUNK - 1)) === 0) this.#chunks.push(new Uint32Array(CHUNK * FIELDS))
    this.#chunks[index >>> CHUNK_BITS]!.set([low, high, parent], (index & (CHUNK - 1)) * FIELDS)
    this.#table[slot] = index
    if (this.#size > this.#table.length * FULL) this.#grow()
    return true
  }

  /** Whether the state is the one of that number. */
  is(index: number, state: Int32Array): boolean {
    const at = (index & (CHUNK - 1)) * FIELDS
    const chunk = this.#chunks[index >>> CHUNK_BITS]!
    return chunk[at] === hashOf(state, LOW) && chunk[at + 1] === hashOf(state, HIGH)
  }

  /** The state from which this one was first reached. */
  parent(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS]![(index & (CHUNK - 1)) * FIELDS + 2]!
  }

  #grow(): void {
    const table = new Uint32Array(this.#table.length * 2).fill(EMPTY)
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#chunks[index >>> CHUNK_BITS]![(index & (CHUNK - 1)) * FIELDS]! & (table.length - 1)
      while (table[slot] !== EMPTY) slot = (slot + 1) & (table.length - 1)
      table[slot] = index
    }
    this.#table = table
  }
}

/** States to be followed, in the order of their arrival; what was taken out is let go. */
export class Frontier {
  readonly #width: number
  readonly #chunks: (Int32Array | undefined)[] = []
  #size = 0

  constructor(width: number) {
    this.#width = width
  }

  push(state: Int32Array): void {
    const at = this.#size++ & (CHUNK - 1)
    if (at === 0) this.#chunks.push(new Int32Array(this.#width * CHUNK))
    this.#chunks.at(-1)!.set(state, at * this.#width)
  }

  /** The state pushed as number `index`, which must be read in order. */
  read(index: number, into: Int32Array): void {
    const at = index & (CHUNK - 1)
    const chunk = index >>> CHUNK_BITS
    if (at === 0 && chunk > 0) this.#chunks[chunk - 1] = undefined
    into.set(this.#chunks[chunk]!.subarray(at * this.#width, (at + 1) * this.#width))
  }

  /** Bytes held while states from `index` on are to be read. */
  bytesFrom(index: number): number {
    return (this.#chunks.length - (index >>> CHUNK_BITS)) * this.#width * CHUNK * 4
  }
}

/** How full the table gets before it grows. */
const FULL = 0.7

interface Mixing {
  readonly seed: number
  readonly first: number
  readonly second: number
}

const LOW: Mixing = { seed: 0x811c9dc5, first: 0xcc9e2d51, second: 0x1b873593 }
const HIGH: Mixing = { seed: 0x9747b28c, first: 0x85ebca77, second: 0x9e3779b1 }

/** 32 bits, after MurmurHash3; with two ways of mixing, differences that cancel in one do not in the other. */
function hashOf(state: Int32Array, { seed, first, second }: Mixing): number {
  let hash = seed
  for (let i = 0; i < state.length; i++) {
    let part = Math.imul(state[i]!, first)
    part = Math.imul((part << 15) | (part >>> 17), second)
    hash ^= part
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
