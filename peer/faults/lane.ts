import { firstOf, newDeque, sizeOf, takeFirst } from '../base/deque.ts'
import type { Clock } from '../runtime/clock.ts'

interface Waiting {
  readonly dueMs: number
  readonly frame: Uint8Array
}

/** What befalls the frames of a lane. */
export interface LaneFault {
  /** How much longer each takes. */
  readonly delayMs: number
  /** Whether all wait until this is taken back. */
  readonly cut: boolean
}

/** The frames of one link, one way: each takes its time, none overtakes another, and none passes while the lane is cut. */
export class Lane {
  readonly #clock: Clock
  readonly #pass: (frame: Uint8Array) => void
  readonly #released: () => void
  #waiting = newDeque<Waiting>()
  #bytes = 0
  #fault: LaneFault
  #cancel: (() => void) | undefined

  /** `pass` takes each frame; `released` is called after some that had waited went on. */
  constructor(clock: Clock, fault: LaneFault, pass: (frame: Uint8Array) => void, released: () => void = () => {}) {
    this.#clock = clock
    this.#fault = fault
    this.#pass = pass
    this.#released = released
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  set fault(fault: LaneFault) {
    this.#fault = fault
    this.#schedule()
  }

  /** Takes a frame. Without a fault it passes in this turn. */
  add(frame: Uint8Array): void {
    const { delayMs, cut } = this.#fault
    if (delayMs === 0 && !cut && sizeOf(this.#waiting) === 0) return this.#pass(frame)
    this.#waiting.items.push({ dueMs: this.#clock.now() + delayMs, frame })
    this.#bytes += frame.length
    if (this.#cancel === undefined) this.#schedule()
  }

  /** Lets all go on, unless the lane is cut. */
  flush(): void {
    this.#release(Number.POSITIVE_INFINITY)
  }

  /** Loses all that waits. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#waiting = newDeque()
    this.#bytes = 0
  }

  #schedule(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const first = firstOf(this.#waiting)
    if (first === undefined || this.#fault.cut) return
    this.#cancel = this.#clock.at(first.dueMs, () => {
      this.#cancel = undefined
      this.#release(this.#clock.now())
      this.#schedule()
      this.#released()
    })
  }

  #release(untilMs: number): void {
    const waiting = this.#waiting
    // What a listener does with a frame may cut or clear the lane.
    while (!this.#fault.cut && waiting === this.#waiting) {
      const first = firstOf(waiting)
      if (first === undefined || first.dueMs > untilMs) return
      takeFirst(waiting)
      this.#bytes -= first.frame.length
      this.#pass(first.frame)
    }
  }
}
