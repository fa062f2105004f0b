import type { PeerId } from '../base/ids.ts'
import { encode } from '../wire/codec.ts'
import type { Message, RouteNote } from '../wire/messages.ts'
import type { Tag } from './io.ts'
import type { Core, CurrentView } from './state.ts'

/**
 * Ways to peers: the direct link, or others that have one. Members tell in their statuses whom they reach and how; a
 * peer outside the view is reached by the way its last message came. A broken link is no failure (FD2).
 */

/** Links a relayed message may still take when it leaves. */
const HOPS_MAX = 4

/** Sends over the direct link, and if that is missing or deaf, through another. Without any way it is dropped: control is repeated, data is pulled. */
export function sendBytes(core: Core, to: PeerId, tag: Tag, message: Uint8Array): void {
  const { links, peer } = core.state
  if (to === peer) throw new Error('invariant broken: a message to oneself')
  if (links.has(to)) core.out.push({ type: 'send', to, tag, message })
  if (isUsable(core, to)) return
  const via = nextHop(core, to)?.via
  if (via === undefined) return
  const relayed = encode({ kind: 'relay', from: peer, to, hopsLeft: HOPS_MAX, ...tag, message })
  core.out.push({ type: 'send', to: via, tag, message: relayed })
}

/** The header of what this member sends now. */
export function currentTag({ state }: Core): Tag {
  return state.current?.tag ?? { attempt: state.attempt, lineageTag: 0, number: 0 }
}

/** Passes a message of one who is in no view, or in another lineage, on to a member, as if that one had been told itself. */
export function relayTo(core: Core, to: PeerId, from: PeerId, message: Uint8Array, attempt: number): void {
  const relay = { kind: 'relay', from, to, hopsLeft: 2, attempt, lineageTag: 0, number: 0, message } as const
  sendBytes(core, to, currentTag(core), encode(relay))
}

/** Passes on a relayed message that is for another. */
export function forward(core: Core, relay: Extract<Message, { kind: 'relay' }>, cameFrom: PeerId): void {
  if (relay.hopsLeft === 0 || relay.hopsLeft > HOPS_MAX || relay.to === cameFrom) return
  const { links } = core.state
  const via = links.has(relay.to) ? relay.to : nextHop(core, relay.to)?.via
  if (via === undefined || via === cameFrom) return
  core.state.counters.set('relay', (core.state.counters.get('relay') ?? 0) + 1)
  core.out.push({
    type: 'send',
    to: via,
    tag: currentTag(core),
    message: encode({ ...relay, hopsLeft: relay.hopsLeft - 1 }),
  })
}

/** Whether the direct link works both ways, as far as is known: heard lately, and the other end hears this one. */
export function isUsable(core: Core, peer: PeerId): boolean {
  if (!core.state.links.has(peer)) return false
  const contact = core.state.contacts.get(peer)
  if (contact === undefined) return true
  return contact.hearsMe && core.now - contact.directAt < core.config.suspectAfterHintMs
}

/** What to tell the others about members without a usable link. */
export function routeNotes(core: Core, current: CurrentView): RouteNote[] {
  const notes: RouteNote[] = []
  for (const [rank, member] of current.members.entries()) {
    if (rank === current.rank || member.departed || isUsable(core, member.peer)) continue
    const hop = nextHop(core, member.peer)
    notes.push({ rank, hops: hop?.hops ?? 0, via: hop?.rank ?? 0, roundTripMs: 0 })
  }
  return notes
}

interface Hop {
  readonly via: PeerId
  /** Rank of `via`, if it is a member. */
  readonly rank: number
  readonly hops: number
}

/** The best next link towards a peer that is not reached directly. */
function nextHop(core: Core, to: PeerId): Hop | undefined {
  const { current, vias } = core.state
  const learned = vias.get(to)
  const fallback =
    learned !== undefined && core.state.links.has(learned) ? { via: learned, rank: 0, hops: 2 } : undefined
  if (current === undefined) return fallback
  const target = current.members.findIndex((member) => member.peer === to)
  if (target < 0) return fallback
  let best: Hop | undefined
  for (const [rank, member] of current.members.entries()) {
    if (rank === current.rank || rank === target || !isUsable(core, member.peer)) continue
    if (core.state.contacts.get(member.peer)?.suspected) continue
    const note = member.routes.find((route) => route.rank === target)
    if (note !== undefined && (note.hops === 0 || note.via === current.rank)) continue
    const hops = 1 + (note?.hops ?? 1)
    if (hops <= HOPS_MAX && hops < (best?.hops ?? Number.POSITIVE_INFINITY)) best = { via: member.peer, rank, hops }
  }
  return best ?? fallback
}
