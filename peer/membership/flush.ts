/**
 * Flush: the agreed set of messages that ends a view.
 * Purpose: from what survivors promise to hold, the cut, and who must still fetch what of it.
 * Requires: promisers are wedged, their `have` frozen and causally complete.
 * Guarantees: the cut covers all that any promiser may have delivered, is causally closed, and every survivor holds it
 *   before it is proposed (DL3, and the first entry of the list of named faults: fill before propose).
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 6; fill before propose, as in peer/PROTOCOL.md.
 */
import type { PromiseMessage } from '../wire/messages.ts'

export interface Cut {
  readonly cut: readonly number[]
  readonly orderCut: number
}

/** What one had complete when it was frozen. */
export type Complete = Pick<PromiseMessage, 'have' | 'orderLength'>

/** The maximum of what the promisers have complete, stream by stream, and of their order logs. */
export function cutOf(promises: readonly Complete[], streams: number): Cut {
  const cut = new Array<number>(streams).fill(0)
  let orderCut = 0
  for (const promise of promises) {
    for (let rank = 0; rank < streams; rank++) cut[rank] = Math.max(cut[rank]!, promise.have[rank] ?? 0)
    orderCut = Math.max(orderCut, promise.orderLength)
  }
  return { cut, orderCut }
}

/** Whether one who holds these prefixes holds all of the cut. */
export function holds(held: readonly number[], heldOrder: number, { cut, orderCut }: Cut): boolean {
  return heldOrder >= orderCut && cut.every((end, rank) => (held[rank] ?? 0) >= end)
}

/** Whether the members behind `real`, taken together, hold what `promise` has: else it cannot be fetched from anyone. */
export function isCovered(promise: Complete, real: readonly PromiseMessage[]): boolean {
  return (
    real.some((other) => other.heldOrder >= promise.orderLength) &&
    promise.have.every((end, rank) => real.some((other) => (other.held[rank] ?? 0) >= end))
  )
}

/** For each stream, and last for the order log, one who holds its part of the cut: `first` if it does. */
export function sourcesOf(cut: Cut, real: readonly PromiseMessage[], first: number): number[] {
  const preferred = [...real].sort((a, b) => Number(b.as === first) - Number(a.as === first) || a.as - b.as)
  const sources = cut.cut.map((end, rank) => preferred.find((other) => (other.held[rank] ?? 0) >= end)?.as ?? first)
  sources.push(preferred.find((other) => other.heldOrder >= cut.orderCut)?.as ?? first)
  return sources
}
