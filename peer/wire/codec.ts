import type { Lineage, PeerId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import { Reader, WireError, Writer } from './bytes.ts'
import {
  byte,
  bytes,
  checked,
  type Field,
  flag,
  list,
  member,
  name,
  oneOf,
  optional,
  positive,
  record,
  uint32,
  variant,
  varint,
  varints,
} from './fields.ts'
import {
  type Accepted,
  type FateRecord,
  KIND_NUMBERS,
  type Message,
  type MessageKind,
  type OrderEntry,
  type Passage,
  type Range,
  type Refusal,
  type RouteNote,
  type Transfer,
  type Value,
} from './messages.ts'

/** One message's bytes: the kind's number, then its fields. */
export function encode(message: Message): Uint8Array {
  const writer = new Writer(message.kind === 'entries' ? capacityFor(message.entries) : undefined)
  MESSAGE.write(writer, message)
  return writer.finish()
}

/** The message, its byte strings views into `bytes`; for bytes that are no message, why they are none. */
export function decode(encoded: Uint8Array): Message | { readonly kind: 'invalid'; readonly why: string } {
  const kind = kindOf(encoded)
  if (kind === undefined) return { kind: 'invalid', why: 'unknown kind' }
  try {
    const reader = new Reader(encoded)
    const message = MESSAGE.read(reader)
    reader.end()
    return message
  } catch (error) {
    if (error instanceof WireError) return { kind: 'invalid', why: `${kind}: ${error.message}` }
    throw error
  }
}

/** The kind of an encoded message, by its first byte. */
export function kindOf(encoded: Uint8Array): MessageKind | undefined {
  return KINDS_BY_NUMBER.get(encoded[0] ?? 0)
}

const lineage = name<Lineage>('a lineage')
const peer = name<PeerId>('a peer id')
const token = optional(name<string>('a token of a witness'))
const fates = list(record<FateRecord>({ number: positive, member, cut: varint }))

/** Kept for as long as their members are, and the frame that they came in is not. */
const ownBytes: Field<Uint8Array> = { write: bytes.write, read: (r) => r.bytes().slice() }
const members = checked(
  list(record<MemberRecord>({ id: member, info: ownBytes })),
  (all) => new Set(all.map(({ id }) => id)).size === all.length,
  'a member twice',
)
const view = record<ViewRecord>({ lineage, number: positive, members, witness: token })
const transfer = record<Transfer>({ member, provider: optional(member), boundary: positive })

const passage = variant<Passage, 'type'>(
  'type',
  { on: 0, fork: 1, dissolve: 2 },
  { on: {}, fork: { lineage }, dissolve: { into: lineage, fates } },
)
const refusal = oneOf<Refusal>(['state-mismatch', 'group-full', 'outdated'])

const value = checked(
  record<Value>({
    members,
    joiners: varint,
    left: list(member),
    cut: varints,
    orderCut: varint,
    transfers: list(transfer),
    witness: token,
    passage,
  }),
  (read) => read.joiners < read.members.length,
  'a view without survivors',
)
/** A value's bytes by themselves, for one who keeps it without reading it. */
export const { write: writeValue, read: readValue } = value

const accepted = optional(record<Accepted>({ ballot: positive, value }))

/** Places that one message tells at most. */
export const ORDER_MAX = 65_536

/** There may be very many places: those that follow one another in one stream are told together. */
const order: Field<readonly OrderEntry[]> = {
  write(w, entries) {
    const starts: number[] = []
    for (let i = 0; i < entries.length; i++) if (i === 0 || !follows(entries[i - 1]!, entries[i]!)) starts.push(i)
    w.varint(starts.length)
    for (const [i, start] of starts.entries()) {
      const { rank, number } = entries[start]!
      w.varint(rank)
        .varint(number)
        .varint((starts[i + 1] ?? entries.length) - start)
    }
  },
  read(r) {
    const entries: OrderEntry[] = []
    for (let runs = r.varint(); runs > 0; runs--) {
      const rank = r.varint()
      const first = positive.read(r)
      const count = positive.read(r)
      const last = first - 1 + count
      if (entries.length + count > ORDER_MAX) throw new WireError('more places than one message tells')
      if (!Number.isSafeInteger(last)) throw new WireError('number too large')
      const before = entries.at(-1)
      if (before && follows(before, { rank, number: first })) throw new WireError('places not in their shortest form')
      for (let number = first; number <= last; number++) entries.push({ rank, number })
    }
    return entries
  },
}

function follows(before: OrderEntry, after: OrderEntry): boolean {
  return before.rank === after.rank && before.number + 1 === after.number
}

/**
 * Most messages are these: whether the stream is the sender's own goes with the count, and what is stable is told by how far it
 * is behind.
 */
const entries: Field<Extract<Message, { kind: 'entries' }>> = {
  write(w, { rank, first, stable, entries }) {
    w.varint(entries.length * 2 + (rank === undefined ? 0 : 1))
    if (rank !== undefined) w.varint(rank)
    w.varint(first).varint(Math.max(0, first - 1 - stable))
    for (const entry of entries) w.bytes(entry)
  },
  read(r) {
    const head = r.varint()
    const rank = head % 2 === 0 ? undefined : r.varint()
    const first = positive.read(r)
    const stable = first - 1 - r.varint()
    if (stable < 0) throw new WireError('a stable prefix below zero')
    const entries: Uint8Array[] = []
    for (let left = Math.floor(head / 2); left > 0; left--) entries.push(r.bytes())
    return { kind: 'entries', rank, first, stable, entries }
  },
}

/** What they take in a message, roughly: written without growing. */
function capacityFor(entries: readonly Uint8Array[]): number {
  let bytes = 32
  for (const entry of entries) bytes += entry.length + 4
  return bytes
}

/** One more than it is. */
const next: Field<number> = { write: (w, number) => w.varint(number + 1), read: (r) => r.varint() - 1 }

const MESSAGE = variant<Message, 'kind'>('kind', KIND_NUMBERS, {
  entries,
  order: { first: positive, entries: order },
  have: { have: varints, orderLength: varint },
  status: {
    have: varints,
    orderLength: varint,
    held: varints,
    heldOrder: varint,
    wedged: varint,
    withState: flag,
    leaving: flag,
    needsState: flag,
    blocked: flag,
    forks: flag,
    full: flag,
    stalls: varints,
    suspects: varints,
    proxies: varints,
    routes: list(record<RouteNote>({ rank: varint, hops: varint, via: varint, roundTripMs: varint })),
  },
  pull: {
    ranges: list(record<Range>({ rank: varint, first: positive, last: varint })),
    orderFirst: varint,
    orderLast: varint,
  },
  ping: { sentAt: varint },
  pong: { sentAt: varint },
  probe: { member },
  alive: { member },
  prepare: { ballot: positive },
  promise: {
    ballot: positive,
    as: varint,
    accepted,
    have: varints,
    orderLength: varint,
    held: varints,
    heldOrder: varint,
    withState: flag,
    leaving: flag,
    refusedBy: list(member),
  },
  nack: { ballot: positive, promised: positive },
  fill: { ballot: positive, cut: varints, orderCut: varint, sources: varints },
  filled: { ballot: positive, held: varints, heldOrder: varint },
  accept: { ballot: positive, value },
  accepted: { ballot: positive, as: varint },
  decide: { view, value, fates },
  behind: {},
  join: { member, info: bytes, hasState: flag },
  refuse: { member, reason: refusal },
  leave: {},
  grant: { promised: varint, accepted, have: varints, orderLength: varint, withState: flag },
  bye: { holder: optional(member) },
  verdict: { number: positive, cut: optional(next) },
  hello: { lineage, number: positive, members: positive, idle: flag, blocked: flag },
  chunk: { boundary: positive, offset: varint, total: varint, bytes },
  'chunk-ack': { boundary: positive, received: varint },
  'save-failed': { boundary: positive },
  relay: { from: peer, to: peer, hopsLeft: byte, attempt: varint, lineageTag: uint32, number: varint, message: bytes },
  fork: { ballot: positive, lineage },
  'merge-ask': { lineage, number: positive },
  'merge-offer': { lineage, number: positive, fates },
})

const KINDS_BY_NUMBER = new Map(Object.entries(KIND_NUMBERS).map(([kind, number]) => [number, kind as MessageKind]))
