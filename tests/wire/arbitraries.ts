import fc, { type Arbitrary } from 'fast-check'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import type { MemberRecord } from '../../peer/base/view.ts'
import type {
  FateRecord,
  Message,
  MessageKind,
  OrderEntry,
  Passage,
  Transfer,
  Value,
} from '../../peer/wire/messages.ts'

/** Messages of every kind. */

type Of<K extends MessageKind> = Extract<Message, { kind: K }>

const NAME_CHARACTERS = [...'ABCxyz0129._~-']

export const count: Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(300) },
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
  fc.maxSafeNat(),
)
export const positive = count.map((value) => Math.max(1, value))
export const bytes = fc.uint8Array({ maxLength: 40 })

const name = fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS), minLength: 1, maxLength: 64 })
const attempted = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS), minLength: 1, maxLength: 54 }),
    fc.integer({ min: 1, max: 999_999_999 }),
  )
  .map(([peer, attempt]) => `${peer}.${attempt}` as MemberId)

/** What the fields of messages are drawn from. */
export interface Vocabulary {
  readonly count: Arbitrary<number>
  /** One number a member. */
  readonly counts: Arbitrary<number[]>
  readonly member: Arbitrary<MemberId>
  readonly peer: Arbitrary<PeerId>
  readonly lineage: Arbitrary<Lineage>
  readonly bytes: Arbitrary<Uint8Array>
}

/** Numbers at the edges of what the encoding can hold, any names. */
const EDGES: Vocabulary = {
  count,
  counts: fc.array(count, { maxLength: 6 }),
  member: attempted,
  peer: name as Arbitrary<string> as Arbitrary<PeerId>,
  lineage: name as Arbitrary<string> as Arbitrary<Lineage>,
  bytes,
}

type ByKind = { readonly [K in MessageKind]: Arbitrary<Of<K>> }

/** One arbitrary for each kind: the compiler sees that none is missing. */
export function messagesOf(words: Vocabulary): ByKind {
  const { count, counts, member, peer, lineage, bytes } = words
  const positive = count.map((value) => Math.max(1, value))
  const rank = count
  const value = valueFrom(words)
  const records = recordsOf(words)
  const accepted = fc.option(fc.record({ ballot: positive, value }), { nil: undefined })
  return {
    entries: of('entries', {
      rank: fc.option(rank, { nil: undefined }),
      first: positive,
      stable: fc.constant(0),
      entries: fc.array(bytes, { maxLength: 4 }),
    }).chain((message) =>
      fc.nat(Math.min(message.first - 1, 2 ** 31)).map((lag) => ({ ...message, stable: message.first - 1 - lag })),
    ),
    order: of('order', {
      first: positive,
      entries: runsOf(fc.record({ rank, number: positive, count: fc.integer({ min: 1, max: 4 }) })),
    }),
    status: of('status', {
      have: counts,
      orderLength: count,
      held: counts,
      heldOrder: count,
      wedged: count,
      withState: fc.boolean(),
      leaving: fc.boolean(),
      needsState: fc.boolean(),
      blocked: fc.boolean(),
      forks: fc.boolean(),
      full: fc.boolean(),
      stalls: counts,
      suspects: counts,
      proxies: counts,
      routes: fc.array(fc.record({ rank, hops: count, via: rank, roundTripMs: count }), { maxLength: 3 }),
    }),
    have: of('have', { have: counts, orderLength: count }),
    pull: of('pull', {
      ranges: fc.array(fc.record({ rank, first: positive, last: count }), { maxLength: 4 }),
      orderFirst: count,
      orderLast: count,
    }),
    ping: of('ping', { sentAt: count }),
    pong: of('pong', { sentAt: count }),
    probe: of('probe', { member }),
    alive: of('alive', { member }),
    prepare: of('prepare', { ballot: positive }),
    promise: of('promise', {
      ballot: positive,
      as: rank,
      accepted,
      have: counts,
      orderLength: count,
      held: counts,
      heldOrder: count,
      withState: fc.boolean(),
      refusedBy: fc.array(member, { maxLength: 3 }),
      leaving: fc.boolean(),
    }),
    nack: of('nack', { ballot: positive, promised: positive }),
    fill: of('fill', { ballot: positive, cut: counts, orderCut: count, sources: counts }),
    filled: of('filled', { ballot: positive, held: counts, heldOrder: count }),
    accept: of('accept', { ballot: positive, value }),
    accepted: of('accepted', { ballot: positive, as: rank }),
    decide: of('decide', {
      view: fc.record({ lineage, number: positive, members: records, witness: tokenOf(words) }),
      value,
      fates: fatesOf(words),
    }),
    behind: of('behind', {}),
    join: of('join', { member, info: bytes, hasState: fc.boolean() }),
    refuse: of('refuse', {
      member,
      reason: fc.constantFrom('state-mismatch' as const, 'group-full' as const, 'outdated' as const),
    }),
    leave: of('leave', {}),
    grant: of('grant', { promised: count, accepted, have: counts, orderLength: count, withState: fc.boolean() }),
    bye: of('bye', { holder: fc.option(member, { nil: undefined }) }),
    verdict: of('verdict', {
      number: positive,
      cut: fc.option(
        count.filter((cut) => cut < Number.MAX_SAFE_INTEGER),
        { nil: undefined },
      ),
    }),
    hello: of('hello', {
      lineage,
      number: positive,
      members: positive,
      idle: fc.boolean(),
      blocked: fc.boolean(),
    }),
    chunk: of('chunk', {
      boundary: positive,
      offset: count,
      total: count,
      bytes,
    }),
    'chunk-ack': of('chunk-ack', { boundary: positive, received: count }),
    'save-failed': of('save-failed', { boundary: positive }),
    relay: of('relay', {
      from: peer,
      to: peer,
      hopsLeft: fc.nat(255),
      attempt: count,
      lineageTag: fc.nat(2 ** 32 - 1),
      number: count,
      message: bytes,
    }),
    fork: of('fork', { ballot: positive, lineage }),
    'merge-ask': of('merge-ask', { lineage, number: positive }),
    'merge-offer': of('merge-offer', { lineage, number: positive, fates: fatesOf(words) }),
  }
}

export const MESSAGES: ByKind = messagesOf(EDGES)

export const anyMessage: Arbitrary<Message> = fc.oneof(...Object.values<Arbitrary<Message>>(MESSAGES))

function recordsOf({ member, bytes }: Vocabulary): Arbitrary<MemberRecord[]> {
  return fc.uniqueArray(fc.record({ id: member, info: bytes }), { maxLength: 5, selector: ({ id }) => id })
}

function valueFrom(words: Vocabulary): Arbitrary<Value> {
  const { count, counts, member } = words
  const boundary = count.map((value) => Math.max(1, value))
  const provider = fc.option(member, { nil: undefined })
  const transfer: Arbitrary<Transfer> = fc.record({ member, provider, boundary })
  const someRecords = recordsOf(words).filter(({ length }) => length > 0)
  return someRecords.chain((members) =>
    fc.record({
      members: fc.constant(members),
      joiners: fc.nat(members.length - 1),
      left: fc.array(member, { maxLength: 3 }),
      cut: counts,
      orderCut: count,
      transfers: fc.array(transfer, { maxLength: 3 }),
      witness: tokenOf(words),
      passage: passageOf(words),
    }),
  )
}

function passageOf(words: Vocabulary): Arbitrary<Passage> {
  const { lineage } = words
  return fc.oneof(
    fc.constant({ type: 'on' as const }),
    fc.record({ type: fc.constant('fork' as const), lineage }),
    fc.record({ type: fc.constant('dissolve' as const), into: lineage, fates: fatesOf(words) }),
  )
}

function fatesOf({ count, member }: Vocabulary): Arbitrary<FateRecord[]> {
  const number = count.map((value) => Math.max(1, value))
  return fc.array(fc.record({ number, member, cut: count }), { maxLength: 3 })
}

function tokenOf({ lineage }: Vocabulary): Arbitrary<string | undefined> {
  return fc.option(lineage, { nil: undefined })
}

/** Places of an order log, of which some follow one another. */
function runsOf(run: Arbitrary<{ rank: number; number: number; count: number }>): Arbitrary<OrderEntry[]> {
  return fc
    .array(run, { maxLength: 5 })
    .map((runs) =>
      runs.flatMap(({ rank, number, count }) =>
        Array.from({ length: count }, (_, index) => ({ rank, number: number + index })).filter(({ number }) =>
          Number.isSafeInteger(number),
        ),
      ),
    )
}

function of<K extends MessageKind>(
  kind: K,
  fields: { readonly [F in Exclude<keyof Of<K>, 'kind'>]: Arbitrary<Of<K>[F]> },
): Arbitrary<Of<K>> {
  return fc.record({ kind: fc.constant(kind), ...fields }) as unknown as Arbitrary<Of<K>>
}
