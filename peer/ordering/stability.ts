/**
 * Stability: what every member of the view has.
 * Purpose: tells receipts and lets go of what nobody will ask for again.
 * Requires: what each member has delivered of each stream and of the order log, as last told.
 * Guarantees: an entry leaves the log only when every member has delivered it (FL1).
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), section 6.
 */

export interface Told {
  readonly have: readonly number[]
  readonly orderLength: number
}

/** What all have of one stream, or of the order log: the least that any has told, and that this member has itself. */
export function lowest<M extends Told>(
  told: readonly M[],
  self: number,
  own: number,
  prefix: (member: M) => number,
): number {
  let end = own
  for (let rank = 0; rank < told.length; rank++) if (rank !== self) end = Math.min(end, prefix(told[rank]!))
  return end
}
