import { isMemberId, isName, type Lineage, type MemberId, type PeerId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import { Reader, WireError, Writer } from './bytes.ts'
import {
  type Accepted,
  type FateRecord,
  KIND_NUMBERS,
  type Message,
  type MessageKind,
  type Passage,
  type Refusal,
  type Transfer,
  type Value,
} from './messages.ts'

type Of<K extends MessageKind> = Extract<Message, { kind: K }>
interface KindCodec<K extends MessageKind> {
  write(writer: Writer, message: Of<K>): void
  read(reader: Reader): Of<K>
}

/** One message's bytes: the kind's number, then its fields. */
export function encode(message: Message): Uint8Array {
  const writer = new Writer()
  writer.byte(KIND_NUMBERS[message.kind])
  ;(CODECS[message.kind] as KindCodec<MessageKind>).write(writer, message)
  return writer.finish()
}

/** The message, its byte strings views into `bytes`; for bytes that are no message, why they are none. */
export function decode(bytes: Uint8Array): Message | { readonly kind: 'invalid'; readonly why: string } {
  const kind = kindOf(bytes)
  if (kind === undefined) return { kind: 'invalid', why: 'unknown kind' }
  try {
    const reader = new Reader(bytes.subarray(1))
    const message = CODECS[kind].read(reader)
    reader.end()
    return message
  } catch (error) {
    if (error instanceof WireError) return { kind: 'invalid', why: `${kind}: ${error.message}` }
    throw error
  }
}

/** The kind of an encoded message, by its first byte. */
export function kindOf(bytes: Uint8Array): MessageKind | undefined {
  return KINDS_BY_NUMBER.get(bytes[0] ?? 0)
}

const KINDS_BY_NUMBER = new Map(Object.entries(KIND_NUMBERS).map(([kind, number]) => [number, kind as MessageKind]))

const CODECS: { readonly [K in MessageKind]: KindCodec<K> } = {
  entries: {
    write: (w, m) =>
      w
        .varint(m.rank)
        .varint(m.first)
        .list(m.entries, (entry) => w.bytes(entry)),
    read: (r) => ({ kind: 'entries', rank: r.varint(), first: positive(r), entries: r.list(() => r.bytes()) }),
  },
  order: {
    write: (w, m) => w.varint(m.first).list(m.entries, (entry) => w.varint(entry.rank).varint(entry.number)),
    read: (r) => ({
      kind: 'order',
      first: positive(r),
      entries: r.list(() => ({ rank: r.varint(), number: positive(r) })),
    }),
  },
  status: {
    write(w, m) {
      w.varints(m.have).varint(m.orderLength).varint(m.wedged)
      w.byte(
        (m.withState ? 1 : 0) | (m.leaving ? 2 : 0) | (m.needsState ? 4 : 0) | (m.blocked ? 8 : 0) | (m.forks ? 16 : 0),
      )
      w.varints(m.suspects).varints(m.proxies)
      w.list(m.routes, (note) => w.varint(note.rank).varint(note.hops).varint(note.via).varint(note.roundTripMs))
    },
    read(r) {
      const counts = { have: r.varints(), orderLength: r.varint(), wedged: r.varint() }
      const flags = r.byte()
      const suspects = r.varints()
      const proxies = r.varints()
      const routes = r.list(() => ({ rank: r.varint(), hops: r.varint(), via: r.varint(), roundTripMs: r.varint() }))
      const state = { withState: (flags & 1) > 0, leaving: (flags & 2) > 0, needsState: (flags & 4) > 0 }
      const quorum = { blocked: (flags & 8) > 0, forks: (flags & 16) > 0 }
      return { kind: 'status', ...counts, ...state, ...quorum, suspects, proxies, routes }
    },
  },
  pull: {
    write(w, m) {
      w.list(m.ranges, (range) => w.varint(range.rank).varint(range.first).varint(range.last))
      w.varint(m.orderFirst).varint(m.orderLast)
    },
    read: (r) => ({
      kind: 'pull',
      ranges: r.list(() => ({ rank: r.varint(), first: positive(r), last: r.varint() })),
      orderFirst: r.varint(),
      orderLast: r.varint(),
    }),
  },
  ping: { write: (w, m) => w.varint(m.sentAt), read: (r) => ({ kind: 'ping', sentAt: r.varint() }) },
  pong: { write: (w, m) => w.varint(m.sentAt), read: (r) => ({ kind: 'pong', sentAt: r.varint() }) },
  probe: { write: (w, m) => w.text(m.member), read: (r) => ({ kind: 'probe', member: readMember(r) }) },
  alive: { write: (w, m) => w.text(m.member), read: (r) => ({ kind: 'alive', member: readMember(r) }) },
  prepare: { write: (w, m) => w.varint(m.ballot), read: (r) => ({ kind: 'prepare', ballot: positive(r) }) },
  promise: {
    write(w, m) {
      w.varint(m.ballot).varint(m.as)
      writeAccepted(w, m.accepted)
      w.varints(m.have).varint(m.orderLength).varints(m.held).varint(m.heldOrder)
      w.byte((m.withState ? 1 : 0) | (m.leaving ? 2 : 0)).list(m.refusedBy, (member) => w.text(member))
    },
    read(r) {
      const vote = { ballot: positive(r), as: r.varint(), accepted: readAccepted(r) }
      const counts = { have: r.varints(), orderLength: r.varint(), held: r.varints(), heldOrder: r.varint() }
      const flags = r.byte()
      const refusedBy = r.list(() => readMember(r))
      return { kind: 'promise', ...vote, ...counts, withState: (flags & 1) > 0, leaving: (flags & 2) > 0, refusedBy }
    },
  },
  nack: {
    write: (w, m) => w.varint(m.ballot).varint(m.promised),
    read: (r) => ({ kind: 'nack', ballot: positive(r), promised: positive(r) }),
  },
  fill: {
    write: (w, m) => w.varint(m.ballot).varints(m.cut).varint(m.orderCut).varints(m.sources),
    read: (r) => ({ kind: 'fill', ballot: positive(r), cut: r.varints(), orderCut: r.varint(), sources: r.varints() }),
  },
  filled: {
    write: (w, m) => w.varint(m.ballot).varints(m.held).varint(m.heldOrder),
    read: (r) => ({ kind: 'filled', ballot: positive(r), held: r.varints(), heldOrder: r.varint() }),
  },
  accept: {
    write(w, m) {
      w.varint(m.ballot)
      writeValue(w, m.value)
    },
    read: (r) => ({ kind: 'accept', ballot: positive(r), value: readValue(r) }),
  },
  accepted: {
    write: (w, m) => w.varint(m.ballot).varint(m.as),
    read: (r) => ({ kind: 'accepted', ballot: positive(r), as: r.varint() }),
  },
  decide: {
    write(w, m) {
      writeView(w, m.view)
      writeValue(w, m.value)
      w.list(m.fates, (fate) => writeFate(w, fate))
    },
    read: (r) => ({ kind: 'decide', view: readView(r), value: readValue(r), fates: r.list(() => readFate(r)) }),
  },
  behind: { write: () => {}, read: () => ({ kind: 'behind' }) },
  join: {
    write: (w, m) =>
      w
        .text(m.member)
        .bytes(m.info)
        .byte(m.hasState ? 1 : 0),
    read: (r) => ({ kind: 'join', member: readMember(r), info: r.bytes(), hasState: r.byte() === 1 }),
  },
  refuse: {
    write: (w, m) => w.text(m.member).byte(REFUSALS.indexOf(m.reason)),
    read: (r) => ({ kind: 'refuse', member: readMember(r), reason: readRefusal(r) }),
  },
  leave: { write: () => {}, read: () => ({ kind: 'leave' }) },
  grant: {
    write(w, m) {
      w.varint(m.promised)
      writeAccepted(w, m.accepted)
      w.varints(m.have)
        .varint(m.orderLength)
        .byte(m.withState ? 1 : 0)
    },
    read: (r) => ({
      kind: 'grant',
      promised: r.varint(),
      accepted: readAccepted(r),
      have: r.varints(),
      orderLength: r.varint(),
      withState: r.byte() === 1,
    }),
  },
  bye: {
    write: (w, m) => w.text(m.holder ?? ''),
    read: (r) => ({ kind: 'bye', holder: readOptionalMember(r) }),
  },
  verdict: {
    write: (w, m) => w.varint(m.number).varint(m.cut === undefined ? 0 : m.cut + 1),
    read(r) {
      const number = positive(r)
      const cut = r.varint()
      return { kind: 'verdict', number, cut: cut === 0 ? undefined : cut - 1 }
    },
  },
  hello: {
    write: (w, m) =>
      w
        .text(m.lineage)
        .varint(m.number)
        .varint(m.members)
        .byte((m.idle ? 1 : 0) | (m.blocked ? 2 : 0)),
    read(r) {
      const place = { lineage: readLineage(r), number: positive(r), members: positive(r) }
      const flags = r.byte()
      return { kind: 'hello', ...place, idle: (flags & 1) > 0, blocked: (flags & 2) > 0 }
    },
  },
  chunk: {
    write: (w, m) => w.varint(m.boundary).varint(m.offset).varint(m.total).bytes(m.bytes),
    read: (r) => ({
      kind: 'chunk',
      boundary: positive(r),
      offset: r.varint(),
      total: r.varint(),
      bytes: r.bytes(),
    }),
  },
  'chunk-ack': {
    write: (w, m) => w.varint(m.boundary).varint(m.received),
    read: (r) => ({ kind: 'chunk-ack', boundary: positive(r), received: r.varint() }),
  },
  'save-failed': {
    write: (w, m) => w.varint(m.boundary),
    read: (r) => ({ kind: 'save-failed', boundary: positive(r) }),
  },
  relay: {
    write(w, m) {
      w.text(m.from).text(m.to).byte(m.hopsLeft).varint(m.attempt).uint32(m.lineageTag).varint(m.number)
      w.bytes(m.message)
    },
    read: (r) => ({
      kind: 'relay',
      from: readPeer(r),
      to: readPeer(r),
      hopsLeft: r.byte(),
      attempt: r.varint(),
      lineageTag: r.uint32(),
      number: r.varint(),
      message: r.bytes(),
    }),
  },
  fork: {
    write: (w, m) => w.varint(m.ballot).text(m.lineage),
    read: (r) => ({ kind: 'fork', ballot: positive(r), lineage: readLineage(r) }),
  },
  'merge-ask': {
    write: (w, m) => w.text(m.lineage).varint(m.number),
    read: (r) => ({ kind: 'merge-ask', lineage: readLineage(r), number: positive(r) }),
  },
  'merge-offer': {
    write: (w, m) =>
      w
        .text(m.lineage)
        .varint(m.number)
        .list(m.fates, (fate) => writeFate(w, fate)),
    read: (r) => ({
      kind: 'merge-offer',
      lineage: readLineage(r),
      number: positive(r),
      fates: r.list(() => readFate(r)),
    }),
  },
}

/** Append only, as the kinds are. */
const REFUSALS: readonly Refusal[] = ['state-mismatch', 'group-full', 'outdated']

function readRefusal(reader: Reader): Refusal {
  const reason = REFUSALS[reader.byte()]
  if (reason === undefined) throw new WireError('refused for an unknown reason')
  return reason
}

function positive(reader: Reader): number {
  const value = reader.varint()
  if (value === 0) throw new WireError('zero where numbers count from one')
  return value
}

function readName(reader: Reader): string {
  const text = reader.text()
  if (!isName(text)) throw new WireError('a name with characters that names do not have')
  return text
}

const readLineage = (reader: Reader): Lineage => readName(reader) as Lineage
const readPeer = (reader: Reader): PeerId => readName(reader) as PeerId

function readMember(reader: Reader): MemberId {
  const text = reader.text()
  if (!isMemberId(text)) throw new WireError('not a member id')
  return text
}

function readOptionalMember(reader: Reader): MemberId | undefined {
  const text = reader.text()
  if (text === '') return undefined
  if (!isMemberId(text)) throw new WireError('not a member id')
  return text
}

function writeMembers(writer: Writer, members: readonly MemberRecord[]): void {
  writer.list(members, (member) => writer.text(member.id).bytes(member.info))
}

function readMembers(reader: Reader): MemberRecord[] {
  const members = reader.list(() => ({ id: readMember(reader), info: reader.bytes().slice() }))
  if (new Set(members.map((member) => member.id)).size < members.length) throw new WireError('a member twice')
  return members
}

function writeView(writer: Writer, view: ViewRecord): void {
  writer.text(view.lineage).varint(view.number)
  writeMembers(writer, view.members)
  writer.text(view.witness ?? '')
}

function readView(reader: Reader): ViewRecord {
  const place = { lineage: readLineage(reader), number: positive(reader) }
  return { ...place, members: readMembers(reader), witness: readToken(reader) }
}

/** A value's bytes by themselves, for one who keeps it without reading it. */
export function writeValue(writer: Writer, value: Value): void {
  writeMembers(writer, value.members)
  writer.varint(value.joiners).list(value.left, (member) => writer.text(member))
  writer.varints(value.cut).varint(value.orderCut)
  writer.list(value.transfers, (transfer) => {
    writer
      .text(transfer.member)
      .text(transfer.provider ?? '')
      .varint(transfer.boundary)
  })
  writer.text(value.witness ?? '')
  writePassage(writer, value.passage)
}

export function readValue(reader: Reader): Value {
  const members = readMembers(reader)
  const joiners = reader.varint()
  if (members.length === 0 || joiners >= members.length) throw new WireError('a view without survivors')
  const left = reader.list(() => readMember(reader))
  const cuts = { cut: reader.varints(), orderCut: reader.varint() }
  const transfers = reader.list(
    (): Transfer => ({ member: readMember(reader), provider: readOptionalMember(reader), boundary: positive(reader) }),
  )
  const witness = readToken(reader)
  return { members, joiners, left, ...cuts, transfers, witness, passage: readPassage(reader) }
}

/** Append only, as the kinds are. */
const PASSAGES: readonly Passage['type'][] = ['on', 'fork', 'dissolve']

function writePassage(writer: Writer, passage: Passage): void {
  writer.byte(PASSAGES.indexOf(passage.type))
  if (passage.type === 'fork') writer.text(passage.lineage)
  if (passage.type === 'dissolve') writer.text(passage.into).list(passage.fates, (fate) => writeFate(writer, fate))
}

function readPassage(reader: Reader): Passage {
  const type = PASSAGES[reader.byte()]
  switch (type) {
    case 'on':
      return { type }
    case 'fork':
      return { type, lineage: readLineage(reader) }
    case 'dissolve':
      return { type, into: readLineage(reader), fates: reader.list(() => readFate(reader)) }
    default:
      throw new WireError('a lineage that goes on in an unknown way')
  }
}

function readToken(reader: Reader): string | undefined {
  const text = reader.text()
  if (text === '') return undefined
  if (!isName(text)) throw new WireError('not a token of a witness')
  return text
}

function writeAccepted(writer: Writer, accepted: Accepted | undefined): void {
  writer.varint(accepted?.ballot ?? 0)
  if (accepted !== undefined) writeValue(writer, accepted.value)
}

function readAccepted(reader: Reader): Accepted | undefined {
  const ballot = reader.varint()
  return ballot === 0 ? undefined : { ballot, value: readValue(reader) }
}

function writeFate(writer: Writer, fate: FateRecord): void {
  writer.varint(fate.number).text(fate.member).varint(fate.cut)
}

function readFate(reader: Reader): FateRecord {
  return { number: positive(reader), member: readMember(reader), cut: reader.varint() }
}
