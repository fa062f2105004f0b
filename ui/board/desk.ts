import { peerOf } from '../peer-of.ts'
import { Acts, type Cast } from './acts.ts'
import type { BoardModel, BoardNews } from './board-model.ts'
import type { Move } from './board-values.ts'
import { Drafts } from './drafts.ts'
import { boxOf, hits } from './geometry.ts'
import { asPoint } from './points.ts'
import { around, type Box, evenPressure, overlap, type ShapeKind, sheet, type Thing, type ThingStyle } from './thing.ts'
import { Viewport } from './viewport.ts'

/**
 * What one member has at hand at the board: what it draws, has selected, drags and erases, and its part of the sheet. All may
 * move and erase whatever lies on the board, as on any other; undo takes back one's own acts only.
 */
export class Desk {
  readonly acts: Acts
  readonly drafts: Drafts
  readonly viewport = new Viewport()
  readonly #model: BoardModel
  #selected: ReadonlySet<string> = new Set()
  /** Where things are that are dragged, or were, until it is delivered. */
  readonly #places = new Map<string, readonly [dx: number, dy: number]>()
  #drag: Drag | undefined
  /** What is written in a field over the board is not painted below it. */
  #written: string | undefined
  #member = ''

  constructor(model: BoardModel, cast: Cast) {
    this.#model = model
    this.acts = new Acts(model, cast, (id) => this.drafts.has(id))
    this.drafts = new Drafts(model, this.acts, cast)
  }

  /** Who acts now: a member, of a peer that may have been others before. What those had under way is lost. */
  become(member: string): void {
    if (member === this.#member) return
    this.#member = member
    const author = peerOf({ id: member })
    this.acts.become(author)
    this.drafts.become(member, author)
    this.#drag = undefined
    this.#places.clear()
  }

  /** After each change of the board. `isMine`: by this peer. True: other things are selected now. */
  settle({ act, things }: BoardNews, isMine: boolean): boolean {
    this.drafts.settle()
    for (const { id, dx, dy } of things) {
      const place = this.#places.get(id)
      const isThere = place?.[0] === dx && place[1] === dy
      if (this.#drag === undefined && (isThere || (act === 'move' && !isMine))) this.#places.delete(id)
    }
    if (act === 'load' && this.#drag === undefined) this.#places.clear()
    const left = [...this.#selected].filter((id) => this.#isHere(id))
    if (left.length === this.#selected.size) return false
    this.#selected = new Set(left)
    return true
  }

  /** What lies still, and what is drawn or moved just now, both in painting order. */
  get layers(): { readonly still: readonly Thing[]; readonly live: readonly Thing[] } {
    const drafts = this.drafts.things
    const own = new Set(drafts.map(({ id }) => id))
    const open = new Set(
      this.#model.things
        .filter(({ ended, id }) => !ended && !own.has(id))
        .slice(-openMax)
        .map(({ id }) => id),
    )
    if (this.#written !== undefined) own.add(this.#written)
    const isLive = (id: string): boolean => open.has(id) || this.#places.has(id)
    const things = own.size === 0 ? this.#model.things : this.#model.things.filter(({ id }) => !own.has(id))
    if (open.size === 0 && this.#places.size === 0) return { still: things, live: drafts }
    return {
      still: things.filter(({ id }) => !isLive(id)),
      live: [...things.filter(({ id }) => isLive(id)).map((thing) => this.#placed(thing)), ...drafts],
    }
  }

  get selected(): readonly Thing[] {
    return [...this.#selected].map((id) => this.#model.get(id)).filter((thing) => thing !== undefined)
  }

  /** Where what is selected is seen. */
  get frames(): readonly Box[] {
    return this.selected.filter(({ id }) => id !== this.#written).map((thing) => boxOf(this.#placed(thing)))
  }

  get dragging(): boolean {
    return this.#drag !== undefined
  }

  select(ids: Iterable<string>): void {
    this.#selected = new Set([...ids].filter((id) => this.#isHere(id)))
  }

  selectIn(box: Box): void {
    this.select(this.#model.things.filter((thing) => overlap(boxOf(thing), box)).map(({ id }) => id))
  }

  /** The next thing on the board, or the one before, and the number of it. */
  selectNext(step: 1 | -1): { readonly thing: Thing; readonly number: number } | undefined {
    const { things } = this.#model
    const last = things.findIndex(({ id }) => this.#selected.has(id))
    const next = last === -1 && step === -1 ? things.length - 1 : (last + step + things.length) % things.length
    const thing = things[next]
    if (thing === undefined) return undefined
    this.select([thing.id])
    return { thing, number: next + 1 }
  }

  /** The topmost thing at a place: one whose line is there, else one that is around it. */
  at(x: number, y: number, reach: number): Thing | undefined {
    const { things } = this.#model
    return (
      things.findLast((thing) => hits(thing, x, y, reach)) ?? things.findLast((thing) => hits(thing, x, y, reach, true))
    )
  }

  eraseAt(x: number, y: number, reach: number, goesOn: boolean): boolean {
    const hit = this.#model.things.filter((thing) => hits(thing, x, y, reach)).map(({ id }) => id)
    return hit.length > 0 && this.acts.erase(hit, goesOn)
  }

  eraseSelected(): number {
    const ids = this.selected.map(({ id }) => id)
    return ids.length > 0 && this.acts.erase(ids) ? ids.length : 0
  }

  grab(): void {
    const before = this.selected.map(({ id, dx, dy }): Move => [id, dx, dy])
    this.#drag = { before, after: before, box: around(this.frames), sent: true }
  }

  /** So far from where it was grabbed, in units of the sheet; what is selected stays on it. */
  dragTo(x: number, y: number): void {
    const drag = this.#drag
    if (drag?.box === undefined) return
    const dx = tenths(Math.min(Math.max(x, sheet.left - drag.box.left), sheet.right - drag.box.right))
    const dy = tenths(Math.min(Math.max(y, sheet.top - drag.box.top), sheet.bottom - drag.box.bottom))
    drag.after = drag.before.map(([id, fromX, fromY]) => [id, tenths(fromX + dx), tenths(fromY + dy)])
    drag.sent = false
    for (const [id, toX, toY] of drag.after) this.#places.set(id, [toX, toY])
  }

  drop(): void {
    const drag = this.#drag
    this.#drag = undefined
    if (drag === undefined || drag.before === drag.after) return
    if (this.acts.move(drag.after)) this.acts.moved(drag.before, drag.after)
    else this.#places.clear()
  }

  /** Multicasts what was drawn and dragged since the last time. */
  flush(): void {
    this.drafts.flush()
    if (this.#drag === undefined || this.#drag.sent || this.#drag.after.length > dragLiveMax) return
    this.#drag.sent = true
    this.acts.move(this.#drag.after)
  }

  nudge(dx: number, dy: number): void {
    this.grab()
    this.dragTo(dx, dy)
    this.drop()
  }

  /** Puts something on the board at once. Returns its id. */
  add(kind: Thing['kind'], style: ThingStyle, points: readonly number[], text = ''): string {
    const id = this.drafts.press(ownPointer, kind, style, points, text)
    this.drafts.lift(ownPointer)
    return id
  }

  /** A shape in the middle of what is seen, for those who do not draw by hand. */
  addShape(kind: ShapeKind, style: ThingStyle): string {
    const [x, y] = this.viewport.middle
    const [wide, high] = [160 / this.viewport.zoom, 120 / this.viewport.zoom]
    const slant = kind === 'line' || kind === 'arrow' ? -1 : 1
    const ends = [asPoint(x - wide, y - high * slant, evenPressure), asPoint(x + wide, y + high * slant, evenPressure)]
    return this.add(kind, style, ends.flat())
  }

  write(id: string | undefined): void {
    this.#written = id
  }

  fit(): void {
    const box = around(this.#model.things.map(boxOf))
    if (box === undefined) this.viewport.goHome()
    else this.viewport.fit(box)
  }

  #isHere(id: string): boolean {
    return this.#model.get(id) !== undefined || this.drafts.has(id)
  }

  #placed(thing: Thing): Thing {
    const place = this.#places.get(thing.id)
    return place === undefined ? thing : { ...thing, dx: place[0], dy: place[1] }
  }
}

interface Drag {
  readonly before: readonly Move[]
  after: readonly Move[]
  readonly box: Box | undefined
  sent: boolean
}

/** Things of others that are not ended: so many of the last ones are painted anew each time. The author of an older one is gone. */
const openMax = 16
/** More are sent when they are dropped. */
const dragLiveMax = 50
const ownPointer = -1

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
