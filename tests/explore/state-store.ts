const CHUNK_BITS = 14
const CHUNK_MASK = (1 << CHUNK_BITS) - 1
const EMPTY = 0xffff_ffff

/**
 * All states seen, each as `width` whole numbers, compared number by number: no two states are taken for one. States are
 * numbered in the order of their arrival, which makes the store the queue of a breadth-first search.
 */
export class StateStore {
  readonly #width: number
  readonly #states: Int32Array[] = []
  readonly #parents: Uint32Array[] = []
  #table = new Uint32Array(1 << 16).fill(EMPTY)
  #size = 0

  constructor(width: number) {
    this.#width = width
  }

  get size(): number {
    return this.#size
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#states.length * (this.#width + 1) * 4 * (CHUNK_MASK + 1) + this.#table.byteLength
  }

  /** Adds a state unless it is there. True if it is new. */
  add(state: Int32Array, parent: number): boolean {
    let slot = this.#slotOf(state)
    for (; this.#table[slot] !== EMPTY; slot = (slot + 1) & (this.#table.length - 1)) {
      if (this.#equals(this.#table[slot]!, state)) return false
    }
    const index = this.#size++
    const at = index & CHUNK_MASK
    if (at === 0) {
      this.#states.push(new Int32Array(this.#width * (CHUNK_MASK + 1)))
      this.#parents.push(new Uint32Array(CHUNK_MASK + 1))
    }
    this.#states[index >>> CHUNK_BITS]!.set(state, at * this.#width)
    this.#parents[index >>> CHUNK_BITS]![at] = parent
    this.#table[slot] = index
    if (this.#size * 2 > this.#table.length) this.#grow()
    return true
  }

  read(index: number, into: Int32Array): void {
    const at = (index & CHUNK_MASK) * this.#width
    into.set(this.#states[index >>> CHUNK_BITS]!.subarray(at, at + this.#width))
  }

  /** The state from which this one was first reached. */
  parent(index: number): number {
    return this.#parents[index >>> CHUNK_BITS]![index & CHUNK_MASK]!
  }

  #slotOf(state: Int32Array): number {
    let hash = 0x811c9dc5
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ state[i]!, 0xcc9e2d51)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash, 0x85ebca6b)
    return (hash ^ (hash >>> 13)) & (this.#table.length - 1)
  }

  #equals(index: number, state: Int32Array): boolean {
    const chunk = this.#states[index >>> CHUNK_BITS]!
    const at = (index & CHUNK_MASK) * this.#width
    for (let i = 0; i < this.#width; i++) if (chunk[at + i] !== state[i]) return false
    return true
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 2).fill(EMPTY)
    const state = new Int32Array(this.#width)
    for (let index = 0; index < this.#size; index++) {
      this.read(index, state)
      let slot = this.#slotOf(state)
      while (this.#table[slot] !== EMPTY) slot = (slot + 1) & (this.#table.length - 1)
      this.#table[slot] = index
    }
  }
}
