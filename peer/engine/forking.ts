import { forkOf } from '../base/ancestry.ts'
import type { PeerId } from '../base/ids.ts'
import { isBallotOf, nextBallot } from '../membership/acceptor.ts'
import { encode } from '../wire/codec.ts'
import type { Ballot, Message, Value } from '../wire/messages.ts'
import { bad, coordinatorRank, count, isSuspected, others, send } from './core.ts'
import type { Tag } from './io.ts'
import { lineageTag } from './new-state.ts'
import { sendBytes, sendBytesToAll } from './routing.ts'
import type { Core, CurrentView } from './state.ts'
import { beginYield, highestPromised, ownPromise, wedge } from './voting.ts'

/**
 * Fork: members without a quorum go on as a lineage of their own (PT3). One initiator gathers commitments from all that it
 * reaches and decides the first view of the fork from them. A commitment is irrevocable: for the old lineage, whoever gave
 * one has crashed, and says so.
 */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** Asked by hand. With a quorum there is nothing to be gained. */
export function askToFork(core: Core): void {
  if (core.state.blocked) core.state.forkAsked = true
}

/** Whether this member would rather go on without a quorum than wait. */
export function wantsFork(core: Core, current: CurrentView): boolean {
  return current.commitment !== undefined || core.now >= forkDeadline(core)
}

/** From when on it would: Infinity while it sees a quorum, or prefers to wait. */
export function forkDeadline({ state, config }: Core): number {
  if (!state.blocked) return Number.POSITIVE_INFINITY
  if (state.forkAsked) return 0
  return state.forks ? state.blockedAt + config.forkAfterMs : Number.POSITIVE_INFINITY
}

/** Whether this member is to begin a fork: none of those it reaches sees a quorum, and somebody does not want to wait. */
export function mayFork(core: Core, current: CurrentView): boolean {
  const { coordinator, rank, commitment } = current
  if (coordinatorRank(core, current) !== rank || (!core.state.blocked && commitment === undefined)) return false
  if (coordinator.phase === 'preparing' && coordinator.fork !== undefined) return false
  // It yields to the fork of another, not to a round that those who have no quorum repeat for ever.
  if (commitment !== undefined && coordinator.phase === 'yielding' && core.now < coordinator.untilMs) return false
  const reached = others(current).filter((member) => !isSuspected(core, member))
  // One that is bound to a fork has no way back: those who see a quorum refuse, and it goes without them.
  if (commitment === undefined && reached.some((member) => !member.blocked)) return false
  return wantsFork(core, current) || reached.some((member) => member.forks)
}

/** Commits this member to a fork of its own making, and asks all whom it does not suspect to go along. */
export function startFork(core: Core, current: CurrentView): void {
  const { view, rank } = current
  const lineage = forkOf(view.lineage, view.number, rank)
  const ballot = nextBallot(Math.max(current.seen, highestPromised(current)), rank)
  count(core, 'fork')
  current.seen = ballot
  commit(current, ballot, lineage)
  const { witnessToken } = core.state
  current.coordinator = {
    phase: 'preparing',
    ballot,
    promises: new Map([[rank, ownPromise(core, current, ballot)]]),
    asked: undefined,
    sinceMs: core.now,
    retryAtMs: core.now + core.config.retryMs,
    fork: lineage,
    witness:
      witnessToken === undefined
        ? { type: 'absent' }
        : { type: 'answered', token: witnessToken, promised: false, accepted: undefined },
  }
  const trusted = others(current).filter((member) => !isSuspected(core, member))
  const peers = trusted.map(({ peer }) => peer)
  sendBytesToAll(core, peers, current.tag, encode({ kind: 'fork', ballot, lineage }))
}

/** Commits this member, unless it sees a quorum itself, or has promised a later ballot. */
export function onFork(core: Core, current: CurrentView, from: PeerId, rank: number, message: Of<'fork'>): void {
  const { ballot, lineage } = message
  const { view, commitment } = current
  if (!isBallotOf(ballot, rank) || lineage !== forkOf(view.lineage, view.number, rank)) {
    return bad(core, from, 'a fork that its sender cannot begin')
  }
  current.seen = Math.max(current.seen, ballot)
  const promised = highestPromised(current)
  if (promised > ballot || (!core.state.blocked && commitment === undefined)) {
    count(core, 'fork-refused')
    return send(core, from, { kind: 'nack', ballot, promised: Math.max(promised, ballot) })
  }
  count(core, 'fork-joined')
  commit(current, ballot, lineage)
  beginYield(core, current)
  send(core, from, ownPromise(core, current, ballot))
}

/** Tells one who still counts on this member that it is gone from that lineage. */
export function sayGone(core: Core, to: PeerId, tag: Tag): void {
  count(core, 'fork-gone')
  sendBytes(core, to, tag, encode({ kind: 'bye', holder: undefined }))
}

/** Whether a decided value is for this member to follow: for one who has committed itself only the fork's. */
export function follows({ commitment }: CurrentView, { passage }: Value): boolean {
  return passage.type === 'fork' ? commitment?.lineage === passage.lineage : commitment === undefined
}

/**
 * One in the view before the fork asks: a fellow that missed the decision gets it, anyone else learns that this member is
 * gone from there. False if there was no such fork.
 */
export function answerParent(core: Core, from: PeerId, tag: Tag): boolean {
  const { state } = core
  const decision = state.decisions.findLast(
    ({ view, value }) =>
      value.passage.type === 'fork' && view.number === tag.number && lineageTag(view.lineage) === tag.lineageTag,
  )
  if (decision === undefined) return false
  const isFellow = decision.value.members.some((member) => member.id === `${from}.${tag.attempt}`)
  if (isFellow) send(core, from, { kind: 'decide', ...decision, fates: [] })
  else sayGone(core, from, { attempt: state.attempt, lineageTag: tag.lineageTag, number: tag.number })
  return true
}

function commit(current: CurrentView, ballot: Ballot, lineage: Of<'fork'>['lineage']): void {
  wedge(current)
  current.acceptor.promised = ballot
  current.commitment = { ballot, lineage }
}
