import type { Place } from './task-values.ts'

export interface DragTarget {
  /** What holds the columns (`data-column`) and the cards in them (`data-card`). */
  area(): HTMLElement
  lift(id: string): void
  /** Where the card would be put down now. */
  over(place: Place): void
  drop(): void
  cancel(): void
}

interface Held {
  readonly pointer: number
  readonly id: string
  readonly card: HTMLElement
  /** Where the card was taken hold of, from its corner. */
  readonly grip: { readonly x: number; readonly y: number }
  readonly start: { readonly x: number; readonly y: number }
  /** What follows the pointer, once it has moved. */
  ghost?: HTMLElement
  at: { x: number; y: number }
}

/**
 * Moves a card with mouse, pen or touch. It is lifted once the pointer has moved a little, so that a click stays a click;
 * a finger takes it by its handle, so that the page can still be scrolled.
 */
export class CardDrag {
  readonly #target: DragTarget
  #held: Held | undefined
  #frame = 0

  constructor(target: DragTarget) {
    this.#target = target
  }

  press(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary || this.#held?.ghost !== undefined) return
    this.#end()
    const from = event.target as Element
    const card = from.closest<HTMLElement>('[data-card]')
    if (card === null || from.closest('button, textarea') !== null) return
    if (event.pointerType === 'touch' && from.closest('[data-handle]') === null) return
    const { left, top } = card.getBoundingClientRect()
    const at = { x: event.clientX, y: event.clientY }
    const grip = { x: at.x - left, y: at.y - top }
    this.#held = { pointer: event.pointerId, id: card.dataset.card!, card, grip, start: at, at }
    addEventListener('keydown', this.#key, { capture: true })
  }

  move(event: PointerEvent): void {
    const held = this.#held
    if (held?.pointer !== event.pointerId) return
    // Let go of outside, before it was lifted.
    if (event.buttons === 0) return this.cancel()
    held.at = { x: event.clientX, y: event.clientY }
    if (held.ghost === undefined) {
      if (Math.hypot(held.at.x - held.start.x, held.at.y - held.start.y) < liftAfterPx) return
      this.#lift(held)
    }
    event.preventDefault()
    this.#follow(held)
  }

  lift(event: PointerEvent): void {
    const held = this.#held
    if (held?.pointer !== event.pointerId) return
    const wasLifted = held.ghost !== undefined
    this.#end()
    if (!wasLifted) return
    if (event.type === 'pointercancel') this.#target.cancel()
    else this.#target.drop()
  }

  /** The card is put back. */
  cancel(): void {
    const wasLifted = this.#held?.ghost !== undefined
    this.#end()
    if (wasLifted) this.#target.cancel()
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.#held?.ghost === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.cancel()
  }

  #lift(held: Held): void {
    // Cards are made anew in another column: what they lie in stays, and gets the pointer's events.
    const area = this.#target.area()
    area.setPointerCapture(held.pointer)
    held.ghost = ghostOf(held.card)
    area.append(held.ghost)
    // Above all of the page, whatever it is clipped or turned by.
    held.ghost.showPopover()
    this.#target.lift(held.id)
    this.#scroll()
  }

  #follow({ ghost, at, grip, id }: Held): void {
    ghost!.style.translate = `${at.x - grip.x}px ${at.y - grip.y}px`
    const middle = at.y - grip.y + ghost!.offsetHeight / 2
    const place = placeAt(this.#target.area(), at.x, middle, id)
    if (place !== undefined) this.#target.over(place)
  }

  /** Goes on while a card is held near an edge of what can be scrolled. */
  #scroll(): void {
    const held = this.#held
    if (held?.ghost === undefined) return
    const area = this.#target.area()
    const scrolled = scrollNear(area, area.getBoundingClientRect(), held.at)
    const page = document.scrollingElement
    const window = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
    if (page !== null && scrollNear(page, window, held.at)) this.#follow(held)
    else if (scrolled) this.#follow(held)
    this.#frame = requestAnimationFrame(() => this.#scroll())
  }

  #end(): void {
    cancelAnimationFrame(this.#frame)
    removeEventListener('keydown', this.#key, { capture: true })
    this.#held?.ghost?.remove()
    this.#held = undefined
  }
}

const liftAfterPx = 5
const edgePx = 48
const scrollPx = 10

function ghostOf(card: HTMLElement): HTMLElement {
  const { width, height } = card.getBoundingClientRect()
  const ghost = document.createElement('div')
  ghost.className = 'ghost'
  ghost.popover = 'manual'
  ghost.inert = true
  ghost.style.cssText = `width: ${width}px; height: ${height}px`
  ghost.append(...[...card.childNodes].map((node) => node.cloneNode(true)))
  return ghost
}

/** In the column at or next to a point: in front of the first card whose middle is lower. */
function placeAt(area: HTMLElement, x: number, y: number, held: string): Place | undefined {
  const columns = [...area.querySelectorAll<HTMLElement>('[data-column]')]
  const [nearest] = columns
    .map((element) => ({ element, distance: distanceTo(element.getBoundingClientRect(), x, y) }))
    .sort((a, b) => a.distance - b.distance)
  if (nearest === undefined) return undefined
  const cards = [...nearest.element.querySelectorAll<HTMLElement>('[data-card]')].filter(
    ({ dataset }) => dataset.card !== held,
  )
  const index = cards.findIndex((card) => y < middleOf(card))
  const end = index < 0 ? cards.length : index
  return {
    column: nearest.element.dataset.column!,
    before: cards[end]?.dataset.card,
    after: cards[end - 1]?.dataset.card,
  }
}

/** Where it comes to rest: it may be sliding there still. */
function middleOf(card: HTMLElement): number {
  const { top, height } = card.getBoundingClientRect()
  const [, slid = '0'] = getComputedStyle(card).translate.split(' ')
  return top - Number.parseFloat(slid) + height / 2
}

function distanceTo({ left, right, top, bottom }: DOMRect, x: number, y: number): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))
}

type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>

function scrollNear(element: Element, { left, top, right, bottom }: Box, { x, y }: { x: number; y: number }): boolean {
  const before = [element.scrollLeft, element.scrollTop]
  const isAbove = y < top + edgePx
  const isBelow = y > bottom - edgePx
  const isLeft = x < left + edgePx
  const isRight = x > right - edgePx
  element.scrollLeft += isLeft === isRight ? 0 : isLeft ? -scrollPx : scrollPx
  element.scrollTop += isAbove === isBelow ? 0 : isAbove ? -scrollPx : scrollPx
  return before[0] !== element.scrollLeft || before[1] !== element.scrollTop
}
