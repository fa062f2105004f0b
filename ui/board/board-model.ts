import type { Part, PartMessage } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'
import { compareStamps, type Stamp } from '../stamp.ts'
import {
  type BoardValue,
  readPoints,
  readSavedStroke,
  readSeen,
  readStart,
  type Seen,
  type StrokeStyle,
} from './board-values.ts'

/**
 * `id` is `author/n`, n rising with each stroke of the author. That is a peer, not a member: what it draws, undoes and clears
 * fits together even if a part of it is sent again, by its next member, after a merge.
 */
export interface Stroke extends Stamp, StrokeStyle {
  readonly author: string
  readonly n: number
  /** x, y, pressure of each point, in units of the sheet and in percent. */
  readonly points: number[]
  ended: boolean
}

/**
 * A whiteboard that is the same at every member. Strokes come by CBCAST, in pieces: they are painted in the order of
 * their stamps, so it does not matter in which order concurrent ones arrive. A clear (ABCAST) names the strokes that
 * its sender saw, as the last number of each author; by causal order each member has them all when the clear comes, and
 * a stroke drawn at the same time stays everywhere. What the latest clear took can be brought back; which clear is the
 * latest is the same for all, because ABCAST puts clears and undos in one order.
 */
export class BoardModel implements Part {
  readonly #changed: () => void
  #strokes = new Map<string, Stroke>()
  #cleared: { readonly id: string; readonly strokes: Map<string, Stroke> } | undefined
  #clock = 0
  #sorted: readonly Stroke[] | undefined

  /** @param changed - called after each change */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** All there is to see, in painting order. */
  get strokes(): readonly Stroke[] {
    this.#sorted ??= [...this.#strokes.values()].sort(compareStamps)
    return this.#sorted
  }

  has(id: string): boolean {
    return this.#strokes.has(id)
  }

  get(id: string): Stroke | undefined {
    return this.#strokes.get(id)
  }

  /** Lamport's clock for a stroke that begins now. */
  tick(): number {
    this.#clock += 1
    return this.#clock
  }

  /** A clear of all there is to see, and of the author's strokes up to `ownLast` that are still on their way. */
  clearValue(author: string, ownLast: number): BoardValue {
    const seen = new Map<string, number>(ownLast > 0 ? [[author, ownLast]] : [])
    for (const stroke of this.#strokes.values()) {
      seen.set(stroke.author, Math.max(stroke.n, seen.get(stroke.author) ?? 0))
    }
    return { tutti: 'board', op: 'clear', seen: [...seen] }
  }

  /** What undo takes back for a member: the last stroke of its own, else the latest clear. */
  undoValue(author: string): BoardValue | undefined {
    const last = this.strokes.findLast((stroke) => stroke.author === author)
    if (last !== undefined) return { tutti: 'board', op: 'undo', stroke: last.id }
    if (this.#cleared !== undefined) return { tutti: 'board', op: 'restore', clear: this.#cleared.id }
    return undefined
  }

  apply({ id, value, from }: PartMessage): void {
    const { op } = value as Partial<BoardValue>
    const author = peerOf(from)
    if (op === 'start') this.#start(author, value)
    if (op === 'more') this.#extend(author, value as Partial<BoardValue & { op: 'more' }>)
    if (op === 'clear') this.#clear(id, readSeen((value as { seen?: unknown }).seen))
    if (op === 'undo') this.#undo((value as { stroke?: unknown }).stroke)
    if (op === 'restore') this.#restore((value as { clear?: unknown }).clear)
    this.#touch()
  }

  save(): SavedBoard {
    const cleared = this.#cleared
    return {
      strokes: this.strokes.map(copy),
      ...(cleared && {
        cleared: { id: cleared.id, strokes: [...cleared.strokes.values()].sort(compareStamps).map(copy) },
      }),
    }
  }

  load(saved: unknown): void {
    const { strokes, cleared } = (saved ?? {}) as Partial<SavedBoard>
    this.#strokes = this.#read(strokes)
    this.#cleared = cleared && { id: String(cleared.id), strokes: this.#read(cleared.strokes) }
    this.#touch()
  }

  #read(saved: unknown): Map<string, Stroke> {
    const strokes = (Array.isArray(saved) ? saved : []).map(readSavedStroke).filter((stroke) => stroke !== undefined)
    for (const { at } of strokes) this.#clock = Math.max(this.#clock, at)
    return new Map(strokes.map((stroke) => [stroke.id, stroke]))
  }

  #start(author: string, value: unknown): void {
    const stroke = readStart(author, value)
    if (stroke === undefined || this.#find(stroke.id) !== undefined) return
    this.#clock = Math.max(this.#clock, stroke.at)
    this.#strokes.set(stroke.id, stroke)
  }

  #extend(author: string, { n, points, end }: { n?: number; points?: unknown; end?: unknown }): void {
    const stroke = this.#find(`${author}/${n}`)
    if (stroke === undefined) return
    for (const number of readPoints(points)) stroke.points.push(number)
    stroke.ended ||= end === true
  }

  #clear(id: string, seen: Seen): void {
    const last = new Map(seen)
    const taken = [...this.#strokes.values()].filter(({ author, n }) => n <= (last.get(author) ?? 0))
    // A clear of an empty board must not cost what the one before it took.
    if (taken.length === 0) return
    for (const stroke of taken) this.#strokes.delete(stroke.id)
    this.#cleared = { id, strokes: new Map(taken.map((stroke) => [stroke.id, stroke])) }
  }

  #undo(id: unknown): void {
    if (typeof id !== 'string') return
    this.#strokes.delete(id)
    this.#cleared?.strokes.delete(id)
  }

  #restore(id: unknown): void {
    if (this.#cleared === undefined || this.#cleared.id !== id) return
    for (const [key, stroke] of this.#cleared.strokes) this.#strokes.set(key, stroke)
    this.#cleared = undefined
  }

  #find(id: string): Stroke | undefined {
    return this.#strokes.get(id) ?? this.#cleared?.strokes.get(id)
  }

  #touch(): void {
    this.#sorted = undefined
    this.#changed()
  }
}

export interface SavedBoard {
  readonly strokes: readonly Stroke[]
  readonly cleared?: { readonly id: string; readonly strokes: readonly Stroke[] }
}

function copy(stroke: Stroke): Stroke {
  return { ...stroke, points: [...stroke.points] }
}
