import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import { Reader, roomFor, takeRoom, WireError, writeVarint } from './bytes.ts'

/**
 * One entry of a stream, as its sender wrote it. A multicast is one entry, or parts of its value and then the entry that
 * carries the rest. Bytes are relayed and pulled unchanged; they can be read only in the order of the stream, because the
 * vector time is told as its increase since the sender's last multicast (Birman, Schiper, Stephenson 1991, section 5.3).
 */
export type Entry =
  | {
      readonly type: 'cast'
      readonly kind: CastKind
      /** Default: `message`. */
      readonly purpose?: CastPurpose
      /** The parts before it are the beginning of its value. */
      readonly hasParts?: boolean
      /** What changed in the sender's vector time: rank and by how much, rank and by how much, ranks rising. */
      readonly increase: readonly number[]
      readonly payload: Uint8Array
    }
  | {
      readonly type: 'part'
      /** With the first part of a value: bytes of the whole. 0: the value goes on. */
      readonly total: number
      readonly payload: Uint8Array
    }
  /** The value of which there were parts is not going to be sent. */
  | { readonly type: 'drop' }

/** An entry that was read. */
export type ReadEntry =
  | {
      readonly type: 'cast'
      readonly kind: CastKind
      readonly purpose: CastPurpose
      readonly hasParts: boolean
      readonly increase: readonly number[]
      /** Where its payload begins. */
      readonly payloadAt: number
    }
  | { readonly type: 'part'; readonly total: number; readonly payloadAt: number }
  | { readonly type: 'drop' }

const KINDS: readonly CastKind[] = ['fifo', 'causal', 'total']
/** Append only. */
const PURPOSES: readonly CastPurpose[] = ['message', 'pause', 'state', 'resume']
// The first byte: two bits for the kind, then what the entry has.
const NO_CAST = 3
const HAS_INCREASE = 4
const HAS_PARTS = 8
const PURPOSE_SHIFT = 4
const INCREASE_AS_LIST = 64
const PART = NO_CAST
const FIRST_PART = NO_CAST | 4
const DROP = NO_CAST | 8

const NO_INCREASE: readonly number[] = []
/** The most that a first byte and a number take. */
const HEAD_BYTES = 9

/** `size`: members of the view. The increase takes a bit a member, or is a list if that is shorter. */
export function encodeEntry(entry: Entry, size: number): Uint8Array {
  if (entry.type === 'drop') return Uint8Array.of(DROP)
  const { payload } = entry
  const increase = entry.type === 'cast' ? entry.increase : NO_INCREASE
  const { bytes, at: start } = roomFor(HEAD_BYTES + (size >> 3) + 1 + increase.length * 8 + payload.length)
  const at = entry.type === 'part' ? writePartHead(bytes, start, entry.total) : writeCastHead(bytes, start, entry, size)
  bytes.set(payload, at)
  return takeRoom(at + payload.length)
}

function writePartHead(into: Uint8Array, start: number, total: number): number {
  into[start] = total === 0 ? PART : FIRST_PART
  return total === 0 ? start + 1 : writeVarint(into, start + 1, total)
}

function writeCastHead(
  into: Uint8Array,
  start: number,
  { kind, purpose = 'message', hasParts = false, increase }: Extract<Entry, { type: 'cast' }>,
  size: number,
): number {
  const asList = increase.length > 0 && increase.length / 2 < (size + 7) >> 3
  const flags = (increase.length > 0 ? HAS_INCREASE : 0) | (hasParts ? HAS_PARTS : 0) | (asList ? INCREASE_AS_LIST : 0)
  into[start] = KINDS.indexOf(kind) | flags | (PURPOSES.indexOf(purpose) << PURPOSE_SHIFT)
  if (increase.length === 0) return start + 1
  return asList ? writeList(into, start + 1, increase) : writeBits(into, start + 1, increase, size)
}

function writeList(into: Uint8Array, start: number, increase: readonly number[]): number {
  let at = writeVarint(into, start, increase.length / 2)
  for (const number of increase) at = writeVarint(into, at, number)
  return at
}

function writeBits(into: Uint8Array, start: number, increase: readonly number[], size: number): number {
  let at = start + ((size + 7) >> 3)
  into.fill(0, start, at)
  for (let i = 0; i < increase.length; i += 2) {
    const rank = increase[i]!
    into[start + (rank >> 3)]! |= 1 << (rank & 7)
    at = writeVarint(into, at, increase[i + 1]!)
  }
  return at
}

/** The entry; undefined for bytes that are none in a view of that size. */
export function readEntry(bytes: Uint8Array, size: number): ReadEntry | undefined {
  const head = bytes[0]
  if (head === undefined) return undefined
  if ((head & NO_CAST) === NO_CAST) return readOther(bytes, head)
  if (head > 127) return undefined
  const kind = KINDS[head & NO_CAST]!
  const purpose = PURPOSES[(head >> PURPOSE_SHIFT) & 3]!
  const hasParts = (head & HAS_PARTS) > 0
  if ((head & HAS_INCREASE) === 0) {
    if ((head & INCREASE_AS_LIST) > 0) return undefined
    return { type: 'cast', kind, purpose, hasParts, increase: NO_INCREASE, payloadAt: 1 }
  }
  try {
    const reader = new Reader(bytes, 1)
    const increase = (head & INCREASE_AS_LIST) > 0 ? readList(reader, size) : readBits(reader, size)
    return increase && { type: 'cast', kind, purpose, hasParts, increase, payloadAt: reader.at }
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

function readOther(bytes: Uint8Array, head: number): ReadEntry | undefined {
  if (head === PART) return { type: 'part', total: 0, payloadAt: 1 }
  if (head === DROP) return bytes.length === 1 ? { type: 'drop' } : undefined
  if (head !== FIRST_PART) return undefined
  try {
    const reader = new Reader(bytes, 1)
    const total = reader.varint()
    return total === 0 ? undefined : { type: 'part', total, payloadAt: reader.at }
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

function readList(reader: Reader, size: number): number[] | undefined {
  const count = reader.varint()
  if (count === 0 || count > size) return undefined
  const increase: number[] = []
  for (let last = -1, i = 0; i < count; i++) {
    const rank = reader.varint()
    const by = reader.varint()
    if (rank <= last || rank >= size || by === 0) return undefined
    last = rank
    increase.push(rank, by)
  }
  return increase
}

function readBits(reader: Reader, size: number): number[] | undefined {
  const bits = reader.raw((size + 7) >> 3)
  const increase: number[] = []
  for (let rank = 0; rank < bits.length * 8; rank++) {
    if (((bits[rank >> 3]! >> (rank & 7)) & 1) === 0) continue
    const by = reader.varint()
    if (rank >= size || by === 0) return undefined
    increase.push(rank, by)
  }
  return increase.length === 0 ? undefined : increase
}
