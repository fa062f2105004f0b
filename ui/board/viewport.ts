import { type Box, grown, home, sheet, sizeOf } from './thing.ts'

/** What of the sheet a board shows: `x`, `y` is its top left corner, `scale` CSS pixels a unit. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

/**
 * Pan and zoom, for this member alone. Until one moves, the part of the sheet that all see first is kept wholly in sight,
 * whatever size the board has.
 */
export class Viewport {
  #view: View = { x: home.left, y: home.top, scale: 1 }
  #width = 0
  #height = 0
  #atHome = true

  get view(): View {
    return this.#view
  }

  /** The middle of what is seen, on the sheet. */
  get middle(): readonly [number, number] {
    return [this.#view.x + this.#width / 2 / this.#view.scale, this.#view.y + this.#height / 2 / this.#view.scale]
  }

  /** 1 is the zoom at which everyone begins. */
  get zoom(): number {
    return this.#view.scale / this.#scaleOf(home)
  }

  /** In CSS pixels. */
  resize(width: number, height: number): void {
    const [x, y] = this.middle
    const { scale } = this.#view
    this.#width = width
    this.#height = height
    if (this.#atHome) this.goHome()
    else this.#look({ x: x - width / 2 / scale, y: y - height / 2 / scale, scale })
  }

  goHome(): void {
    this.fit(home, 0)
    this.#atHome = true
  }

  /** Shows all of a box, with space around it. */
  fit(box: Box, space = 40): void {
    const target = grown(box, space)
    const scale = Math.min(this.#scaleOf(target), zoomMax * this.#scaleOf(home))
    const [x, y] = [(target.left + target.right) / 2, (target.top + target.bottom) / 2]
    this.#look({ x: x - this.#width / 2 / scale, y: y - this.#height / 2 / scale, scale })
  }

  /** Moves what is seen by so many CSS pixels. */
  pan(dx: number, dy: number): void {
    const { x, y, scale } = this.#view
    this.#look({ x: x + dx / scale, y: y + dy / scale, scale })
  }

  /** Zooms by a factor, keeping what is at this place, in CSS pixels from the top left, where it is. Default: the middle. */
  zoomBy(factor: number, px = this.#width / 2, py = this.#height / 2): void {
    const { x, y, scale } = this.#view
    const unit = this.#scaleOf(home)
    const next = Math.min(Math.max(scale * factor, zoomMin * unit), zoomMax * unit)
    this.#look({ x: x + px / scale - px / next, y: y + py / scale - py / next, scale: next })
  }

  toSheet(px: number, py: number): readonly [number, number] {
    const { x, y, scale } = this.#view
    return [x + px / scale, y + py / scale]
  }

  fromSheet(sx: number, sy: number): readonly [number, number] {
    const { x, y, scale } = this.#view
    return [(sx - x) * scale, (sy - y) * scale]
  }

  /** Some of the sheet always stays in the middle. */
  #look({ x, y, scale }: View): void {
    const [halfWidth, halfHeight] = [this.#width / 2 / scale, this.#height / 2 / scale]
    const middleX = Math.min(Math.max(x + halfWidth, sheet.left), sheet.right)
    const middleY = Math.min(Math.max(y + halfHeight, sheet.top), sheet.bottom)
    this.#view = { x: middleX - halfWidth, y: middleY - halfHeight, scale }
    this.#atHome = false
  }

  #scaleOf(box: Box): number {
    const { width, height } = sizeOf(box)
    return Math.max(Math.min(this.#width / width, this.#height / height), 0.01)
  }
}

/** All of the sheet, and a little around it. */
const zoomMin = 0.22
const zoomMax = 10
