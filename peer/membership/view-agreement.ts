/**
 * View agreement: what the coordinator of a ballot does next.
 * Purpose: from the promises it got, adopt, fill, or propose the successor of a view; pure, so that it can be read alone.
 * Requires: promises of one ballot for one view; suspicions and departures as the coordinator knows them now.
 * Guarantees: a value that may have been decided is proposed again unchanged (VW3, VW8); a fresh one is proposed only with a
 *   quorum of promises and one from every member that is not suspected (VW4, VW7), and only when all its old members hold its
 *   cut; joins, leaves and failures known by then go into it together (VW6), survivors in their order, joiners behind (VW5).
 * Source: peer/PROTOCOL.md; Ricciardi and Birman, Using Process Groups to Implement Failure Detection (PODC 1991).
 */
import type { MemberId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import type { Ballot, PromiseMessage, Transfer, Value } from '../wire/messages.ts'
import { highestAccepted } from './acceptor.ts'
import { type Cut, cutOf, holds, isCovered, sourcesOf } from './flush.ts'
import { admit, assignTransfers, balance, isBalanced, stayers, survivorOf } from './join.ts'
import { isQuorum } from './quorum.ts'

/** Where a member stands as coordinator of the change of its view. */
export type Coordinator =
  | { readonly phase: 'idle' }
  /** Refused or overtaken: waits for the other coordinator until then. */
  | { readonly phase: 'yielding'; readonly untilMs: number }
  | {
      readonly phase: 'preparing'
      readonly ballot: Ballot
      readonly promises: Map<number, PromiseMessage>
      /** The cut that members were last asked to fill, to tell when it changes. */
      asked: Cut | undefined
      retryAtMs: number
    }
  | {
      readonly phase: 'accepting'
      readonly ballot: Ballot
      readonly value: Value
      readonly votes: Set<number>
      retryAtMs: number
    }

export interface Situation {
  readonly view: ViewRecord
  /** The coordinator's own rank. */
  readonly self: number
  readonly promises: ReadonlyMap<number, PromiseMessage>
  readonly suspected: ReadonlySet<number>
  /** Those who said goodbye; their vote, if promised, is a proxy's. */
  readonly departed: ReadonlySet<number>
  readonly requests: readonly MemberRecord[]
  readonly transfers: readonly Transfer[]
  readonly membersMax: number
  /** Whether the group's members have state at all; if not, a joiner needs none. */
  readonly hasState: boolean
}

export type Plan =
  /** Promises are missing. */
  | { readonly type: 'wait' }
  /** All have answered who can, and it is not enough: no quorum can hold what a closed member may have delivered. */
  | { readonly type: 'stuck' }
  | { readonly type: 'adopt'; readonly value: Value }
  | { readonly type: 'fill'; readonly cut: Cut; readonly sources: readonly number[]; readonly ranks: readonly number[] }
  | { readonly type: 'propose'; readonly value: Value }

export function plan(situation: Situation): Plan {
  const { view, promises, suspected, departed } = situation
  const size = view.members.length
  for (let rank = 0; rank < size; rank++) {
    if (!promises.has(rank) && !suspected.has(rank) && !departed.has(rank)) return { type: 'wait' }
  }
  if (!isQuorum(new Set(promises.keys()), size)) return { type: 'wait' }
  const accepted = highestAccepted(promises.values())
  if (accepted !== undefined) return { type: 'adopt', value: accepted.value }

  const present = [...promises.values()].filter(({ as }) => !suspected.has(as) && !departed.has(as))
  const proxies = [...promises.values()].filter(({ as }) => departed.has(as) && !suspected.has(as))
  const heard = [...present, ...proxies.filter((proxy) => isCovered(proxy, present))]
  if (!isQuorum(new Set(heard.map(({ as }) => as)), size)) return { type: 'stuck' }

  const survivors = stayers([...present].sort((a, b) => a.as - b.as))
  const cut = cutOf(heard, size)
  const lacking = survivors.filter(({ held, heldOrder }) => !holds(held, heldOrder, cut)).map(({ as }) => as)
  if (lacking.length > 0) {
    return { type: 'fill', cut, sources: sourcesOf(cut, present, situation.self), ranks: lacking }
  }
  return propose(situation, survivors, cut)
}

function propose(situation: Situation, promises: readonly PromiseMessage[], { cut, orderCut }: Cut): Plan {
  const { view, departed } = situation
  const all = promises.map((promise) => survivorOf(view.members[promise.as]!, promise))
  const survivors = balance(all)
  if (!isBalanced(survivors)) return { type: 'wait' }
  const joiners = admit(survivors, situation.requests, situation.membersMax)
  const leaving = new Set([...situation.promises.values()].filter((promise) => promise.leaving).map(({ as }) => as))
  const staying = new Set<MemberId>(all.map((survivor) => survivor.member.id))
  const left = view.members.filter(
    (member, rank) => (leaving.has(rank) || departed.has(rank)) && !staying.has(member.id),
  )
  const value: Value = {
    members: [...survivors.map((survivor) => survivor.member), ...joiners],
    joiners: joiners.length,
    left: left.map((member) => member.id),
    cut,
    orderCut,
    transfers: situation.hasState ? assignTransfers(survivors, joiners, situation.transfers, view.number + 1) : [],
  }
  return { type: 'propose', value }
}
