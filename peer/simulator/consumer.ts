import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** How an application reads what it is given. `keen`: at once; `slow`: some of it now and then; `stopped`: nothing. */
export type Pace = 'keen' | 'slow' | 'stopped'

export interface ConsumerOptions {
  readonly scheduler: Scheduler
  readonly process: Process
  readonly queueBytesMax: number
  /** It holds as much unread as it may, or no longer does. */
  full(isFull: boolean): void
}

const READS_EVERY_MS = 40
/** Of what it may hold unread, read at a time by one that is slow. */
const SLOW_SHARE = 16

/** The application's one iterator: what it was given and has not read. Full until half of what it may hold is read. */
export class Consumer {
  readonly #options: ConsumerOptions
  #pace: Pace = 'keen'
  #reading = false
  unreadBytes = 0
  isFull = false
  /** Views entered since it was last not full: in each, others hear anew that it is. */
  viewsFull = 0
  /** The largest value so far. */
  largestBytes = 0

  constructor(options: ConsumerOptions) {
    this.#options = options
  }

  take(bytes: number): void {
    this.largestBytes = Math.max(this.largestBytes, bytes)
    if (this.#pace === 'keen' && this.unreadBytes === 0) return
    this.unreadBytes += bytes
    this.#noteFull()
    this.#readSoon()
  }

  installed(): void {
    if (this.isFull) this.viewsFull++
  }

  read(pace: Pace): void {
    this.#pace = pace
    this.#readSoon()
  }

  #readSoon(): void {
    if (this.#reading || this.#pace === 'stopped' || this.unreadBytes === 0) return
    this.#reading = true
    const { scheduler, process } = this.#options
    scheduler.after(READS_EVERY_MS, () => process.handle(() => this.#readSome()))
  }

  #readSome(): void {
    this.#reading = false
    if (this.#pace === 'stopped') return
    const bytes = this.#pace === 'keen' ? this.unreadBytes : Math.ceil(this.#options.queueBytesMax / SLOW_SHARE)
    this.unreadBytes = Math.max(0, this.unreadBytes - bytes)
    this.#noteFull()
    this.#readSoon()
  }

  #noteFull(): void {
    const isFull = this.unreadBytes >= this.#options.queueBytesMax / (this.isFull ? 2 : 1)
    if (isFull === this.isFull) return
    this.isFull = isFull
    this.viewsFull = 0
    this.#options.full(isFull)
  }
}
