import type { CardMover, Step } from './card-mover.ts'
import { sortCards, type TaskColumn } from './task-columns.ts'
import type { TaskCard } from './task-values.ts'

/** What keys have of the tasks. */
export interface KeyHands {
  readonly mover: CardMover
  readonly columns: readonly TaskColumn[]
  readonly cards: readonly TaskCard[]
  edit(card: TaskCard): void
  remove(card: TaskCard): void
  focus(card: TaskCard): void
}

/** What the keys do, in words. */
export const keysInWords =
  'Space picks it up and puts it down, arrows go or move, Escape puts it back, Enter edits, Delete deletes.'

/** Does what a key does on a card. True: the key is taken. `isMirrored`: columns go from right to left. */
export function takeKey(key: string, card: TaskCard, isMirrored: boolean, hands: KeyHands): boolean {
  const step = stepOf(key, isMirrored)
  return hands.mover.lifted?.id === card.id ? onLifted(key, step, hands) : onResting(key, step, card, hands)
}

function onLifted(key: string, step: Step | undefined, { mover }: KeyHands): boolean {
  if (step !== undefined) mover.step(step)
  else if (key === ' ' || key === 'Enter') mover.drop()
  else if (key === 'Escape') mover.putBack()
  else return false
  return true
}

function onResting(key: string, step: Step | undefined, card: TaskCard, hands: KeyHands): boolean {
  if (step !== undefined) {
    const beside = cardBeside(hands.cards, hands.columns, card, step)
    if (beside !== undefined) hands.focus(beside)
  } else if (key === ' ') hands.mover.lift(card.id, 'keys')
  else if (key === 'Enter' || key === 'F2') hands.edit(card)
  else if (key === 'Delete' || key === 'Backspace') hands.remove(card)
  else return false
  return true
}

/** The card that an arrow leads to from another: above, below, or beside it in the next column that has any. */
export function cardBeside(
  cards: readonly TaskCard[],
  columns: readonly TaskColumn[],
  from: TaskCard,
  step: Step,
): TaskCard | undefined {
  const sorted = sortCards(columns, cards)
  const shown = [...columns.map(({ id }) => sorted.columns.get(id) ?? []), sorted.elsewhere]
  const place = shown.findIndex((column) => column.includes(from))
  const index = shown[place]?.indexOf(from) ?? 0
  if (step.columns === 0) return shown[place]?.[index + step.cards]
  const onThatSide = step.columns < 0 ? shown.slice(0, place).reverse() : shown.slice(place + 1)
  const next = onThatSide.find(({ length }) => length > 0)
  return next?.[Math.min(index, next.length - 1)]
}

function stepOf(key: string, isMirrored: boolean): Step | undefined {
  if (key === 'ArrowUp') return { columns: 0, cards: -1 }
  if (key === 'ArrowDown') return { columns: 0, cards: 1 }
  if (key === 'ArrowRight') return { columns: isMirrored ? -1 : 1, cards: 0 }
  if (key === 'ArrowLeft') return { columns: isMirrored ? 1 : -1, cards: 0 }
  return undefined
}
