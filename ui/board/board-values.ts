import { isTime } from '../stamp.ts'
import { asColor } from '../theme.ts'
import type { Stroke } from './board-model.ts'

/** The sheet, in its own units: every member sees all of it, at whatever size. */
export const sheet = { width: 1600, height: 1200 } as const

export interface StrokeStyle {
  readonly color: number
  /** In units of the sheet, at full pressure. */
  readonly width: number
}

/** The last stroke of each author that a clear covers. */
export type Seen = readonly (readonly [author: string, n: number])[]

/** What the board multicasts. `start` and `more` by CBCAST, the others by ABCAST. */
export type BoardValue = { readonly tutti: 'board' } & (
  | ({
      readonly op: 'start'
      readonly n: number
      readonly at: number
      readonly points: number[]
      readonly end?: true
    } & StrokeStyle)
  | { readonly op: 'more'; readonly n: number; readonly points: number[]; readonly end?: true }
  | { readonly op: 'clear'; readonly seen: Seen }
  | { readonly op: 'undo'; readonly stroke: string }
  | { readonly op: 'restore'; readonly clear: string }
)

export const widthMax = 80

// What follows judges values of others: a part of them that makes no sense is left out, alike at every member.

export function readStart(author: string, value: unknown): Stroke | undefined {
  const { n, at, color, width, points, end } = (value ?? {}) as Partial<BoardValue & { op: 'start' }>
  if (!isTime(n) || !isTime(at)) return undefined
  const style = { color: asColor(color) ?? 0, width: isTime(width) ? Math.min(Math.max(width, 1), widthMax) : 4 }
  return { id: `${author}/${n}`, author, n, at, ...style, points: readPoints(points), ended: end === true }
}

export function readSavedStroke(value: unknown): Stroke | undefined {
  const { author, ended } = (value ?? {}) as Partial<Stroke>
  const stroke = typeof author === 'string' ? readStart(author, value) : undefined
  if (stroke !== undefined) stroke.ended = ended === true
  return stroke
}

/** Whole triples of numbers within the sheet. */
export function readPoints(value: unknown): number[] {
  if (!Array.isArray(value) || value.length % 3 !== 0) return []
  const limits = [sheet.width, sheet.height, 100]
  return value.map((number, index) => (Number.isFinite(number) ? Math.min(Math.max(number, 0), limits[index % 3]!) : 0))
}

export function readSeen(value: unknown): Seen {
  if (!Array.isArray(value)) return []
  return value.filter((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isTime(pair[1]))
}
