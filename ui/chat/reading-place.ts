/** How far a scrolled element is, in CSS pixels. */
export interface Extents {
  readonly scrollHeight: number
  readonly clientHeight: number
  scrollTop: number
}

/**
 * Where in the log one reads: at its end, which then follows what comes, or further up, where it stays and counts what
 * has come below.
 */
export class ReadingPlace {
  #isAtEnd = true
  #goesToEnd = false
  #unread = 0
  #firstUnread: string | undefined

  /** How many lines have come below, out of sight. */
  get unread(): number {
    return this.#unread
  }

  /** The line above which those begin, or began, that came out of sight. */
  get firstUnread(): string | undefined {
    return this.#firstUnread
  }

  /** Looks where the log stands. To be called before it changes, and when it is scrolled. */
  look({ scrollHeight, scrollTop, clientHeight }: Extents): void {
    // One that is not shown has no height and tells nothing.
    if (clientHeight === 0) return
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < endPixels
    if (this.#isAtEnd) this.#unread = 0
  }

  /** Scrolls a log that was at its end back there, or one that is to go there. To be called after it changed. */
  keep(log: Extents): void {
    if (!this.#isAtEnd && !this.#goesToEnd) return
    log.scrollTop = log.scrollHeight
    this.#goesToEnd = false
    this.#isAtEnd = true
  }

  /** A line of somebody else came. */
  came(id: string): void {
    if (this.#isAtEnd) return
    if (this.#unread === 0) this.#firstUnread = id
    this.#unread += 1
  }

  /** One wants to see the end, or said something oneself. */
  goToEnd(): void {
    this.#goesToEnd = true
    this.#unread = 0
  }

  /** What came is no longer new. */
  forget(): void {
    this.#firstUnread = undefined
  }
}

/** So near to the end counts as there. */
const endPixels = 40
