import { plainText } from '../plain-text.ts'
import { isTime, type Stamp } from '../stamp.ts'
import { asColor } from '../theme.ts'
import { unpackPoints } from './points.ts'
import {
  boardTextCharactersMax,
  sheet,
  strokePointsMax,
  type Thing,
  type ThingKind,
  thingKinds,
  widthMax,
} from './thing.ts'

/** The last act of each author that a clear covers. */
export type Seen = readonly (readonly [author: string, n: number])[]
/** Where a thing is, as far from where it was drawn. */
export type Move = readonly [thing: string, dx: number, dy: number]

/** A thing as it is sent when its author begins it, and as it is saved. */
export interface StartValue {
  readonly n: number
  readonly at: number
  readonly kind: ThingKind
  readonly color: number
  readonly width: number
  readonly points: Uint8Array
  readonly text?: string
  readonly end?: true
}

/**
 * What the board multicasts. `clear`, and whatever undoes or does again, by ABCAST: they change much at once, and everybody
 * sees them in one order. All else by CBCAST.
 */
export type BoardValue = { readonly tutti: 'board' } & (
  | ({ readonly op: 'start' } & StartValue)
  /** The points from the `from`th on, counted from 0. Of a shape: where its second end is now. */
  | { readonly op: 'more'; readonly n: number; readonly from: number; readonly points: Uint8Array; readonly end?: true }
  | { readonly op: 'move'; readonly n: number; readonly at: number; readonly moves: readonly Move[] }
  | { readonly op: 'text'; readonly n: number; readonly at: number; readonly thing: string; readonly text: string }
  | { readonly op: 'erase'; readonly n: number; readonly at: number; readonly things: readonly string[] }
  | { readonly op: 'clear'; readonly n: number; readonly at: number; readonly seen: Seen }
  /** Takes back erasures and clears of the same author, by their numbers. */
  | { readonly op: 'restore'; readonly acts: readonly number[] }
)

/** How many things one value may move or erase. */
export const batchMax = 1000

// What follows judges values of others: a part of them that makes no sense is left out, alike at every member.

/** What a value says, for a reader who believes none of it. */
export type Loose = { readonly [key: string]: unknown }

export function readStart(author: string, value: Loose): Thing | undefined {
  const { n, at, kind, text } = value
  const stamp = readStamp(author, n, at)
  const points = unpackPoints(value.points, strokePointsMax)
  if (stamp === undefined || points.length === 0 || !thingKinds.includes(kind as ThingKind)) return undefined
  const width = typeof value.width === 'number' && value.width >= 1 ? Math.min(value.width, widthMax) : 7
  return {
    ...stamp,
    author,
    n: n as number,
    kind: kind as ThingKind,
    color: asColor(value.color) ?? 0,
    width,
    points: kind === 'pen' ? points : points.slice(0, kind === 'text' ? 3 : 6),
    text: kind === 'text' ? plainText(text, boardTextCharactersMax) : '',
    dx: 0,
    dy: 0,
    ended: value.end === true,
  }
}

/** An act's place in the order: Lamport's clock, then `author/n`. */
export function readStamp(author: unknown, n: unknown, at: unknown): Stamp | undefined {
  if (typeof author !== 'string' || author.length > idLengthMax || !isTime(n) || !isTime(at) || at > clockMax)
    return undefined
  return { at, id: `${author}/${n}` }
}

export function readMoves(value: unknown): Move[] {
  return list(value).flatMap((move): Move[] => {
    const [thing, dx, dy] = Array.isArray(move) ? move : []
    if (!isId(thing) || !Number.isFinite(dx) || !Number.isFinite(dy)) return []
    return [[thing, within(dx, sheet.right - sheet.left), within(dy, sheet.bottom - sheet.top)]]
  })
}

export function readIds(value: unknown): string[] {
  return list(value).filter(isId)
}

export function readSeen(value: unknown): Seen {
  return list(value).filter((pair) => Array.isArray(pair) && isId(pair[0]) && isTime(pair[1])) as unknown as Seen
}

export function readNumbers(value: unknown): number[] {
  return list(value).filter(isTime)
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2 * idLengthMax
}

/** Beyond it no clock goes, so that nobody can push those of others over what a number holds. */
export const clockMax = 2 ** 50

const idLengthMax = 128

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, batchMax) : []
}

function within(value: number, limit: number): number {
  return Math.min(Math.max(Math.round(value * 10) / 10, -limit), limit)
}
