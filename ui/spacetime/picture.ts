import { CanvasSurface } from './canvas-surface.ts'
import { draw, type Palette } from './draw.ts'
import { footHeight, headHeight, type LayoutOptions, layOut } from './layout.ts'
import type { Moment } from './line.ts'
import type { Scene } from './scene.ts'
import { SvgSurface } from './svg-surface.ts'

/** What is to be seen; its size is the picture's own. */
export type View = Omit<LayoutOptions, 'width' | 'height'>

/** The diagram on a canvas, and the same as a file. */
export class Picture {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #palette: Palette
  #font: string
  #width = 0
  #scene: Scene | undefined

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
    this.#palette = paletteOf(canvas)
    this.#font = getComputedStyle(canvas).fontFamily
  }

  /** What was painted last. */
  get scene(): Scene | undefined {
    return this.#scene
  }

  get width(): number {
    return this.#width
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

  paint(view: View): void {
    const scene = this.#layOut(view)
    this.#scene = scene
    const { width, height } = scene
    const [deviceWidth, deviceHeight] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)]
    if (this.#canvas.width !== deviceWidth || this.#canvas.height !== deviceHeight) {
      Object.assign(this.#canvas, { width: deviceWidth, height: deviceHeight })
      this.#canvas.style.height = `${height}px`
    }
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    this.#context.clearRect(0, 0, width, height)
    draw(scene, this.#palette, new CanvasSurface(this.#context, this.#font))
  }

  /** The event that is painted at a place, or next to it. */
  at(x: number, y: number): Moment | undefined {
    let best: { moment: Moment; distance: number } | undefined
    for (const { moment, ...dot } of this.#scene?.dots ?? []) {
      const distance = Math.hypot(dot.x - x, dot.y - y)
      if (distance <= (best?.distance ?? reach)) best = { moment, distance }
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
    const last = view.lanes.at(-1)
    const height = (last === undefined ? headHeight : last.y + last.height / 2) + footHeight
    return layOut({ ...view, width: Math.max(this.#width, 1), height })
  }
}

/** How far from a dot it can still be pointed at. */
const reach = 14
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
