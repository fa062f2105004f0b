import type { Member, MessageId } from '../../peer/index.ts'

/** A multicast for a part: `value.tutti` is the part's name. */
export interface PartMessage {
  readonly id: MessageId
  readonly kind: 'fifo' | 'causal' | 'total'
  readonly value: unknown
  readonly from: Member
}

/**
 * A share of the group's state that an element keeps: a chat's lines, a board's strokes. What is saved and what comes in
 * was written by other pages, so a part judges both and never throws on them.
 */
export interface Part {
  save(): unknown
  /** Replaces all there is. Undefined: the group has nothing for this part yet. */
  load(saved: unknown): void
  /** Called in delivery order. */
  apply(message: PartMessage): void
}

/** The group's state as it travels to a joiner: of each part what was saved, and the messages since. */
export type SavedParts = Record<string, { saved?: unknown; since: PartMessage[] }>

/** The name of the part that a value is for, if any. */
export function tagOf(value: unknown): string | undefined {
  const tag = value !== null && typeof value === 'object' && 'tutti' in value ? value.tutti : undefined
  return typeof tag === 'string' && tag.length <= 64 ? tag : undefined
}

/**
 * Makes one state out of the parts of a page. A part may come late, go, and come back: while a name has no part, its
 * share is kept together with the messages since, up to a bound; beyond it the share is given up and a part that comes
 * later begins empty.
 */
export class Parts {
  readonly #live = new Map<string, Part[]>()
  readonly #waiting = new Map<string, Share>()

  /** Adds a part and hands it its share. Returns what removes it again. */
  register(name: string, part: Part): () => void {
    const siblings = this.#live.get(name) ?? []
    if (siblings[0] === undefined) restore(part, this.#waiting.get(name))
    else part.load(siblings[0].save())
    this.#waiting.delete(name)
    this.#live.set(name, [...siblings, part])
    return () => this.#remove(name, part)
  }

  apply(message: PartMessage): void {
    const name = tagOf(message.value)
    if (name === undefined) return
    const live = this.#live.get(name)
    if (live !== undefined) for (const part of live) part.apply(message)
    else if (message.kind !== 'fifo') this.#keep(name, message)
  }

  save(): SavedParts {
    const live = [...this.#live].map(([name, [part]]) => [name, { saved: part!.save(), since: [] }] as const)
    const waiting = [...this.#waiting].filter(([, { lost }]) => !lost)
    return Object.fromEntries([
      ...live,
      ...waiting.map(([name, { saved, since }]) => [name, { saved, since }] as const),
    ])
  }

  load(state: unknown): void {
    const shares = readShares(state)
    this.#waiting.clear()
    for (const [name, share] of shares) if (!this.#live.has(name)) this.#waiting.set(name, share)
    for (const [name, parts] of this.#live) for (const part of parts) restore(part, shares.get(name))
  }

  #remove(name: string, part: Part): void {
    const left = (this.#live.get(name) ?? []).filter((other) => other !== part)
    if (left.length > 0) this.#live.set(name, left)
    else if (this.#live.delete(name)) this.#waiting.set(name, { saved: part.save(), since: [], lost: false })
  }

  #keep(name: string, message: PartMessage): void {
    const share = this.#waiting.get(name) ?? { saved: undefined, since: [], lost: this.#waiting.size >= namesMax }
    if (share.since.length >= sinceMax) Object.assign(share, { saved: undefined, since: [], lost: true })
    const { id, kind, value, from } = message
    if (!share.lost) share.since.push({ id, kind, value, from })
    if (this.#waiting.size < namesMax) this.#waiting.set(name, share)
  }
}

interface Share {
  saved: unknown
  since: PartMessage[]
  lost: boolean
}

const namesMax = 64
const sinceMax = 10_000

function restore(part: Part, share: Share | undefined): void {
  part.load(share?.saved)
  for (const message of share?.since ?? []) part.apply(message)
}

function readShares(state: unknown): Map<string, Share> {
  const shares = new Map<string, Share>()
  if (state === null || typeof state !== 'object') return shares
  for (const [name, share] of Object.entries(state as SavedParts).slice(0, namesMax)) {
    if (Array.isArray(share?.since)) shares.set(name, { saved: share.saved, since: [...share.since], lost: false })
  }
  return shares
}
