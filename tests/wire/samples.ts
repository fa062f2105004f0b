import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import type { Message, MessageKind, Value } from '../../peer/wire/messages.ts'

/** One message of each kind, every field in it set to something that shows in the bytes. */

const [a, b, c] = ['a.1', 'b.2', 'c.1'] as MemberId[] as [MemberId, MemberId, MemberId]
const info = Uint8Array.of(0xaa, 0xbb)

const VALUE: Value = {
  members: [
    { id: a, info },
    { id: c, info: new Uint8Array() },
  ],
  joiners: 1,
  left: [b],
  cut: [5, 300],
  orderCut: 7,
  transfers: [{ member: c, provider: a, boundary: 4 }],
}

export const SAMPLES: { readonly [K in MessageKind]: Extract<Message, { kind: K }> } = {
  entries: { kind: 'entries', rank: 1, first: 200, entries: [Uint8Array.of(1, 2), Uint8Array.of(3)] },
  order: { kind: 'order', first: 9, entries: [{ rank: 2, number: 130 }] },
  status: {
    kind: 'status',
    have: [1, 128],
    orderLength: 3,
    wedged: 4097,
    withState: true,
    leaving: false,
    needsState: true,
    blocked: false,
    suspects: [1],
    proxies: [0],
    routes: [{ rank: 1, hops: 2, via: 0 }],
  },
  pull: { kind: 'pull', ranges: [{ rank: 1, first: 2, last: 3 }], orderFirst: 4, orderLast: 5 },
  ping: { kind: 'ping' },
  pong: { kind: 'pong' },
  probe: { kind: 'probe', member: b },
  alive: { kind: 'alive', member: b },
  prepare: { kind: 'prepare', ballot: 8193 },
  promise: {
    kind: 'promise',
    ballot: 8193,
    as: 1,
    accepted: { ballot: 4096, value: VALUE },
    have: [1, 2],
    orderLength: 3,
    held: [4, 5],
    heldOrder: 6,
    withState: true,
    refusedBy: [c],
    leaving: true,
  },
  nack: { kind: 'nack', ballot: 4096, promised: 8193 },
  fill: { kind: 'fill', ballot: 8193, cut: [1, 2], orderCut: 3, sources: [0, 1, 1] },
  filled: { kind: 'filled', ballot: 8193, held: [1, 2], heldOrder: 3 },
  accept: { kind: 'accept', ballot: 8193, value: VALUE },
  accepted: { kind: 'accepted', ballot: 8193, as: 1 },
  decide: { kind: 'decide', view: { lineage: 'g' as Lineage, number: 3, members: [{ id: a, info }] }, value: VALUE },
  behind: { kind: 'behind' },
  join: { kind: 'join', member: b, info, hasState: true },
  refuse: { kind: 'refuse', member: b, reason: 'group-full' },
  leave: { kind: 'leave' },
  grant: {
    kind: 'grant',
    promised: 4096,
    accepted: { ballot: 4096, value: VALUE },
    have: [1, 2],
    orderLength: 3,
    withState: true,
  },
  bye: { kind: 'bye', holder: a },
  verdict: { kind: 'verdict', number: 3, cut: 0 },
  hello: { kind: 'hello', lineage: 'g' as Lineage, number: 3, members: 2, idle: true },
  chunk: {
    kind: 'chunk',
    boundary: 3,
    offset: 16_384,
    total: 20_000,
    bytes: Uint8Array.of(9, 8),
    fates: [{ number: 2, member: b, cut: 6 }],
  },
  'chunk-ack': { kind: 'chunk-ack', boundary: 3, received: 20_000 },
  'save-failed': { kind: 'save-failed', boundary: 3 },
  relay: {
    kind: 'relay',
    from: 'a' as PeerId,
    to: 'b' as PeerId,
    hopsLeft: 4,
    attempt: 2,
    lineageTag: 0xdeadbeef,
    number: 3,
    message: Uint8Array.of(5),
  },
}
