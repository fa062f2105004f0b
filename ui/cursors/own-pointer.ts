import type { Place } from './cursor-tracks.ts'

export interface OwnPointerOptions {
  /** Multicasts the place, or that the pointer is gone. Undefined: that can't be done now, and need not be later. */
  send(at: Place | null): PromiseLike<unknown> | undefined
  /** The place of what `move` was last called with. */
  read(point: Point): Place | undefined
}

/** Where a pointer is on the screen, in CSS pixels. */
export interface Point {
  readonly clientX: number
  readonly clientY: number
}

/**
 * Tells the others where one's own pointer is: only when it moved, some 30 times a second, and never faster than the group
 * takes it, so that nothing old is ever queued behind.
 */
export class OwnPointer {
  readonly #options: OwnPointerOptions
  #last: Point | undefined
  #wanted: Point | 'gone' | undefined
  #told: Place | null = null
  #isBusy = false

  constructor(options: OwnPointerOptions) {
    this.#options = options
  }

  move({ clientX, clientY }: Point): void {
    this.#last = { clientX, clientY }
    this.#wanted = this.#last
    this.#tell()
  }

  /** What is below the pointer has moved, or the pointer is to be read in another way. */
  again(): void {
    if (this.#last !== undefined) this.move(this.#last)
  }

  leave(): void {
    this.#last = undefined
    this.#wanted = 'gone'
    this.#tell()
  }

  #tell(): void {
    if (this.#isBusy || this.#wanted === undefined) return
    // Read as late as this: it makes the browser lay out the page.
    const at = this.#wanted === 'gone' ? null : (this.#options.read(this.#wanted) ?? null)
    this.#wanted = undefined
    if (isSame(at, this.#told)) return
    const receipt = this.#options.send(at)
    this.#told = receipt === undefined ? null : at
    void this.#rest(receipt)
  }

  async #rest(receipt: PromiseLike<unknown> | undefined): Promise<void> {
    this.#isBusy = true
    // One that failed is of no interest any more: the next one says where the pointer is.
    await Promise.allSettled([receipt, new Promise((resolve) => setTimeout(resolve, intervalMs))])
    this.#isBusy = false
    this.#tell()
  }
}

const intervalMs = 33

function isSame(one: Place | null, other: Place | null): boolean {
  return one?.x === other?.x && one?.y === other?.y && one?.on === other?.on
}
