import type { CastKind, Message } from '../../../peer/index.ts'

/** What a test page multicasts. */
export interface Said {
  /** `peer/n`: this page's nth multicast, from 1. */
  readonly label: string
  /** Everyone else answers it at once. */
  readonly asks?: true
  /** The label of the message that this one answers. */
  readonly answers?: string
}

/** The state that the pages share; the same at all of them where a view begins, whatever concurrent messages did before. */
export interface SavedRecord {
  readonly said: readonly string[]
  readonly totals: readonly string[]
}

/** What a test page was told, and what of it should never have happened. */
export class Record {
  /** Labels of ABCASTs, in the order of delivery. */
  totals: string[] = []
  /** Per peer, how many of its messages are delivered or in the loaded state. */
  readonly heard = new Map<string, number>()
  readonly faults: string[] = []
  readonly #said = new Set<string>()

  apply({ kind, value }: Pick<Message<Said>, 'kind' | 'value'>): void {
    const { peer, n } = parseLabel(value.label)
    const before = this.heard.get(peer) ?? 0
    if (n !== before + 1) this.faults.push(`${value.label} came after ${peer}/${before}`)
    if (kind !== 'fifo' && value.answers !== undefined && !this.#said.has(value.answers)) {
      this.faults.push(`${value.label} came before ${value.answers}, which it answers`)
    }
    this.#add(value.label, kind)
  }

  save(): SavedRecord {
    return { said: [...this.#said].sort(), totals: this.totals }
  }

  load({ said, totals }: SavedRecord): void {
    this.totals = []
    this.#said.clear()
    this.heard.clear()
    for (const label of said) this.#add(label, 'causal')
    this.totals = [...totals]
  }

  #add(label: string, kind: CastKind): void {
    const { peer, n } = parseLabel(label)
    this.heard.set(peer, Math.max(n, this.heard.get(peer) ?? 0))
    this.#said.add(label)
    if (kind === 'total') this.totals.push(label)
  }
}

export function parseLabel(label: string): { peer: string; n: number } {
  const [peer, n] = label.split('/') as [string, string]
  return { peer, n: Number(n) }
}
