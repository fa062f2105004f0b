import type { Stamp } from '../stamp.ts'

/** In units of the sheet. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * The sheet: large and bounded, sixteen times what is seen at first. Nobody gets lost on it, every coordinate of others can
 * be judged, and in tenths of a unit one fits into two bytes.
 */
export const sheet: Box = { left: -3200, top: -2400, right: 3200, bottom: 2400 }

/** What one sees first, the same for all, so that people meet. */
export const home: Box = { left: -800, top: -600, right: 800, bottom: 600 }

export const shapeKinds = ['line', 'arrow', 'rectangle', 'ellipse'] as const
export const thingKinds = ['pen', ...shapeKinds, 'text'] as const
export type ShapeKind = (typeof shapeKinds)[number]
export type ThingKind = (typeof thingKinds)[number]

/** How something is drawn. `color`: an ink, 0 to 7. `width`: of the line, in units of the sheet; of a text, its size. */
export interface ThingStyle {
  readonly color: number
  readonly width: number
}

/**
 * A thing on the board. `id` is `author/n`, n rising with each act of the author. That is a peer, not a member: what it draws,
 * undoes and clears fits together even if a part of it is sent again, by its next member, after a merge.
 */
export interface Thing extends Stamp, ThingStyle {
  readonly kind: ThingKind
  readonly author: string
  readonly n: number
  /** x, y and pressure in percent of each point, as drawn: many for `pen`, two ends for a shape, the top left for a text. */
  readonly points: number[]
  /** Empty but for `text`. */
  readonly text: string
  /** How far it was moved since it was drawn. */
  readonly dx: number
  readonly dy: number
  /** Whether its author has let go of it. */
  readonly ended: boolean
}

/** Numbers that a point takes in `points`. */
export const pointSize = 3
/** A longer stroke is cut; the pen goes on with another one. */
export const strokePointsMax = 1000
export const boardTextCharactersMax = 500
export const widthMax = 200
/** Of a mouse, which has none, in percent. */
export const evenPressure = 50

export function sizeOf({ left, top, right, bottom }: Box): { width: number; height: number } {
  return { width: right - left, height: bottom - top }
}

/** The smallest box around all of these; undefined around none. */
export function around(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined
  let { left, top, right, bottom } = boxes[0]!
  for (const box of boxes) {
    left = Math.min(left, box.left)
    top = Math.min(top, box.top)
    right = Math.max(right, box.right)
    bottom = Math.max(bottom, box.bottom)
  }
  return { left, top, right, bottom }
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

export function grown({ left, top, right, bottom }: Box, by: number): Box {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by }
}

/** Boxes that overlap become one; too many do, too. */
export function joined(boxes: readonly Box[]): Box[] {
  const apart: Box[] = []
  for (const box of boxes) {
    const touching = apart.filter((other) => overlap(box, other))
    const rest = apart.filter((other) => !touching.includes(other))
    apart.splice(0, apart.length, ...rest, around([box, ...touching])!)
    if (apart.length > boxesMax) apart.splice(0, apart.length, around(apart)!)
  }
  return apart
}

const boxesMax = 12
