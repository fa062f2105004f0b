/** Who has just come: with the present view, and not long ago. */
export class Newcomers {
  readonly #changed: () => void
  #ids: ReadonlySet<string> = new Set()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param changed - called when nobody is new any more */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Their member ids. */
  get ids(): ReadonlySet<string> {
    return this.#ids
  }

  /** A view was installed, with these. */
  came(ids: readonly string[]): void {
    this.forget()
    this.#ids = new Set(ids)
    if (ids.length > 0) this.#timer = setTimeout(() => this.#end(), newMs)
  }

  forget(): void {
    clearTimeout(this.#timer)
    this.#ids = new Set()
  }

  #end(): void {
    this.forget()
    this.#changed()
  }
}

const newMs = 30_000
