import { newDeque, takeAll, takeFirst } from '../base/deque.ts'
import { TuttiError } from '../base/errors.ts'
import type { Clock } from '../runtime/clock.ts'
import type { GroupEvent } from './types.ts'

export interface IteratorOptions {
  readonly clock: Clock
  readonly consumerQueueBytesMax: number
  readonly consumerStallMs: number
  /** It holds as much unread as it may, or no longer does. */
  full(isFull: boolean): void
  /** It asked for its next event, or is over. */
  changed(): void
  /** It is over: nothing more is to be pushed. */
  closed(): void
}

/** One consumer's events, waiting to be asked for. */
export class EventIterator<M> implements AsyncIterableIterator<GroupEvent<M>> {
  readonly #options: IteratorOptions
  readonly #unread = newDeque<{ readonly event: GroupEvent<M>; readonly bytes: number }>()
  readonly #asking: Asking<M>[] = []
  #unreadBytes = 0
  #isFull = false
  #started = false
  #over = false
  #error: TuttiError | undefined
  #cancelStall: (() => void) | undefined

  constructor(options: IteratorOptions) {
    this.#options = options
  }

  get unreadBytes(): number {
    return this.#unreadBytes
  }

  /** Whether it is done with all that it was given. One that was never asked, or is over, is. */
  get idle(): boolean {
    return !this.#started || this.#over || this.#asking.length > 0
  }

  push(event: GroupEvent<M>, bytes: number): void {
    if (this.#over) return
    const asking = this.#asking.shift()
    if (asking !== undefined) {
      asking.resolve({ done: false, value: event })
      return
    }
    this.#unread.items.push({ event, bytes })
    this.#unreadBytes += bytes
    this.#noteFull()
    this.#watchStall()
  }

  /** No more events come; those unread can still be taken. */
  end(): void {
    this.#over = true
    // What is left in it holds nobody up any more.
    if (this.#isFull) this.#options.full(false)
    this.#isFull = false
    for (const { resolve } of this.#asking.splice(0)) resolve(DONE)
    this.#closed()
  }

  /** Drops what is unread: the consumer is told at its next call. */
  stall(): void {
    const seconds = this.#options.consumerStallMs / 1_000
    this.#error = new TuttiError('consumer-stalled', `this iterator asked for no event for ${seconds} s`)
    this.#drop()
    this.end()
  }

  next(): Promise<IteratorResult<GroupEvent<M>, undefined>> {
    this.#started = true
    this.#cancelStall?.()
    this.#cancelStall = undefined
    const next = takeFirst(this.#unread)
    if (next !== undefined) {
      this.#unreadBytes -= next.bytes
      this.#noteFull()
      this.#watchStall()
      return Promise.resolve({ done: false, value: next.event })
    }
    const error = this.#error
    this.#error = undefined
    if (error !== undefined) return Promise.reject(error)
    if (this.#over) return Promise.resolve(DONE)
    const result = new Promise<IteratorResult<GroupEvent<M>, undefined>>((resolve) => this.#asking.push({ resolve }))
    this.#options.changed()
    return result
  }

  return(): Promise<IteratorResult<GroupEvent<M>, undefined>> {
    this.#drop()
    this.end()
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #watchStall(): void {
    const { clock, consumerQueueBytesMax, consumerStallMs } = this.#options
    if (this.#unreadBytes < consumerQueueBytesMax || this.#cancelStall !== undefined || this.#over) return
    this.#cancelStall = clock.at(clock.now() + consumerStallMs, () => this.stall())
  }

  /** Once full it counts as such until half of that is read, so that senders do not start and stop at every event. */
  #noteFull(): void {
    if (this.#over) return
    const limit = this.#options.consumerQueueBytesMax / (this.#isFull ? 2 : 1)
    const isFull = this.#unreadBytes >= limit
    if (isFull === this.#isFull) return
    this.#isFull = isFull
    this.#options.full(isFull)
  }

  #drop(): void {
    takeAll(this.#unread)
    this.#unreadBytes = 0
    this.#noteFull()
  }

  #closed(): void {
    this.#cancelStall?.()
    this.#cancelStall = undefined
    this.#options.closed()
    this.#options.changed()
  }
}

interface Asking<M> {
  resolve(result: IteratorResult<GroupEvent<M>, undefined>): void
}

const DONE = Object.freeze({ done: true, value: undefined })
