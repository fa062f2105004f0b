import { CanvasSurface } from './canvas-surface.ts'
import { draw, type Palette } from './draw.ts'
import { dotsBeside, footHeight, headHeight, type LayoutOptions, layOut } from './layout.ts'
import type { Moment } from './line.ts'
import type { Scene } from './scene.ts'
import { SvgSurface } from './svg-surface.ts'
import type { Stretch } from './time-axis.ts'

/** What is to be seen; its size is the picture's own. */
export type View = Omit<LayoutOptions, 'width' | 'height'>

/** The diagram on a canvas, and the same as a file. */
export class Picture {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #palette: Palette
  #font: string
  #width = 0
  #painted: { readonly view: View; readonly look: readonly unknown[] } | undefined

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
    this.#palette = paletteOf(canvas)
    this.#font = getComputedStyle(canvas).fontFamily
  }

  /** In CSS pixels. */
  resize(width: number): void {
    this.#width = width
  }

  /** Looks again at the colours of the page. */
  recolor(): void {
    this.#palette = paletteOf(this.#canvas)
    this.#font = getComputedStyle(this.#canvas).fontFamily
  }

  /** Paints what is new, and moves the rest along where only time has passed. */
  paint(view: View): void {
    const height = heightOf(view)
    const fitted = { ...view, window: this.#onPixels(view.window) }
    const isResized = this.#fit(height)
    const look = lookOf(fitted, this.#palette)
    const stretch = isResized ? undefined : this.#stretchToPaint(fitted, look)
    this.#painted = { view: fitted, look }
    const { isMirrored } = view
    const context = this.#context
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    if (stretch === undefined) {
      context.clearRect(0, 0, this.#width, height)
      draw(this.#layOut(fitted), this.#palette, new CanvasSurface(context, this.#font))
      return
    }
    const { shift, pixels } = stretch
    if (shift === 0 && pixels === 0) return
    this.#moveAlong(shift * (isMirrored ? 1 : -1))
    context.save()
    context.beginPath()
    context.rect(isMirrored ? 0 : this.#width - pixels, 0, pixels, height)
    // The times below come and go at both ends.
    context.rect(0, height - footHeight, this.#width, footHeight)
    context.clip()
    context.clearRect(0, 0, this.#width, height)
    const msPerPixel = (fitted.window.to - fitted.window.from) / this.#width
    const after = fitted.window.to - (pixels + textReach) * msPerPixel
    draw(this.#layOut({ ...fitted, after }), this.#palette, new CanvasSurface(context, this.#font))
    context.restore()
  }

  /** The event that is painted at a place, or next to it. */
  at(x: number, y: number): Moment | undefined {
    if (this.#painted === undefined) return undefined
    let best: { moment: Moment; distance: number } | undefined
    for (const { moment, ...dot } of dotsBeside(this.#sized(this.#painted.view), x, pointReach)) {
      const distance = Math.hypot(dot.x - x, dot.y - y)
      if (distance <= (best?.distance ?? pointReach)) best = { moment, distance }
    }
    return best?.moment
  }

  /** The file of what is seen, with the lines' names beside it. */
  toSvg(view: View, title: string): string {
    const scene = this.#layOut(view)
    const { width, height, lanes } = scene
    const { surface: paper, text, line } = this.#palette
    const x = view.isMirrored ? 0 : -namesWidth
    const surface = new SvgSurface(this.#font)
    surface.path({ fill: paper, name: 'paper' }, (pen) => pen.rect(x, 0, width + namesWidth, height))
    draw(scene, this.#palette, surface)
    const namesX = view.isMirrored ? width : -namesWidth
    surface.path({ fill: paper, name: 'names' }, (pen) => pen.rect(namesX, 0, namesWidth, height))
    const edge = view.isMirrored ? width : 0
    surface.path({ stroke: line, name: 'edge' }, (pen) => {
      pen.moveTo(edge, 0)
      pen.lineTo(edge, height)
    })
    for (const { name, y, isShown } of lanes) {
      const [align, at] = view.isMirrored ? (['left', width + 8] as const) : (['right', -8] as const)
      surface.text(name, at, y + 4, { color: text, align, isBold: true, size: 12, opacity: isShown ? 1 : 0.5 })
    }
    return surface.file(x, width + namesWidth, height, title)
  }

  #layOut(view: View): Scene {
    return layOut(this.#sized(view))
  }

  #sized(view: View): LayoutOptions {
    return { ...view, width: Math.max(this.#width, 1), height: heightOf(view) }
  }

  /** Gives the canvas its size; whether that changed it, which wipes it. */
  #fit(height: number): boolean {
    const [width, high] = [Math.round(this.#width * devicePixelRatio), Math.round(height * devicePixelRatio)]
    if (this.#canvas.width === width && this.#canvas.height === high) return false
    Object.assign(this.#canvas, { width, height: high })
    this.#canvas.style.height = `${height}px`
    return true
  }

  /** So that what was painted can be moved along by whole pixels of the screen. */
  #onPixels({ from, to }: Stretch): Stretch {
    const step = (to - from) / Math.max(Math.round(this.#width * devicePixelRatio), 1)
    const start = Math.floor(from / step) * step
    return { from: start, to: start + (to - from) }
  }

  /** How far the rest has moved, in pixels of the screen, and how many CSS pixels at the end are new. Undefined: all. */
  #stretchToPaint(
    { window, now, history }: View,
    look: readonly unknown[],
  ): { shift: number; pixels: number } | undefined {
    const changedFrom = history.takeChange()
    const before = this.#painted
    if (before === undefined || look.some((part, index) => part !== before.look[index])) return undefined
    const perMs = this.#width / (window.to - window.from)
    const shift = Math.round((window.from - before.view.window.from) * perMs * devicePixelRatio)
    if (shift === 0 && changedFrom === Number.POSITIVE_INFINITY && now === before.view.now) return { shift, pixels: 0 }
    // What is open goes on to where time has come to.
    const from = Math.min(changedFrom, before.view.now)
    const pixels = Math.max((window.to - from) * perMs, 2 * endRoom) + 2 * endRoom
    return shift >= 0 && pixels < this.#width * 0.7 ? { shift, pixels: Math.ceil(pixels) } : undefined
  }

  #moveAlong(pixels: number): void {
    const context = this.#context
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.globalAlpha = 1
    context.globalCompositeOperation = 'copy'
    context.drawImage(this.#canvas, pixels, 0)
    context.restore()
  }
}

function heightOf({ lanes }: View): number {
  const last = lanes.at(-1)
  return (last === undefined ? headHeight : last.y + last.height / 2) + footHeight
}

/** All that makes a picture another one, but for the time and what happened. */
function lookOf(view: View, palette: Palette): readonly unknown[] {
  const { lanes, hiddenKinds, chosen, past, origin, isMirrored, window } = view
  const rows = lanes.map(({ peer, height, isShown }) => `${peer} ${height} ${isShown}`).join()
  const spanMs = Math.round((window.to - window.from) * 1e6)
  return [rows, [...hiddenKinds].join(), chosen, past, origin, isMirrored, spanMs, palette]
}

/** Room at the end of the picture, in CSS pixels, in which names of times come and go. */
const endRoom = 30
/** How far a text may reach from its place, in CSS pixels. */
const textReach = 140
/** How far from a dot it can still be pointed at, in CSS pixels. */
export const pointReach = 14
const namesWidth = 120

const properties = {
  text: '--_text',
  muted: '--_muted',
  line: '--_line',
  surface: '--_surface',
  accent: '--_accent',
  bad: '--_bad',
  fifo: '--_fifo',
  causal: '--_causal',
  total: '--_total',
  plain: '--_plain',
  state: '--_state',
  wedged: '--_wedged',
  blocked: '--_blocked',
} as const satisfies Record<keyof Palette, string>

/** A canvas knows no `var()`: what the page's custom properties come to. */
function paletteOf(canvas: HTMLCanvasElement): Palette {
  const probe = document.createElement('i')
  canvas.after(probe)
  const style = getComputedStyle(probe)
  const colors = Object.entries(properties).map(([name, property]) => {
    probe.style.color = `var(${property})`
    return [name, style.color]
  })
  probe.remove()
  return Object.fromEntries(colors) as Palette
}
