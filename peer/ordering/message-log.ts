/**
 * Message log: what a member holds of the streams of one view.
 * Purpose: keeps each sender's entries in order, those that came early aside, and lets go of what is stable.
 * Requires: entries of the view it was made for, bytes as their sender wrote them, in any order, any number of times.
 * Guarantees: entries are read in the order of their stream (vector times are told as increases); an entry once held is
 *   held until it is delivered here and stable (DL1, FL1); a gap stays visible until it is closed by a pull.
 * Source: Birman, Schiper, Stephenson, Lightweight Causal and Atomic Group Multicast (1991), sections 5 and 6.
 */
import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import { type Entry, type ReadEntry, readEntry } from '../wire/entry.ts'
import type { OrderLog } from './abcast.ts'

export interface Cast {
  readonly kind: CastKind
  readonly purpose: CastPurpose
  /** Which message of its sender in this view, from 1. */
  readonly seq: number
  /** The parts before it are the beginning of its value. */
  readonly hasParts: boolean
  /** For each rank, how many entries of its stream the sender had delivered or knew of. Its own place is 0. */
  readonly vector: readonly number[]
  /** Ranks at which it may wait: what its sender's earlier multicasts have waited for need not be looked at again. */
  readonly causes: readonly number[]
  /** Of this member's own: the caller's handle, until its fate is told; and its whole value, if parts of it went before. */
  ref: number | undefined
  readonly whole: Uint8Array | undefined
}

export interface LogEntry {
  readonly bytes: Uint8Array
  /** Where its payload begins. */
  readonly payloadAt: number
  /** undefined: a part of a value (`total` is set with the first one: the value's bytes), or the word that no more come. */
  readonly cast: Cast | undefined
  readonly total: number
  readonly isDrop: boolean
}

/** A value that comes in parts, as far as it was delivered. */
export interface Assembly {
  readonly total: number
  bytes: number
  readonly pieces: Uint8Array[]
  /** Of which the application was told. */
  toldBytes: number
}

export interface Stream {
  /** Entries 1 to `base` were let go. */
  base: number
  /** Entries from `base + 1` on, without a gap. */
  entries: LogEntry[]
  /** Bytes of these. */
  bytes: number
  /** Entries beyond a gap, unread. */
  ahead: Map<number, Uint8Array>
  /** Causally complete prefix. */
  have: number
  /** Entries delivered to the application. */
  delivered: number
  /** Vector time and message count as of the last entry read. */
  vector: readonly number[]
  seq: number
  /** Ranks told of by FBCASTs, which wait for nothing, since the last multicast of another kind. */
  unchecked: number[]
  /** The value that comes in parts as of the last entry read: its bytes, and how many of them came. 0: none. */
  openTotal: number
  openBytes: number
  assembly: Assembly | undefined
}

/** Everything of one view that is delivered in order: a stream a member, and the sequencer's order log. */
export interface MessageLog {
  readonly streams: readonly Stream[]
  readonly order: OrderLog
  /** All that this member's next multicast causally follows, delivered here or only known of (fbcast). */
  past: number[]
  wedged: boolean
  /** The largest value that is put together here. */
  readonly valueBytesMax: number
}

/** Entries that may wait beyond a gap; more are pulled again once the gap is closed. */
const AHEAD_ENTRIES_MAX = 65_536

export function newStream(members: number): Stream {
  return {
    base: 0,
    entries: [],
    bytes: 0,
    ahead: new Map(),
    have: 0,
    delivered: 0,
    vector: new Array<number>(members).fill(0),
    seq: 0,
    unchecked: [],
    openTotal: 0,
    openBytes: 0,
    assembly: undefined,
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
 * Takes entry `number` of the stream of `rank`. False for bytes that are no entry, or no part that fits the ones before it. One
 * that came early and proves to be none is dropped, and the gap pulled: who closed the gap is not to blame.
 */
export function store(log: MessageLog, rank: number, number: number, bytes: Uint8Array): boolean {
  const stream = log.streams[rank]!
  const next = received(stream) + 1
  if (number < next || number > next + AHEAD_ENTRIES_MAX) return true
  if (number > next) {
    stream.ahead.set(number, bytes)
    return true
  }
  if (!append(log, stream, rank, bytes)) return false
  while (stream.ahead.size > 0) {
    const number = received(stream) + 1
    const early = stream.ahead.get(number)
    if (early === undefined) return true
    stream.ahead.delete(number)
    if (!append(log, stream, rank, early)) return true
  }
  return true
}

/** What only the one who multicasts knows. */
export type Own = Pick<Cast, 'ref' | 'whole'>

/** Takes this member's next multicast as it was written: it need not be read. */
export function storeOwn(
  { streams }: MessageLog,
  rank: number,
  { kind, purpose = 'message', hasParts = false, increase, payload }: Extract<Entry, { type: 'cast' }>,
  bytes: Uint8Array,
  own: Own,
): void {
  const stream = streams[rank]!
  const cast = castOf(stream, { kind, purpose, hasParts, increase }, own)
  if (hasParts) stream.openTotal = 0
  stream.entries.push({ bytes, payloadAt: bytes.length - payload.length, cast, total: 0, isDrop: false })
  stream.bytes += bytes.length
}

/** Lets go of entries up to `number`, as far as they are delivered. Returns them. */
export function letGo(stream: Stream, number: number): readonly LogEntry[] {
  const count = Math.min(number, stream.delivered) - stream.base
  if (count <= 0) return NO_ENTRIES
  const gone = stream.entries.splice(0, count)
  for (const { bytes } of gone) stream.bytes -= bytes.length
  stream.base += count
  return gone
}

const NO_ENTRIES: readonly LogEntry[] = []

function append(log: MessageLog, stream: Stream, rank: number, bytes: Uint8Array): boolean {
  const entry = readEntry(bytes, log.streams.length)
  if (entry === undefined || (entry.type === 'cast' && isOwnCause(entry.increase, rank))) return false
  const isDrop = entry.type === 'drop'
  const payloadAt = isDrop ? 1 : entry.payloadAt
  if (!fitsValue(log, stream, entry, bytes.length - payloadAt)) return false
  const cast = entry.type === 'cast' ? castOf(stream, entry) : undefined
  stream.entries.push({ bytes, payloadAt, cast, total: entry.type === 'part' ? entry.total : 0, isDrop })
  stream.bytes += bytes.length
  return true
}

/** Whether a part, or what ends a value in parts, goes with the parts before it; notes it if so. */
function fitsValue({ valueBytesMax }: MessageLog, stream: Stream, entry: ReadEntry, bytes: number): boolean {
  if (entry.type === 'cast' && !entry.hasParts) return true
  if (entry.type === 'part' && entry.total > 0) {
    if (stream.openTotal > 0 || entry.total > valueBytesMax || bytes === 0 || bytes >= entry.total) return false
    stream.openTotal = entry.total
    stream.openBytes = bytes
    return true
  }
  const whole = stream.openBytes + bytes
  if (stream.openTotal === 0) return false
  if (entry.type === 'part') {
    if (bytes === 0 || whole >= stream.openTotal) return false
    stream.openBytes = whole
    return true
  }
  if (entry.type === 'cast' && whole !== stream.openTotal) return false
  stream.openTotal = 0
  return true
}

/** Whether an increase is about its sender itself: its own place is always 0. */
function isOwnCause(increase: readonly number[], rank: number): boolean {
  for (let i = 0; i < increase.length; i += 2) if (increase[i] === rank) return true
  return false
}

/** The multicast, its vector time the sender's last one with the increase. */
function castOf(
  stream: Stream,
  { kind, purpose, hasParts, increase }: Omit<Extract<ReadEntry, { type: 'cast' }>, 'type' | 'payloadAt'>,
  { ref, whole }: Own = NOT_OWN,
): Cast {
  let causes = NO_CAUSES
  if (increase.length > 0) {
    const vector = stream.vector.slice()
    const ranks: number[] = []
    for (let i = 0; i < increase.length; i += 2) {
      const cause = increase[i]!
      vector[cause] = vector[cause]! + increase[i + 1]!
      ranks.push(cause)
    }
    stream.vector = vector
    causes = ranks
  }
  if (kind === 'fifo') stream.unchecked.push(...causes)
  else if (stream.unchecked.length > 0) {
    causes = [...new Set([...stream.unchecked, ...causes])]
    stream.unchecked = []
  }
  return { kind, purpose, seq: ++stream.seq, hasParts, vector: stream.vector, causes, ref, whole }
}

const NOT_OWN: Own = { ref: undefined, whole: undefined }

const NO_CAUSES: readonly number[] = []
