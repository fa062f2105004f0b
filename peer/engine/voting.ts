import { forkOf } from '../base/ancestry.ts'
import { type PeerId, peerOf } from '../base/ids.ts'
import { accept, isBallotOf, prepare } from '../membership/acceptor.ts'
import { holds } from '../membership/flush.ts'
import { acceptAsProxy, promiseAsProxy } from '../membership/leave.ts'
import { heldOrder } from '../ordering/abcast.ts'
import { received } from '../ordering/message-log.ts'
import type { Ballot, Message, PromiseMessage, Value } from '../wire/messages.ts'
import { bad, count, send } from './core.ts'
import { pullFill } from './repair.ts'
import type { Core, CurrentView } from './state.ts'

/**
 * The view change as each acceptor sees it: prepare, fill, accept. A member answers for itself and for the closed members
 * whose votes it holds. The coordinator's side is in view-change.ts.
 */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** Freezes what counts as had in this view, for good. */
export function wedge(current: CurrentView): void {
  current.log.wedged = true
}

export function onPrepare(
  core: Core,
  current: CurrentView,
  from: PeerId,
  rank: number,
  { ballot }: Of<'prepare'>,
): void {
  if (!isBallotOf(ballot, rank)) return bad(core, from, 'a ballot of another rank')
  current.seen = Math.max(current.seen, ballot)
  refuse(core, current, from, ballot)
  if (ballot < current.acceptor.promised) return
  beginYield(core, current)
  for (const promise of promisesOf(core, current, ballot)) send(core, from, promise)
}

export function onFill(core: Core, current: CurrentView, from: PeerId, rank: number, message: Of<'fill'>): void {
  const { ballot, cut, orderCut, sources } = message
  if (!isBallotOf(ballot, rank)) return bad(core, from, 'a fill for a ballot of another rank')
  const size = current.members.length
  if (cut.length !== size || sources.length !== size + 1 || sources.some((source) => source >= size)) {
    return bad(core, from, 'a fill that does not fit the view')
  }
  refuse(core, current, from, ballot)
  if (ballot !== current.acceptor.promised) return
  const isNew = current.fill?.ballot !== ballot || current.fill.cut.some((end, stream) => end !== cut[stream])
  current.fill = { ballot, coordinator: rank, cut, orderCut, sources }
  if (!answerFill(core, current)) pullFill(core, current, current.fill, isNew)
}

/** Tells the coordinator that all it asked for is held. */
export function answerFill(core: Core, current: CurrentView): boolean {
  const { fill, log } = current
  if (fill === undefined) return false
  const held = log.streams.map(received)
  if (!holds(held, heldOrder(log.order), fill)) return false
  current.fill = undefined
  const coordinator = current.members[fill.coordinator]!
  send(core, coordinator.peer, { kind: 'filled', ballot: fill.ballot, held, heldOrder: heldOrder(log.order) })
  return true
}

export function onAccept(core: Core, current: CurrentView, from: PeerId, rank: number, message: Of<'accept'>): void {
  const { ballot, value } = message
  if (!isBallotOf(ballot, rank) || !mayBeVotedOn(current, value))
    return bad(core, from, 'a value that does not fit the view')
  current.seen = Math.max(current.seen, ballot)
  refuse(core, current, from, ballot)
  if (ballot < current.acceptor.promised) return
  beginYield(core, current)
  for (const as of acceptedBy(current, ballot, value)) send(core, from, { kind: 'accepted', ballot, as })
}

/** Which of the acceptors here accept: this member's own, and those it holds. */
export function acceptedBy(current: CurrentView, ballot: Ballot, value: Value): number[] {
  const ranks: number[] = []
  if (accept(current.acceptor, ballot, value)) ranks.push(current.rank)
  for (const [rank, proxy] of current.proxies) if (acceptAsProxy(proxy, ballot, value)) ranks.push(rank)
  wedge(current)
  return ranks
}

/** This member's promise, and those of the acceptors it holds. */
export function promisesOf(core: Core, current: CurrentView, ballot: Ballot): PromiseMessage[] {
  const promises: PromiseMessage[] = []
  if (prepare(current.acceptor, ballot)) {
    wedge(current)
    current.promisedWithState &&= core.state.withState
    promises.push(ownPromise(core, current, ballot))
  }
  for (const [rank, proxy] of current.proxies) {
    const promise = promiseAsProxy(proxy, rank, ballot)
    if (promise === undefined) continue
    count(core, 'proxy')
    promises.push(promise)
  }
  return promises
}

/** Whether a value could be the successor of this view: its survivors are of the view, in their order (VW5), nobody twice. */
export function fitsView(current: CurrentView, value: Value): boolean {
  const survivors = value.members.slice(0, value.members.length - value.joiners)
  const ranks = survivors.map((survivor) => current.members.findIndex((member) => member.id === survivor.id))
  const isInOrder = ranks.every((rank, index) => rank > (ranks[index - 1] ?? -1))
  const peers = new Set(value.members.map((member) => peerOf(member.id)))
  const isWhole = isInOrder && peers.size === value.members.length && value.cut.length === current.members.length
  return isWhole && fitsLineage(current, value)
}

/** A lineage dissolves into a smaller one only, letting nobody in; a fork is one that a member of the view can begin. */
function fitsLineage({ view, members }: CurrentView, { passage, joiners }: Value): boolean {
  switch (passage.type) {
    case 'on':
      return true
    case 'dissolve':
      return joiners === 0 && passage.into < view.lineage
    case 'fork':
      return joiners === 0 && members.some((_, rank) => forkOf(view.lineage, view.number, rank) === passage.lineage)
  }
}

/** Whether a value may be voted on: a fork is decided by whoever begins it. */
export function mayBeVotedOn(current: CurrentView, value: Value): boolean {
  return value.passage.type !== 'fork' && fitsView(current, value)
}

/** The highest ballot that an acceptor here has promised. */
export function highestPromised({ acceptor, proxies }: CurrentView): Ballot {
  return Math.max(acceptor.promised, ...[...proxies.values()].map((proxy) => proxy.acceptor.promised))
}

/** Refuses a ballot below what an acceptor here, a closed member's included, has promised. */
function refuse(core: Core, current: CurrentView, from: PeerId, ballot: Ballot): void {
  const promised = highestPromised(current)
  if (promised <= ballot) return
  count(core, 'nack')
  send(core, from, { kind: 'nack', ballot, promised })
}

export function ownPromise(core: Core, current: CurrentView, ballot: Ballot): PromiseMessage {
  const { log, acceptor, rank, members } = current
  return {
    kind: 'promise',
    ballot,
    as: rank,
    accepted: acceptor.accepted,
    have: log.streams.map((stream) => stream.have),
    orderLength: log.order.length,
    held: log.streams.map(received),
    heldOrder: heldOrder(log.order),
    withState: core.state.withState,
    refusedBy: core.state.refusedBy,
    leaving: members[rank]!.leaving,
  }
}

/** Gives another coordinator time. */
export function beginYield(core: Core, current: CurrentView): void {
  const untilMs = core.now + core.config.ballotRetryMs + current.rank * core.config.retryMs
  current.coordinator = { phase: 'yielding', untilMs }
  current.isStuck = false
}
