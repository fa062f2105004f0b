/**
 * View agreement: what the coordinator of a ballot does next.
 * Purpose: from the promises it got, adopt, fill, or propose the successor of a view; pure, so that it can be read alone.
 * Requires: promises of one ballot for one view; suspicions and departures as the coordinator knows them now.
 * Guarantees: a value that may have been decided is proposed again unchanged (VW3, VW8); a fresh one is proposed only with a
 *   quorum of promises and one from every member that is not suspected (VW4, VW7), and only when all its old members hold its
 *   cut; joins, leaves and failures known by then go into it together (VW6), survivors in their order, joiners behind (VW5).
 * Source: peer/PROTOCOL.md; Ricciardi and Birman, Using Process Groups to Implement Failure Detection (PODC 1991).
 */
import type { Lineage, MemberId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import type { Accepted, Ballot, Passage, PromiseMessage, Transfer, Value } from '../wire/messages.ts'
import { highestAccepted } from './acceptor.ts'
import { type Complete, type Cut, cutOf, holds, isCovered, sourcesOf } from './flush.ts'
import { admit, assignTransfers, balance, isBalanced, stayers, survivorOf } from './join.ts'
import { electorateOf, isQuorum, witnessRank } from './quorum.ts'

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
      /** When it began. */
      readonly sinceMs: number
      retryAtMs: number
      /** The lineage that is to be split off; undefined: an ordinary change, which needs a quorum. */
      readonly fork: Lineage | undefined
      witness: WitnessPromise
    }
  | {
      readonly phase: 'accepting'
      readonly ballot: Ballot
      readonly value: Value
      readonly votes: Set<number>
      readonly sinceMs: number
      retryAtMs: number
    }

/** What the witness has to say to a ballot. */
export type WitnessPromise =
  | { readonly type: 'absent' }
  | { readonly type: 'awaited'; readonly untilMs: number }
  /** `token`: its current one. `promised`: it votes on this view's successor, and has promised the ballot. */
  | {
      readonly type: 'answered'
      readonly token: string
      readonly promised: boolean
      readonly accepted: Accepted | undefined
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
  readonly witness: WitnessPromise
  /** Where the lineage is to dissolve into, if another one has agreed to take its members. */
  readonly dissolve: Extract<Passage, { type: 'dissolve' }> | undefined
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
  const { view, promises, suspected, departed, witness, dissolve } = situation
  const electorate = electorateOf(view)
  const votesOf = (ranks: Iterable<number>): Set<number> => {
    const votes = new Set(ranks)
    return witness.type === 'answered' && witness.promised ? votes.add(witnessRank(electorate)) : votes
  }
  if (isWaiting(situation) || witness.type === 'awaited') return { type: 'wait' }
  if (!isQuorum(votesOf(promises.keys()), electorate)) return { type: 'stuck' }
  const accepted = highestAccepted([...promises.values(), ...(witness.type === 'answered' ? [witness] : [])])
  if (accepted !== undefined) return { type: 'adopt', value: accepted.value }

  const present = presentOf(situation)
  const proxies = [...promises.values()].filter(({ as }) => departed.has(as) && !suspected.has(as))
  const heard = [...present, ...proxies.filter((proxy) => isCovered(proxy, present))]
  if (!isQuorum(votesOf(heard.map(({ as }) => as)), electorate)) return { type: 'stuck' }
  return fillOrPropose(situation, heard, dissolve ?? { type: 'on' })
}

/**
 * The same for those who split off without a quorum: everyone who is neither suspected nor gone has committed itself, which
 * for the old lineage is as if it had crashed, so that nothing has to be adopted (PT3). A cut that may have been decided there
 * is kept all the same, where it can be filled: senders may have been told that it holds their multicasts.
 */
export function planFork(situation: Situation, lineage: Lineage): Plan {
  if (isWaiting(situation)) return { type: 'wait' }
  const present = presentOf(situation)
  const accepted = highestAccepted(present)?.value
  const decided = accepted && { have: accepted.cut, orderLength: accepted.orderCut }
  const heard = decided !== undefined && isCovered(decided, present) ? [...present, decided] : present
  return fillOrPropose(situation, heard, { type: 'fork', lineage })
}

function isWaiting({ view, promises, suspected, departed }: Situation): boolean {
  return view.members.some((_, rank) => !promises.has(rank) && !suspected.has(rank) && !departed.has(rank))
}

/** Promises of those who may go on, by rank. */
function presentOf({ promises, suspected, departed }: Situation): PromiseMessage[] {
  const present = [...promises.values()].filter(({ as }) => !suspected.has(as) && !departed.has(as))
  return present.sort((a, b) => a.as - b.as)
}

/** Before anything is proposed, its survivors hold its cut: what all of `heard` may have delivered. */
function fillOrPropose(situation: Situation, heard: readonly Complete[], passage: Passage): Plan {
  const present = presentOf(situation)
  const survivors = stayers(present)
  const cut = cutOf(heard, situation.view.members.length)
  const lacking = survivors.filter(({ held, heldOrder }) => !holds(held, heldOrder, cut)).map(({ as }) => as)
  if (lacking.length > 0) {
    return { type: 'fill', cut, sources: sourcesOf(cut, present, situation.self), ranks: lacking }
  }
  return propose(situation, survivors, cut, passage)
}

function propose(
  situation: Situation,
  promises: readonly PromiseMessage[],
  { cut, orderCut }: Cut,
  passage: Passage,
): Plan {
  const { view, departed, witness } = situation
  const all = promises.map((promise) => survivorOf(view.members[promise.as]!, promise))
  const survivors = balance(all)
  if (!isBalanced(survivors)) return { type: 'wait' }
  const joiners = passage.type === 'on' ? admit(survivors, situation.requests, situation.membersMax) : []
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
    witness: witness.type === 'answered' ? witness.token : undefined,
    passage,
  }
  return { type: 'propose', value }
}
