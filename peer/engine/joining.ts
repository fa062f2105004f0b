import { isFork, type Place, partingOf } from '../base/ancestry.ts'
import { attemptOf, type Lineage, type MemberId, memberId, type PeerId, peerOf } from '../base/ids.ts'
import { encode } from '../wire/codec.ts'
import type { FateRecord, Message, Value } from '../wire/messages.ts'
import { bad, coordinatorRank, count, isSending, isSuspected, noteDeparted, others, send } from './core.ts'
import { endWith, installAsJoiner, installFounder } from './install.ts'
import type { Tag } from './io.ts'
import { noteMeeting } from './merging.ts'
import { relayTo, sendBytes } from './routing.ts'
import type { Core, CurrentView } from './state.ts'

/** Getting in: founding, asking, being asked, and the meeting of two lineages of which one is new and empty. */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

export function found(core: Core, lineage: Lineage, fates: readonly FateRecord[]): void {
  if (core.state.phase !== 'joining') return
  count(core, 'found')
  core.state.fates.push(...fates)
  const { self, info, witnessToken } = core.state
  installFounder(core, { lineage, number: 1, members: [{ id: self, info }], witness: witnessToken })
  sayHello(core)
}

/** Asks every linked peer to be let in; whoever is a member passes it to the coordinator. */
export function askToJoin(core: Core, peers: Iterable<PeerId>): void {
  const { self, info, hasState } = core.state
  for (const peer of peers) send(core, peer, { kind: 'join', member: self, info, hasState })
}

export function onJoin(core: Core, current: CurrentView, from: PeerId, message: Of<'join'>): void {
  const { member, info, hasState } = message
  if (peerOf(member) !== from) return bad(core, from, 'a join in the name of another')
  if (info.length > core.config.memberInfoBytesMax) return bad(core, from, 'member info too large')
  if (current.members.some((other) => other.id === member)) return repeatDecision(core, member)
  if (hasState !== core.state.hasState) return send(core, from, { kind: 'refuse', member, reason: 'state-mismatch' })
  if (isOutdated(core, current, member)) return send(core, from, { kind: 'refuse', member, reason: 'outdated' })
  if (current.members.length >= core.config.membersMax) {
    return send(core, from, { kind: 'refuse', member, reason: 'group-full' })
  }
  supersede(core, current, member)
  const known = core.state.requests.get(member)
  if (known === undefined)
    core.state.requests.set(member, { member: { id: member, info: info.slice() }, heardAt: core.now })
  else known.heardAt = core.now
  passOn(core, current, from, message)
}

/** Requests of joiners that are not heard any more go (they vanished), so that nobody lets in the dead. */
export function tickRequests(core: Core): void {
  for (const [member, request] of core.state.requests) {
    if (core.now - request.heardAt >= core.config.suspectAfterHintMs) core.state.requests.delete(member)
  }
}

export function requestsDeadline(core: Core): number {
  let at = Number.POSITIVE_INFINITY
  for (const request of core.state.requests.values())
    at = Math.min(at, request.heardAt + core.config.suspectAfterHintMs)
  return at
}

/** A joiner learns that it is let in. */
export function onDecideAsJoiner(core: Core, { view, value, fates }: Of<'decide'>): void {
  const { self } = core.state
  const isJoiner = value.members.slice(value.members.length - value.joiners).some((member) => member.id === self)
  if (!isJoiner || value.passage.type !== 'on') return
  core.state.fates.push(...fates)
  installAsJoiner(core, view, value)
}

/** An outdated id is one that was let in and out again without knowing: it asks anew under the next. */
export function onRefuse(core: Core, { member, reason }: Of<'refuse'>): void {
  if (member !== core.state.self || core.state.phase !== 'joining') return
  endWith(core, undefined, undefined, reason === 'outdated' ? 'no-state' : reason)
}

/**
 * Tells linked peers that are not in the view of this lineage: joiners ask at once, another lineage is noticed. `toMembers`:
 * one that speaks from another lineage as well, though this one counts it among its members: both may have let each other in by
 * requests that were no longer meant.
 */
export function sayHello(core: Core, peers: Iterable<PeerId> = core.state.links, toMembers = false): void {
  const { current, blocked } = core.state
  if (current === undefined) return
  const { lineage, number, members } = current.view
  const idle = isIdleFounder(current)
  const bytes = encode({ kind: 'hello', lineage, number, members: members.length, idle, blocked })
  for (const peer of peers) {
    if (toMembers || !current.members.some((member) => member.peer === peer)) {
      sendBytes(core, peer, current.tag, bytes)
    }
  }
}

export function onHello(core: Core, from: PeerId, tag: Tag, hello: Of<'hello'>): void {
  const { current, phase } = core.state
  if (phase === 'joining') return askToJoin(core, [from])
  if (current === undefined) return
  if (current.view.lineage === hello.lineage) {
    // Those of its own view can tell best how that ended. When none does, a newcomer still can (FD4).
    const { blocked, blockedAt } = core.state
    const isLeftAlone = blocked && core.now >= blockedAt + core.config.orphanMs
    const isForsaken = isLeftAlone || others(current).every((member) => isSuspected(core, member))
    if (hello.number > current.view.number && isForsaken) send(core, from, { kind: 'behind' })
    return
  }
  const rank = current.members.findIndex((member) => member.id === memberId(from, tag.attempt))
  // It said so before it came here with the others, or has yet to learn that it does.
  if (rank >= 0 && isBehind(hello, current.view)) return
  // It was in this view and goes on in another lineage: for this one it has crashed.
  if (rank >= 0) noteDeparted(core, current, rank, undefined)
  noteMeeting(core, current, from, tag, hello)
  if (!isIdleFounder(current)) return
  if (isSending(core) || (hello.idle && hello.lineage > current.view.lineage)) return
  count(core, 'superseded')
  endWith(core, current, undefined, 'superseded')
}

/** Whether a view is one of the lineages from which this one was split off, before that. */
function isBehind({ lineage, number }: Place, here: Place): boolean {
  const parting = partingOf(lineage, here.lineage)
  return parting?.lineage === lineage && number <= parting.number
}

/** Alone in the first view, nothing multicast: nobody loses anything if this lineage gives way. */
function isIdleFounder(current: CurrentView): boolean {
  const { lineage, number } = current.view
  // What goes on from a lineage that is over has a state of its own.
  return number === 1 && !isFork(lineage) && current.log.streams[0]!.seq === 0
}

/** A request that came late: of one who was a member already, or of an earlier attempt than the one known. */
function isOutdated(core: Core, current: CurrentView, member: MemberId): boolean {
  if (core.state.fates.some((fate) => fate.member === member)) return true
  const known = [...current.members.map((other) => other.id), ...core.state.requests.keys()]
  return known.some((other) => peerOf(other) === peerOf(member) && attemptOf(other) > attemptOf(member))
}

/** A later attempt proves that the earlier ones of its peer are gone. */
function supersede(core: Core, current: CurrentView, member: MemberId): void {
  for (const other of current.members) if (other.peer === peerOf(member)) other.superseded = true
  for (const other of core.state.requests.keys()) {
    if (other !== member && peerOf(other) === peerOf(member)) core.state.requests.delete(other)
  }
}

/** A joiner may not be linked to the coordinator: whoever it asked passes its request on. */
function passOn(core: Core, current: CurrentView, joiner: PeerId, message: Of<'join'>): void {
  const coordinator = current.members[coordinatorRank(core, current)]
  if (coordinator === undefined || coordinator.peer === core.state.peer || !core.state.links.has(joiner)) return
  relayTo(core, coordinator.peer, joiner, encode(message), attemptOf(message.member))
}

/** It is in already and does not know it: the decision that let it in was lost. */
function repeatDecision(core: Core, member: MemberId): void {
  const decision = core.state.decisions.findLast(({ value }) => lets(value, member))
  const { fates } = core.state
  if (decision !== undefined) send(core, peerOf(member), { kind: 'decide', ...decision, fates })
}

function lets(value: Value, member: MemberId): boolean {
  return value.members.slice(value.members.length - value.joiners).some((joiner) => joiner.id === member)
}

/** Says goodbye to those who may have noted a request of this joiner. */
export function withdrawRequest(core: Core): void {
  for (const peer of core.state.links) send(core, peer, { kind: 'bye', holder: undefined })
  endWith(core, undefined, undefined, 'left')
}
