import type { Acts, Cast } from './acts.ts'
import type { BoardModel } from './board-model.ts'
import type { BoardValue } from './board-values.ts'
import { type Point, packPoints } from './points.ts'
import { pointSize, strokePointsMax, type Thing, type ThingKind, type ThingStyle } from './thing.ts'

/**
 * Turns what pointers draw into multicasts, several pointers at a time, and keeps the ink that is not delivered yet, so that
 * a line follows the hand even while the group is busy changing its view.
 */
export class Drafts {
  readonly #model: BoardModel
  readonly #acts: Acts
  readonly #cast: Cast
  readonly #down = new Map<number, Draft>()
  #drafts: Draft[] = []
  #author = ''
  #member = ''

  constructor(model: BoardModel, acts: Acts, cast: Cast) {
    this.#model = model
    this.#acts = acts
    this.#cast = cast
  }

  get drawing(): boolean {
    return this.#down.size > 0
  }

  /** Own things of which a part is still on its way, in the order drawn. */
  get things(): readonly Thing[] {
    return this.#drafts.map(({ thing }) => thing)
  }

  has(id: string): boolean {
    return this.#drafts.some(({ thing }) => thing.id === id)
  }

  /** Under a new identity nothing of the old one is on its way any more. */
  become(member: string, author: string): void {
    if (member === this.#member) return
    this.#member = member
    this.#author = author
    this.#down.clear()
    this.#drafts = []
  }

  press(pointer: number, kind: ThingKind, style: ThingStyle, points: readonly number[], text = ''): string {
    const draft = this.#begin(kind, style, points, text, [])
    this.#down.set(pointer, draft)
    return draft.thing.id
  }

  move(pointer: number, points: readonly Point[]): void {
    const draft = this.#down.get(pointer)
    const last = points.at(-1)
    if (draft === undefined || last === undefined) return
    if (draft.thing.kind !== 'pen') draft.moveEnd(last)
    else for (const point of points) if (isStep(draft.thing.points, point)) this.#extend(pointer, point)
  }

  /** The hand lets go: what it drew is one act. */
  lift(pointer: number): void {
    const draft = this.#down.get(pointer)
    if (draft === undefined) return
    this.#down.delete(pointer)
    draft.end()
    this.#flushOne(draft)
    this.#acts.drew(draft.gesture)
  }

  /** The hand did not mean it: what it drew goes, and leaves nothing to undo. */
  cancel(pointer: number): readonly string[] {
    const draft = this.#down.get(pointer)
    if (draft === undefined) return []
    this.#down.delete(pointer)
    draft.end()
    if (draft.sent === 0) this.#drop(draft)
    else this.#flushOne(draft)
    return draft.sent === 0 ? draft.gesture.slice(0, -1) : draft.gesture
  }

  /** Sends what was drawn since the last time. What was hidden under the hand goes on as a new thing. */
  flush(): void {
    for (const [pointer, draft] of this.#down) {
      const { id, n, kind, points, text, color, width } = draft.thing
      if (draft.delivered && this.#model.get(id) === undefined) {
        const from = points.length / pointSize
        this.#cast('cbcast', { tutti: 'board', op: 'more', n, from, points: new Uint8Array(), end: true })
        this.#drop(draft)
        const start = kind === 'pen' ? points.slice(-pointSize) : points
        this.#down.set(pointer, this.#begin(kind, { color, width }, start, text, []))
      } else this.#flushOne(draft)
    }
  }

  /** After deliveries: lets go of ink that is now on the board, or was taken off it. */
  settle(): void {
    this.#drafts = this.#drafts.filter((draft) => {
      const board = this.#model.get(draft.thing.id)
      draft.delivered ||= board !== undefined
      const gone = draft.delivered && board === undefined && draft.thing.ended
      return !board?.ended && !gone
    })
  }

  #begin(kind: ThingKind, style: ThingStyle, points: readonly number[], text: string, gesture: string[]): Draft {
    const [n, author] = [this.#acts.nextNumber(), this.#author]
    const id = `${author}/${n}`
    const at = this.#model.tick()
    const draft = new Draft(
      { id, author, n, at, kind, ...style, points: [...points], text, dx: 0, dy: 0, ended: false },
      gesture,
    )
    this.#drafts.push(draft)
    return draft
  }

  #extend(pointer: number, point: Point): void {
    let draft = this.#down.get(pointer)!
    const { kind, points, color, width } = draft.thing
    if (points.length >= strokePointsMax * pointSize) {
      draft.end()
      this.#flushOne(draft)
      draft = this.#begin(kind, { color, width }, points.slice(-pointSize), '', draft.gesture)
      this.#down.set(pointer, draft)
    }
    draft.thing.points.push(...point)
  }

  #flushOne(draft: Draft): void {
    const value = draft.next()
    if (value !== undefined && !this.#cast('cbcast', value)) this.#drop(draft)
  }

  #drop(draft: Draft): void {
    this.#drafts = this.#drafts.filter((other) => other !== draft)
  }
}

/** A thing that is being drawn, and how much of it is multicast. */
class Draft {
  thing: Thing
  /** All that one movement of the hand drew. */
  readonly gesture: string[]
  /** How many points, and the second end of a shape when it was last sent. */
  sent = 0
  delivered = false
  #sentEnd = ''
  #endSent = false

  constructor(thing: Thing, gesture: string[]) {
    this.thing = thing
    this.gesture = gesture
    gesture.push(thing.id)
  }

  moveEnd(point: Point): void {
    this.thing = { ...this.thing, points: [...this.thing.points.slice(0, pointSize), ...point] }
  }

  end(): void {
    this.thing = { ...this.thing, ended: true }
  }

  /** What of it is to be multicast now, if anything. */
  next(): BoardValue | undefined {
    const { n, at, kind, color, width, points, text, ended } = this.thing
    const news = kind === 'pen' ? points.slice(this.sent * pointSize) : points.slice(-pointSize)
    const place = news.join()
    const isNew = kind === 'pen' ? news.length > 0 : place !== this.#sentEnd
    if (this.#endSent || (!isNew && !ended)) return undefined
    const end = ended ? ({ end: true } as const) : {}
    const from = this.sent
    this.sent = points.length / pointSize
    this.#sentEnd = place
    this.#endSent = ended
    if (from > 0) return { tutti: 'board', op: 'more', n, from, points: packPoints(isNew ? news : []), ...end }
    const style = { kind, color, width, ...(text !== '' && { text }) }
    return { tutti: 'board', op: 'start', n, at, ...style, points: packPoints(points), ...end }
  }
}

const stepMin = 1.2

function isStep(points: readonly number[], [x, y]: Point): boolean {
  return Math.hypot(x - points.at(-3)!, y - points.at(-2)!) >= stepMin
}
