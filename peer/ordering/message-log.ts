/**
 * Message log: what a member holds of the streams of one view.
 * Purpose: keeps each sender's entries in order, those that came early aside, and lets go of what is stable.
 * Requires: entries of the view it was made for, bytes as their sender wrote them, in any order, any number of times.
 * Guarantees: entries are read in the order of their stream (vector times are told as increases); an entry once held is
 *   held until it is delivered here and stable (DL1, FL1); a gap stays visible until it is closed by a pull.
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), sections 5 and 6.
 */
import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import { decodeEntry } from '../wire/entry.ts'
import type { OrderLog } from './abcast.ts'

export interface Cast {
  readonly kind: CastKind
  readonly purpose: CastPurpose
  /** Which message of its sender in this view, from 1. */
  readonly seq: number
  readonly fragments: number
  /** For each rank, how many entries of its stream the sender had delivered or knew of. Its own place is 0. */
  readonly vector: readonly number[]
}

export interface LogEntry {
  readonly bytes: Uint8Array
  readonly payload: Uint8Array
  /** Set at the first entry of a multicast. */
  readonly cast: Cast | undefined
}

export interface Stream {
  /** Entries 1 to `base` were let go. */
  base: number
  /** Entries from `base + 1` on, without a gap. */
  entries: LogEntry[]
  /** Entries beyond a gap, unread. */
  ahead: Map<number, Uint8Array>
  /** Causally complete prefix. */
  have: number
  /** Entries delivered to the application. */
  delivered: number
  /** Vector time, message count and fragments to come as of the last entry read. */
  vector: readonly number[]
  seq: number
  fragmentsOpen: number
}

/** Everything of one view that is delivered in order: a stream a member, and the sequencer's order log. */
export interface MessageLog {
  readonly streams: readonly Stream[]
  readonly order: OrderLog
  /** All that this member's next multicast causally follows, delivered here or only known of (fbcast). */
  past: number[]
  wedged: boolean
}

/** Entries that may wait beyond a gap; more are pulled again once the gap is closed. */
const AHEAD_ENTRIES_MAX = 65_536
const FRAGMENTS_MAX = 1_048_576

export function newStream(members: number): Stream {
  return {
    base: 0,
    entries: [],
    ahead: new Map(),
    have: 0,
    delivered: 0,
    vector: new Array<number>(members).fill(0),
    seq: 0,
    fragmentsOpen: 0,
  }
}

/** Entries received without a gap. */
export function received(stream: Stream): number {
  return stream.base + stream.entries.length
}

/** The entry of that number, if it is held. */
export function entryAt(stream: Stream, number: number): LogEntry | undefined {
  return stream.entries[number - stream.base - 1]
}

/**
 * Takes entry `number` of the stream of `rank`. False for bytes that are no entry. One that came early and proves to be none
 * is dropped, and the gap pulled: who closed the gap is not to blame.
 */
export function store(stream: Stream, rank: number, number: number, bytes: Uint8Array): boolean {
  const next = received(stream) + 1
  if (number < next || number > next + AHEAD_ENTRIES_MAX) return true
  if (number > next) {
    stream.ahead.set(number, bytes)
    return true
  }
  if (!append(stream, rank, bytes)) return false
  for (;;) {
    const number = received(stream) + 1
    const early = stream.ahead.get(number)
    if (early === undefined) return true
    stream.ahead.delete(number)
    if (!append(stream, rank, early)) return true
  }
}

/** Lets go of entries up to `number`. */
export function letGo(stream: Stream, number: number): void {
  const count = Math.min(number, stream.delivered) - stream.base
  if (count <= 0) return
  stream.entries.splice(0, count)
  stream.base += count
}

function append(stream: Stream, rank: number, bytes: Uint8Array): boolean {
  const entry = decodeEntry(bytes)
  if (entry === undefined) return false
  if (entry.type === 'fragment') {
    if (stream.fragmentsOpen === 0) return false
    stream.fragmentsOpen--
    stream.entries.push({ bytes, payload: entry.payload, cast: undefined })
    return true
  }
  if (stream.fragmentsOpen > 0 || entry.fragments > FRAGMENTS_MAX) return false
  if (entry.increase.length > 0) {
    const vector = [...stream.vector]
    for (const { rank: cause, by } of entry.increase) {
      if (cause === rank || cause >= vector.length) return false
      vector[cause] = vector[cause]! + by
    }
    stream.vector = vector
  }
  stream.seq++
  stream.fragmentsOpen = entry.fragments - 1
  const { kind, purpose = 'message', fragments } = entry
  const cast: Cast = { kind, purpose, seq: stream.seq, fragments, vector: stream.vector }
  stream.entries.push({ bytes, payload: entry.payload, cast })
  return true
}
