import { peerOf } from '../peer-of.ts'
import type { BoardModel, Stroke } from './board-model.ts'
import { type BoardValue, type StrokeStyle, sheet } from './board-values.ts'

/** A point on the sheet: x, y in its units, pressure in percent. */
export type Point = readonly [x: number, y: number, pressure: number]

/**
 * Turns what pointers do into multicasts, several pointers at a time, and keeps the ink that is not delivered yet, so
 * that a line follows the hand even while the group is busy changing its view.
 */
export class Pen {
  readonly #model: BoardModel
  readonly #send: (value: BoardValue) => boolean
  readonly #down = new Map<number, Draft>()
  #drafts: Draft[] = []
  /** Number of the last stroke. Begins at the time of day, so that a board made anew under one member repeats none. */
  #last = 0
  #member = ''

  constructor(model: BoardModel, send: (value: BoardValue) => boolean) {
    this.#model = model
    this.#send = send
  }

  get lastNumber(): number {
    return this.#last
  }

  get drawing(): boolean {
    return this.#down.size > 0
  }

  /** Own strokes of which a part is still on its way, in the order drawn. */
  get drafts(): readonly Stroke[] {
    return this.#drafts.map(({ stroke }) => stroke)
  }

  press(pointer: number, member: string, style: StrokeStyle, point: Point): void {
    this.become(member)
    const author = peerOf({ id: member })
    this.#last = Math.max(this.#last + 1, Date.now())
    const id = `${author}/${this.#last}`
    const stroke = { id, author, n: this.#last, at: this.#model.tick(), ...style, points: [...point], ended: false }
    const draft = { stroke, sent: 0 }
    this.#down.set(pointer, draft)
    this.#drafts.push(draft)
  }

  move(pointer: number, points: readonly Point[]): void {
    const draft = this.#down.get(pointer)
    if (draft === undefined) return
    for (const point of points) if (isStep(draft.stroke.points, point)) draft.stroke.points.push(...point)
  }

  lift(pointer: number): void {
    const draft = this.#down.get(pointer)
    if (draft === undefined) return
    this.#down.delete(pointer)
    draft.stroke.ended = true
    this.#flushOne(draft)
  }

  /** Sends what was drawn since the last time. A stroke that was cleared under the hand goes on as a new one. */
  flush(): void {
    for (const [pointer, draft] of this.#down) {
      const { n, color, width, points } = draft.stroke
      if (draft.delivered && !this.#model.has(draft.stroke.id)) {
        this.#send({ tutti: 'board', op: 'more', n, points: [], end: true })
        this.#drafts = this.#drafts.filter((other) => other !== draft)
        this.press(pointer, this.#member, { color, width }, points.slice(-3) as unknown as Point)
      } else this.#flushOne(draft)
    }
  }

  /** After deliveries: lets go of ink that is now on the board, or was taken off it. */
  settle(): void {
    this.#drafts = this.#drafts.filter((draft) => {
      const board = this.#model.get(draft.stroke.id)
      draft.delivered ||= board !== undefined
      const done = draft.stroke.ended && board !== undefined && board.points.length >= draft.stroke.points.length
      const gone = draft.delivered && board === undefined && draft.stroke.ended
      return !done && !gone
    })
  }

  /** Under a new identity nothing of the old one is on its way any more. */
  become(member: string): void {
    if (member === this.#member) return
    this.#member = member
    this.#down.clear()
    this.#drafts = []
  }

  #flushOne(draft: Draft): void {
    const { n, at, color, width, points, ended } = draft.stroke
    const news = points.slice(draft.sent)
    if (news.length === 0 && !ended) return
    const end = ended ? ({ end: true } as const) : {}
    const value: BoardValue =
      draft.sent === 0
        ? { tutti: 'board', op: 'start', n, at, color, width, points: news, ...end }
        : { tutti: 'board', op: 'more', n, points: news, ...end }
    draft.sent = points.length
    if (!this.#send(value)) this.#drafts = this.#drafts.filter((other) => other !== draft)
  }
}

interface Draft {
  readonly stroke: Stroke
  /** How many numbers of `points` are multicast. */
  sent: number
  delivered?: boolean
}

const stepMin = 1.5

function isStep(points: readonly number[], [x, y]: Point): boolean {
  return Math.hypot(x - points.at(-3)!, y - points.at(-2)!) >= stepMin
}

/** Where a pointer is on the sheet, given the sheet's place in the window. */
export function pointOf(event: PointerEvent, box: DOMRect): Point {
  const x = ((event.clientX - box.left) / box.width) * sheet.width
  const y = ((event.clientY - box.top) / box.height) * sheet.height
  // A mouse has no pressure and reports one half.
  const pressure = event.pointerType === 'pen' ? Math.max(event.pressure, 0.05) : 0.5
  return [round(x, sheet.width), round(y, sheet.height), Math.round(pressure * 100)]
}

function round(value: number, limit: number): number {
  return Math.min(Math.max(Math.round(value * 10) / 10, 0), limit)
}
