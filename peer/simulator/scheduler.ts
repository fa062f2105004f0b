/** Something that will happen, unless it is cancelled. */
export interface Entry {
  readonly at: number
  readonly sequence: number
  readonly run: () => void
  cancelled: boolean
}

/** Time has a grain that is exact in binary, and nothing is ever early by a rounding error. */
const GRAINS_PER_MS = 8

/** Virtual time: what is due next runs next, ties in the order of scheduling. Nothing else moves the clock. */
export class Scheduler {
  readonly #heap: Entry[] = []
  #deferred: (() => void)[] = []
  #sequence = 0
  #now = 0
  #atOnce = 0
  /** How many events have run. */
  events = 0
  /** More than this in one instant, and something calls itself for ever. */
  eventsAtOnceMax = 20_000

  /** Virtual milliseconds since the start, in eighths. */
  get now(): number {
    return this.#now
  }

  /** Runs `run` at the given time, or now if that is past. */
  at(atMs: number, run: () => void): Entry {
    const at = Math.max(this.#now, grained(atMs))
    const entry: Entry = { at, sequence: this.#sequence++, run, cancelled: false }
    this.#push(entry)
    return entry
  }

  after(delayMs: number, run: () => void): Entry {
    return this.at(this.#now + delayMs, run)
  }

  /** Runs `run` when the event under way is over, before any other. */
  defer(run: () => void): void {
    this.#deferred.push(run)
  }

  /**
   * Runs events until `until` (ms) is reached or, checked after each event, `stop` says so. Whether `stop` did.
   * Throws when time stands still.
   */
  run(untilMs: number, stop?: () => boolean): boolean {
    this.#runDeferred()
    if (stop?.()) return true
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > untilMs) break
      this.#pop()
      if (next.cancelled) continue
      this.#atOnce = next.at === this.#now ? this.#atOnce + 1 : 0
      if (this.#atOnce > this.eventsAtOnceMax) throw new Error(`time stands still at ${this.#now} ms`)
      this.#now = next.at
      this.events++
      next.run()
      this.#runDeferred()
      if (stop?.()) return true
    }
    this.#now = Math.max(this.#now, grained(untilMs))
    return false
  }

  #runDeferred(): void {
    while (this.#deferred.length > 0) {
      const due = this.#deferred
      this.#deferred = []
      for (const run of due) run()
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let i = heap.push(entry) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}

function grained(ms: number): number {
  return Math.ceil(ms * GRAINS_PER_MS) / GRAINS_PER_MS
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
}
