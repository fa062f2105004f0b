import type { Stroke } from './board-model.ts'
import { sheet } from './board-values.ts'

/**
 * Paints strokes on a canvas, in order. What lies at the bottom and no longer grows is kept as a picture, so that a
 * frame costs what is new and not what is there.
 */
export class Painter {
  readonly #canvas: HTMLCanvasElement
  readonly #kept = document.createElement('canvas')
  #keptStrokes: { readonly stroke: Stroke; readonly length: number }[] = []
  #colors: readonly string[] = []

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  /** In device pixels. */
  resize(width: number, height: number): void {
    if (this.#canvas.width === width && this.#canvas.height === height) return
    for (const canvas of [this.#canvas, this.#kept]) Object.assign(canvas, { width, height })
    this.#keptStrokes = []
  }

  /** CSS colours, by number. */
  recolor(colors: readonly string[]): void {
    this.#colors = colors
    this.#forget()
  }

  paint(strokes: readonly Stroke[], drafts: readonly Stroke[]): void {
    // A canvas that is not shown has no size, and can't be copied from.
    if (this.#canvas.width === 0 || this.#canvas.height === 0) return
    this.#keep(strokes)
    const pen = start(this.#canvas)
    pen.save()
    pen.resetTransform()
    pen.drawImage(this.#kept, 0, 0)
    pen.restore()
    for (const stroke of strokes.slice(this.#keptStrokes.length)) this.#stroke(pen, stroke)
    for (const stroke of drafts) this.#stroke(pen, stroke)
  }

  #keep(strokes: readonly Stroke[]): void {
    const holds = this.#keptStrokes.every(
      ({ stroke, length }, index) => strokes[index] === stroke && stroke.points.length === length,
    )
    if (!holds) this.#forget()
    const pen = this.#kept.getContext('2d')!
    scale(pen)
    for (const [index, stroke] of strokes.entries()) {
      if (index < this.#keptStrokes.length) continue
      // One that was never ended, because its author crashed, is kept in the end too.
      if (!stroke.ended && index >= strokes.length - growingMax) return
      this.#stroke(pen, stroke)
      this.#keptStrokes.push({ stroke, length: stroke.points.length })
    }
  }

  #forget(): void {
    this.#keptStrokes = []
    start(this.#kept)
  }

  #stroke(pen: CanvasRenderingContext2D, { points, color, width }: Stroke): void {
    pen.strokeStyle = pen.fillStyle = this.#colors[color] ?? '#888'
    if (points.length === 3) return dot(pen, points, width)
    // From the middle of one piece to the middle of the next, bent towards the point between: smooth at every point.
    let [x, y] = [points[0]!, points[1]!]
    for (let i = 3; i < points.length; i += 3) {
      const [px, py] = [points[i - 3]!, points[i - 2]!]
      const last = i + 3 >= points.length
      const [mx, my] = last ? [points[i]!, points[i + 1]!] : [(px + points[i]!) / 2, (py + points[i + 1]!) / 2]
      pen.lineWidth = widthAt(width, (points[i - 1]! + points[i + 2]!) / 2)
      pen.beginPath()
      pen.moveTo(x, y)
      pen.quadraticCurveTo(px, py, mx, my)
      pen.stroke()
      ;[x, y] = [mx, my]
    }
  }
}

const growingMax = 32

function start(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext('2d')!
  pen.resetTransform()
  pen.clearRect(0, 0, canvas.width, canvas.height)
  scale(pen)
  return pen
}

function scale(pen: CanvasRenderingContext2D): void {
  pen.setTransform(pen.canvas.width / sheet.width, 0, 0, pen.canvas.height / sheet.height, 0, 0)
  pen.lineCap = pen.lineJoin = 'round'
}

function dot(pen: CanvasRenderingContext2D, points: readonly number[], width: number): void {
  pen.beginPath()
  pen.arc(points[0]!, points[1]!, widthAt(width, points[2]!) / 2, 0, 2 * Math.PI)
  pen.fill()
}

function widthAt(width: number, pressure: number): number {
  return width * (0.35 + 1.3 * (pressure / 100)) // Half pressure, as of a mouse, is the width as named.
}
