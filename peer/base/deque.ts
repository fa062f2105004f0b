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
  const { items } = deque
  // Moving few is cheaper than remembering where they begin.
  if (deque.head === 0 && items.length <= FEW) return items.shift()
  const item = items[deque.head++]
  if (deque.head >= items.length) {
    items.length = 0
    deque.head = 0
  } else if (deque.head >= MANY && deque.head * 2 >= items.length) compact(deque)
  return item
}

const FEW = 16
/** So many that are out may stay in memory until they are moved away. */
const MANY = 1024

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
