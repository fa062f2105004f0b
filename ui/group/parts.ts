import type { Member, MessageId } from '../../peer/index.ts'
import { valueBytes } from './value-bytes.ts'

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
 * later begins empty. A share has at most 10,000 messages; where all of them together take more than 256 MB, the
 * heaviest is given up.
 */
export class Parts {
  readonly #givenUp: (name: string) => void
  readonly #live = new Map<string, Part[]>()
  readonly #waiting = new Map<string, Share>()

  /** @param givenUp - called with the name of a part when its share is given up */
  constructor(givenUp: (name: string) => void = () => {}) {
    this.#givenUp = givenUp
  }

  /** Names whose share was given up. */
  get lost(): readonly string[] {
    return [...this.#waiting].filter(([, { lost }]) => lost).map(([name]) => name)
  }

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

  /**
   * What a joiner gets. A share that was given up is left out: its part begins empty there, too, even where others have more.
   * The `Trouble` that told of the loss was this page's; the joiner gets none.
   */
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
    this.#bound()
  }

  #remove(name: string, part: Part): void {
    const left = (this.#live.get(name) ?? []).filter((other) => other !== part)
    if (left.length > 0) this.#live.set(name, left)
    else if (this.#live.delete(name)) this.#waiting.set(name, newShare(part.save()))
  }

  #keep(name: string, message: PartMessage): void {
    if (!this.#waiting.has(name) && this.#waiting.size >= namesMax) return
    const share = this.#waiting.get(name) ?? newShare()
    this.#waiting.set(name, share)
    if (share.lost) return
    add(share, message)
    this.#bound()
  }

  #bound(): void {
    for (const [name, share] of this.#waiting) if (share.since.length > sinceMax) this.#giveUp(name, share)
    const byWeight = [...this.#waiting].sort(([, one], [, other]) => other.bytes - one.bytes)
    let bytes = byWeight.reduce((sum, [, share]) => sum + share.bytes, 0)
    for (const [name, share] of byWeight) {
      if (bytes <= sinceBytesMax) return
      bytes -= share.bytes
      this.#giveUp(name, share)
    }
  }

  #giveUp(name: string, share: Share): void {
    Object.assign(share, { ...newShare(), lost: true })
    this.#givenUp(name)
  }
}

interface Share {
  saved: unknown
  since: PartMessage[]
  /** What the messages take. */
  bytes: number
  lost: boolean
}

const namesMax = 64
const sinceMax = 10_000
const sinceBytesMax = 256_000_000

function newShare(saved?: unknown): Share {
  return { saved, since: [], bytes: 0, lost: false }
}

function add(share: Share, { id, kind, value, from }: PartMessage): void {
  share.since.push({ id, kind, value, from })
  share.bytes += valueBytes(value)
}

function restore(part: Part, share: Share | undefined): void {
  part.load(share?.saved)
  for (const message of share?.since ?? []) part.apply(message)
}

function readShares(state: unknown): Map<string, Share> {
  const shares = new Map<string, Share>()
  if (state === null || typeof state !== 'object') return shares
  for (const [name, saved] of Object.entries(state as SavedParts).slice(0, namesMax)) {
    if (!Array.isArray(saved?.since)) continue
    const share = newShare(saved.saved)
    for (const message of saved.since) if (isMessageFor(name, message)) add(share, message)
    shares.set(name, share)
  }
  return shares
}

/** Whether it has what parts rely on; what its value says they judge themselves. */
function isMessageFor(name: string, message: unknown): message is PartMessage {
  const { kind, value, from } = (message ?? {}) as Partial<PartMessage>
  return (kind === 'causal' || kind === 'total') && tagOf(value) === name && typeof from?.id === 'string'
}
