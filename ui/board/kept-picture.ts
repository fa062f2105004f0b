import { boxOf } from './geometry.ts'
import { paintThing } from './paint-thing.ts'
import { type Box, joined, overlap, type Thing } from './thing.ts'
import type { View } from './viewport.ts'

/** In device pixels, whole ones. */
export interface Pixels {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How the sheet lies on a canvas: the view, with `scale` in device pixels a unit. */
export type Projection = View

/**
 * A picture, never shown itself, of all that lies on the board and does not move. What comes on top is painted on top; where
 * something below changed, only that place is painted anew, in the order of all that touches it.
 */
export class KeptPicture {
  readonly canvas: HTMLCanvasElement = document.createElement('canvas')
  #projection: Projection = { x: 0, y: 0, scale: 1 }
  #inks: readonly string[] = []
  #painted: Painted[] = []

  get projection(): Projection {
    return this.#projection
  }

  /** Begins anew, empty. Width and height in device pixels, inks as CSS colours. */
  begin(width: number, height: number, projection: Projection, inks: readonly string[]): void {
    Object.assign(this.canvas, { width, height })
    this.#projection = projection
    this.#inks = inks
    this.#painted = []
  }

  /** Paints until the time is up. True: it shows these things and no others. */
  fill(things: readonly Thing[], untilMs: number): boolean {
    for (let i = this.#painted.length; i < things.length; i++) {
      if (i % 16 === 0 && performance.now() > untilMs) return false
      this.#append(things[i]!)
    }
    return true
  }

  /** Makes it show these things. Returns the places that are other than before, in units of the sheet. */
  update(things: readonly Thing[]): Box[] {
    const same = this.#sameAtStart(things)
    if (same === this.#painted.length) {
      const fresh = things.slice(same)
      for (const thing of fresh) this.#append(thing)
      return fresh.map(boxOf)
    }
    const places = joined(this.#changes(things))
    for (const place of places) this.#repaint(place, things)
    this.#painted = things.map(record)
    return places
  }

  #sameAtStart(things: readonly Thing[]): number {
    let same = 0
    while (same < this.#painted.length && isSame(this.#painted[same]!, things[same])) same++
    return same
  }

  #changes(things: readonly Thing[]): Box[] {
    const after = new Map(things.map((thing) => [thing.id, thing]))
    const before = new Map(this.#painted.map((painted) => [painted.thing.id, painted]))
    const gone = this.#painted.filter((painted) => !isSame(painted, after.get(painted.thing.id)))
    const come = things.filter((thing) => {
      const painted = before.get(thing.id)
      return painted === undefined || !isSame(painted, thing)
    })
    return [...gone.map(({ box }) => box), ...come.map(boxOf)]
  }

  #append(thing: Thing): void {
    const pen = this.#pen()
    paintThing(pen, thing, this.#inks)
    this.#painted.push(record(thing))
  }

  #repaint(place: Box, things: readonly Thing[]): void {
    const pen = this.#pen()
    const { x, y, width, height } = pixelsOf(place, this.#projection)
    pen.save()
    pen.resetTransform()
    pen.beginPath()
    pen.rect(x, y, width, height)
    pen.clip()
    pen.clearRect(x, y, width, height)
    project(pen, this.#projection)
    for (const thing of things) if (overlap(boxOf(thing), place)) paintThing(pen, thing, this.#inks)
    pen.restore()
  }

  #pen(): CanvasRenderingContext2D {
    const pen = this.canvas.getContext('2d')!
    project(pen, this.#projection)
    return pen
  }
}

/** From now on the pen paints in units of the sheet. */
export function project(pen: CanvasRenderingContext2D, { x, y, scale }: Projection): void {
  pen.setTransform(scale, 0, 0, scale, -x * scale, -y * scale)
}

export function pixelsOf({ left, top, right, bottom }: Box, { x, y, scale }: Projection): Pixels {
  const [px, py] = [Math.floor((left - x) * scale) - 1, Math.floor((top - y) * scale) - 1]
  return {
    x: px,
    y: py,
    width: Math.ceil((right - x) * scale) + 1 - px,
    height: Math.ceil((bottom - y) * scale) + 1 - py,
  }
}

interface Painted {
  readonly thing: Thing
  /** Of its points, when it was painted. */
  readonly length: number
  readonly box: Box
}

function record(thing: Thing): Painted {
  return { thing, length: thing.points.length, box: boxOf(thing) }
}

function isSame({ thing, length }: Painted, other: Thing | undefined): boolean {
  return thing === other && length === other.points.length
}
