/**
 * Failure detector: what one peer thinks of another.
 * Purpose: heartbeats with two bounds, and a check by others before a silence counts.
 * Requires: `heard` at every message of the peer, direct or relayed; `forgive` when this peer's own timers were late.
 * Guarantees: with no sign a silence counts after `suspectAfterMs`, with one after `suspectAfterHintMs` (FD3), and then only
 *   if nobody asked has heard of the peer for `probeTimeoutMs` (FD2); after a sign others are asked as soon as a heartbeat is
 *   missing; a suspicion ends when the peer is heard of again (VW7). Where answers are slow, all bounds grow. One that is heard
 *   and cannot be reached for `suspectAfterMs` is suspected until it can, so that links that work one way end in one view.
 * Source: Chandra and Toueg, Unreliable Failure Detectors for Reliable Distributed Systems (1996); Das, Gupta, Motivala, SWIM
 *   (DSN 2002), section 3, for the indirect probe.
 */
import type { Config } from '../base/config.ts'
import { newRoundTrip, type RoundTrip, TIMEOUT_MAX_MS, timeoutMs, unawait } from './round-trip.ts'

export interface Contact {
  /** Last sign of life, by whatever way: a message of its own, or another's word that it lives. */
  heardAt: number
  /** Last message of its own, direct or relayed. Only this may be told to others, or hearsay keeps the dead alive. */
  firstHandAt: number
  /** Last message over the direct link. */
  directAt: number
  /** There was a sign that the peer may be gone, and none since that it lives. */
  hinted: boolean
  hintedAt: number
  /** Because of that sign it was asked for already, before its silence counted. */
  asked: boolean
  /** Since when others are asked; undefined while they are not. */
  probedAt: number | undefined
  suspected: boolean
  /** False once the peer said that it does not hear this one directly. */
  hearsMe: boolean
  /** When the peer last said that it does. */
  hearsMeAt: number
  /** Since when no way to it is known, though it is heard; undefined: there is one. */
  unreachedAt: number | undefined
  /** Has been out of reach for so long that it cannot take part: a suspicion that hearing it does not end. */
  deaf: boolean
  /** Over the direct link. */
  readonly trip: RoundTrip
  /** Round trip by way of others, where there is no direct link that works; 0: none is needed or known. */
  relayedMs: number
}

/** A way over several links is not measured as a whole. */
const DETOUR_MARGIN = 1.5

export type Bounds = Pick<Config, 'heartbeatIntervalMs' | 'suspectAfterMs' | 'suspectAfterHintMs' | 'probeTimeoutMs'>

export function newContact(now: number): Contact {
  return {
    heardAt: now,
    firstHandAt: now,
    directAt: now,
    hinted: false,
    hintedAt: now,
    asked: false,
    probedAt: undefined,
    suspected: false,
    hearsMe: true,
    hearsMeAt: now,
    unreachedAt: undefined,
    deaf: false,
    trip: newRoundTrip(now),
    relayedMs: 0,
  }
}

/** Whether hearing of the peer changes what is thought of it. */
export function isDoubted({ suspected, hinted, asked, probedAt }: Contact): boolean {
  return suspected || hinted || asked || probedAt !== undefined
}

/** There is a sign that the peer may be gone: its link closed, or the server lost it. */
export function hint(contact: Contact, now: number): void {
  contact.hinted = true
  contact.hintedAt = now
}

export function heard(contact: Contact, now: number, bounds: Bounds): void {
  contact.heardAt = now
  // What comes soon after the sign may have left before it: the dead have messages on their way.
  if (now >= contact.hintedAt + patienceMs(contact, bounds)) contact.hinted = false
  contact.asked = false
  contact.probedAt = undefined
  contact.suspected = false
}

/** When this contact wants to be looked at again. */
export function deadline(contact: Contact, bounds: Bounds): number {
  if (contact.suspected) return Number.POSITIVE_INFINITY
  if (contact.probedAt !== undefined) return contact.probedAt + probeTimeoutMs(contact, bounds)
  const isToAsk = contact.hinted && !contact.asked
  return contact.heardAt + Math.min(silenceMs(contact, bounds), isToAsk ? patienceMs(contact, bounds) : Infinity)
}

/** What is due for this contact: ask the others, or suspect. Notes it as done. */
export function check(contact: Contact, now: number, bounds: Bounds): 'probe' | 'suspect' | undefined {
  if (now < deadline(contact, bounds)) return undefined
  if (contact.probedAt !== undefined) {
    contact.suspected = true
    return 'suspect'
  }
  contact.asked = true
  if (now >= contact.heardAt + silenceMs(contact, bounds)) contact.probedAt = now
  return 'probe'
}

/** Moves all deadlines: this peer was itself asleep for `lateMs` (FD1). */
export function forgive(contact: Contact, lateMs: number): void {
  contact.heardAt += lateMs
  contact.firstHandAt += lateMs
  contact.directAt += lateMs
  contact.hearsMeAt += lateMs
  contact.hintedAt += lateMs
  if (contact.probedAt !== undefined) contact.probedAt += lateMs
  if (contact.unreachedAt !== undefined) contact.unreachedAt += lateMs
  unawait(contact.trip)
}

/**
 * Notes whether there is a way to the peer. True when it must be taken for failed from now on: it speaks, but nothing that is
 * said to it arrives, so that it would hold up everyone.
 */
export function noteWay(contact: Contact, hasWay: boolean, now: number, bounds: Bounds): boolean {
  if (hasWay) contact.deaf = false
  if (contact.deaf) return false
  // Of one that is silent nobody knows what it hears.
  if (hasWay || !isHeard(contact, now, bounds)) {
    contact.unreachedAt = undefined
    return false
  }
  contact.unreachedAt ??= now
  if (now < contact.unreachedAt + bounds.suspectAfterMs) return false
  contact.deaf = true
  return true
}

/** For how long what was heard over the direct link shows that it works. */
export function freshMs({ trip }: Contact, bounds: Bounds): number {
  return Math.max(bounds.suspectAfterHintMs, bounds.heartbeatIntervalMs + timeoutMs(trip))
}

/** Whether what the peer last said may still be so. */
export function isHeard(contact: Contact, now: number, bounds: Bounds): boolean {
  return now - contact.firstHandAt < freshMs(contact, bounds)
}

/** The silence after which it counts. */
function silenceMs(contact: Contact, bounds: Bounds): number {
  const leastMs = contact.hinted ? bounds.suspectAfterHintMs : bounds.suspectAfterMs
  return Math.max(leastMs, patienceMs(contact, bounds))
}

/** The silence after which a heartbeat is missing. */
function patienceMs(contact: Contact, { heartbeatIntervalMs }: Bounds): number {
  return heartbeatIntervalMs + answerMs(contact)
}

/** An answer may come from the peer itself, or from another who asks it first. */
function probeTimeoutMs(contact: Contact, bounds: Bounds): number {
  return Math.max(bounds.probeTimeoutMs, answerMs(contact) + (contact.trip.smoothedMs ?? 0))
}

function answerMs({ trip, relayedMs }: Contact): number {
  return Math.max(timeoutMs(trip), Math.min(TIMEOUT_MAX_MS, DETOUR_MARGIN * relayedMs))
}
