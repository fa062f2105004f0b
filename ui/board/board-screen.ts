import type { Ground } from '../cursors/grounds.ts'
import { Pace } from '../pace.ts'
import { colorCount, colorOf } from '../theme.ts'
import type { Palette } from './export.ts'
import { forgetBox } from './geometry.ts'
import { Painter, type Scene } from './painter.ts'
import { useFont } from './text-layout.ts'
import { sheet, sizeOf, type Thing } from './thing.ts'
import type { View } from './viewport.ts'

/** What a screen asks of the board that it shows. */
export interface Shown {
  readonly ground: Ground
  /** Called before a frame is painted. True: there will be more to paint. */
  beforeFrame(now: number): boolean
  scene(): Scene
  things(): readonly Thing[]
  /** In CSS pixels. */
  resized(width: number, height: number): void
}

/** The canvas of a board: paints it when something changed, and knows its size and colours. */
export class BoardScreen {
  readonly #canvas: HTMLCanvasElement
  readonly #shown: Shown
  readonly #painter: Painter
  readonly #sizes = new ResizeObserver(() => this.#resize())
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  readonly #probe = document.createElement('i')
  #palette: Palette = { inks: [], paper: '', font: '' }
  readonly #pace = new Pace((now) => this.#paint(now))
  #place = ''

  constructor(canvas: HTMLCanvasElement, shown: Shown) {
    this.#canvas = canvas
    this.#shown = shown
    this.#painter = new Painter(canvas)
    this.#probe.hidden = true
    this.#probe.append(...Array.from({ length: colorCount + 2 }, () => document.createElement('i')))
    for (const [index, part] of [...this.#probe.children].entries()) {
      const color = index < colorCount ? colorOf(index) : index === colorCount ? 'var(--_paper)' : 'var(--_accent)'
      ;(part as HTMLElement).style.color = color
    }
  }

  /** As it is now. */
  get palette(): Palette {
    this.recolor()
    return this.#palette
  }

  start(): void {
    this.#canvas.after(this.#probe)
    this.#sizes.observe(this.#canvas)
    this.#scheme.addEventListener('change', this.#recolorNow)
    document.fonts?.addEventListener('loadingdone', this.#remeasure)
    this.recolor()
  }

  stop(): void {
    this.#sizes.disconnect()
    this.#scheme.removeEventListener('change', this.#recolorNow)
    document.fonts?.removeEventListener('loadingdone', this.#remeasure)
    this.#pace.stop()
  }

  paintSoon(): void {
    this.#pace.soon()
  }

  /** Takes the colours that the page has now, if they are others. */
  recolor(): void {
    const colors = Array.from(this.#probe.children, (part) => getComputedStyle(part).color)
    const font = getComputedStyle(this.#canvas).fontFamily
    const [inks, paper, accent] = [colors.slice(0, colorCount), colors[colorCount]!, colors[colorCount + 1]!]
    const before = this.#palette
    this.#palette = { inks, paper, font }
    if (useFont(font)) this.#remeasure()
    if (before.inks.join() === inks.join() && before.paper === paper) return
    this.#painter.recolor(inks, accent)
    this.paintSoon()
  }

  #paint(now: number): void {
    const isMore = this.#shown.beforeFrame(now)
    const scene = this.#shown.scene()
    this.#layPaper(scene.view)
    if (this.#painter.paint(scene) || isMore) this.paintSoon()
  }

  /** The sheet itself is CSS, so that a page can make of it what it likes. */
  #layPaper({ x, y, scale }: View): void {
    const { width, height } = sizeOf(sheet)
    const place = [(sheet.left - x) * scale, (sheet.top - y) * scale, width * scale, height * scale, dotsOf(scale)]
    if (place.join() === this.#place) return
    this.#place = place.join()
    for (const [index, name] of ['x', 'y', 'width', 'height', 'dots'].entries()) {
      this.#canvas.style.setProperty(`--_sheet-${name}`, `${place[index]}px`)
    }
    const moved = { detail: this.#shown.ground, bubbles: true, composed: true }
    this.#canvas.dispatchEvent(new CustomEvent('tutti-ground', moved))
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    this.#shown.resized(clientWidth, clientHeight)
    this.#painter.resize(clientWidth, clientHeight, devicePixelRatio)
    // At once: a canvas that is given a size is empty.
    this.#pace.now()
  }

  readonly #recolorNow = (): void => this.recolor()

  /** Texts are as wide as their font makes them. */
  readonly #remeasure = (): void => {
    for (const thing of this.#shown.things()) if (thing.kind === 'text') forgetBox(thing)
    this.#painter.forget()
    this.paintSoon()
  }
}

/** From dot to dot, in CSS pixels: 50 units, or so many times that that they are never too near each other. */
function dotsOf(scale: number): number {
  let step = 50 * scale
  while (step < 18) step *= 2
  return step
}
