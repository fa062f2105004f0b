import { isId } from '../ids.ts'
import { cardsMax, type Place, readCard, type TaskCard, type TaskOp } from './task-values.ts'

/** What an operation did: `before` and `after` are the card as it was and is. */
export interface Outcome {
  readonly result: 'done' | 'void' | 'full'
  readonly before?: TaskCard | undefined
  readonly after?: TaskCard | undefined
}

export interface SavedTasks {
  readonly cards: readonly TaskCard[]
  /** Cards that were deleted, the latest last. */
  readonly gone: readonly string[]
}

/**
 * Cards in one order, which is that of each column as well. Operations come in one order for all, so the last one counts.
 * Each makes sense on any list: it may come a second time, or to a list where the cards that it names are elsewhere, or gone.
 */
export class TaskList {
  #cards: TaskCard[] = []
  #gone = new Set<string>()

  get cards(): readonly TaskCard[] {
    return this.#cards
  }

  find(id: string): TaskCard | undefined {
    return this.#cards.find((card) => card.id === id)
  }

  /** The id of the card in front of another, in its column. */
  cardAbove({ id, column }: TaskCard): string | undefined {
    const cards = this.#cards.filter((card) => card.column === column)
    return cards[cards.findIndex((card) => card.id === id) - 1]?.id
  }

  /** `by`: the peer whose operation it is. */
  apply(operation: TaskOp, by: string): Outcome {
    switch (operation.op) {
      case 'add':
      case 'restore':
        return this.#add(operation)
      case 'move':
        return this.#move(operation, by)
      case 'edit':
        return this.#edit(operation, by)
      case 'remove':
        return this.#remove(operation.id)
    }
  }

  copy(): TaskList {
    const copy = new TaskList()
    copy.#cards = [...this.#cards]
    copy.#gone = new Set(this.#gone)
    return copy
  }

  save(): SavedTasks {
    return { cards: [...this.#cards], gone: [...this.#gone] }
  }

  static read(saved: unknown): TaskList {
    const list = new TaskList()
    const { cards, gone } = (saved ?? {}) as Partial<SavedTasks>
    for (const value of Array.isArray(cards) ? cards : []) {
      const card = readCard(value)
      if (card !== undefined && list.find(card.id) === undefined && list.#cards.length < cardsMax)
        list.#cards.push(card)
    }
    for (const id of Array.isArray(gone) ? gone.slice(-goneMax) : []) if (isId(id)) list.#gone.add(id)
    return list
  }

  /** One that was deleted does not come back by being added again, only by being restored. */
  #add(operation: TaskOp & { op: 'add' | 'restore' }): Outcome {
    const { op, id, text, name, color, column } = operation
    if (this.find(id) !== undefined || (op === 'add' && this.#gone.has(id))) return { result: 'void' }
    if (this.#cards.length >= cardsMax) return { result: 'full' }
    const card = { id, column, text, name, color, moves: 0, mover: '', edits: 0, editor: '' }
    this.#insert(card, operation)
    this.#gone.delete(id)
    return { result: 'done', after: card }
  }

  #move(operation: TaskOp & { op: 'move' }, by: string): Outcome {
    const before = this.#take(operation.id)
    if (before === undefined) return { result: 'void' }
    const after = { ...before, column: operation.column, moves: before.moves + 1, mover: by }
    this.#insert(after, operation)
    return { result: 'done', before, after }
  }

  #edit({ id, text }: TaskOp & { op: 'edit' }, by: string): Outcome {
    const index = this.#cards.findIndex((card) => card.id === id)
    const before = this.#cards[index]
    if (before === undefined) return { result: 'void' }
    const after = { ...before, text, edits: before.edits + 1, editor: by }
    this.#cards = this.#cards.with(index, after)
    return { result: 'done', before, after }
  }

  /** Kept in mind even if there is no such card: when histories meet, it may be added after this. */
  #remove(id: string): Outcome {
    const before = this.#take(id)
    this.#gone.delete(id)
    this.#gone.add(id)
    for (const oldest of this.#gone) {
      if (this.#gone.size <= goneMax) break
      this.#gone.delete(oldest)
    }
    return { result: before === undefined ? 'void' : 'done', before }
  }

  #take(id: string): TaskCard | undefined {
    const card = this.find(id)
    if (card !== undefined) this.#cards = this.#cards.filter((other) => other !== card)
    return card
  }

  #insert(card: TaskCard, { column, before, after }: Place): void {
    const indexOf = (id: string | undefined): number =>
      id === undefined ? -1 : this.#cards.findIndex((other) => other.id === id && other.column === column)
    const front = indexOf(before)
    const back = indexOf(after)
    const index = front >= 0 ? front : back >= 0 ? back + 1 : this.#cards.length
    this.#cards = this.#cards.toSpliced(index, 0, card)
  }
}

const goneMax = 1000
