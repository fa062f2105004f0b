/**
 * Quorum: which sets of a view's acceptors may speak for the view.
 * Purpose: the one place where votes are counted.
 * Requires: ranks of one view.
 * Guarantees: any two quorums of a view share an acceptor (VW4, PT1).
 * Source: Gifford, Weighted Voting for Replicated Data (SOSP 1979); the half with rank 0 as tie-breaker.
 */

/** Votes of one member. Two, so that a witness can have one. */
const MEMBER_VOTES = 2

/** Whether `ranks` are a quorum of a view of `size` members: more than half, or the half that holds rank 0. */
export function isQuorum(ranks: ReadonlySet<number>, size: number): boolean {
  const votes = MEMBER_VOTES * ranks.size
  const all = MEMBER_VOTES * size
  return 2 * votes > all || (2 * votes === all && ranks.has(0))
}
