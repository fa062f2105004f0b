import { compareStamps, type Stamp } from '../stamp.ts'

export interface LogEntry extends Stamp {
  /** May only grow. */
  weight: number
}

/**
 * Entries in the order of their stamps, bounded by weight: the oldest go. What is left does not depend on the order in which
 * entries came: it is the longest end of the order that the limit holds. Whatever an entry has above it only grows, so who
 * let it go early would have let it go in the end; and the floor, which only rises, keeps it from coming in again below.
 */
export class BoundedLog<Entry extends LogEntry> {
  readonly #weightMax: number
  readonly #entries: Entry[] = []
  #weight = 0
  #floor: Stamp | undefined

  constructor(weightMax: number) {
    this.#weightMax = weightMax
  }

  /** Oldest first. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** The youngest that was let go. Nothing at it or below is taken. */
  get floor(): Stamp | undefined {
    return this.#floor
  }

  /** Whether it was taken. Call `trim` after. */
  add(entry: Entry): boolean {
    if (this.#floor !== undefined && compareStamps(entry, this.#floor) <= 0) return false
    this.#entries.splice(this.#placeOf(entry), 0, entry)
    this.#weight += entry.weight
    return true
  }

  /** For an entry that a younger one takes the place of; weighing no less. */
  replace(old: Entry, entry: Entry): void {
    const place = this.#placeOf(old)
    if (this.#entries[place] === old) {
      this.#entries.splice(place, 1)
      this.#weight -= old.weight
    }
    this.add(entry)
  }

  grow(entry: Entry, by: number): void {
    entry.weight += by
    this.#weight += by
  }

  /** Lets go of what is too much, and returns it. */
  trim(): readonly Entry[] {
    let count = 0
    for (; this.#weight > this.#weightMax; count++) this.#weight -= this.#entries[count]!.weight
    const gone = this.#entries.splice(0, count)
    const { at, id } = gone.at(-1) ?? {}
    if (at !== undefined && id !== undefined) this.#floor = { at, id }
    return gone
  }

  /** Begins anew, above `floor`. */
  reset(floor: Stamp | undefined): void {
    this.#entries.length = 0
    this.#weight = 0
    this.#floor = floor
  }

  /** Entries younger than this, youngest first. */
  *younger(stamp: Stamp): Generator<Entry> {
    for (let i = this.#entries.length - 1; i >= 0 && compareStamps(this.#entries[i]!, stamp) > 0; i--) {
      yield this.#entries[i]!
    }
  }

  #placeOf(stamp: Stamp): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareStamps(this.#entries[middle]!, stamp) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
