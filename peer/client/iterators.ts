import type { Config } from '../base/config.ts'
import type { Clock } from '../runtime/clock.ts'
import { EventIterator } from './iterator.ts'
import type { GroupEvent } from './types.ts'

/** All iterators over one group's events. */
export class Iterators<M> {
  readonly #clock: Clock
  readonly #config: Config
  readonly #all = new Set<EventIterator<M>>()
  readonly #waiting = new Set<() => void>()
  #ended = false

  readonly #full: (isFull: boolean) => void
  #fullCount = 0

  /** `full`: some iterator holds as much unread as it may, or none does any more. */
  constructor(clock: Clock, config: Config, full: (isFull: boolean) => void) {
    this.#full = full
    this.#clock = clock
    this.#config = config
  }

  get count(): number {
    return this.#all.size
  }

  /** Whether some iterator holds as much unread as it may. */
  get isFull(): boolean {
    return this.#fullCount > 0
  }

  get unreadBytes(): number {
    let bytes = 0
    for (const iterator of this.#all) bytes += iterator.unreadBytes
    return bytes
  }

  /** A new iterator that has `first` to give. */
  open(first: GroupEvent<M>): EventIterator<M> {
    const { consumerQueueBytesMax, consumerStallMs } = this.#config
    const iterator = new EventIterator<M>({
      clock: this.#clock,
      consumerQueueBytesMax,
      consumerStallMs,
      full: (isFull) => this.#noteFull(isFull),
      changed: () => this.#changed(),
      closed: () => this.#all.delete(iterator),
    })
    iterator.push(first, 0)
    if (this.#ended) iterator.end()
    else this.#all.add(iterator)
    return iterator
  }

  push(event: GroupEvent<M>, bytes: number): void {
    for (const iterator of this.#all) iterator.push(event, bytes)
  }

  /** The group is over: what is unread can still be taken. */
  end(): void {
    this.#ended = true
    for (const iterator of [...this.#all]) iterator.end()
  }

  /** Ends those that still have not asked for their next event. */
  stallBusy(): void {
    for (const iterator of [...this.#all]) if (!iterator.idle) iterator.stall()
  }

  /** Whether every iterator asked for its next event within the time: at once if they have. */
  async whenIdle(withinMs: number): Promise<boolean> {
    if (this.#idle) return true
    return new Promise((resolve) => {
      const cancel = this.#clock.at(this.#clock.now() + withinMs, () => finish(false))
      const check = (): void => {
        if (this.#idle) finish(true)
      }
      const finish = (idle: boolean): void => {
        cancel()
        this.#waiting.delete(check)
        resolve(idle)
      }
      this.#waiting.add(check)
    })
  }

  #noteFull(isFull: boolean): void {
    this.#fullCount += isFull ? 1 : -1
    if (this.#fullCount === (isFull ? 1 : 0)) this.#full(isFull)
  }

  get #idle(): boolean {
    for (const iterator of this.#all) if (!iterator.idle) return false
    return true
  }

  #changed(): void {
    for (const check of [...this.#waiting]) check()
  }
}
