import { nextNumber } from '../ids.ts'
import type { BoardModel } from './board-model.ts'
import { type BoardValue, batchMax, type Move, type Seen } from './board-values.ts'
import type { Thing } from './thing.ts'

/** Multicasts a value. False where that can't be done now. */
export type Cast = (kind: 'cbcast' | 'abcast', value: BoardValue) => boolean

/** A value without its number and its place in the order. */
type Draft = BoardValue extends infer Value
  ? Value extends { at: number }
    ? Omit<Value, 'tutti' | 'n' | 'at'>
    : never
  : never

/**
 * What this member does to the board, and its way back: undo and redo take back and do again one's own acts only. An act
 * that shows nothing any more, because others cleared it or moved the thing on, is passed over.
 */
export class Acts {
  readonly #model: BoardModel
  readonly #cast: Cast
  readonly #isUnderWay: (thing: string) => boolean
  #author = ''
  /** Number of the last act. */
  #last = 0
  #done: Act[] = []
  #undone: Act[] = []

  /** @param isUnderWay - whether a thing is multicast and not delivered yet */
  constructor(model: BoardModel, cast: Cast, isUnderWay: (thing: string) => boolean) {
    this.#model = model
    this.#cast = cast
    this.#isUnderWay = isUnderWay
  }

  /** The peer that acts. What another one did is not this one's to take back. */
  become(author: string): void {
    if (author === this.#author) return
    this.#author = author
    this.#done = []
    this.#undone = []
  }

  nextNumber(): number {
    this.#last = nextNumber()
    return this.#last
  }

  /** Things were drawn by one movement of the hand, and are multicast already. */
  drew(things: readonly string[]): void {
    if (things.length > 0) this.#remember({ is: 'cover', cover: things, hides: [], hidden: false })
  }

  /** Erases by CBCAST: at once here. `goesOn`: by the same movement of the hand as the last time. */
  erase(things: readonly string[], goesOn = false): boolean {
    const hides = this.#hide('cbcast', things)
    if (hides === undefined) return false
    const before = this.#done.at(-1)
    if (goesOn && before?.is === 'cover' && before.hidden && before.cover !== 'all') {
      before.cover = [...before.cover, ...things]
      before.hides.push(...hides)
    } else this.#remember({ is: 'cover', cover: things, hides, hidden: true })
    return true
  }

  /** Erases what was never meant to be drawn: nothing that one could undo. */
  discard(things: readonly string[]): void {
    if (things.length > 0) this.#hide('cbcast', things)
  }

  clear(): boolean {
    const hides = this.#hide('abcast', 'all')
    if (hides !== undefined) this.#remember({ is: 'cover', cover: 'all', hides, hidden: true })
    return hides !== undefined
  }

  /** Where things are to be. Live: while they are dragged; the end of it is told by `moved`. */
  move(moves: readonly Move[], kind: 'cbcast' | 'abcast' = 'cbcast'): boolean {
    return batches(moves).every((batch) => this.#send(kind, { op: 'move', moves: batch }))
  }

  moved(before: readonly Move[], after: readonly Move[]): void {
    this.#remember({ is: 'move', before, after, done: true })
  }

  write(thing: string, text: string): boolean {
    return this.#send('cbcast', { op: 'text', thing, text })
  }

  wrote(thing: string, before: string, after: string): void {
    if (before !== after) this.#remember({ is: 'text', thing, before, after, done: true })
  }

  undo(): Act | undefined {
    return this.#toggleLast(this.#done, this.#undone)
  }

  redo(): Act | undefined {
    return this.#toggleLast(this.#undone, this.#done)
  }

  #remember(act: Act): void {
    this.#done = [...this.#done, act].slice(-actsMax)
    this.#undone = []
  }

  #toggleLast(from: Act[], to: Act[]): Act | undefined {
    const act = from.findLast((each) => this.#matters(each))
    if (act === undefined || !this.#toggle(act)) return undefined
    from.splice(from.indexOf(act), 1)
    to.push(act)
    return act
  }

  #matters(act: Act): boolean {
    if (act.is === 'cover')
      return (
        act.hidden ||
        act.cover === 'all' ||
        act.cover.some((id) => this.#model.get(id) !== undefined || this.#isUnderWay(id))
      )
    const now = (id: string): Thing | undefined => this.#model.get(id)
    if (act.is === 'text') return now(act.thing)?.text === (act.done ? act.after : act.before)
    return (act.done ? act.after : act.before).some(([id, dx, dy]) => now(id)?.dx === dx && now(id)?.dy === dy)
  }

  #toggle(act: Act): boolean {
    if (act.is === 'cover') return this.#toggleCover(act)
    const sent =
      act.is === 'text'
        ? this.#send('abcast', { op: 'text', thing: act.thing, text: act.done ? act.before : act.after })
        : this.move(act.done ? act.before : act.after, 'abcast')
    if (sent) act.done = !act.done
    return sent
  }

  #toggleCover(act: Act & { is: 'cover' }): boolean {
    if (act.hidden) {
      if (!this.#cast('abcast', { tutti: 'board', op: 'restore', acts: act.hides })) return false
      act.hides = []
    } else {
      const hides = this.#hide('abcast', act.cover)
      if (hides === undefined) return false
      act.hides = hides
    }
    act.hidden = !act.hidden
    return true
  }

  /** The numbers of the acts that hide these, or undefined. */
  #hide(kind: 'cbcast' | 'abcast', cover: readonly string[] | 'all'): number[] | undefined {
    if (cover === 'all') {
      const seen: Seen = this.#model.seen(this.#author, this.#last)
      return this.#send(kind, { op: 'clear', seen }) ? [this.#last] : undefined
    }
    const hides: number[] = []
    for (const things of batches(cover)) {
      if (!this.#send(kind, { op: 'erase', things })) return undefined
      hides.push(this.#last)
    }
    return hides
  }

  #send(kind: 'cbcast' | 'abcast', draft: Draft): boolean {
    return this.#cast(kind, { tutti: 'board', n: this.nextNumber(), at: this.#model.tick(), ...draft } as BoardValue)
  }
}

/** Something done or, once it is taken back, undone. */
export type Act =
  | { readonly is: 'cover'; cover: readonly string[] | 'all'; hides: number[]; hidden: boolean }
  | { readonly is: 'move'; readonly before: readonly Move[]; readonly after: readonly Move[]; done: boolean }
  | { readonly is: 'text'; readonly thing: string; readonly before: string; readonly after: string; done: boolean }

const actsMax = 200

function batches<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / batchMax)
  return Array.from({ length: count }, (_, index) => items.slice(index * batchMax, (index + 1) * batchMax))
}
