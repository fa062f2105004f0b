import { assert } from '../base/assert.ts'
import { takeAll } from '../base/deque.ts'
import type { Fate } from '../base/errors.ts'
import { attemptOf, type MemberId, peerOf } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import { holds } from '../membership/flush.ts'
import { heldOrder } from '../ordering/abcast.ts'
import { deliverCut } from '../ordering/delivery.ts'
import { letGo, received } from '../ordering/message-log.ts'
import type { Passage, Value } from '../wire/messages.ts'
import { contactOf, count, idOf, takeWithheld, tell } from './core.ts'
import { handOut, tellStable } from './data-path.ts'
import type { EndReason, Output } from './io.ts'
import { newCurrentView } from './new-state.ts'
import { carryRoutes, isPartial } from './routing.ts'
import type { Core, CurrentView, Waiting } from './state.ts'
import { beginTransfers } from './state-transfer.ts'
import { noteWitnessMissed } from './witness.ts'

/** The end of a view and the beginning of the next: deliver up to the cut, install. And the end of a membership. */

/** The successor of the current view is known. */
export function decided(core: Core, current: CurrentView, value: Value): void {
  const { state } = core
  remember(core, current.view, value)
  const { passage } = value
  if (passage.type === 'dissolve' && value.members.some((member) => member.id === state.self)) {
    dissolve(core, current, value, passage)
    return
  }
  if (!value.members.some((member) => member.id === state.self)) {
    endWith(core, current, value.cut[current.rank]!, endReason(core, current))
    return
  }
  finish(core, current, value)
  install(core, nextView(current.view, value), value, current)
}

/** The lineage ends: all that goes with it is delivered first, alike at everyone. What was not sent is sent in the other. */
function dissolve(
  core: Core,
  current: CurrentView,
  value: Value,
  { into, fates }: Extract<Passage, { type: 'dissolve' }>,
): void {
  const { state } = core
  count(core, 'dissolved')
  finish(core, current, value)
  const stateless = new Set(value.transfers.map(({ member }) => member))
  const members = value.members.map(({ id }) => id).filter((id) => !stateless.has(id))
  tell(core, { type: 'dissolved', view: current.view, into, fates, members })
  for (const waiting of takeAll(state.queue)) core.out.push(unsent(waiting, false))
  for (const waiting of takeAll(state.bulk)) core.out.push(unsent(waiting, true))
  endWith(core, current, value.cut[current.rank]!, 'merged')
}

function unsent({ ref, kind, payload }: Waiting, isBulk: boolean): Output {
  return { type: 'unsent', ref, kind, payload, isBulk }
}

/** A joiner that is let in: an acceptor at once, its application once it has state. */
export function installAsJoiner(core: Core, before: ViewRecord, value: Value): void {
  core.state.phase = 'member'
  remember(core, before, value)
  install(core, nextView(before, value), value, undefined)
}

/** The first view of a lineage, alone, with state. */
export function installFounder(core: Core, view: ViewRecord): void {
  core.state.phase = 'member'
  core.state.withState = true
  core.state.current = newCurrentView(view, core.state.self, [], core.config.messageBytesMax)
  tell(core, { type: 'install', view, joined: view.members, left: [], failed: [] })
}

/** Ends this membership; each multicast that is not known to be stable gets its fate. `cut`: where its own stream ended, if known. */
export function endWith(
  core: Core,
  current: CurrentView | undefined,
  cut: number | undefined,
  reason: EndReason,
): void {
  const { state } = core
  if (state.phase === 'ended') return
  state.phase = 'ended'
  // What the application has not seen for want of state it will not see: its state was never loaded.
  state.incoming = undefined
  takeWithheld(core)
  if (current !== undefined) tellFates(core, current, cut)
  for (const { ref } of [...takeAll(state.queue), ...takeAll(state.bulk)]) {
    core.out.push({ type: 'fate', ref, id: undefined, fate: 'not-sent' })
  }
  state.current = undefined
  const last = current && { view: current.view, delivered: current.log.streams.map((stream) => stream.delivered) }
  core.out.push(last === undefined ? { type: 'ended', reason } : { type: 'ended', reason, last })
}

/** What became of its own multicasts that are not known to be stable. `isDecided`: nothing beyond the cut is delivered by anyone. */
export function tellFates(core: Core, current: CurrentView, cut: number | undefined, isDecided = true): void {
  const { log, rank } = current
  const { base, entries } = log.streams[rank]!
  const beyond: Fate = isDecided ? 'not-sent' : 'unknown'
  for (const [index, { cast }] of entries.entries()) {
    if (cast?.ref === undefined) continue
    const { ref, seq } = cast
    const fate: Fate = cut === undefined ? 'unknown' : base + index < cut ? 'in-cut' : beyond
    core.out.push({ type: 'fate', ref, id: idOf(current, rank, seq), fate })
    cast.ref = undefined
  }
}

/** Whether this member, named by the value, can end the view by it: what every promise and fill has made true. */
export function canFinish({ log }: CurrentView, value: Value): boolean {
  const isWithin = log.streams.every((stream, rank) => stream.have <= value.cut[rank]!)
  const isHeld = holds(log.streams.map(received), heldOrder(log.order), value)
  return log.wedged && isHeld && isWithin && log.order.length <= value.orderCut
}

/** Delivers what is left of the cut. Everyone who goes on does the same (DL3). */
function finish(core: Core, current: CurrentView, value: Value): void {
  const { log, rank } = current
  const { cut, orderCut } = value
  assert(canFinish(current, value), 'a member of the next view is wedged, holds the cut, and had nothing beyond it')
  deliverCut(log, cut, orderCut, (delivered) => handOut(core, current, delivered))
  // A value of which there were parts begins anew in the next view, or never.
  for (const { assembly } of log.streams) if (assembly !== undefined) count(core, 'value-dropped')
  tellStable(core, letGo(log.streams[rank]!, cut[rank]!))
}

function install(core: Core, view: ViewRecord, value: Value, before: CurrentView | undefined): void {
  const { state } = core
  const joined = view.members.slice(view.members.length - value.joiners)
  const gone = before?.view.members.filter((member) => !view.members.some((other) => other.id === member.id)) ?? []
  const left = gone.filter((member) => value.left.includes(member.id))
  const failed = gone.filter((member) => !value.left.includes(member.id))
  const current = newCurrentView(view, state.self, value.transfers, core.config.messageBytesMax)
  state.current = current
  noteWitnessMissed(core, view)
  carryOver(core, before, current)
  beginTransfers(core, current, () =>
    tell(core, { type: 'install', view, joined: before === undefined ? view.members : joined, left, failed }),
  )
  for (const member of joined) {
    forgetRequests(core, member.id)
    if (member.id !== state.self) contactOf(core, peerOf(member.id)).heardAt = core.now
  }
  for (const member of gone) forget(core, member, view)
  // Nobody has been told in this view.
  state.toldFull = false
  state.offer = undefined
  state.forkAsked = false
  // A new view is no news of a quorum: whether there is one shows at once.
  state.blockedAt = core.now
  state.heartbeatAtMs = core.now + core.config.heartbeatIntervalMs
  // Where links are missing, nobody can reach everybody before all have told of theirs.
  if (isPartial(core, current)) state.statusAtMs = core.now + core.config.statusDelayMs
  if (before !== undefined && joined.length > 0) count(core, 'join')
  if (left.length > 0) count(core, 'left')
  if (failed.length > 0) count(core, 'failed')
  if (value.passage.type === 'fork') count(core, 'forked')
  count(core, 'install')
}

/** What was known of members that go on, and is not part of one view. */
function carryOver(core: Core, before: CurrentView | undefined, current: CurrentView): void {
  for (const [rank, member] of current.members.entries()) {
    const known = before?.members.find((other) => other.id === member.id)
    if (known !== undefined) {
      member.leaving = known.leaving
      member.superseded = known.superseded
      member.departed = known.departed
    }
    if (rank === current.rank) member.withState = core.state.withState
  }
  if (before !== undefined) carryRoutes(before, current)
}

/** Of one that is in, also under earlier attempts: a request may have come to this member alone, and have been outrun. */
function forgetRequests({ state }: Core, joined: MemberId): void {
  for (const member of state.requests.keys()) {
    if (peerOf(member) === peerOf(joined) && attemptOf(member) <= attemptOf(joined)) state.requests.delete(member)
  }
}

function forget(core: Core, member: MemberRecord, view: ViewRecord): void {
  const peer = peerOf(member.id)
  if (view.members.some((other) => peerOf(other.id) === peer)) return
  core.state.contacts.delete(peer)
  core.state.vias.delete(peer)
  core.state.askers.delete(peer)
}

/** Keeps the decision for those who missed it, and where left-out members' streams ended. */
function remember(core: Core, view: ViewRecord, value: Value): void {
  const { decisions, fates } = core.state
  const { fatesKept } = core.config
  decisions.push({ view, value })
  if (decisions.length > fatesKept) decisions.shift()
  for (const [rank, member] of view.members.entries()) {
    if (value.members.some((other) => other.id === member.id)) continue
    fates.push({ number: view.number, member: member.id, cut: value.cut[rank]! })
  }
  while (fates.length > 0 && fates[0]!.number + fatesKept < view.number) fates.shift()
}

function nextView(before: ViewRecord, value: Value): ViewRecord {
  const { passage, members, witness } = value
  const lineage = passage.type === 'fork' ? passage.lineage : before.lineage
  return { lineage, number: before.number + 1, members, witness }
}

/** Why a member that is not in the next view ends. One that asked to leave has what it wanted, and does not come back. */
export function endReason(core: Core, current: CurrentView): EndReason {
  if (core.state.leaving) return 'left'
  // One that promised without state may have been let go to keep the balance (VW9), though it has loaded since.
  return core.state.withState && current.promisedWithState ? 'excluded' : 'no-state'
}
