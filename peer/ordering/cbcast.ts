/**
 * CBCAST: causes before effects.
 * Purpose: completeness (what counts as held) and deliverability by vector time.
 * Requires: entries read in stream order, so that each multicast's vector time is known.
 * Guarantees: `have` is causally closed, so a cut made of it can be delivered (DL3); a cbcast or abcast is delivered only
 *   after everything that it follows (OR2); what follows an fbcast waits, at its own sender, for what that overtook (OR6).
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 5.1.
 */

import type { OrderEntry } from '../wire/messages.ts'
import { type Cast, entryAt, type MessageLog, received, type Stream } from './message-log.ts'

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
  const { streams } = log
  for (let moved = true; moved; ) {
    moved = false
    for (let rank = 0; rank < streams.length; rank++) {
      const stream = streams[rank]!
      for (let end = received(stream); stream.have < end; moved = true) {
        const cast = entryAt(stream, stream.have + 1)!.cast
        if (cast !== undefined && cast.kind !== 'fifo' && !isCovered(cast, streams, 'have')) break
        stream.have++
        if (cast?.kind === 'total') totals.push({ rank, number: stream.have })
      }
    }
  }
  return totals
}

/** Whether all that a multicast follows is there. What its sender's earlier ones have waited for is. */
export function isCovered(cast: Cast, streams: readonly Stream[], prefix: 'have' | 'delivered'): boolean {
  const { causes, vector } = cast
  for (let i = 0; i < causes.length; i++) {
    const rank = causes[i]!
    if (vector[rank]! > streams[rank]![prefix]) return false
  }
  return true
}

/** What the vector time grew by since the sender's last multicast: rank and by how much, rank and by how much. */
export function increaseOf(before: readonly number[], now: readonly number[], self: number): readonly number[] {
  let increase: number[] = NO_INCREASE
  for (let rank = 0; rank < now.length; rank++) {
    const by = now[rank]! - before[rank]!
    if (rank === self || by <= 0) continue
    if (increase === NO_INCREASE) increase = []
    increase.push(rank, by)
  }
  return increase
}

/** Adds a delivered multicast, and all it follows, to this member's past. */
export function remember(log: MessageLog, rank: number, { causes, vector }: Cast): void {
  const { past } = log
  const { delivered } = log.streams[rank]!
  if (delivered > past[rank]!) past[rank] = delivered
  for (let i = 0; i < causes.length; i++) {
    const cause = causes[i]!
    if (vector[cause]! > past[cause]!) past[cause] = vector[cause]!
  }
}

const NO_INCREASE: number[] = []
