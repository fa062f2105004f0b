import { plainText } from '../plain-text.ts'
import { compareStamps, isTime, type Stamp } from '../stamp.ts'
import {
  clockMax,
  isId,
  type Loose,
  readIds,
  readMoves,
  readSeen,
  readStart,
  type Seen,
  type StartValue,
} from './board-values.ts'
import type { LogEntry } from './bounded-log.ts'
import { packPoints } from './points.ts'
import { boardTextCharactersMax, pointSize, type Thing } from './thing.ts'

/** What an act leaves on the board. Ids of different kinds differ, whatever numbers an author gives them. */
export type Entry = ThingEntry | Hide | Edit

export interface ThingEntry extends LogEntry {
  readonly is: 'thing'
  thing: Thing
  /** How many hide it. */
  hidden: number
}

/** Things by their ids; or all up to a number, by author. */
export type Cover = ReadonlySet<string> | ReadonlyMap<string, number>

export interface Hide extends LogEntry {
  readonly is: 'hide'
  /** `author/n` of the act. */
  readonly act: string
  readonly cover: Cover
  /** Until its author takes it back. */
  on: boolean
}

export interface Edit extends LogEntry {
  readonly is: 'edit'
  readonly act: string
  readonly thing: string
  /** What is changed of which thing: of two entries with the same one the later counts. */
  readonly register: string
  readonly change: { readonly dx: number; readonly dy: number } | { readonly text: string }
}

export interface SavedBoard {
  readonly things: readonly (StartValue & { readonly author: string })[]
  readonly hides: readonly (SavedAct &
    ({ readonly things: readonly string[] } | { readonly seen: Seen }) & { on: boolean })[]
  readonly edits: readonly (SavedAct & { readonly thing: string } & Edit['change'])[]
  readonly floor?: Stamp
}

interface SavedAct {
  readonly act: string
  readonly at: number
}

export function thingEntry(thing: Thing): ThingEntry {
  const { at, id, kind, points } = thing
  const weight = entryWeight + (kind === 'pen' ? points.length / pointSize : 0)
  return { is: 'thing', at, id, weight, thing, hidden: 0 }
}

export function hideEntry({ at, id: act }: Stamp, cover: Cover): Hide {
  return { is: 'hide', at, id: `${act}-hide`, weight: entryWeight + cover.size, act, cover, on: true }
}

export function editEntry({ at, id: act }: Stamp, thing: string, change: Edit['change']): Edit {
  const register = registerOf('text' in change ? 'text' : 'move', thing)
  return { is: 'edit', at, id: `${act}-${register}`, weight: entryWeight, act, thing, register, change }
}

export function registerOf(field: 'move' | 'text', thing: string): string {
  return `${field}-${thing}`
}

export function textEdit(stamp: Stamp, thing: string, text: unknown): Edit {
  return editEntry(stamp, thing, { text: plainText(text, boardTextCharactersMax) })
}

export function covers({ cover, ...hide }: Hide, { thing }: ThingEntry): boolean {
  if (compareStamps(thing, hide) > 0) return false
  return cover instanceof Set
    ? cover.has(thing.id)
    : thing.n <= ((cover as ReadonlyMap<string, number>).get(thing.author) ?? -1)
}

export function saveEntries(entries: readonly Entry[], floor: Stamp | undefined): SavedBoard {
  const things = entries.filter((entry) => entry.is === 'thing').map(({ thing }) => saveThing(thing))
  const hides = entries.filter((entry) => entry.is === 'hide').map(saveHide)
  const edits = entries
    .filter((entry) => entry.is === 'edit')
    .map(({ act, at, thing, change }) => ({ act, at, thing, ...change }))
  return { things, hides, edits, ...(floor && { floor }) }
}

/** Whatever makes sense of what another page saved. */
export function readSaved(saved: unknown): { entries: Entry[]; floor: Stamp | undefined } {
  const { things, hides, edits, floor } = (saved ?? {}) as Loose
  const entries = [
    ...loose(things).map((thing) => readThing(thing)),
    ...loose(hides).map((hide) => readHide(hide)),
    ...loose(edits).map((edit) => readEdit(edit)),
  ]
  const { at, id } = (floor ?? {}) as Loose
  return {
    entries: entries.filter((entry) => entry !== undefined),
    floor: isTime(at) && typeof id === 'string' ? { at, id } : undefined,
  }
}

/** What every entry weighs besides its points. */
const entryWeight = 50

function saveThing({ author, n, at, kind, color, width, points, text, ended }: Thing): SavedBoard['things'][number] {
  const value = { author, n, at, kind, color, width, points: packPoints(points) }
  return { ...value, ...(text !== '' && { text }), ...(ended && { end: true }) }
}

function saveHide({ act, at, cover, on }: Hide): SavedBoard['hides'][number] {
  return cover instanceof Set
    ? { act, at, on, things: [...cover] }
    : { act, at, on, seen: [...cover] as unknown as Seen }
}

function readThing(value: Loose): Entry | undefined {
  const thing = typeof value.author === 'string' ? readStart(value.author, value) : undefined
  return thing && thingEntry(thing)
}

function readHide(value: Loose): Entry | undefined {
  const stamp = readAct(value)
  const cover = value.seen === undefined ? new Set(readIds(value.things)) : new Map(readSeen(value.seen))
  return stamp && { ...hideEntry(stamp, cover), on: value.on === true }
}

function readEdit(value: Loose): Entry | undefined {
  const stamp = readAct(value)
  const { thing, dx, dy, text } = value
  if (stamp === undefined || !isId(thing)) return undefined
  if (text !== undefined) return textEdit(stamp, thing, text)
  const [move] = readMoves([[thing, dx, dy]])
  return move && editEntry(stamp, thing, { dx: move[1], dy: move[2] })
}

function readAct({ act, at }: Loose): Stamp | undefined {
  return isId(act) && isTime(at) && at <= clockMax ? { at, id: act } : undefined
}

function loose(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : []
}
