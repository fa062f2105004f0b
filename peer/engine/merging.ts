import { partingOf } from '../base/ancestry.ts'
import type { Lineage, PeerId } from '../base/ids.ts'
import { encode } from '../wire/codec.ts'
import type { FateRecord, Message, Passage } from '../wire/messages.ts'
import { coordinatorRank, count, isSuspected, send } from './core.ts'
import { endWith, tellFates } from './install.ts'
import type { Tag } from './io.ts'
import { relayTo } from './routing.ts'
import type { Core, CurrentView, Meeting } from './state.ts'

/**
 * Merge: lineages of one group that meet become one (PT4). A lineage dissolves by an ordinary agreed value, and only into
 * one with a smaller key, so that no two dissolve into each other. One without a quorum cannot; its members leave singly.
 */

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>

/** A member of another lineage was heard. */
export function noteMeeting(core: Core, current: CurrentView, from: PeerId, tag: Tag, hello: Of<'hello'>): void {
  const { lineage, blocked, members } = hello
  core.state.met.set(lineage, { peer: from, members, blocked, heardAt: core.now })
  const coordinator = current.members[coordinatorRank(core, current)]
  if (lineage > current.view.lineage || coordinator === undefined || coordinator.peer === core.state.peer) return
  // The coordinator may have no link to anyone there.
  relayTo(core, coordinator.peer, from, encode(hello), tag.attempt)
}

/** Asks the lineage that this one should dissolve into, or that this member should leave for, whether it may. */
export function tickMerge(core: Core, current: CurrentView): void {
  const { state, now, config } = core
  for (const [lineage, { heardAt }] of state.met) {
    if (now - heardAt >= config.suspectAfterHintMs) state.met.delete(lineage)
  }
  const target = goal(core, current)
  if (target === undefined || now < state.mergeAskAtMs) return
  state.mergeAskAtMs = now + config.retryMs
  const { lineage, number } = current.view
  count(core, 'merge-ask')
  send(core, target.peer, { kind: 'merge-ask', lineage, number })
}

/** When `tickMerge` has something to do. What other lineages say is looked at with each heartbeat anyway. */
export function mergeDeadline(core: Core, current: CurrentView): number {
  if (core.state.met.size === 0) return Number.POSITIVE_INFINITY
  const waits = [
    leaveSinglyAt(core),
    goal(core, current) === undefined ? Number.POSITIVE_INFINITY : core.state.mergeAskAtMs,
  ]
  return Math.min(...waits.filter((at) => at > core.now))
}

/** From another lineage: says what is known here of its members, and that they are welcome. */
export function onMergeAsk(core: Core, current: CurrentView, from: PeerId, ask: Of<'merge-ask'>): void {
  const { view, commitment } = current
  if (ask.lineage === view.lineage || core.state.blocked || commitment !== undefined || !core.state.withState) return
  // Who has not yet left out those that went cannot say how far their streams belong to its history.
  if (!isPast(view.lineage, view.number, ask.lineage)) return
  // Those for whom there is no room would be lost on the way.
  const theirs = core.state.met.get(ask.lineage)?.members ?? 0
  if (view.members.length + theirs > core.config.membersMax) return
  const { fates } = core.state
  send(core, from, { kind: 'merge-offer', lineage: view.lineage, number: view.number, fates })
}

/** Another lineage would take this one's members: its coordinator takes note; one without a quorum goes. */
export function onMergeOffer(core: Core, current: CurrentView, offer: Of<'merge-offer'>): void {
  const { lineage, number, fates } = offer
  const { state, now } = core
  if (!isPast(lineage, number, current.view.lineage)) return
  if (lineage === current.view.lineage || !state.met.has(lineage) || current.commitment !== undefined) return
  if (now >= leaveSinglyAt(core)) return leaveSingly(core, current, lineage, fates)
  if (lineage < current.view.lineage && !state.blocked) state.offer = { into: lineage, fates, heardAt: now }
}

/** Where this lineage is to dissolve into, as far as its coordinator knows now. */
export function offered(
  { state, now, config }: Core,
  { view }: CurrentView,
): Extract<Passage, { type: 'dissolve' }> | undefined {
  const { offer } = state
  if (offer === undefined || state.blocked || offer.into >= view.lineage) return undefined
  if (now - offer.heardAt >= config.suspectAfterHintMs) return undefined
  return { type: 'dissolve', into: offer.into, fates: offer.fates }
}

/** One that has been without a quorum for long enough, and meets members who have one, goes to them. */
function leaveSinglyAt({ state, config }: Core): number {
  return state.blocked ? state.blockedAt + config.orphanMs : Number.POSITIVE_INFINITY
}

function leaveSingly(core: Core, current: CurrentView, into: Lineage, fates: readonly FateRecord[]): void {
  count(core, 'left-singly')
  const { self } = core.state
  const { view } = current
  const cut = fates.find(({ member, number }) => member === self && number === view.number)?.cut
  // Only what a quorum of this view has decided is certain: a fork that was split off from it has decided for itself.
  const parting = partingOf(view.lineage, into)
  const isDecided = parting?.lineage === view.lineage && parting.number > view.number
  tellFates(core, current, cut, isDecided)
  // Those with state that are left here go as well, each by itself.
  const members = current.members.filter(
    (member) => member.withState && (member.id === self || (!member.departed && !isSuspected(core, member))),
  )
  core.out.push({ type: 'dissolved', view, into, fates, members: members.map(({ id }) => id) })
  endWith(core, current, cut, 'merged')
}

/** Whether a lineage that is in that view is past the last one that it has in common with another. */
function isPast(lineage: Lineage, number: number, other: Lineage): boolean {
  const parting = partingOf(lineage, other)
  return parting === undefined || parting.lineage !== lineage || number > parting.number
}

/** Whom to ask: the smallest lineage that has a quorum; any, for one that has none itself. */
function goal(core: Core, current: CurrentView): Meeting | undefined {
  const { state, now } = core
  const { view, commitment } = current
  if (commitment !== undefined || !state.withState) return undefined
  const isAlone = now >= leaveSinglyAt(core)
  if (!isAlone && (state.blocked || coordinatorRank(core, current) !== current.rank)) return undefined
  let best: Lineage | undefined
  for (const [lineage, { blocked }] of state.met) {
    if (blocked || (!isAlone && lineage > view.lineage) || lineage === view.lineage) continue
    if (best === undefined || lineage < best) best = lineage
  }
  return best === undefined ? undefined : state.met.get(best)
}
