/**
 * Stability: what every member of the view has.
 * Purpose: tells receipts and lets go of what nobody will ask for again.
 * Requires: each member's `have` and order log length, as last told.
 * Guarantees: an entry leaves the log only when every member has it complete and it was delivered here (FL1).
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 6.
 */

export interface Told {
  readonly have: readonly number[]
  readonly orderLength: number
}

/** For each stream the prefix that all have, and the one of the order log. */
export function stablePrefix(told: readonly Told[], streams: number): Told {
  const have = new Array<number>(streams).fill(Number.POSITIVE_INFINITY)
  let orderLength = Number.POSITIVE_INFINITY
  for (const member of told) {
    for (let rank = 0; rank < streams; rank++) have[rank] = Math.min(have[rank]!, member.have[rank] ?? 0)
    orderLength = Math.min(orderLength, member.orderLength)
  }
  return { have, orderLength }
}
