/** What a pointer over the picture asks for. Places in CSS pixels from its upper left. */
export interface Wishes {
  /** What lies there is to be told of. */
  point(x: number, y: number): void
  choose(x: number, y: number): void
  /** By so many pixels: what is to the right comes into sight. */
  scroll(pixels: number): void
  /** `factor` times as much is to be seen, and what is at `x` to stay there. */
  zoom(factor: number, x: number): void
}

/** Mouse, pen and finger over the picture: a click chooses, a drag and a wheel sideways scroll, a wheel with Ctrl zooms. */
export class Hand {
  readonly #wishes: Wishes
  #drag: { readonly pointer: number; x: number; moved: number } | undefined

  constructor(wishes: Wishes) {
    this.#wishes = wishes
  }

  readonly press = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const canvas = event.currentTarget as Element
    canvas.setPointerCapture(event.pointerId)
    this.#drag = { pointer: event.pointerId, x: event.clientX, moved: 0 }
  }

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag
    if (drag?.pointer !== event.pointerId) return this.#wishes.point(event.offsetX, event.offsetY)
    const by = event.clientX - drag.x
    drag.moved += Math.abs(by)
    drag.x = event.clientX
    if (drag.moved > clickMax) this.#wishes.scroll(-by)
  }

  readonly lift = (event: PointerEvent): void => {
    if (this.#drag?.pointer !== event.pointerId) return
    const isClick = event.type === 'pointerup' && this.#drag.moved <= clickMax
    if (isClick) this.#wishes.choose(event.offsetX, event.offsetY)
    this.#drag = undefined
  }

  readonly wheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.#wishes.zoom(Math.exp(event.deltaY / wheelPerZoom), event.offsetX)
    } else if (event.deltaX !== 0 || event.shiftKey) {
      event.preventDefault()
      this.#wishes.scroll(event.deltaX || event.deltaY)
    }
  }
}

/** A press that moves no further than this, in pixels, is a click. */
const clickMax = 4
/** Pixels of the wheel for a factor of e. */
const wheelPerZoom = 300
