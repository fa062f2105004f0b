import { barbsOf, endsOf, originOf, runsOf, strokeWidth } from './geometry.ts'
import { fontOf, textLayout } from './text-layout.ts'
import type { Thing } from './thing.ts'

type Pen = CanvasRenderingContext2D

/** Paints a thing in units of the sheet. `inks`: CSS colours, by number. */
export function paintThing(pen: Pen, thing: Thing, inks: readonly string[]): void {
  pen.strokeStyle = pen.fillStyle = inks[thing.color] ?? '#888'
  pen.lineCap = pen.lineJoin = 'round'
  pen.lineWidth = thing.width
  if (thing.kind === 'pen') paintStroke(pen, thing)
  else if (thing.kind === 'text') paintText(pen, thing)
  else paintShape(pen, thing)
}

function paintStroke(pen: Pen, thing: Thing): void {
  const runs = runsOf(thing)
  if (runs.length === 0) {
    const [x, y] = originOf(thing)
    pen.beginPath()
    pen.arc(x, y, strokeWidth(thing.width, thing.points[2]!) / 2, 0, 2 * Math.PI)
    pen.fill()
  }
  for (const { width, x, y, curves } of runs) {
    pen.lineWidth = width
    pen.beginPath()
    pen.moveTo(x, y)
    for (let i = 0; i < curves.length; i += 4) {
      pen.quadraticCurveTo(curves[i]!, curves[i + 1]!, curves[i + 2]!, curves[i + 3]!)
    }
    pen.stroke()
  }
}

function paintShape(pen: Pen, thing: Thing): void {
  const [x0, y0, x1, y1] = endsOf(thing)
  pen.beginPath()
  if (thing.kind === 'rectangle') pen.rect(x0, y0, x1 - x0, y1 - y0)
  else if (thing.kind === 'ellipse') {
    pen.ellipse((x0 + x1) / 2, (y0 + y1) / 2, Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2, 0, 0, 2 * Math.PI)
  } else {
    pen.moveTo(x0, y0)
    pen.lineTo(x1, y1)
  }
  if (thing.kind === 'arrow') {
    const [ax, ay, bx, by] = barbsOf(thing)
    pen.moveTo(ax, ay)
    pen.lineTo(x1, y1)
    pen.lineTo(bx, by)
  }
  pen.stroke()
}

function paintText(pen: Pen, thing: Thing): void {
  const { lines, width, step, ascent } = textLayout(thing.text, thing.width)
  const [left, top] = originOf(thing)
  pen.font = fontOf(thing.width)
  pen.textBaseline = 'alphabetic'
  for (const [index, { text, rightToLeft }] of lines.entries()) {
    pen.direction = rightToLeft ? 'rtl' : 'ltr'
    pen.textAlign = rightToLeft ? 'right' : 'left'
    pen.fillText(text, rightToLeft ? left + width : left, top + index * step + ascent)
  }
}
