/**
 * Calls that wait for the turn to end: a transport's listener hears of everything in order, and never from inside a
 * call of the transport's own methods.
 */
export class Notices {
  readonly #defer: (run: () => void) => void
  #waiting: (() => void)[] = []
  #due = false
  #closed = false

  constructor(defer: (run: () => void) => void = (run) => queueMicrotask(run)) {
    this.#defer = defer
  }

  add(notice: () => void): void {
    if (this.#closed) return
    this.#waiting.push(notice)
    this.#schedule()
  }

  /** Drops what waits and all that comes. */
  close(): void {
    this.#closed = true
    this.#waiting = []
  }

  #schedule(): void {
    if (this.#due) return
    this.#due = true
    this.#defer(() => this.#run())
  }

  #run(): void {
    const batch = this.#waiting
    this.#waiting = []
    this.#due = false
    let done = 0
    try {
      while (done < batch.length && !this.#closed) batch[done++]!()
    } finally {
      // A listener that throws must not cost the notices behind it.
      if (done < batch.length && !this.#closed) {
        this.#waiting = [...batch.slice(done), ...this.#waiting]
        this.#schedule()
      }
    }
  }
}
