/**
 * Delivery: the next multicast that may be handed to the application.
 * Purpose: the one place where the three orders meet.
 * Requires: limits that are causally closed: what is complete here, or the cut.
 * Guarantees: OR1 to OR6; delivers nothing beyond the limits; with the cut as limit, delivers all of it.
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 5.
 */
import { completeOrder, isNextInOrder } from './abcast.ts'
import { isCovered, remember } from './cbcast.ts'
import { front, take } from './fbcast.ts'
import type { Cast, MessageLog } from './message-log.ts'

export interface Delivered {
  readonly rank: number
  readonly cast: Cast
  readonly payload: Uint8Array
  /** Number of its last entry. */
  readonly last: number
  /** Place among the view's ABCASTs, from 1. */
  readonly order: number | undefined
}

/** Hands out, in order, all that is complete here. */
export function deliverComplete(log: MessageLog, handOut: (delivered: Delivered) => void): void {
  deliver(log, (rank) => log.streams[rank]!.have, handOut)
}

/** Ends the view: hands out the rest of the cut. A multicast of which the cut holds only a part is dropped with the log. */
export function deliverCut(
  log: MessageLog,
  cut: readonly number[],
  orderCut: number,
  handOut: (delivered: Delivered) => void,
): void {
  deliver(log, (rank) => log.streams[rank]!.have, handOut)
  completeOrder(log.order, log.streams, cut, orderCut)
  deliver(log, (rank) => cut[rank]!, handOut)
}

function deliver(log: MessageLog, limit: (rank: number) => number, handOut: (delivered: Delivered) => void): void {
  for (let moved = true; moved; ) {
    moved = false
    for (let rank = 0; rank < log.streams.length; rank++) {
      for (;;) {
        const delivered = deliverNext(log, rank, limit(rank))
        if (delivered === undefined) break
        moved = true
        handOut(delivered)
      }
    }
  }
}

function deliverNext(log: MessageLog, rank: number, limit: number): Delivered | undefined {
  const stream = log.streams[rank]!
  const cast = front(stream, limit)
  if (cast === undefined || !isReady(log, rank, cast)) return undefined
  const payload = take(stream, cast)
  remember(log, rank, cast)
  if (cast.kind !== 'total') return { rank, cast, payload, last: stream.delivered, order: undefined }
  log.order.done++
  log.order.delivered++
  return { rank, cast, payload, last: stream.delivered, order: log.order.delivered }
}

function isReady(log: MessageLog, rank: number, cast: Cast): boolean {
  if (cast.kind === 'fifo') return true
  if (!isCovered(cast, log.streams, 'delivered')) return false
  if (cast.kind === 'causal') return true
  return isNextInOrder(log.order, rank, log.streams[rank]!.delivered + 1, log.order.length)
}
