/**
 * Leave: the vote of a page that is closing.
 * Purpose: a member that has no time left hands its acceptor to one holder, who answers for it.
 * Requires: the member wedged first, tells the holder alone, and never acts again under its id.
 * Guarantees: the vote is cast at most once a ballot, with the `have` it had (FD3, PT1). A proxy is never passed on: if the
 *   holder dies, the vote is gone.
 * Source: peer/PROTOCOL.md, closing page.
 */
import type { Ballot, GrantMessage, PromiseMessage, Value } from '../wire/messages.ts'
import { type Acceptor, accept, prepare } from './acceptor.ts'

/** A closed member's acceptor, kept by its holder. */
export interface ProxyVote {
  readonly acceptor: Acceptor
  readonly have: readonly number[]
  readonly orderLength: number
  readonly withState: boolean
}

export function proxyOf(grant: GrantMessage): ProxyVote {
  const { promised, accepted, have, orderLength, withState } = grant
  return { acceptor: { promised, accepted }, have, orderLength, withState }
}

/** The proxy's promise, or undefined if it promised a higher ballot. It holds nothing that could be pulled from it. */
export function promiseAsProxy(proxy: ProxyVote, rank: number, ballot: Ballot): PromiseMessage | undefined {
  if (!prepare(proxy.acceptor, ballot)) return undefined
  const { have, orderLength, withState, acceptor } = proxy
  return {
    kind: 'promise',
    ballot,
    as: rank,
    accepted: acceptor.accepted,
    have,
    orderLength,
    held: have.map(() => 0),
    heldOrder: 0,
    withState,
    refusedBy: [],
    leaving: true,
  }
}

export function acceptAsProxy(proxy: ProxyVote, ballot: Ballot, value: Value): boolean {
  return accept(proxy.acceptor, ballot, value)
}
