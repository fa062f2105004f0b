/** Waits for conditions that become true by what is told. */
export class Watch {
  readonly #checks = new Set<() => void>()
  readonly #describe: () => string

  /** `describe`: how things stand, for whoever waited in vain. */
  constructor(describe: () => string) {
    this.#describe = describe
  }

  /** Resolves as soon as `condition` is true at a look. Rejects after `limitMs`. */
  until(what: string, limitMs: number, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (condition()) end(resolve)
      }
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        this.#checks.delete(check)
        settle()
      }
      const late = (): void => reject(new Error(`not within ${limitMs} ms: ${what}\n${this.#describe()}`))
      const timer = setTimeout(() => end(late), limitMs)
      this.#checks.add(check)
      check()
    })
  }

  /** Something was told. */
  look(): void {
    for (const check of [...this.#checks]) check()
  }
}
