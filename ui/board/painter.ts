import { KeptPicture, type Pixels, type Projection, pixelsOf, project } from './kept-picture.ts'
import { LiveLayer } from './live-layer.ts'
import { paintThing } from './paint-thing.ts'
import { type Box, grown, joined, type Thing } from './thing.ts'
import type { View } from './viewport.ts'

export interface Scene {
  readonly view: View
  /** What lies on the board, in order. */
  readonly things: readonly Thing[]
  /** What is being drawn or moved: above all else, painted anew each time. */
  readonly live: readonly Thing[]
  /** Frames around what is selected, and the one that selects. */
  readonly frames: readonly Box[]
}

/**
 * Paints a board on a canvas. What does not move is kept as a picture, and of the canvas only those places are painted that
 * have changed, so that a frame costs what is new and not what is there. While one pans and zooms, the picture of before is
 * shown in its new place, until the new one is done, a few milliseconds a frame.
 */
export class Painter {
  readonly #canvas: HTMLCanvasElement
  readonly #pen: CanvasRenderingContext2D
  #kept = new KeptPicture()
  #next = new KeptPicture()
  /** Whether the kept picture is one; the next one, whether it was begun. */
  #isKept = false
  #isBegun = false
  #colors: readonly string[] = []
  #accent = '#888'
  #ratio = 1
  readonly #live = new LiveLayer()

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#pen = canvas.getContext('2d')!
  }

  /** In CSS pixels, and how many device pixels each of these has. */
  resize(width: number, height: number, ratio: number): void {
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) }
    this.#ratio = ratio
    if (this.#canvas.width === size.width && this.#canvas.height === size.height) return
    Object.assign(this.#canvas, size)
    this.forget()
  }

  /** CSS colours: of the inks, by number, and of frames. */
  recolor(inks: readonly string[], accent: string): void {
    this.#colors = inks
    this.#accent = accent
    this.forget()
  }

  /** Colours, fonts or the size are others: nothing that was painted counts. */
  forget(): void {
    this.#isKept = false
    this.#isBegun = false
  }

  /** True: there is more to paint, in a frame to come. */
  paint(scene: Scene): boolean {
    // A canvas that is not shown has no size, and can't be copied from.
    if (this.#canvas.width === 0 || this.#canvas.height === 0) return false
    const { x, y, scale } = scene.view
    const projection = { x, y, scale: scale * this.#ratio }
    const done = this.#renew(projection, scene.things)
    const below = done === 'kept' ? this.#kept.update(scene.things) : []
    const space = (frameSpace * this.#ratio) / projection.scale
    const above = this.#live.changes(
      scene.live,
      scene.frames.map((frame) => grown(frame, space)),
    )
    this.#pen.save()
    if (done !== 'kept') this.#copyAll(projection)
    else this.#copy(joined([...below, ...above]), projection)
    this.#paintAbove(scene, projection)
    this.#pen.restore()
    return done === 'later'
  }

  /** Whether the picture is the one of before, a new one, or still in the making. */
  #renew(projection: Projection, things: readonly Thing[]): 'kept' | 'new' | 'later' {
    if (this.#isKept && isSame(this.#kept.projection, projection)) return 'kept'
    if (!this.#isBegun || !isSame(this.#next.projection, projection)) {
      this.#next.begin(this.#canvas.width, this.#canvas.height, projection, this.#colors)
      this.#isBegun = true
    }
    if (!this.#next.fill(things, performance.now() + sliceMs)) return 'later'
    ;[this.#kept, this.#next] = [this.#next, this.#kept]
    this.#isKept = true
    this.#isBegun = false
    this.#kept.update(things)
    return 'new'
  }

  /** The whole picture, in the place where it would be now. */
  #copyAll(projection: Projection): void {
    const { width, height } = this.#canvas
    const pen = this.#pen
    pen.resetTransform()
    pen.clearRect(0, 0, width, height)
    const { canvas, projection: old } = this.#isKept ? this.#kept : this.#next
    const zoom = projection.scale / old.scale
    pen.setTransform(
      zoom,
      0,
      0,
      zoom,
      (old.x - projection.x) * projection.scale,
      (old.y - projection.y) * projection.scale,
    )
    pen.drawImage(canvas, 0, 0)
  }

  /** Of the picture only these places; from now on nothing is painted outside of them. */
  #copy(places: readonly Box[], projection: Projection): void {
    const pen = this.#pen
    const { width, height } = this.#canvas
    const parts = places.map((place) => within(pixelsOf(place, projection), width, height))
    pen.resetTransform()
    pen.beginPath()
    for (const part of parts) pen.rect(part.x, part.y, part.width, part.height)
    pen.clip()
    for (const part of parts) {
      if (part.width <= 0 || part.height <= 0) continue
      const { x, y, width, height } = part
      pen.clearRect(x, y, width, height)
      pen.drawImage(this.#kept.canvas, x, y, width, height, x, y, width, height)
    }
  }

  #paintAbove({ live, frames }: Scene, projection: Projection): void {
    project(this.#pen, projection)
    for (const thing of live) paintThing(this.#pen, thing, this.#colors)
    this.#pen.resetTransform()
    for (const frame of frames) this.#paintFrame(frame, projection)
  }

  #paintFrame(frame: Box, { x, y, scale }: Projection): void {
    const space = 3 * this.#ratio
    const [left, top] = [(frame.left - x) * scale - space, (frame.top - y) * scale - space]
    const [wide, high] = [
      (frame.right - frame.left) * scale + 2 * space,
      (frame.bottom - frame.top) * scale + 2 * space,
    ]
    this.#pen.strokeStyle = this.#accent
    this.#pen.lineWidth = 1.5 * this.#ratio
    this.#pen.strokeRect(left, top, wide, high)
  }
}

/** How long a frame may paint on a new picture. */
const sliceMs = 8
/** In CSS pixels, around what is selected. */
const frameSpace = 6

function isSame(a: Projection, b: Projection): boolean {
  return a.x === b.x && a.y === b.y && a.scale === b.scale
}

function within({ x, y, width, height }: Pixels, widthMax: number, heightMax: number): Pixels {
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)]
  return {
    x: left,
    y: top,
    width: Math.max(Math.min(x + width, widthMax) - left, 0),
    height: Math.max(Math.min(y + height, heightMax) - top, 0),
  }
}
