import type { PeerId } from '../base/ids.ts'
import { freshMs, isHeard } from '../membership/failure-detector.ts'
import { encode } from '../wire/codec.ts'
import type { Message, RouteNote } from '../wire/messages.ts'
import type { Tag } from './io.ts'
import { type Path, quickestPaths } from './paths.ts'
import type { Core, CurrentView, MemberState } from './state.ts'

/**
 * Ways to peers: the direct link, or others that have one. Where a link is missing, members tell in their statuses whom
 * they hear directly and how long that takes, so that everyone knows all links and goes by the quickest way. A peer
 * outside the view is reached by the way its last message came. A broken link is no failure (FD2).
 */

/** Links a relayed message may still take after the first: enough for any graph of sixteen. */
const HOPS_MAX = 15
/** Links more than planned that a message may take, if those on its way know better: where they know worse it goes round and round. */
const DETOUR_HOPS = 3
/** What a link counts for whose round trip nobody has measured yet. */
const UNMEASURED_MS = 300
/** Peers whose last way is kept. */
const VIAS_MAX = 512

/** Sends over the direct link, and if that is missing or deaf, through another. Without any way it is dropped: control is repeated, data is pulled. */
export function sendBytes(core: Core, to: PeerId, tag: Tag, message: Uint8Array, routeTo?: RouteTo): void {
  const { links, peer } = core.state
  if (to === peer) throw new Error('invariant broken: a message to oneself')
  if (links.has(to)) core.out.push({ type: 'send', to, tag, message })
  if (isUsable(core, to)) return
  const hop = nextHop(core, to, undefined, routeTo)
  if (hop === undefined) {
    if (!links.has(to)) countDropped(core)
    return
  }
  const hopsLeft = Math.min(HOPS_MAX, hop.hops + DETOUR_HOPS) - 1
  const relayed = encode({ kind: 'relay', from: peer, to, hopsLeft, ...tag, message })
  core.out.push({ type: 'send', to: hop.peer, tag, message: relayed })
}

/** Sends the same to several: the ways around missing links, of which a new view has many, are looked for once. */
export function sendBytesToAll(core: Core, peers: Iterable<PeerId>, tag: Tag, message: Uint8Array): void {
  let routes: (Path | undefined)[] | undefined
  const routeTo: RouteTo = (current, target) => {
    routes ??= routesOf(core, current)
    return routes[target]
  }
  for (const to of peers) sendBytes(core, to, tag, message, routeTo)
}

/** Over the direct link or not at all. */
export function sendDirectly(core: Core, to: PeerId, message: Message): void {
  if (core.state.links.has(to)) core.out.push({ type: 'send', to, tag: currentTag(core), message: encode(message) })
}

/** The header of what this member sends now. */
export function currentTag({ state }: Core): Tag {
  return state.current?.tag ?? { attempt: state.attempt, lineageTag: 0, number: 0 }
}

/** Passes a message of one who is in no view, or in another lineage, on to a member, as if that one had been told itself. */
export function relayTo(core: Core, to: PeerId, from: PeerId, message: Uint8Array, attempt: number): void {
  pass(core, { kind: 'relay', from, to, hopsLeft: HOPS_MAX - 1, attempt, lineageTag: 0, number: 0, message }, from)
}

/** Passes on a relayed message that is for another. */
export function forward(core: Core, relay: Relay, cameFrom: PeerId): void {
  const { hopsLeft, from, to } = relay
  if (from === core.state.peer || to === cameFrom || hopsLeft === 0 || hopsLeft > HOPS_MAX) return countDropped(core)
  noteVia(core, from, cameFrom)
  pass(core, { ...relay, hopsLeft: hopsLeft - 1 }, cameFrom)
}

/** Remembers who brought a peer's last message. */
export function noteVia({ state }: Core, from: PeerId, via: PeerId): void {
  if (from === via) return
  if (!state.vias.has(from) && state.vias.size >= VIAS_MAX) state.vias.delete(state.vias.keys().next().value!)
  state.vias.set(from, via)
}

/** Whether what is sent over the direct link arrives, as far as is known: the peer was heard lately, or said that it hears this one. */
export function isUsable(core: Core, peer: PeerId): boolean {
  if (!core.state.links.has(peer)) return false
  const contact = core.state.contacts.get(peer)
  if (contact === undefined) return true
  const freshSince = core.now - freshMs(contact, core.config)
  return contact.hearsMe && Math.max(contact.directAt, contact.hearsMeAt) > freshSince
}

/** Whether the direct link brings what the peer sends: it was heard over it lately. */
export function hears(core: Core, peer: PeerId): boolean {
  if (!core.state.links.has(peer)) return false
  const contact = core.state.contacts.get(peer)
  return contact === undefined || core.now - contact.directAt < freshMs(contact, core.config)
}

/** What to tell the others: nothing while everyone hears everyone, else how this member hears and reaches each. */
export function routeNotes(core: Core, current: CurrentView): RouteNote[] {
  if (!isPartial(core, current)) return []
  const routes = routesOf(core, current)
  return current.members.flatMap((member, rank) => {
    if (rank === current.rank || isGone(member)) return []
    const route = routes[rank]
    if (hears(core, member.peer)) return [{ rank, hops: 1, via: rank, roundTripMs: directMs(core, member.peer) ?? 0 }]
    if (route === undefined) return [{ rank, hops: 0, via: rank, roundTripMs: 0 }]
    const { hops, via, costMs } = route
    return [{ rank, hops: Math.max(2, hops), via, roundTripMs: Math.round(costMs) }]
  })
}

/** Notes how long answers of members take that are reached through others. The ranks of those to whom there is no way. */
export function noteDetours(core: Core, current: CurrentView): number[] {
  const routes = isPartial(core, current) ? routesOf(core, current) : undefined
  const unreached: number[] = []
  for (const [rank, member] of current.members.entries()) {
    const contact = core.state.contacts.get(member.peer)
    if (rank === current.rank || isGone(member) || contact === undefined) continue
    const route = routes?.[rank]
    contact.relayedMs = route === undefined || route.hops === 1 ? 0 : route.costMs
    if (routes !== undefined && route === undefined) unreached.push(rank)
  }
  return unreached
}

/** What was told of links stays true in a next view, whose ranks may differ. Who told that it lacks none, lacked none of the old members. */
export function carryRoutes(before: CurrentView, current: CurrentView): void {
  const newRanks = before.members.map(({ id }) => current.members.findIndex((member) => member.id === id))
  for (const [rank, { routes }] of before.members.entries()) {
    const member = current.members[newRanks[rank]!]
    if (member === undefined || routes === undefined) continue
    const whole = before.members.map((_, other) => ({ rank: other, hops: 1, via: other, roundTripMs: 0 }))
    member.routes = (routes.length > 0 ? routes : whole)
      .map((note) => ({ ...note, rank: newRanks[note.rank]!, via: newRanks[note.via]! }))
      .filter((note) => note.rank >= 0 && note.via >= 0 && note.rank !== newRanks[rank])
  }
}

/** How a member is reached: the peer that takes the message next, and the round trip as far as known. */
export function wayTo(core: Core, current: CurrentView, rank: number): { via?: PeerId; roundTripMs?: number } {
  const { peer } = current.members[rank]!
  const measuredMs = directMs(core, peer)
  if (isUsable(core, peer)) return measuredMs === undefined ? {} : { roundTripMs: measuredMs }
  const route = routesOf(core, current)[rank]
  if (route === undefined) return {}
  return { via: current.members[route.via]!.peer, roundTripMs: Math.round(route.costMs) }
}

/** Whether some member is known to lack a direct link to another. */
export function isPartial(core: Core, current: CurrentView): boolean {
  return current.members.some((member, rank) => {
    if (rank === current.rank || isGone(member)) return false
    if (!hears(core, member.peer)) return true
    return member.routes?.some((note) => note.hops !== 1 && !isGone(current.members[note.rank]!)) === true
  })
}

type Relay = Extract<Message, { kind: 'relay' }>

function pass(core: Core, relay: Relay, cameFrom: PeerId): void {
  const { to } = relay
  const isLinked = core.state.links.has(to)
  const via = isUsable(core, to) ? to : (nextHop(core, to, cameFrom)?.peer ?? (isLinked ? to : undefined))
  if (via === undefined) return countDropped(core)
  core.state.counters.set('relay', (core.state.counters.get('relay') ?? 0) + 1)
  core.out.push({ type: 'send', to: via, tag: currentTag(core), message: encode(relay) })
}

function countDropped({ state }: Core): void {
  state.counters.set('relay-dropped', (state.counters.get('relay-dropped') ?? 0) + 1)
}

interface Hop {
  readonly peer: PeerId
  /** Links of the whole way, as far as known. */
  readonly hops: number
}

/** The best way to a member, by rank. */
type RouteTo = (current: CurrentView, target: number) => Path | undefined

/** Who takes a message next to a peer that is not reached directly; never back to `cameFrom`. */
function nextHop(
  core: Core,
  to: PeerId,
  cameFrom: PeerId | undefined,
  routeTo: RouteTo = (current, target) => routesOf(core, current, target, cameFrom)[target],
): Hop | undefined {
  const { current, vias, links } = core.state
  const target = current?.members.findIndex((member) => member.peer === to) ?? -1
  if (current !== undefined && target >= 0) {
    const route = routeTo(current, target)
    if (route !== undefined) return { peer: current.members[route.via]!.peer, hops: route.hops }
  }
  const learned = vias.get(to)
  if (learned !== undefined && learned !== cameFrom && links.has(learned)) {
    return { peer: learned, hops: HOPS_MAX }
  }
  if (current === undefined || target < 0) return undefined
  const guessed = guess(core, current, to, cameFrom)
  return guessed && { peer: guessed, hops: HOPS_MAX }
}

/**
 * In a new view not everyone has told of its links: whoever has not may have the one that is needed. And one that hears
 * of nobody that it is heard tries its links in turn: some may work this way only.
 */
function guess(core: Core, current: CurrentView, to: PeerId, cameFrom: PeerId | undefined): PeerId | undefined {
  const linked = current.members.filter(({ peer }) => peer !== to && peer !== cameFrom && core.state.links.has(peer))
  const usable = linked.filter(({ peer }) => isUsable(core, peer))
  if (usable.length > 0) return usable.find(({ routes }) => routes === undefined)?.peer
  return linked[Math.floor(core.now / core.config.heartbeatIntervalMs) % linked.length]?.peer
}

/** The best way to each member, by rank. `target`: the only one that matters; `without`: one who must not be the next. */
function routesOf(core: Core, current: CurrentView, target?: number, without?: PeerId): (Path | undefined)[] {
  const first = current.members.map((member, rank) =>
    rank !== current.rank && member.peer !== without && !isGone(member) && isUsable(core, member.peer)
      ? { via: rank, hops: 1, costMs: directMs(core, member.peer) ?? UNMEASURED_MS }
      : undefined,
  )
  return quickestPaths({ first, linkMs: linksOf(core, current), hopsMax: HOPS_MAX }, current.rank, target)
}

/** Tells the round trip of the link by which the second of two members hears the first; undefined: it does not, or nobody has said so. */
function linksOf(core: Core, { members }: CurrentView): (from: number, to: number) => number | undefined {
  const tables = members.map(({ peer, routes }) => {
    const contact = core.state.contacts.get(peer)
    // The dead would go on hearing everybody.
    if (routes === undefined || contact === undefined || !isHeard(contact, core.now, core.config)) return undefined
    const table: (RouteNote | undefined)[] = []
    for (const note of routes) table[note.rank] = note
    return table
  })
  const told = (by: number, of: number): number | undefined => {
    const table = tables[by]
    if (table?.length === 0) return UNMEASURED_MS
    const note = table?.[of]
    return note?.hops === 1 ? note.roundTripMs || UNMEASURED_MS : undefined
  }
  return (from, to) => {
    if (isGone(members[to]!)) return undefined
    // Who hears is the one to ask; of one that has said nothing yet, the other end knows best.
    const hasSaid = tables[to]?.length === 0 || tables[to]?.[from] !== undefined
    if (hasSaid) return told(to, from)
    return told(from, to)
  }
}

/** As measured here, in whole ms, at least 1; undefined: not yet. */
function directMs(core: Core, peer: PeerId): number | undefined {
  const measuredMs = core.state.contacts.get(peer)?.trip.smoothedMs
  return measuredMs === undefined ? undefined : Math.max(1, Math.round(measuredMs))
}

function isGone(member: MemberState): boolean {
  return member.departed || member.superseded
}
