import { columnId, type TaskCard } from './task-values.ts'

/** A column of the tasks. Cards know it by its id; a title may be changed at any time. */
export interface TaskColumn {
  readonly id: string
  readonly title: string
}

export const defaultColumns: readonly TaskColumn[] = ['To do', 'Doing', 'Done'].map((title) => ({ id: title, title }))

/** The columns that a page wants, as `a, b, c` or as a list; the default ones where none make sense. */
export function readColumns(wished: unknown): readonly TaskColumn[] {
  const list = typeof wished === 'string' ? wished.split(',') : Array.isArray(wished) ? wished : []
  const columns = new Map<string, TaskColumn>()
  for (const entry of list.slice(0, columnsMax)) {
    const { id, title } =
      typeof entry === 'string' ? { id: entry, title: entry } : ((entry ?? {}) as Partial<TaskColumn>)
    const name = columnId(id)
    if (name !== '' && !columns.has(name)) columns.set(name, { id: name, title: columnId(title) || name })
  }
  return columns.size === 0 ? defaultColumns : [...columns.values()]
}

/** The cards of each column, in order; those of columns that this page does not have are `elsewhere`. */
export function sortCards(
  columns: readonly TaskColumn[],
  cards: readonly TaskCard[],
): { readonly columns: ReadonlyMap<string, readonly TaskCard[]>; readonly elsewhere: readonly TaskCard[] } {
  const sorted = new Map<string, TaskCard[]>(columns.map(({ id }) => [id, []]))
  const elsewhere: TaskCard[] = []
  for (const card of cards) (sorted.get(card.column) ?? elsewhere).push(card)
  return { columns: sorted, elsewhere }
}

const columnsMax = 24
