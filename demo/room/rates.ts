/** How fast counters rise, over the last two seconds. */
export class Rates {
  #looks: readonly Look[] = []

  /** Notes where counters stand. One that is lower than before began anew. */
  note(nowMs: number, totals: ReadonlyMap<string, number>): void {
    this.#looks = [...this.#looks.filter(({ atMs }) => nowMs - atMs <= overMs), { atMs: nowMs, totals }]
  }

  /** Per second; 0 before there are two looks. */
  of(name: string): number {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)]
    if (first === undefined || last === undefined || last.atMs === first.atMs) return 0
    let risen = 0
    for (const [index, { totals }] of this.#looks.entries()) {
      if (index === 0) continue
      const [before, now] = [this.#looks[index - 1]!.totals.get(name) ?? 0, totals.get(name) ?? 0]
      risen += now >= before ? now - before : now
    }
    return (risen * 1_000) / (last.atMs - first.atMs)
  }
}

interface Look {
  readonly atMs: number
  readonly totals: ReadonlyMap<string, number>
}

const overMs = 2_000
