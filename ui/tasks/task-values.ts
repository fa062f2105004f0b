import type { Profile } from '../group/profiles.ts'
import { isId } from '../ids.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { isTime } from '../stamp.ts'
import { asColor } from '../theme.ts'

export const cardsMax = 500
export const cardCharactersMax = 1000
const columnCharactersMax = 64

/** A card, as all members have it; `name` and `color` are those of who added it, at that time. */
export interface TaskCard extends Profile {
  readonly id: string
  readonly column: string
  readonly text: string
  /** How often it was moved, and which peer did so last. */
  readonly moves: number
  readonly mover: string
  /** How often its text was changed, and which peer did so last. */
  readonly edits: number
  readonly editor: string
}

/** Where a card goes: in front of another, else behind another, else to the end. Both may be elsewhere or gone by then. */
export interface Place {
  readonly column: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** `seen`: how often the card had been moved (or changed, or both) where the sender saw it. */
export type TaskOp =
  | ({ readonly op: 'add'; readonly id: string; readonly text: string } & Place & Profile)
  | ({ readonly op: 'move'; readonly id: string; readonly seen: number } & Place)
  | { readonly op: 'edit'; readonly id: string; readonly text: string; readonly seen: number }
  | { readonly op: 'remove'; readonly id: string; readonly seen: number }
  | ({ readonly op: 'restore'; readonly id: string; readonly text: string } & Place & Profile)

/** What the tasks multicast, by ABCAST. `n` rises with each operation of the page. */
export type TaskValue = { readonly tutti: 'tasks'; readonly n: number } & TaskOp

/** A text as a card can hold it; empty where there is nothing to show. */
export function cardText(text: unknown): string {
  return plainText(text, cardCharactersMax)
}

/** A column's name on the wire; empty for what can be none. */
export function columnId(value: unknown): string {
  return plainText(value, columnCharactersMax)
}

// What follows judges values of others: one that makes no sense is left out, alike at every member.

export function readOp(value: unknown): TaskOp | undefined {
  const { op, id, text, seen } = (value ?? {}) as Partial<Record<string, unknown>>
  if (!isId(id)) return undefined
  const known = isTime(seen) ? seen : 0
  if (op === 'remove') return { op, id, seen: known }
  if (op === 'edit') return cardText(text) === '' ? undefined : { op, id, text: cardText(text), seen: known }
  const place = readPlace(value)
  if (place === undefined) return undefined
  if (op === 'move') return { op, id, seen: known, ...place }
  if (op !== 'add' && op !== 'restore') return undefined
  return cardText(text) === '' ? undefined : { op, id, text: cardText(text), ...place, ...readProfile(value) }
}

export function readCard(value: unknown): TaskCard | undefined {
  const { id, text, column, moves, mover, edits, editor } = (value ?? {}) as Partial<TaskCard>
  if (!isId(id) || cardText(text) === '' || columnId(column) === '') return undefined
  return {
    id,
    column: columnId(column),
    text: cardText(text),
    ...readProfile(value),
    moves: isTime(moves) ? moves : 0,
    mover: isId(mover) ? mover : '',
    edits: isTime(edits) ? edits : 0,
    editor: isId(editor) ? editor : '',
  }
}

function readPlace(value: unknown): Place | undefined {
  const { column, before, after } = value as Partial<Place>
  const name = columnId(column)
  if (name === '') return undefined
  return { column: name, before: isId(before) ? before : undefined, after: isId(after) ? after : undefined }
}

function readProfile(value: unknown): Profile {
  const { name, color } = value as Partial<Profile>
  return { name: plainText(name, nameCharactersMax), color: asColor(color) ?? 0 }
}
