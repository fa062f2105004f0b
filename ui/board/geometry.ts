import { textLayout } from './text-layout.ts'
import { type Box, evenPressure, grown, pointSize, type Thing } from './thing.ts'

/** A piece of a stroke that has one width: from a point on, along quadratic curves of four numbers each. */
export interface Run {
  readonly width: number
  readonly x: number
  readonly y: number
  readonly curves: number[]
}

/** All that a thing may paint on, where it is now. */
export function boxOf(thing: Thing): Box {
  const known = boxes.get(thing)
  if (known?.length === thing.points.length) return known.box
  const box = measured(thing)
  boxes.set(thing, { length: thing.points.length, box })
  return box
}

/** Where it stands when it is not moved: for text, its top left corner. */
export function originOf({ points, dx, dy }: Thing): readonly [number, number] {
  return [points[0]! + dx, points[1]! + dy]
}

/** Both ends of a shape. */
export function endsOf({ points, dx, dy }: Thing): readonly [number, number, number, number] {
  const last = points.length - pointSize
  return [points[0]! + dx, points[1]! + dy, points[last]! + dx, points[last + 1]! + dy]
}

/** Whether a thing is within `reach` of a place. `inside`: that of a rectangle or an ellipse counts too. */
export function hits(thing: Thing, x: number, y: number, reach: number, inside = false): boolean {
  const box = grown(boxOf(thing), reach)
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false
  if (thing.kind === 'text') return true
  const far = reach + thing.width / 2
  if (thing.kind === 'pen') return nearStroke(thing, x - thing.dx, y - thing.dy, far)
  const [x0, y0, x1, y1] = endsOf(thing)
  if (thing.kind === 'line' || thing.kind === 'arrow') return distance(x, y, x0, y0, x1, y1) <= far
  return inside || (thing.kind === 'rectangle' ? nearRectangle(thing, x, y, far) : nearEllipse(thing, x, y, far))
}

/**
 * A stroke as smooth pieces: from the middle of one step to the middle of the next, bent towards the point between. A new one
 * begins where the width changes, in steps of a tenth.
 */
export function runsOf({ points, width, dx, dy }: Thing): Run[] {
  const runs: Run[] = []
  let [x, y] = [points[0]! + dx, points[1]! + dy]
  for (let i = pointSize; i < points.length; i += pointSize) {
    const [px, py] = [points[i - 3]! + dx, points[i - 2]! + dy]
    const last = i + pointSize >= points.length
    const [nx, ny] = [points[i]! + dx, points[i + 1]! + dy]
    const [mx, my] = last ? [nx, ny] : [(px + nx) / 2, (py + ny) / 2]
    const wide = strokeWidth(width, (points[i - 1]! + points[i + 2]!) / 2)
    if (runs.at(-1)?.width !== wide) runs.push({ width: wide, x, y, curves: [] })
    runs.at(-1)!.curves.push(px, py, mx, my)
    ;[x, y] = [mx, my]
  }
  return runs
}

export function strokeWidth(width: number, pressure: number): number {
  return width * (0.35 + 0.13 * Math.round(pressure / 10)) // Even pressure, as of a mouse, is the width as named.
}

/** The two ends of an arrow's barbs. */
export function barbsOf(thing: Thing): readonly [number, number, number, number] {
  const [x0, y0, x1, y1] = endsOf(thing)
  const angle = Math.atan2(y1 - y0, x1 - x0)
  const size = Math.min(thing.width * 3 + 12, Math.hypot(x1 - x0, y1 - y0) * 0.6)
  const barb = (turn: number): [number, number] => [
    x1 - size * Math.cos(angle + turn),
    y1 - size * Math.sin(angle + turn),
  ]
  return [...barb(0.5), ...barb(-0.5)]
}

const boxes = new WeakMap<Thing, { readonly length: number; readonly box: Box }>()

/** Fonts came or changed: texts have other sizes. */
export function forgetBox(thing: Thing): void {
  boxes.delete(thing)
}

function measured(thing: Thing): Box {
  if (thing.kind !== 'text') return boxFrom(thing, 0)
  const [left, top] = originOf(thing)
  const { width, height } = textLayout(thing.text, thing.width)
  return { left, top, right: left + width, bottom: top + height }
}

/** All that the points of a stroke or a shape may paint on, from the `from`th number of `points` on. */
export function boxFrom({ kind, points, width, dx, dy }: Thing, from: number): Box {
  let [left, top, right, bottom, pressure] = [
    points[from]!,
    points[from + 1]!,
    points[from]!,
    points[from + 1]!,
    evenPressure,
  ]
  for (let i = from; i < points.length; i += pointSize) {
    left = Math.min(left, points[i]!)
    right = Math.max(right, points[i]!)
    top = Math.min(top, points[i + 1]!)
    bottom = Math.max(bottom, points[i + 1]!)
    pressure = Math.max(pressure, points[i + 2]!)
  }
  const space = strokeWidth(width, pressure) / 2 + (kind === 'arrow' ? width * 3 + 12 : 0) + 1
  return grown({ left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy }, space)
}

function nearStroke({ points }: Thing, x: number, y: number, far: number): boolean {
  if (points.length === pointSize) return Math.hypot(x - points[0]!, y - points[1]!) <= far
  for (let i = pointSize; i < points.length; i += pointSize) {
    if (distance(x, y, points[i - 3]!, points[i - 2]!, points[i]!, points[i + 1]!) <= far) return true
  }
  return false
}

function nearRectangle(thing: Thing, x: number, y: number, far: number): boolean {
  const [x0, y0, x1, y1] = endsOf(thing)
  const sides = [
    [x0, y0, x1, y0],
    [x1, y0, x1, y1],
    [x1, y1, x0, y1],
    [x0, y1, x0, y0],
  ] as const
  return sides.some((side) => distance(x, y, ...side) <= far)
}

function nearEllipse(thing: Thing, x: number, y: number, far: number): boolean {
  const [x0, y0, x1, y1] = endsOf(thing)
  const [rx, ry] = [Math.max(Math.abs(x1 - x0) / 2, 1), Math.max(Math.abs(y1 - y0) / 2, 1)]
  const [fromX, fromY] = [x - (x0 + x1) / 2, y - (y0 + y1) / 2]
  const angle = Math.atan2(fromY / ry, fromX / rx)
  return Math.hypot(fromX - rx * Math.cos(angle), fromY - ry * Math.sin(angle)) <= far
}

/** From a place to a piece of a line. */
function distance(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const [wide, high] = [x1 - x0, y1 - y0]
  const length = wide * wide + high * high
  const along = length === 0 ? 0 : Math.min(Math.max(((x - x0) * wide + (y - y0) * high) / length, 0), 1)
  return Math.hypot(x - x0 - along * wide, y - y0 - along * high)
}
