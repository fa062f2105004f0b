import { newDeque, sizeOf, takeFirst } from '../base/deque.ts'

/**
 * Hands items on, one after the other and never one inside another (rule DL6), unless somebody holds it: the
 * application is saving or loading its state, or has just got the group and has yet to look at it.
 */
export class Sequence<T extends object> {
  readonly #hand: (item: T) => void
  readonly #items = newDeque<T>()
  #holds = 0
  #running = false

  constructor(hand: (item: T) => void) {
    this.#hand = hand
  }

  push(item: T): void {
    // Mostly nothing waits: what is handed on at once need not be kept.
    if (!this.#running && this.#holds === 0 && sizeOf(this.#items) === 0) this.#run(item)
    else {
      this.#items.items.push(item)
      if (!this.#running) this.#run()
    }
  }

  /** Nothing is handed on until the returned function is called. */
  hold(): () => void {
    let held = true
    this.#holds++
    return () => {
      if (!held) return
      held = false
      this.#holds--
      if (!this.#running) this.#run()
    }
  }

  /** `first`: goes before what waits, of which there is none if it is given. */
  #run(first?: T): void {
    this.#running = true
    try {
      if (first !== undefined) this.#hand(first)
      while (this.#holds === 0) {
        const item = takeFirst(this.#items)
        if (item === undefined) return
        this.#hand(item)
      }
    } finally {
      this.#running = false
    }
  }
}
