/**
 * Quorum: which sets of a view's acceptors may speak for the view.
 * Purpose: the one place where votes are counted.
 * Requires: ranks of one view; the witness stands behind the last member, and counts only where the view carries its token.
 * Guarantees: any two quorums of a view share an acceptor (VW4, PT1).
 * Source: Gifford, Weighted Voting for Replicated Data (SOSP 1979); Paris, Voting with Witnesses (ICDCS 1986); without a
 *   witness, the half with rank 0 as tie-breaker.
 */
import type { ViewRecord } from '../base/view.ts'

/** Votes of one member. Two, so that a witness can have one. */
const MEMBER_VOTES = 2

/** Who votes on the successor of a view. */
export interface Electorate {
  readonly members: number
  readonly witness: boolean
}

export function electorateOf({ members, witness }: ViewRecord): Electorate {
  return { members: members.length, witness: witness !== undefined }
}

/** The place of the witness among the voters: behind the last member. */
export function witnessRank({ members }: Electorate): number {
  return members
}

/** Whether `voters` are a quorum: more than half of all votes, or, without a witness, the half that holds rank 0. */
export function isQuorum(voters: ReadonlySet<number>, electorate: Electorate): boolean {
  const { members, witness } = electorate
  const seen = voters.has(witnessRank(electorate))
  const votes = MEMBER_VOTES * (voters.size - (seen ? 1 : 0)) + (witness && seen ? 1 : 0)
  const all = MEMBER_VOTES * members + (witness ? 1 : 0)
  return 2 * votes > all || (!witness && 2 * votes === all && voters.has(0))
}
