/** Queues as numbers: equal queues of equal messages have equal numbers. 0 is the empty one. */
export class Sequences {
  readonly #heads: number[] = [-1]
  readonly #tails: number[] = [0]
  readonly #lists: (readonly number[])[] = [[]]
  readonly #numbers = new Map<string, number>([['', 0]])
  /** By queue, then by what is pushed. */
  readonly #pushed: Map<number, number>[] = [new Map()]

  /** How many there are. */
  get size(): number {
    return this.#lists.length
  }

  items(queue: number): readonly number[] {
    return this.#lists[queue]!
  }

  head(queue: number): number {
    return this.#heads[queue]!
  }

  /** All but the head. */
  rest(queue: number): number {
    return this.#tails[queue]!
  }

  push(queue: number, item: number): number {
    const pushed = this.#pushed[queue]!
    const known = pushed.get(item)
    if (known !== undefined) return known
    const number = this.#intern([...this.items(queue), item])
    pushed.set(item, number)
    return number
  }

  #intern(list: readonly number[]): number {
    const key = list.join()
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const tail = this.#intern(list.slice(1))
    const number = this.#lists.push(list) - 1
    this.#heads[number] = list[0]!
    this.#tails[number] = tail
    this.#pushed[number] = new Map()
    this.#numbers.set(key, number)
    return number
  }
}
