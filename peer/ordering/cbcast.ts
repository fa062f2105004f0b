/**
 * CBCAST: causes before effects.
 * Purpose: completeness (what counts as held) and deliverability by vector time.
 * Requires: entries read in stream order, so that each multicast's vector time is known.
 * Guarantees: `have` is causally closed, so a cut made of it can be delivered (DL3); a cbcast or abcast is delivered only
 *   after everything that it follows (OR2); what follows an fbcast waits, at its own sender, for what that overtook (OR6).
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 5.1.
 */

import type { OrderEntry } from '../wire/messages.ts'
import { entryAt, type MessageLog, received, type Stream } from './message-log.ts'

/** Whether `prefix` gives at least `needed`, other ranks than `except`. */
export function covers(prefix: (rank: number) => number, needed: readonly number[], except: number): boolean {
  for (let rank = 0; rank < needed.length; rank++) {
    if (rank !== except && needed[rank]! > prefix(rank)) return false
  }
  return true
}

/**
 * Moves each stream's `have` over what has become complete: an fbcast once its sender's earlier entries are, others when
 * their causes are too. Returns the ABCASTs passed, in an order that respects causality: the sequencer's next entries.
 */
export function advance(log: MessageLog): OrderEntry[] {
  const totals: OrderEntry[] = []
  const have = (rank: number) => log.streams[rank]!.have
  for (let moved = true; moved; ) {
    moved = false
    for (let rank = 0; rank < log.streams.length; rank++) {
      const stream = log.streams[rank]!
      while (stream.have < received(stream) && isNextComplete(stream, rank, have)) {
        stream.have++
        moved = true
        if (endsTotal(stream)) totals.push({ rank, number: stream.have })
      }
    }
  }
  return totals
}

/** What the vector time grew by since the sender's last multicast. */
export function increaseOf(
  before: readonly number[],
  now: readonly number[],
  self: number,
): { rank: number; by: number }[] {
  const increase: { rank: number; by: number }[] = []
  for (let rank = 0; rank < now.length; rank++) {
    const by = now[rank]! - before[rank]!
    if (rank !== self && by > 0) increase.push({ rank, by })
  }
  return increase
}

/** Adds a delivered multicast, and all it follows, to this member's past. */
export function remember(log: MessageLog, rank: number, vector: readonly number[]): void {
  const { past } = log
  past[rank] = Math.max(past[rank]!, log.streams[rank]!.delivered)
  for (let other = 0; other < past.length; other++) past[other] = Math.max(past[other]!, vector[other]!)
}

function isNextComplete(stream: Stream, rank: number, have: (rank: number) => number): boolean {
  const cast = entryAt(stream, stream.have + 1)?.cast
  return cast === undefined || cast.kind === 'fifo' || covers(have, cast.vector, rank)
}

/** Whether the entry that `have` has just passed is the last one of an ABCAST. */
function endsTotal(stream: Stream): boolean {
  for (let number = stream.have; number > stream.base; number--) {
    const cast = entryAt(stream, number)!.cast
    if (cast !== undefined) return cast.kind === 'total' && number + cast.fragments - 1 === stream.have
  }
  return false
}
