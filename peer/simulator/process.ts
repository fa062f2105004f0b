import type { Clock } from '../runtime/clock.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

interface Waiting {
  readonly run: () => void
  readonly timer: boolean
}

/**
 * The loop of one simulated process: its clock, and what a stopped, throttled or dead process does with inputs and
 * timers. A frozen one handles nothing; all that came meanwhile comes when it wakes, each in a turn of its own.
 */
export class Process {
  readonly clock: Clock
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #failed: (error: unknown) => void
  readonly #turned: () => void
  #backlog: Waiting[] = []
  #pumping = false
  #throttleMs = 0
  /** By how much its clock is ahead. */
  #aheadMs = 0
  alive = true
  frozen = false
  #inTurn = false

  /** `turned`: called after each turn. */
  constructor(scheduler: Scheduler, random: Random, failed: (error: unknown) => void, turned: () => void) {
    this.#scheduler = scheduler
    this.#random = random
    this.#failed = failed
    this.#turned = turned
    this.clock = {
      now: () => scheduler.now + this.#aheadMs,
      at: (atMs, run) => this.#timer(atMs - this.#aheadMs, run),
      defer: (run) => scheduler.defer(() => this.#turn(run)),
    }
  }

  /** Whether it is in the middle of something, or would come to a new input at once. */
  get awake(): boolean {
    return this.#inTurn || (this.alive && !this.frozen && !this.#pumping)
  }

  /** An input: run now, when the process wakes, or never. */
  handle(run: () => void): void {
    this.#take({ run, timer: false })
  }

  freeze(): void {
    this.frozen = true
  }

  wake(): void {
    if (!this.frozen) return
    this.frozen = false
    // An event loop that was stopped may serve its timers or its sockets first.
    if (this.#random.chance(0.5)) {
      const first = this.#random.chance(0.5)
      this.#backlog = [
        ...this.#backlog.filter((w) => w.timer === first),
        ...this.#backlog.filter((w) => w.timer !== first),
      ]
    }
    this.#pump()
  }

  /** Timers fire only at whole multiples of this, as in a hidden tab; 0: on time. */
  throttle(everyMs: number): void {
    this.#throttleMs = everyMs
  }

  /** The clock runs ahead by so much more, at once; timers that are set stay. */
  jump(byMs: number): void {
    this.#aheadMs += byMs
  }

  die(): void {
    this.alive = false
    this.#backlog = []
  }

  #timer(atMs: number, run: () => void): () => void {
    let cancelled = false
    const due = this.#throttleMs === 0 ? atMs : Math.ceil(atMs / this.#throttleMs) * this.#throttleMs
    const entry = this.#scheduler.at(due, () =>
      this.#take({
        run: () => {
          if (!cancelled) run()
        },
        timer: true,
      }),
    )
    return () => {
      cancelled = true
      entry.cancelled = true
    }
  }

  #take(waiting: Waiting): void {
    if (!this.alive) return
    if (this.#inTurn) waiting.run()
    else if (this.frozen || this.#pumping) this.#backlog.push(waiting)
    else this.#turn(waiting.run)
  }

  #pump(): void {
    this.#pumping = true
    this.#scheduler.after(0, () => {
      if (this.frozen || !this.alive) {
        this.#pumping = false
        return
      }
      const next = this.#backlog.shift()
      if (next === undefined) this.#pumping = false
      else {
        this.#turn(next.run)
        this.#pump()
      }
    })
  }

  /** An exception stops the process: fail-stop. */
  #turn(run: () => void): void {
    if (!this.alive) return
    this.#inTurn = true
    try {
      run()
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#inTurn = false
    }
    if (this.alive) this.#turned()
  }
}
