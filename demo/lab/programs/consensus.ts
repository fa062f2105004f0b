import type { Delivered } from '../side.ts'

const PROPOSAL = 'propose '

/**
 * Consensus out of a group: whoever has a proposal multicasts it by `abcast`, and the first that is delivered is the decision.
 * All that go on deliver the same one first (agreement), it is somebody's proposal (validity), and a member's own proposal
 * comes back to it, so it decides (termination, as long as there is a quorum). Nothing is left to do for the application: the
 * group has decided when it agreed on an order. One that crashes may have delivered another one first, just before, and nobody
 * else knows: against that a group would have to deliver only what all have.
 */
export function decisionOf(log: readonly Delivered[]): string | undefined {
  return log.find(({ value }) => value.startsWith(PROPOSAL))?.value.slice(PROPOSAL.length)
}

/** For the table of members. */
export function shownDecision(log: readonly Delivered[]): string {
  return decisionOf(log) ?? 'undecided'
}
