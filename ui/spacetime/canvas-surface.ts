import type { Look, Pen, Surface, TextLook } from './surface.ts'

/** Draws on a canvas. */
export class CanvasSurface implements Surface {
  readonly #context: CanvasRenderingContext2D
  readonly #pen: Pen
  readonly #font: string

  /** @param font - CSS font families */
  constructor(context: CanvasRenderingContext2D, font: string) {
    this.#context = context
    this.#font = font
    this.#pen = penOn(context)
    // Left is left, and '3 s' is no 's 3', on a page that reads from the right, too.
    context.direction = 'ltr'
  }

  path({ fill, stroke, width = 1, dash = [], opacity = 1 }: Look, build: (pen: Pen) => void): void {
    const context = this.#context
    context.globalAlpha = opacity
    context.beginPath()
    build(this.#pen)
    if (fill !== undefined) {
      context.fillStyle = fill
      context.fill()
    }
    if (stroke === undefined) return
    context.strokeStyle = stroke
    context.lineWidth = width
    context.setLineDash(dash as number[])
    context.stroke()
  }

  text(text: string, x: number, y: number, { color, align, isBold = false, opacity = 1, size = 11 }: TextLook): void {
    const context = this.#context
    context.globalAlpha = opacity
    context.font = `${isBold ? '600 ' : ''}${size}px ${this.#font}`
    context.textAlign = align
    context.fillStyle = color
    context.fillText(text, x, y)
  }
}

function penOn(context: CanvasRenderingContext2D): Pen {
  return {
    moveTo: (x, y) => context.moveTo(x, y),
    lineTo: (x, y) => context.lineTo(x, y),
    closePath: () => context.closePath(),
    rect: (x, y, width, height) => context.rect(x, y, width, height),
    circle(x, y, radius) {
      context.moveTo(x + radius, y)
      context.arc(x, y, radius, 0, 2 * Math.PI)
    },
  }
}
