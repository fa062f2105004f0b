/**
 * Acceptor: one vote on the successor of one view.
 * Purpose: single-decree Paxos, the part that remembers.
 * Requires: `wedge` before the answer leaves; state kept as long as the view.
 * Guarantees: a ballot below a promise is never accepted, so that a later ballot sees what may have been decided (VW3).
 * Source: Lamport, Paxos Made Simple (2001), section 2.2.
 */
import { BALLOT_MAX } from '../wire/ballot.ts'
import type { Accepted, Ballot, Value } from '../wire/messages.ts'

/** `V`: what is voted on; a witness votes on bytes that it cannot read. */
export interface Acceptor<V = Value> {
  promised: Ballot
  accepted: { readonly ballot: Ballot; readonly value: V } | undefined
}

export function newAcceptor<V = Value>(): Acceptor<V> {
  return { promised: 0, accepted: undefined }
}

/** Phase 1: promises `ballot` unless a higher one was promised. The same ballot is promised again. */
export function prepare(acceptor: Acceptor<unknown>, ballot: Ballot): boolean {
  if (ballot < acceptor.promised) return false
  acceptor.promised = ballot
  return true
}

/** Phase 2: accepts `value` unless a higher ballot was promised. */
export function accept<V>(acceptor: Acceptor<V>, ballot: Ballot, value: V): boolean {
  if (ballot < acceptor.promised) return false
  acceptor.promised = ballot
  acceptor.accepted = { ballot, value }
  return true
}

/** Ranks a ballot number has room for. */
const BALLOT_RANKS = 4096

/** The ballot of `rank` in the round after the one of `seen`. */
export function nextBallot(seen: Ballot, rank: number): Ballot {
  return (Math.floor(seen / BALLOT_RANKS) + 1) * BALLOT_RANKS + rank
}

/** The rank whose ballot it is. */
export function ballotRank(ballot: Ballot): number {
  return ballot % BALLOT_RANKS
}

/** Whether a coordinator of that rank can have made the ballot. Rounds are bounded, so that a higher one always exists. */
export function isBallotOf(ballot: Ballot, rank: number): boolean {
  return ballotRank(ballot) === rank && ballot <= BALLOT_MAX
}

/** The highest-numbered accepted value among promises, which must be proposed again. */
export function highestAccepted(promises: Iterable<{ readonly accepted: Accepted | undefined }>): Accepted | undefined {
  let highest: Accepted | undefined
  for (const { accepted } of promises) {
    if (accepted !== undefined && accepted.ballot > (highest?.ballot ?? 0)) highest = accepted
  }
  return highest
}
