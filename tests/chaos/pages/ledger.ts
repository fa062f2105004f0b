import type { MessageId } from '../../../peer/index.ts'

/** The state that the pages share: the same at all of them where a view begins. */
export interface SavedLedger {
  /** Each value with the ids under which it was delivered, sorted by value. */
  readonly entries: readonly (readonly [label: string, ids: readonly MessageId[]])[]
  /** The values of ABCASTs, in the order of delivery. */
  readonly totals: readonly string[]
}

/** What was delivered, as an application keeps it that would notice anything lost or twice. */
export class Ledger {
  readonly #entries = new Map<string, MessageId[]>()
  #totals: string[] = []

  add(label: string, id: MessageId, isTotal: boolean): void {
    const ids = this.#entries.get(label)
    if (ids === undefined) this.#entries.set(label, [id])
    else ids.push(id)
    if (isTotal) this.#totals.push(label)
  }

  save(): SavedLedger {
    const entries = [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))
    return { entries: entries.map(([label, ids]) => [label, [...ids].sort()]), totals: [...this.#totals] }
  }

  load({ entries, totals }: SavedLedger): void {
    this.#entries.clear()
    for (const [label, ids] of entries) this.#entries.set(label, [...ids])
    this.#totals = [...totals]
  }
}
