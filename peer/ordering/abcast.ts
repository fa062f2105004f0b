/**
 * ABCAST: one order for everyone.
 * Purpose: the sequencer's order log, and the order of what it left unordered when the view ends.
 * Requires: rank 0 appends each ABCAST when it becomes complete, so that causes stand before effects.
 * Guarantees: ABCASTs are delivered in the order of the log (OR3), which respects causality (OR4); what a failed sequencer
 *   had not ordered comes last, in one deterministic order that respects causality (OR5).
 * Source: Chang and Maxemchuk, Reliable Broadcast Protocols (1984), for the sequencer; Birman, Schiper, Stephenson (1991),
 *   section 5.3, for the order as messages of a token holder.
 */
import type { OrderEntry } from '../wire/messages.ts'
import { entryAt, type Stream } from './message-log.ts'

export interface OrderLog {
  /** Entries 1 to `base` were let go. */
  base: number
  entries: OrderEntry[]
  /** Entries beyond a gap. */
  ahead: Map<number, OrderEntry>
  /** Entries that count: all that are held, until a wedge freezes it. */
  length: number
  /** Entries whose ABCAST was delivered, or left out by the cut. */
  done: number
  /** ABCASTs delivered in this view. */
  delivered: number
}

/** Places that may wait beyond a gap; more are pulled again once the gap is closed. */
const AHEAD_MAX = 65_536

export function newOrderLog(): OrderLog {
  return { base: 0, entries: [], ahead: new Map(), length: 0, done: 0, delivered: 0 }
}

/** Entries held without a gap. */
export function heldOrder(order: OrderLog): number {
  return order.base + order.entries.length
}

export function orderAt(order: OrderLog, index: number): OrderEntry | undefined {
  return order.entries[index - order.base - 1]
}

/** Takes entry `index`, from 1. Used as soon as it is contiguous; it waits for no message of the sequencer. */
export function storeOrder(order: OrderLog, index: number, entry: OrderEntry): void {
  const next = heldOrder(order) + 1
  if (index < next || index > next + AHEAD_MAX) return
  if (index > next) {
    order.ahead.set(index, entry)
    return
  }
  order.entries.push(entry)
  while (order.ahead.size > 0) {
    const number = heldOrder(order) + 1
    const ready = order.ahead.get(number)
    if (ready === undefined) return
    order.ahead.delete(number)
    order.entries.push(ready)
  }
}

export function letOrderGo(order: OrderLog, index: number): void {
  const count = Math.min(index, order.done) - order.base
  if (count <= 0) return
  order.entries.splice(0, count)
  order.base += count
}

/** Whether the order log, up to `orderLimit`, has this stream's front, an ABCAST that ends at `number`, next. */
export function isNextInOrder(order: OrderLog, rank: number, number: number, orderLimit: number): boolean {
  if (order.done >= orderLimit) return false
  const next = orderAt(order, order.done + 1)
  return next?.rank === rank && next.number === number
}

/**
 * What the log of an ending view leaves open: entries beyond the cut are skipped, and the ABCASTs of the cut that have no
 * place get one, repeatedly the lowest (rank, number) whose causes hold none that is still unplaced.
 */
export function completeOrder(
  order: OrderLog,
  streams: readonly Stream[],
  cut: readonly number[],
  orderCut: number,
): void {
  order.ahead.clear()
  order.entries.length = Math.min(order.entries.length, orderCut - order.base)
  const kept = order.entries.filter(
    (entry, index) => order.base + index < order.done || entry.number <= cut[entry.rank]!,
  )
  const placed = new Set(kept.map(({ rank, number }) => `${rank}/${number}`))
  const open = unplaced(streams, cut, placed)
  // Those of one rank follow one another, so that only the first of each can be next.
  const fronts = open.map(newFront)
  const isNext = ({ items, at }: Front, rank: number): boolean => {
    const candidate = items[at]
    if (candidate === undefined) return false
    return fronts.every((other, cause) => {
      const first = other.items[other.at]
      return cause === rank || first === undefined || first.number > candidate.vector[cause]!
    })
  }
  for (let rank = fronts.findIndex(isNext); rank >= 0; rank = fronts.findIndex(isNext)) {
    const front = fronts[rank]!
    kept.push({ rank, number: front.items[front.at++]!.number })
  }
  order.entries = kept
  order.length = heldOrder(order)
}

/** Unplaced ABCASTs of one stream, and which of them is the first that still is. */
interface Front {
  readonly items: readonly Unplaced[]
  at: number
}

const newFront = (items: readonly Unplaced[]): Front => ({ items, at: 0 })

interface Unplaced {
  readonly number: number
  readonly vector: readonly number[]
}

/** For each stream the undelivered ABCASTs within the cut that have no place. */
function unplaced(streams: readonly Stream[], cut: readonly number[], placed: ReadonlySet<string>): Unplaced[][] {
  return streams.map((stream, rank) => {
    const open: Unplaced[] = []
    for (let number = stream.delivered + 1; number <= cut[rank]!; number++) {
      const cast = entryAt(stream, number)!.cast
      if (cast?.kind === 'total' && !placed.has(`${rank}/${number}`)) open.push({ number, vector: cast.vector })
    }
    return open
  })
}
