import { boxFrom, boxOf } from './geometry.ts'
import { type Box, pointSize, type Thing } from './thing.ts'

/**
 * Remembers what was painted above the kept picture, and tells where that is other now. A stroke that only grew has changed at
 * its end, however long it is.
 */
export class LiveLayer {
  #things = new Map<string, Painted>()
  #frames: readonly Box[] = []

  /** In units of the sheet. `frames`: with what their lines need around them. */
  changes(live: readonly Thing[], frames: readonly Box[]): Box[] {
    const now = new Map(live.map((thing) => [thing.id, { thing, length: thing.points.length, box: boxOf(thing) }]))
    const gone = [...this.#things].filter(([id]) => !now.has(id)).map(([, { box }]) => box)
    const changed = [...now].flatMap(([id, painted]) => difference(this.#things.get(id), painted))
    const moved = isSameList(frames, this.#frames) ? [] : [...frames, ...this.#frames]
    this.#things = now
    this.#frames = frames
    return [...gone, ...changed, ...moved]
  }
}

interface Painted {
  readonly thing: Thing
  /** Of its points. */
  readonly length: number
  readonly box: Box
}

function difference(before: Painted | undefined, { thing, length, box }: Painted): Box[] {
  if (before === undefined) return [box]
  if (before.thing !== thing) return [before.box, box]
  if (before.length === length) return []
  // The last piece was straight, and is bent now.
  return [boxFrom(thing, Math.max(before.length - 3 * pointSize, 0))]
}

function isSameList(boxes: readonly Box[], others: readonly Box[]): boolean {
  const isSame = (a: Box, b: Box): boolean =>
    a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom
  return boxes.length === others.length && boxes.every((box, index) => isSame(box, others[index]!))
}
