/**
 * Failure detector: what one peer thinks of another.
 * Purpose: heartbeats with two bounds, and a check by others before a silence counts.
 * Requires: `heard` at every message of the peer, direct or relayed; `forgive` when this peer's own timers were late.
 * Guarantees: with no sign a silence counts after `suspectAfterMs`, with one after `suspectAfterHintMs` (FD3), and then only
 *   if nobody asked has heard of the peer for `probeTimeoutMs` (FD2); a suspicion ends when the peer is heard of again (VW7).
 * Source: Chandra and Toueg, Unreliable Failure Detectors for Reliable Distributed Systems (1996); Das, Gupta, Motivala, SWIM
 *   (DSN 2002), section 3, for the indirect probe.
 */
import type { Config } from '../base/config.ts'

export interface Contact {
  /** Last sign of life, by whatever way: a message of its own, or another's word that it lives. */
  heardAt: number
  /** Last message of its own, direct or relayed. Only this may be told to others, or hearsay keeps the dead alive. */
  firstHandAt: number
  /** Last message over the direct link. */
  directAt: number
  /** A sign that the peer may be gone came after it was last heard. */
  hinted: boolean
  /** Since when others are asked; undefined while they are not. */
  probedAt: number | undefined
  suspected: boolean
  /** False once the peer said that it does not hear this one directly. */
  hearsMe: boolean
}

export type Bounds = Pick<Config, 'suspectAfterMs' | 'suspectAfterHintMs' | 'probeTimeoutMs'>

export function newContact(now: number): Contact {
  return {
    heardAt: now,
    firstHandAt: now,
    directAt: now,
    hinted: false,
    probedAt: undefined,
    suspected: false,
    hearsMe: true,
  }
}

export function heard(contact: Contact, now: number): void {
  contact.heardAt = now
  contact.hinted = false
  contact.probedAt = undefined
  contact.suspected = false
}

/** When this contact wants to be looked at again. */
export function deadline(contact: Contact, bounds: Bounds): number {
  if (contact.suspected) return Number.POSITIVE_INFINITY
  if (contact.probedAt !== undefined) return contact.probedAt + bounds.probeTimeoutMs
  return contact.heardAt + (contact.hinted ? bounds.suspectAfterHintMs : bounds.suspectAfterMs)
}

/** What is due for this contact: ask the others, or suspect. Notes it as done. */
export function check(contact: Contact, now: number, bounds: Bounds): 'probe' | 'suspect' | undefined {
  if (now < deadline(contact, bounds)) return undefined
  if (contact.probedAt === undefined) {
    contact.probedAt = now
    return 'probe'
  }
  contact.suspected = true
  return 'suspect'
}

/** Moves all deadlines: this peer was itself asleep for `lateMs` (FD1). */
export function forgive(contact: Contact, lateMs: number): void {
  contact.heardAt += lateMs
  contact.firstHandAt += lateMs
  contact.directAt += lateMs
  if (contact.probedAt !== undefined) contact.probedAt += lateMs
}
