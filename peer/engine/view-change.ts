import { type PeerId, peerOf } from '../base/ids.ts'
import { ballotRank, nextBallot } from '../membership/acceptor.ts'
import { roomFor, stayers } from '../membership/join.ts'
import { electorateOf, isQuorum, witnessRank } from '../membership/quorum.ts'
import { type Coordinator, type Plan, plan, planFork, type Situation } from '../membership/view-agreement.ts'
import { BALLOT_MAX } from '../wire/ballot.ts'
import { encode } from '../wire/codec.ts'
import type { Ballot, Message, PromiseMessage, Value } from '../wire/messages.ts'
import { broadcast, coordinatorRank, count, isSuspected, noteDeparted, others, send } from './core.ts'
import { mayFork, startFork } from './forking.ts'
import { decided } from './install.ts'
import { offered } from './merging.ts'
import { pullFill } from './repair.ts'
import { sendBytesToAll } from './routing.ts'
import type { Core, CurrentView } from './state.ts'
import { acceptedBy, beginYield, highestPromised, ownPromise, promisesOf } from './voting.ts'
import { acceptByWitness, prepareWitness, wantsToken } from './witness.ts'

/**
 * The view change as its coordinator drives it: prepare, promise, fill, accept, accepted, decide, step by step as in
 * peer/PROTOCOL.md. The acceptors' side is in voting.ts.
 */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** Starts, goes on with, or repeats the change of this view, if that is this member's task now. */
export function drive(core: Core, current: CurrentView): void {
  if (mayFork(core, current)) startFork(core, current)
  const { coordinator } = current
  switch (coordinator.phase) {
    case 'idle':
      // For this lineage it has crashed.
      if (current.commitment !== undefined) return
      if (!isCoordinator(core, current) || !hasReason(core, current)) return
      start(core, current)
      // Alone, or with the failed only, it has all the promises that it will get.
      drive(core, current)
      return
    case 'yielding':
      if (core.now < coordinator.untilMs && !isBallotDead(core, current)) return
      current.coordinator = { phase: 'idle' }
      drive(core, current)
      return
    case 'preparing':
      followPlan(core, current, coordinator)
      return
    case 'accepting':
      if (core.now >= coordinator.retryAtMs) repeatAccept(core, current, coordinator)
  }
}

/** Whether this member is the lowest-ranked unsuspected one with state. */
export function isCoordinator(core: Core, current: CurrentView): boolean {
  return coordinatorRank(core, current) === current.rank
}

/** Whether a change would change something, as far as this member knows. */
function hasReason(core: Core, current: CurrentView): boolean {
  const { members, log, rank } = current
  if (wantsToken(core) || offered(core, current) !== undefined) return true
  if (log.wedged || members.some((member) => member.departed || member.needsState || member.superseded)) return true
  if (members.some((member, other) => other !== rank && (member.wedged > 0 || isSuspected(core, member)))) return true
  const staying = stayers(members)
  return (
    staying.length < members.length || (core.state.requests.size > 0 && roomFor(staying, core.config.membersMax) > 0)
  )
}

function start(core: Core, current: CurrentView): void {
  const ballot = nextBallot(Math.max(current.seen, highestPromised(current)), current.rank)
  if (current.acceptor.promised > 0) count(core, 'ballot-retry')
  count(core, 'ballot')
  current.seen = ballot
  const retryAtMs = core.now + core.config.retryMs
  const witness = prepareWitness(core, current, ballot)
  current.coordinator = {
    phase: 'preparing',
    ballot,
    promises: new Map(),
    asked: undefined,
    sinceMs: core.now,
    retryAtMs,
    fork: undefined,
    witness,
  }
  broadcast(core, current, { kind: 'prepare', ballot })
  for (const promise of promisesOf(core, current, ballot)) onPromise(core, current, current.rank, promise)
}

export function onPromise(core: Core, current: CurrentView, rank: number, promise: PromiseMessage): void {
  const { coordinator } = current
  if (coordinator.phase !== 'preparing' || coordinator.ballot !== promise.ballot) return
  if (promise.as !== rank) {
    noteDeparted(core, current, promise.as, current.members[rank]!.id)
    current.members[promise.as]!.isProxied = true
  }
  coordinator.promises.set(promise.as, promise)
}

/** `rank`: of whoever refuses. */
export function onNack(
  core: Core,
  current: CurrentView,
  rank: number,
  { ballot, promised }: Pick<Of<'nack'>, 'ballot' | 'promised'>,
): void {
  if (promised > BALLOT_MAX) return
  current.seen = Math.max(current.seen, promised)
  const { coordinator } = current
  if (coordinator.phase === 'preparing' && coordinator.fork !== undefined && promised === ballot) {
    // It sees a quorum and stays in the old lineage, for which this member is gone.
    noteDeparted(core, current, rank, undefined)
  } else if (
    (coordinator.phase === 'preparing' || coordinator.phase === 'accepting') &&
    coordinator.ballot === ballot
  ) {
    count(core, 'nacked')
    beginYield(core, current)
  }
}

function followPlan(core: Core, current: CurrentView, coordinator: Extract<Coordinator, { phase: 'preparing' }>): void {
  const ranks = [...current.members.keys()]
  refreshOwnPromise(core, current, coordinator)
  const situation: Situation = {
    view: current.view,
    self: current.rank,
    promises: coordinator.promises,
    suspected: new Set(ranks.filter((rank) => rank !== current.rank && isSuspected(core, current.members[rank]!))),
    departed: new Set(ranks.filter((rank) => current.members[rank]!.departed)),
    requests: [...core.state.requests.values()].map((request) => request.member),
    transfers: current.transfers,
    membersMax: core.config.membersMax,
    hasState: core.state.hasState,
    witness: witnessNow(core, coordinator),
    dissolve: offered(core, current),
  }
  const { fork } = coordinator
  const next = fork === undefined ? plan(situation) : planFork(situation, fork)
  // An answer may still be on its way.
  current.isStuck = next.type === 'stuck' && core.now >= coordinator.sinceMs + core.config.retryMs
  switch (next.type) {
    case 'wait':
    case 'stuck':
      if (core.now >= coordinator.retryAtMs) repeatPrepare(core, current, coordinator)
      return
    case 'fill':
      askToFill(core, current, coordinator, next)
      return
    case 'adopt':
      count(core, 'adopt')
      propose(core, current, coordinator.ballot, next.value)
      return
    case 'propose':
      // Whoever is in a fork has committed itself to it: there is nobody left to agree.
      if (fork === undefined) propose(core, current, coordinator.ballot, next.value)
      else decide(core, current, next.value)
  }
}

/** The witness is given a moment; then the change goes on without it. */
function witnessNow(core: Core, { witness }: Extract<Coordinator, { phase: 'preparing' }>): Situation['witness'] {
  return witness.type === 'awaited' && core.now >= witness.untilMs ? { type: 'absent' } : witness
}

/** What this member holds grows while it coordinates. */
function refreshOwnPromise(
  core: Core,
  current: CurrentView,
  { promises, ballot }: Extract<Coordinator, { phase: 'preparing' }>,
): void {
  if (promises.has(current.rank)) promises.set(current.rank, ownPromise(core, current, ballot))
}

function repeatPrepare(
  core: Core,
  current: CurrentView,
  coordinator: Extract<Coordinator, { phase: 'preparing' }>,
): void {
  coordinator.retryAtMs = core.now + core.config.retryMs
  const { ballot, fork } = coordinator
  const bytes = encode(fork === undefined ? { kind: 'prepare', ballot } : { kind: 'fork', ballot, lineage: fork })
  // Asked again, but not waited for again.
  if (fork === undefined && coordinator.witness.type !== 'answered') prepareWitness(core, current, ballot)
  const owing = current.members.filter((member, rank) => {
    if (rank === current.rank || member.departed || member.superseded) return false
    const isHolder = current.members.some(
      (other, proxy) => other.holder === member.id && !coordinator.promises.has(proxy),
    )
    return !coordinator.promises.has(rank) || isHolder
  })
  sendBytesToAll(
    core,
    owing.map(({ peer }) => peer),
    current.tag,
    bytes,
  )
}

/** Asks those who lack part of the cut to fetch it: at once when the cut is new, then again and again. */
function askToFill(
  core: Core,
  current: CurrentView,
  coordinator: Extract<Coordinator, { phase: 'preparing' }>,
  { cut, sources, ranks }: Extract<Plan, { type: 'fill' }>,
): void {
  const isNew = JSON.stringify(coordinator.asked) !== JSON.stringify(cut)
  if (!isNew && core.now < coordinator.retryAtMs) return
  coordinator.asked = cut
  coordinator.retryAtMs = core.now + core.config.retryMs
  count(core, 'fill')
  for (const rank of ranks) {
    const { ballot } = coordinator
    if (rank !== current.rank) send(core, current.members[rank]!.peer, { kind: 'fill', ballot, ...cut, sources })
    else pullFill(core, current, { ballot, coordinator: rank, ...cut, sources }, isNew)
  }
}

export function onFilled(current: CurrentView, rank: number, { ballot, held, heldOrder }: Of<'filled'>): void {
  const { coordinator } = current
  if (coordinator.phase !== 'preparing' || coordinator.ballot !== ballot) return
  const promise = coordinator.promises.get(rank)
  if (promise !== undefined) coordinator.promises.set(rank, { ...promise, held, heldOrder })
}

function propose(core: Core, current: CurrentView, ballot: Ballot, value: Value): void {
  const retryAtMs = core.now + core.config.retryMs
  current.coordinator = { phase: 'accepting', ballot, value, votes: new Set(), sinceMs: core.now, retryAtMs }
  broadcast(core, current, { kind: 'accept', ballot, value })
  acceptByWitness(core, current, ballot, value)
  for (const rank of acceptedBy(current, ballot, value))
    onAccepted(core, current, { kind: 'accepted', ballot, as: rank })
}

/** A vote that this member was given counts in the ballot that it runs itself. */
export function countProxy(core: Core, current: CurrentView): void {
  const { coordinator } = current
  const promised = highestPromised(current)
  if ('ballot' in coordinator && coordinator.ballot < promised) {
    onNack(core, current, current.rank, { ballot: coordinator.ballot, promised })
    return
  }
  if (coordinator.phase === 'preparing') {
    for (const promise of promisesOf(core, current, coordinator.ballot)) onPromise(core, current, current.rank, promise)
  } else if (coordinator.phase === 'accepting') {
    const { ballot, value } = coordinator
    for (const as of acceptedBy(current, ballot, value)) onAccepted(core, current, { kind: 'accepted', ballot, as })
  }
}

function repeatAccept(
  core: Core,
  current: CurrentView,
  coordinator: Extract<Coordinator, { phase: 'accepting' }>,
): void {
  coordinator.retryAtMs = core.now + core.config.retryMs
  const { ballot, value, votes, sinceMs } = coordinator
  // All have voted who can, and it is not enough: the one whose vote counted on has gone since.
  const isVotedOut = others(current).every(
    (member) => isSuspected(core, member) || votes.has(current.members.indexOf(member)),
  )
  current.isStuck = isVotedOut && core.now >= sinceMs + core.config.suspectAfterHintMs
  broadcast(core, current, { kind: 'accept', ballot, value })
  acceptByWitness(core, current, ballot, value)
}

export function onAccepted(core: Core, current: CurrentView, { ballot, as }: Of<'accepted'>): void {
  const { coordinator } = current
  const electorate = electorateOf(current.view)
  if (coordinator.phase !== 'accepting' || coordinator.ballot !== ballot || as > witnessRank(electorate)) return
  coordinator.votes.add(as)
  if (!isQuorum(coordinator.votes, electorate)) return
  decide(core, current, coordinator.value)
}

function decide(core: Core, current: CurrentView, value: Value): void {
  current.coordinator = { phase: 'idle' }
  const decision = { kind: 'decide', view: current.view, value, fates: [] } as const
  const joiners = joinersOf(value)
  const concerned = current.members.filter((member) => {
    // Who is in no part of a fork hears by its messages that its members are gone. One that comes back is told as a joiner.
    const isConcerned = value.passage.type !== 'fork' || value.members.some(({ id }) => id === member.id)
    return member.id !== core.state.self && !member.departed && isConcerned && !joiners.has(member.peer)
  })
  const peers = concerned.map(({ peer }) => peer)
  sendBytesToAll(core, peers, current.tag, encode(decision))
  sendBytesToAll(core, joiners, current.tag, encode({ ...decision, fates: core.state.fates }))
  decided(core, current, value)
}

/** Whether the coordinator of the highest ballot is gone, so that nobody need wait for it. */
function isBallotDead(core: Core, current: CurrentView): boolean {
  const rank = ballotRank(current.seen)
  const owner = current.members[rank]
  return owner === undefined || (rank !== current.rank && (owner.departed || isSuspected(core, owner)))
}

function joinersOf(value: Value): Set<PeerId> {
  return new Set(value.members.slice(value.members.length - value.joiners).map((member) => peerOf(member.id)))
}
