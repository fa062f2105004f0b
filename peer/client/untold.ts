import type { TuttiError } from '../base/errors.ts'
import type { Cast } from './receipt.ts'

export interface UntoldOptions {
  /** Keeps all events back until the returned function is called. */
  hold(): () => void
  tell(error: TuttiError): void
}

/** Failed multicasts whose receipts somebody may still be about to await. A failure that nobody awaits shows as an event. */
export class Untold {
  readonly #options: UntoldOptions
  readonly #casts = new Set<Cast>()

  constructor(options: UntoldOptions) {
    this.#options = options
  }

  /** Tells of it in its place in the sequence. `await cast()` gets to its receipt two microtasks after the call. */
  add(cast: Cast | undefined): void {
    if (cast?.unheard === undefined) return
    this.#casts.add(cast)
    const release = this.#options.hold()
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#tell(cast)
        release()
      }),
    )
  }

  /** Tells of all there are, and of these, without waiting for anyone: it is the end. */
  flush(casts: readonly Cast[]): void {
    for (const cast of casts) this.#casts.add(cast)
    for (const cast of this.#casts) this.#tell(cast)
  }

  #tell(cast: Cast): void {
    const isDue = this.#casts.delete(cast)
    if (isDue && cast.unheard !== undefined) this.#options.tell(cast.unheard)
  }
}
