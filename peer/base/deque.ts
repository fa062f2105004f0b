/** First in, first out, without moving what waits at each step. Plain data. */
export interface Deque<T> {
  items: T[]
  head: number
}

export function newDeque<T>(): Deque<T> {
  return { items: [], head: 0 }
}

export function sizeOf<T>({ items, head }: Deque<T>): number {
  return items.length - head
}

export function firstOf<T>({ items, head }: Deque<T>): T | undefined {
  return items[head]
}

export function takeFirst<T>(deque: Deque<T>): T | undefined {
  if (deque.head === deque.items.length) return undefined
  const item = deque.items[deque.head++]
  if (deque.head * 2 >= deque.items.length) compact(deque)
  return item
}

/** Takes everything out. */
export function takeAll<T>(deque: Deque<T>): T[] {
  compact(deque)
  return deque.items.splice(0)
}

/** Takes the first item out for which `is` says so. */
export function takeWhere<T>(deque: Deque<T>, is: (item: T) => boolean): T | undefined {
  compact(deque)
  const index = deque.items.findIndex(is)
  return index < 0 ? undefined : deque.items.splice(index, 1)[0]
}

function compact<T>(deque: Deque<T>): void {
  deque.items = deque.items.slice(deque.head)
  deque.head = 0
}
