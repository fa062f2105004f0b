import { barbsOf, boxOf, endsOf, originOf, runsOf, strokeWidth } from './geometry.ts'
import { paintThing } from './paint-thing.ts'
import { textLayout } from './text-layout.ts'
import { around, type Box, grown, home, sizeOf, type Thing } from './thing.ts'

/** What things are painted with: CSS colours by number, the colour of the sheet, the family of texts. */
export interface Palette {
  readonly inks: readonly string[]
  readonly paper: string
  readonly font: string
}

/** All things as an SVG document: what there is with some space around it; nothing there, the empty home. */
export function svgOf(things: readonly Thing[], palette: Palette): string {
  const { left, top, right, bottom } = frameOf(things)
  const { width, height } = { width: right - left, height: bottom - top }
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}"`
  const style = `fill="none" stroke-linecap="round" stroke-linejoin="round" font-family="${escaped(palette.font)}"`
  const paper = `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${escaped(palette.paper)}" stroke="none"/>`
  return `${head} ${style}>\n${[paper, ...things.map((thing) => markOf(thing, palette.inks))].join('\n')}\n</svg>\n`
}

/** All things as a picture, two pixels a unit where that is not too much. Rejects where the browser makes none. */
export async function pngOf(things: readonly Thing[], { inks, paper }: Palette): Promise<Blob> {
  const frame = frameOf(things)
  const { width, height } = sizeOf(frame)
  const scale = Math.min(2, pixelsMax / width, pixelsMax / height)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: Math.ceil(width * scale), height: Math.ceil(height * scale) })
  const pen = canvas.getContext('2d')
  if (pen === null)
    throw new Error('this browser gives no canvas to paint the picture on: close other tabs, or export as SVG')
  pen.fillStyle = paper
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.setTransform(scale, 0, 0, scale, -frame.left * scale, -frame.top * scale)
  for (const thing of things) paintThing(pen, thing, inks)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob === null) throw new Error('this browser made no PNG of the board: export as SVG instead')
  return blob
}

/** Of a side: what every browser can paint. */
const pixelsMax = 4096

function frameOf(things: readonly Thing[]): Box {
  const box = around(things.map(boxOf))
  if (box === undefined) return home
  const { left, top, right, bottom } = grown(box, 40)
  return { left: Math.floor(left), top: Math.floor(top), right: Math.ceil(right), bottom: Math.ceil(bottom) }
}

function markOf(thing: Thing, inks: readonly string[]): string {
  const ink = escaped(inks[thing.color] ?? '#888888')
  if (thing.kind === 'text') return textMark(thing, ink)
  if (thing.kind === 'pen') return strokeMark(thing, ink)
  const [x0, y0, x1, y1] = endsOf(thing).map(short)
  const line = `stroke="${ink}" stroke-width="${thing.width}"`
  if (thing.kind === 'rectangle') return `<path d="M${x0} ${y0}H${x1}V${y1}H${x0}Z" ${line}/>`
  if (thing.kind === 'ellipse') {
    const [rx, ry] = [Math.abs(x1! - x0!) / 2, Math.abs(y1! - y0!) / 2].map(short)
    return `<ellipse cx="${short((x0! + x1!) / 2)}" cy="${short((y0! + y1!) / 2)}" rx="${rx}" ry="${ry}" ${line}/>`
  }
  const [ax, ay, bx, by] = barbsOf(thing).map(short)
  const barbs = thing.kind === 'arrow' ? `M${ax} ${ay}L${x1} ${y1}L${bx} ${by}` : ''
  return `<path d="M${x0} ${y0}L${x1} ${y1}${barbs}" ${line}/>`
}

function strokeMark(thing: Thing, ink: string): string {
  const runs = runsOf(thing)
  if (runs.length === 0) {
    const [x, y] = originOf(thing).map(short)
    return `<circle cx="${x}" cy="${y}" r="${short(strokeWidth(thing.width, thing.points[2]!) / 2)}" fill="${ink}"/>`
  }
  const paths = runs.map(({ width, x, y, curves }) => {
    const path = `M${short(x)} ${short(y)}Q${curves.map(short).join(' ')}`
    return `<path d="${path}" stroke="${ink}" stroke-width="${short(width)}"/>`
  })
  return paths.length === 1 ? paths[0]! : `<g>${paths.join('')}</g>`
}

function textMark(thing: Thing, ink: string): string {
  const { lines, width, step, ascent } = textLayout(thing.text, thing.width)
  const [left, top] = originOf(thing)
  const spans = lines.map(({ text, rightToLeft }, index) => {
    const place = `x="${short(rightToLeft ? left + width : left)}" y="${short(top + index * step + ascent)}"`
    // The start of a text that goes to the left is its right end.
    const way = rightToLeft ? ' direction="rtl"' : ''
    return `<text ${place}${way}>${escaped(text)}</text>`
  })
  return `<g fill="${ink}" font-size="${short(thing.width)}" xml:space="preserve">${spans.join('')}</g>`
}

function short(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  // What XML can't hold, whoever wrote it: half of a pair, and what is no character.
  return text
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
