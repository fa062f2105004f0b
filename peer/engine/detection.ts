import type { PeerId } from '../base/ids.ts'
import { attemptOf, peerOf } from '../base/ids.ts'
import { check, deadline, forgive, heard, hint, isDoubted, noteWay } from '../membership/failure-detector.ts'
import { electorateOf, isQuorum, witnessRank } from '../membership/quorum.ts'
import { isPingDue, pinged, ponged, unawait } from '../membership/round-trip.ts'
import type { Message, StatusMessage } from '../wire/messages.ts'
import { contactOf, coordinatorRank, count, isSuspected, noteDeparted, others, send, tellSuspicion } from './core.ts'
import { noteFull, noteStalls, spareStalled } from './flow.ts'
import { forgetAnswers, sendStatus } from './repair.ts'
import { isUsable, noteDetours, sendDirectly } from './routing.ts'
import type { Core, CurrentView, MemberState } from './state.ts'
import { hurryTransfers } from './state-transfer.ts'
import { hasWitness } from './witness.ts'

/** Failure detection in the engine: who was heard, who is asked about whom, and whether a quorum is left. */

/** Others that are asked about a silent member. */
const PROBES_MAX = 3

/** A message of that attempt of the peer came. A later attempt than the member's proves that the member is gone. */
export function onHeard(core: Core, peer: PeerId, attempt: number, isDirect: boolean): void {
  const contact = contactOf(core, peer)
  if (isDirect) contact.directAt = core.now
  const member = core.state.current?.members.find((other) => other.peer === peer)
  if (member !== undefined && attempt !== attemptOf(member.id)) {
    core.state.isStirred = true
    if (attempt > attemptOf(member.id)) member.superseded = true
    return
  }
  if (isDoubted(contact)) core.state.isStirred = true
  heard(contact, core.now, core.config)
  contact.firstHandAt = core.now
  const askers = core.state.askers.get(peer)
  if (askers === undefined || member === undefined) return
  core.state.askers.delete(peer)
  for (const asker of askers) send(core, asker, { kind: 'alive', member: member.id })
}

/** A sign that a peer may be gone: its link closed, or the server lost it. */
export function onHint(core: Core, peer: PeerId): void {
  const contact = core.state.contacts.get(peer)
  if (contact !== undefined) hint(contact, core.now)
}

export function onLink(core: Core, peer: PeerId, up: boolean): void {
  const { links, current } = core.state
  if (current !== undefined) forgetAnswers(current, peer)
  const contact = contactOf(core, peer)
  unawait(contact.trip)
  if (!up) {
    links.delete(peer)
    onHint(core, peer)
    return
  }
  links.add(peer)
  contact.hearsMe = true
  contact.directAt = core.now
  // What the broken link lost shows at once.
  if (current?.members.some((member) => member.peer === peer)) sendStatus(core, current)
}

/** Someone asks whether a member is alive: says so once it is heard again. What was heard before may be all that there is. */
export function onProbe(core: Core, current: CurrentView, from: PeerId, { member }: Of<'probe'>): void {
  const peer = peerOf(member)
  if (peer === core.state.peer) return send(core, from, { kind: 'pong', sentAt: 0 })
  if (!current.members.some((other) => other.id === member && !other.departed)) return
  const askers = core.state.askers.get(peer) ?? []
  if (!askers.includes(from)) askers.push(from)
  core.state.askers.set(peer, askers)
  askFor(core, peer)
}

/** Another member hears of one that this one does not: the link is broken, not the member. */
export function onAlive(core: Core, current: CurrentView, { member }: Of<'alive'>): void {
  if (!current.members.some((other) => other.id === member && !other.departed)) return
  count(core, 'alive')
  heard(contactOf(core, peerOf(member)), core.now, core.config)
}

export function onStatusNotes(core: Core, current: CurrentView, rank: number, message: StatusMessage): void {
  const member = current.members[rank]!
  member.wedged = message.wedged
  member.withState = message.withState
  member.needsState = message.needsState
  member.leaving = message.leaving
  member.blocked = message.blocked
  member.forks = message.forks
  noteFull(core, current, rank, message.full)
  noteStalls(core, current, rank, message)
  // What others suspect is looked at sooner, with one's own eyes.
  for (const other of message.suspects) if (other !== current.rank) onHint(core, current.members[other]!.peer)
  // A way to it may be known only now.
  if (member.routes === undefined && !isUsable(core, member.peer)) hurryTransfers(core, member.peer)
  member.routes = message.routes
  for (const proxy of message.proxies) {
    // Its goodbye to this member may have been lost.
    noteDeparted(core, current, proxy, member.id)
    if (current.members[proxy]!.holder === member.id) current.members[proxy]!.isProxied = true
  }
  const contact = contactOf(core, member.peer)
  contact.hearsMe = message.routes.every((note) => note.rank !== current.rank || note.hops === 1)
  if (contact.hearsMe) contact.hearsMeAt = core.now
}

/** The answer came over the direct link. */
export function onPong(core: Core, from: PeerId, { sentAt }: Of<'pong'>): void {
  ponged(contactOf(core, from).trip, sentAt, core.now)
}

/** Measures the links whose time has come, and looks who cannot be reached. */
export function tickLinks(core: Core, current: CurrentView): void {
  const unreached = noteDetours(core, current).map((rank) => current.members[rank])
  for (const member of others(current)) {
    const { peer, id } = member
    const contact = contactOf(core, peer)
    if (noteWay(contact, !unreached.includes(member), core.now, core.config)) tellSuspicion(core, id)
    const { trip } = contact
    if (!core.state.links.has(peer) || !isPingDue(trip, core.now, core.config.pingIntervalMs)) continue
    sendDirectly(core, peer, { kind: 'ping', sentAt: pinged(trip, core.now) })
  }
}

/** Looks at every member whose time has come: asks others, then suspects. */
export function tickDetector(core: Core, current: CurrentView): void {
  for (const member of others(current)) {
    const contact = contactOf(core, member.peer)
    const due = check(contact, core.now, core.config)
    if (due === 'probe') probe(core, current, member.peer)
    else if (due === 'suspect') suspect(core, member.peer, member.id)
  }
}

/** Takes a member for failed. */
export function suspect(core: Core, peer: PeerId, of: CurrentView['members'][number]['id']): void {
  contactOf(core, peer).suspected = true
  tellSuspicion(core, of)
}

export function detectorDeadline(core: Core, current: CurrentView): number {
  let at = Number.POSITIVE_INFINITY
  for (const member of others(current)) {
    const contact = core.state.contacts.get(member.peer)
    if (contact !== undefined) at = Math.min(at, deadline(contact, core.config))
  }
  return at
}

/** Notices that this member's own timers were late, and blames nobody else for that time (FD1). */
export function noteLateness(core: Core): void {
  const lateMs = core.now - core.state.promisedAtMs
  if (lateMs < core.config.ownLatenessMs) return
  count(core, 'own-lateness')
  for (const contact of core.state.contacts.values()) forgive(contact, lateMs)
  for (const request of core.state.requests.values()) request.heardAt += lateMs
  // What others, or the application, were given time for: they had none of it from this member's point of view.
  for (const outgoing of core.state.outgoing.values()) outgoing.saveBeforeMs += lateMs
  for (const member of core.state.current?.members ?? []) {
    member.departedAt += lateMs
    member.movedAt += lateMs
  }
  core.state.leaveAtMs += lateMs
  core.state.blockedAt += lateMs
  if (core.state.current?.closedAt !== undefined) core.state.current.closedAt += lateMs
  if (core.state.orphanedAt !== undefined) core.state.orphanedAt += lateMs
}

/** Whether the acceptors that are not suspected are a quorum; a closed member's counts through its holder, the witness while it is reached. */
export function updateBlocked(core: Core, current: CurrentView): void {
  const electorate = electorateOf(current.view)
  const ranks = new Set<number>()
  if (hasWitness(core, current)) ranks.add(witnessRank(electorate))
  for (const [rank, member] of current.members.entries()) {
    if (rank === current.rank || current.proxies.has(rank)) ranks.add(rank)
    else if (member.departed) {
      if (isVoteHeld(core, current, member)) ranks.add(rank)
    } else if (!isSuspected(core, member)) ranks.add(rank)
  }
  if (!isQuorum(ranks, electorate) && spareStalled(core, current)) return updateBlocked(core, current)
  // The coordinator may know better: that what it was promised is not enough.
  const coordinator = current.members[coordinatorRank(core, current)]
  const blocked = !isQuorum(ranks, electorate) || current.isStuck || coordinator?.blocked === true
  if (blocked === core.state.blocked) return
  core.state.blocked = blocked
  if (blocked) {
    count(core, 'blocked')
    core.state.blockedAt = core.now
  }
  core.state.forkAsked = false
  core.out.push({ type: 'status', status: blocked ? 'blocked' : 'member' })
}

/** Whether a closed member's vote can still be had: its holder lives, and shows the vote before long. */
function isVoteHeld(core: Core, current: CurrentView, member: MemberState): boolean {
  const holder = current.members.find((other) => other.id === member.holder)
  if (holder === undefined || holder.departed || isSuspected(core, holder)) return false
  return member.isProxied || core.now < member.departedAt + core.config.suspectAfterHintMs
}

function probe(core: Core, current: CurrentView, silent: PeerId): void {
  count(core, 'probe')
  const member = current.members.find((other) => other.peer === silent)
  if (member === undefined) return
  askFor(core, silent)
  const rank = current.members.indexOf(member)
  const isNeighbour = ({ routes }: MemberState) =>
    routes?.some((note) => note.rank === rank && note.hops === 1) === true
  const helpers = others(current).filter((other) => other !== member && !isSuspected(core, other))
  const bestFirst = [...helpers.filter(isNeighbour), ...helpers.filter((other) => !isNeighbour(other))]
  for (const helper of bestFirst.slice(0, PROBES_MAX)) send(core, helper.peer, { kind: 'probe', member: member.id })
}

/** Wants a sign of life, whatever way it goes: the answer measures no link. */
function askFor(core: Core, peer: PeerId): void {
  send(core, peer, { kind: 'ping', sentAt: 0 })
}

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>
