import { dashLength, footHeight } from './layout.ts'
import type { Arrow, Dot, Scene } from './scene.ts'
import type { SpacetimeKind } from './spacetime-event.ts'
import type { Look, Pen, Surface } from './surface.ts'

/** CSS colours of all that is drawn. */
export type Palette = Readonly<
  Record<SpacetimeKind | 'text' | 'muted' | 'line' | 'surface' | 'accent' | 'wedged' | 'blocked' | 'bad', string>
>

/** Draws a picture: the same on a canvas and in a file. */
export function draw(scene: Scene, palette: Palette, surface: Surface): void {
  drawTicks(scene, palette, surface)
  drawShades(scene, palette, surface)
  drawStays(scene, palette, surface)
  drawBars(scene, palette, surface)
  for (const isLit of [false, true]) {
    drawArrows(scene, isLit, palette, surface)
    drawDots(scene, isLit, palette, surface)
  }
  drawChosen(scene, palette, surface)
  for (const { x, y, text, isLit } of scene.labels) {
    surface.text(text, x, y, { color: palette.text, align: 'center', opacity: isLit ? 1 : dimmed })
  }
}

export const kindsDrawn = ['plain', 'state', 'fifo', 'causal', 'total'] as const

function drawTicks({ ticks, width, height, nowX }: Scene, { line, muted, accent }: Palette, surface: Surface): void {
  const bottom = height - footHeight
  surface.path({ stroke: line, name: 'ticks' }, (pen) => {
    for (const { x } of ticks) segment(pen, x, 0, x, bottom)
  })
  for (const { x, label } of ticks) {
    // Half a number would be another one.
    if (x > labelRoom && x < width - labelRoom) surface.text(label, x, height - 7, { color: muted, align: 'center' })
  }
  if (nowX === undefined) return
  surface.path({ stroke: accent, dash: [2, 3], name: 'now' }, (pen) => segment(pen, nowX, 0, nowX, bottom))
}

function drawShades({ shades }: Scene, palette: Palette, surface: Surface): void {
  for (const type of ['wedged', 'blocked'] as const) {
    const boxes = shades.filter((shade) => shade.type === type)
    if (boxes.length === 0) continue
    surface.path({ fill: palette[type], opacity: 0.22, name: type }, (pen) => {
      for (const { x, y, width, height } of boxes) pen.rect(x, y, width, height)
    })
  }
}

function drawStays(
  { stays, lanes, width, isMirrored, dashX }: Scene,
  { line, muted, bad }: Palette,
  surface: Surface,
): void {
  surface.path({ stroke: line, dash: [1, dashLength - 1], name: 'away' }, (pen) => {
    for (const { y, isShown } of lanes) if (isShown) segment(pen, dashX, y, isMirrored ? 0 : width, y)
  })
  surface.path({ stroke: muted, width: 1.5, name: 'lines' }, (pen) => {
    for (const { x1, x2, y } of stays) segment(pen, x1, y, x2, y)
    for (const { x2, y, end } of stays) if (end === 'left' || end === 'gone') segment(pen, x2, y - 7, x2, y + 7)
  })
  const crashed = stays.filter(({ end }) => end === 'crashed')
  if (crashed.length === 0) return
  surface.path({ stroke: bad, width: 2.5, name: 'crashes' }, (pen) => {
    for (const { x2, y } of crashed) cross(pen, x2, y, 7)
  })
}

function drawBars({ bars, isMirrored }: Scene, { text, bad }: Palette, surface: Surface): void {
  const side = isMirrored ? -1 : 1
  for (const { points, label, isPrimary } of bars) {
    const color = isPrimary ? text : bad
    surface.path({ stroke: color, width: 3, opacity: 0.55, name: 'view' }, (pen) => {
      for (const [index, { x, y }] of points.entries()) index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)
    })
    surface.text(label, points[0]!.x + side * 5, 14, { color, align: side > 0 ? 'left' : 'right', isBold: true })
  }
}

function drawArrows({ arrows }: Scene, isLit: boolean, palette: Palette, surface: Surface): void {
  for (const kind of kindsDrawn) {
    const those = arrows.filter((arrow) => arrow.kind === kind && arrow.isLit === isLit)
    for (const sort of ['lost', 'guess', 'message'] as const) {
      const alike = those.filter((arrow) => arrow.sort === sort)
      if (alike.length === 0) continue
      const look: Look = { stroke: palette[kind], opacity: isLit ? 0.75 : dimmed, name: `${sort} ${kind}` }
      surface.path(sort === 'message' ? look : { ...look, dash: [4, 3] }, (pen) => {
        for (const { x1, y1, x2, y2 } of alike) segment(pen, x1, y1, x2, y2)
        if (sort === 'lost') for (const { x2, y2 } of alike) cross(pen, x2, y2, 3)
      })
      surface.path({ fill: palette[kind], opacity: look.opacity!, name: `heads ${kind}` }, (pen) => {
        for (const arrow of alike) if (arrow.hasHead) head(pen, arrow)
      })
    }
  }
}

function drawDots({ dots }: Scene, isLit: boolean, palette: Palette, surface: Surface): void {
  const opacity = isLit ? 1 : dimmed
  const those = dots.filter((dot) => dot.isLit === isLit)
  for (const kind of kindsDrawn) {
    const color = palette[kind]
    const alike = those.filter((dot) => dot.kind === kind)
    if (alike.length === 0) continue
    const [sends, arrivals] = [alike.filter(isFull), alike.filter((dot) => !isFull(dot))]
    surface.path({ fill: palette.surface, stroke: color, width: 1.5, opacity, name: `arrivals ${kind}` }, (pen) => {
      for (const dot of arrivals) shape(pen, dot, dot.isImplied ? 2.5 : 3)
    })
    surface.path({ fill: color, stroke: color, opacity, name: `sends ${kind}` }, (pen) => {
      for (const dot of sends) shape(pen, dot, 4)
    })
  }
  surface.path({ stroke: palette.text, width: 1.5, opacity, name: 'others' }, (pen) => {
    for (const { x, y, role } of those) if (role === 'other') segment(pen, x, y - 4, x, y + 4)
  })
}

function drawChosen({ dots }: Scene, { accent }: Palette, surface: Surface): void {
  const chosen = dots.find(({ isChosen }) => isChosen)
  if (chosen === undefined) return
  surface.path({ stroke: accent, width: 2.5, name: 'chosen' }, (pen) => pen.circle(chosen.x, chosen.y, 9))
}

function isFull({ role, isImplied }: Dot): boolean {
  return role === 'send' && !isImplied
}

/** A kind has a shape besides its colour, for those who do not tell the colours apart. */
function shape(pen: Pen, { x, y, kind }: Dot, size: number): void {
  if (kind === 'total') {
    const reach = size * 1.35
    pen.moveTo(x - reach, y)
    pen.lineTo(x, y - reach)
    pen.lineTo(x + reach, y)
    pen.lineTo(x, y + reach)
    pen.closePath()
  } else if (kind === 'fifo' || kind === 'state') pen.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8)
  else pen.circle(x, y, size)
}

function segment(pen: Pen, x1: number, y1: number, x2: number, y2: number): void {
  pen.moveTo(x1, y1)
  pen.lineTo(x2, y2)
}

function cross(pen: Pen, x: number, y: number, reach: number): void {
  segment(pen, x - reach, y - reach, x + reach, y + reach)
  segment(pen, x - reach, y + reach, x + reach, y - reach)
}

/** Its point just before the dot that it leads to. */
function head(pen: Pen, { x1, y1, x2, y2 }: Arrow): void {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [x, y] = [x2 - dx * 4, y2 - dy * 4]
  pen.moveTo(x, y)
  pen.lineTo(x - dx * 7 - dy * 3, y - dy * 7 + dx * 3)
  pen.lineTo(x - dx * 7 + dy * 3, y - dy * 7 - dx * 3)
  pen.closePath()
}

const dimmed = 0.16
/** Half of what the label of a time takes, in pixels. */
const labelRoom = 26
