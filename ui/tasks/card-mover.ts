import type { TaskColumn } from './task-columns.ts'
import type { TaskList } from './task-list.ts'
import { quoted } from './task-notices.ts'
import type { Place, TaskCard, TaskOp } from './task-values.ts'

/** Where an arrow key leads: to the column beside, or up or down. */
export interface Step {
  readonly columns: -1 | 0 | 1
  readonly cards: -1 | 0 | 1
}

export interface MoverHost {
  list(): TaskList
  columns(): readonly TaskColumn[]
  do(operation: TaskOp): void
  /** For who can't see it. */
  say(text: string): void
  /** Something is to be shown anew, with the focus on this card. */
  show(id: string): void
}

/** A card that was picked up, by keys or a pointer, and where it would be put down. Nobody else sees it move until then. */
export class CardMover {
  readonly #host: MoverHost
  #lifted: { readonly id: string; readonly by: 'keys' | 'pointer'; readonly place: Place } | undefined

  constructor(host: MoverHost) {
    this.#host = host
  }

  get lifted(): { readonly id: string; readonly by: 'keys' | 'pointer' } | undefined {
    return this.#lifted
  }

  /** All cards, with the lifted one where it would be put down. */
  get cards(): readonly TaskCard[] {
    const list = this.#host.list()
    if (this.#lifted === undefined) return list.cards
    const shown = list.copy()
    shown.apply({ op: 'move', id: this.#lifted.id, seen: 0, ...this.#lifted.place }, '')
    return shown.cards
  }

  lift(id: string, by: 'keys' | 'pointer'): void {
    const cards = this.#host.list().cards
    const card = cards.find((each) => each.id === id)
    if (card === undefined) return
    const column = cards.filter((each) => each.column === card.column)
    const index = column.indexOf(card)
    const place = { column: card.column, before: column[index + 1]?.id, after: column[index - 1]?.id }
    this.#lifted = { id, by, place }
    this.#tell(`Picked up ${quoted(card.text)}. `)
  }

  over(place: Place): void {
    const lifted = this.#lifted
    if (lifted === undefined) return
    const { column, before, after } = lifted.place
    if (place.column === column && place.before === before && place.after === after) return
    this.#lifted = { ...lifted, place }
    this.#tell('')
  }

  /** One place up or down, or to the column beside, if there is one. */
  step({ columns, cards }: Step): void {
    if (this.#lifted === undefined) return
    const shown = this.cards
    const card = shown.find(({ id }) => id === this.#lifted!.id)
    if (card === undefined) return
    const own = shown.filter(({ column }) => column === card.column)
    const column = columns === 0 ? card.column : columnBeside(this.#host.columns(), card.column, columns)
    if (column === undefined) return
    const others = shown.filter((other) => other.column === column && other.id !== card.id)
    const index = own.indexOf(card) + cards
    if (index < 0 || (columns === 0 && index > others.length)) return
    this.over({ column, before: others[index]?.id, after: others[Math.min(index, others.length) - 1]?.id })
  }

  drop(): void {
    const lifted = this.#lifted
    if (lifted === undefined) return
    const card = this.#host.list().find(lifted.id)
    const isMoved = card !== undefined && orderOf(this.cards) !== orderOf(this.#host.list().cards)
    this.#tell(isMoved ? 'Put down. ' : 'Put down where it was. ')
    this.#lifted = undefined
    if (isMoved) this.#host.do({ op: 'move', id: card.id, seen: card.moves, ...lifted.place })
    this.#host.show(lifted.id)
  }

  putBack(): void {
    const lifted = this.#lifted
    this.#lifted = undefined
    if (lifted === undefined) return
    if (lifted.by === 'keys') this.#host.say(`Put back. ${this.#placeOf(lifted.id)}.`)
    this.#host.show(lifted.id)
  }

  /** Lets go of a card that is not there any more. Whether it was. */
  lose(): boolean {
    if (this.#lifted === undefined || this.#host.list().find(this.#lifted.id) !== undefined) return false
    this.#lifted = undefined
    this.#host.say('The card was deleted by somebody else.')
    return true
  }

  #tell(what: string): void {
    const { id, by } = this.#lifted!
    if (by === 'keys') this.#host.say(`${what}${this.#placeOf(id)}.`)
    this.#host.show(id)
  }

  /** `Doing, 2 of 4`. */
  #placeOf(id: string): string {
    const { cards } = this
    const card = cards.find((each) => each.id === id)
    const column = cards.filter((each) => each.column === card?.column)
    const title = this.#host.columns().find((each) => each.id === card?.column)?.title ?? card?.column
    return `${title}, ${column.findIndex((each) => each.id === id) + 1} of ${column.length}`
  }
}

/** From a column that is none of the page's, which stand behind all others, one gets back to the last. */
function columnBeside(columns: readonly TaskColumn[], id: string, step: -1 | 0 | 1): string | undefined {
  const index = columns.findIndex((column) => column.id === id)
  return columns[(index < 0 ? columns.length : index) + step]?.id
}

function orderOf(cards: readonly TaskCard[]): string {
  return JSON.stringify(cards.map(({ id, column }) => [id, column]))
}
