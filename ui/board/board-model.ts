import type { Part, PartMessage } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'
import { compareStamps, isTime, type Stamp } from '../stamp.ts'
import {
  clockMax,
  isId,
  type Loose,
  readIds,
  readMoves,
  readNumbers,
  readSeen,
  readStamp,
  readStart,
} from './board-values.ts'
import { BoundedLog } from './bounded-log.ts'
import {
  type Cover,
  covers,
  type Edit,
  type Entry,
  editEntry,
  hideEntry,
  readSaved,
  registerOf,
  type SavedBoard,
  saveEntries,
  textEdit,
  thingEntry,
} from './entries.ts'
import { unpackPoints } from './points.ts'
import { pointSize, strokePointsMax, type Thing } from './thing.ts'

/** What became of things by the act of one author, a peer; `load`: all may be other things now. */
export interface BoardNews {
  readonly by?: string
  readonly act: 'begin' | 'draw' | 'end' | 'move' | 'text' | 'erase' | 'clear' | 'restore' | 'load'
  readonly things: readonly Thing[]
}

type Deed = Pick<BoardNews, 'act' | 'things'>

/**
 * A whiteboard that is the same at every member. Each act of a member is an entry: a thing, what hides things (an erasure, a
 * clear), or the place or the text that a thing has now. What is to be seen is a function of the set of entries alone, so it
 * does not matter in which order concurrent ones arrive:
 *
 * - things are painted in the order of their stamps, and only their author adds to them, in FIFO order;
 * - a thing is hidden as long as anything that hides it is not taken back, which its author alone may do, for good. A clear
 *   names what its sender saw, as the last number of each author: what is drawn at the same time stays everywhere;
 * - of several places or texts of a thing the one with the latest stamp counts, and an effect is later than its cause;
 * - together they are bounded by weight, and the oldest go (see `BoundedLog`). What hides or changes a thing is younger than
 *   the thing, so it never goes before it.
 */
export class BoardModel implements Part {
  readonly #changed: (news: BoardNews) => void
  readonly #log: BoundedLog<Entry>
  readonly #entries = new Map<string, Entry>()
  /** By thing and what of it was changed; the thing may be unknown, after a merge. */
  readonly #edits = new Map<string, Edit>()
  #clock = 0
  #shown: readonly Thing[] | undefined

  /**
   * @param changed - called after each change
   * @param weightMax - how much there may be in all: 50 an act, and one a point
   */
  constructor(changed: (news: BoardNews) => void, weightMax = boardWeightMax) {
    this.#changed = changed
    this.#log = new BoundedLog(weightMax)
  }

  /** All there is to see, in painting order. */
  get things(): readonly Thing[] {
    this.#shown ??= this.#log.entries.flatMap((entry) =>
      entry.is === 'thing' && entry.hidden === 0 ? [entry.thing] : [],
    )
    return this.#shown
  }

  /** A thing that is to be seen. */
  get(id: string): Thing | undefined {
    const entry = this.#entries.get(id)
    return entry?.is === 'thing' && entry.hidden === 0 ? entry.thing : undefined
  }

  /** Lamport's clock for an act that begins now. */
  tick(): number {
    this.#clock = Math.min(this.#clock + 1, clockMax)
    return this.#clock
  }

  /** What a clear by `author` covers: all there is, and the author's own up to `ownLast`, which may be on their way still. */
  seen(author: string, ownLast: number): [string, number][] {
    const last = new Map<string, number>(ownLast > 0 ? [[author, ownLast]] : [])
    for (const thing of this.things) last.set(thing.author, Math.max(thing.n, last.get(thing.author) ?? 0))
    return [...last]
  }

  apply({ value, from }: PartMessage): void {
    const author = peerOf(from)
    const loose = (value ?? {}) as Loose
    const news = this.#act(author, loose)
    for (const gone of this.#log.trim()) this.#forget(gone)
    if (news !== undefined) this.#changed({ by: author, ...news })
  }

  save(): SavedBoard {
    return saveEntries(this.#log.entries, this.#log.floor)
  }

  load(saved: unknown): void {
    const { entries, floor } = readSaved(saved)
    this.#log.reset(floor)
    this.#entries.clear()
    this.#edits.clear()
    this.#clock = Math.max(this.#clock, floor?.at ?? 0)
    for (const entry of entries) this.#add(entry)
    for (const gone of this.#log.trim()) this.#forget(gone)
    this.#changed({ act: 'load', things: [] })
  }

  #act(author: string, value: Loose): Deed | undefined {
    const { op, n, at } = value
    if (op === 'start') return this.#start(author, value)
    if (op === 'more') return this.#extend(`${author}/${n}`, value)
    if (op === 'restore') return this.#restore(author, readNumbers(value.acts))
    const stamp = readStamp(author, n, at)
    if (stamp === undefined) return undefined
    if (op === 'erase') return this.#hide(op, stamp, new Set(readIds(value.things)))
    if (op === 'clear') return this.#hide(op, stamp, new Map(readSeen(value.seen)))
    if (op === 'move')
      return this.#edit(
        op,
        readMoves(value.moves).map(([thing, dx, dy]) => editEntry(stamp, thing, { dx, dy })),
      )
    if (op === 'text' && isId(value.thing)) return this.#edit(op, [textEdit(stamp, value.thing, value.text)])
    return undefined
  }

  #start(author: string, value: Loose): Deed | undefined {
    const thing = readStart(author, value)
    if (thing === undefined || !this.#add(thingEntry(thing))) return undefined
    return { act: thing.ended ? 'end' : 'begin', things: this.#visible([thing.id]) }
  }

  /** What comes twice, sent again after a merge, is taken once. */
  #extend(id: string, { from, points, end }: Loose): Deed | undefined {
    const entry = this.#entries.get(id)
    if (entry?.is !== 'thing' || entry.thing.ended) return undefined
    const { thing } = entry
    const news = unpackPoints(points, strokePointsMax)
    if (thing.kind === 'pen') {
      const known = Math.max(thing.points.length / pointSize - (isTime(from) ? from : 0), 0) * pointSize
      const fresh = news.slice(known, known + strokePointsMax * pointSize - thing.points.length)
      for (const number of fresh) thing.points.push(number)
      this.#log.grow(entry, fresh.length / pointSize)
    } else if (news.length > 0)
      entry.thing = { ...thing, points: [...thing.points.slice(0, pointSize), ...news.slice(-pointSize)] }
    if (end === true) entry.thing = { ...entry.thing, ended: true }
    this.#shown = undefined
    return { act: end === true ? 'end' : 'draw', things: this.#visible([id]) }
  }

  #hide(act: 'erase' | 'clear', stamp: Stamp, cover: Cover): Deed | undefined {
    const before = this.things
    if (!this.#add(hideEntry(stamp, cover))) return undefined
    return { act, things: before.filter(({ id }) => this.get(id) === undefined) }
  }

  #restore(author: string, acts: readonly number[]): Deed {
    const before = new Set(this.things)
    for (const n of acts) {
      const hide = this.#entries.get(`${author}/${n}-hide`)
      if (hide?.is !== 'hide' || !hide.on) continue
      hide.on = false
      for (const entry of this.#log.entries) if (entry.is === 'thing' && covers(hide, entry)) entry.hidden--
    }
    this.#shown = undefined
    return { act: 'restore', things: this.things.filter((thing) => !before.has(thing)) }
  }

  #edit(act: 'move' | 'text', edits: readonly Edit[]): Deed {
    for (const edit of edits) this.#add(edit)
    return { act, things: this.#visible(edits.map(({ thing }) => thing)) }
  }

  /** False: not taken, for it is here already, was let go of, or comes after a later one of its kind. */
  #add(entry: Entry): boolean {
    this.#clock = Math.max(this.#clock, entry.at)
    if (this.#entries.has(entry.id)) return false
    const before = entry.is === 'edit' ? this.#edits.get(entry.register) : undefined
    if (before !== undefined && compareStamps(before, entry) > 0) return false
    if (before !== undefined) this.#replace(before, entry)
    else if (!this.#log.add(entry)) return false
    this.#entries.set(entry.id, entry)
    this.#shown = undefined
    if (entry.is === 'edit') this.#change(entry)
    if (entry.is === 'thing') {
      for (const field of ['move', 'text'] as const) this.#change(this.#edits.get(registerOf(field, entry.id)))
      for (const hide of this.#log.younger(entry))
        if (hide.is === 'hide' && hide.on && covers(hide, entry)) entry.hidden++
    }
    if (entry.is === 'hide' && entry.on) {
      for (const thing of this.#log.entries) if (thing.is === 'thing' && covers(entry, thing)) thing.hidden++
    }
    return true
  }

  #replace(before: Entry, entry: Entry): void {
    this.#entries.delete(before.id)
    this.#log.replace(before, entry)
  }

  #change(edit: Edit | undefined): void {
    if (edit === undefined) return
    this.#edits.set(edit.register, edit)
    const entry = this.#entries.get(edit.thing)
    if (entry?.is !== 'thing' || compareStamps(edit, entry) < 0) return
    if (!('text' in edit.change) || entry.thing.kind === 'text') entry.thing = { ...entry.thing, ...edit.change }
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.id)
    if (entry.is === 'edit') this.#edits.delete(entry.register)
    this.#shown = undefined
  }

  #visible(ids: readonly string[]): Thing[] {
    return ids.map((id) => this.get(id)).filter((thing) => thing !== undefined)
  }
}

/** Some fifteen minutes of four people who draw without a pause; saved, about a megabyte. */
const boardWeightMax = 200_000
