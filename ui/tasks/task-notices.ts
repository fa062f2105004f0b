import { plainText } from '../plain-text.ts'
import type { Overtaken } from './task-model.ts'
import { cardsMax, type TaskCard, type TaskOp } from './task-values.ts'

/** Something that a member is told about its own cards, with what can be done about it. */
export interface Notice {
  readonly text: string
  readonly action?: { readonly label: string; readonly operation: TaskOp }
}

interface Names {
  readonly by: string
  /** The title of a column. */
  column(id: string): string
}

/** How a member is told that the order of the group was not what it saw. */
export function noticeOf({ what, card, operation, own }: Overtaken, { by, column }: Names): Notice {
  const title = quoted(card?.text ?? textOf(own) ?? 'a card')
  switch (what) {
    case 'moved': {
      const place = operation?.op === 'move' ? column(operation.column) : 'another place'
      return { text: `${by} moved ${title} to ${place} at the same time as you. The last move counts.` }
    }
    case 'edited':
      return {
        text: `${by} rewrote ${title} at the same time as you. The last text counts.`,
        ...(card && {
          action: {
            label: 'Put mine back',
            operation: { op: 'edit', id: card.id, text: card.text, seen: card.edits + 1 },
          },
        }),
      }
    case 'removed':
      return {
        text: `${by} deleted ${title} at the same time as you changed it.`,
        ...(card && {
          action: { label: 'Bring it back', operation: restoreOf(card, textOf(own) ?? card.text) },
        }),
      }
    case 'gone':
      return { text: `${title} was deleted before your change came to it.` }
    case 'full':
      return { text: `There is room for ${cardsMax} cards, and others were faster: ${title} was not added.` }
  }
}

/** What one is told who deleted a card. */
export function deletedNotice(card: TaskCard, after: string | undefined): Notice {
  return {
    text: `Deleted ${quoted(card.text)}.`,
    action: { label: 'Undo', operation: { ...restoreOf(card, card.text), after } },
  }
}

/** The start of a text, in quotation marks. */
export function quoted(text: string): string {
  return `“${plainText(text.replace(/\s+/g, ' '), 40)}”`
}

function restoreOf(card: TaskCard, text: string): TaskOp & { op: 'restore' } {
  const { id, column, name, color } = card
  return { op: 'restore', id, column, text, name, color, before: undefined, after: undefined }
}

function textOf(operation: TaskOp | undefined): string | undefined {
  return operation !== undefined && 'text' in operation ? operation.text : undefined
}
