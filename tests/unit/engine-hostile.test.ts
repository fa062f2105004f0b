import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import type { Tag } from '../../peer/engine/io.ts'
import { cloneEngine, hashEngine } from '../../peer/simulator/engine-copy.ts'
import { encode } from '../../peer/wire/codec.ts'
import { encodeEntry } from '../../peer/wire/entry.ts'
import { KIND_NUMBERS, type Message, type MessageKind, type Value } from '../../peer/wire/messages.ts'
import { messagesOf, type Vocabulary } from '../wire/arbitraries.ts'
import { Bench, newEngine } from './engine-support.ts'
import { record } from './protocol-support.ts'

const [A, B, C] = ['a', 'b', 'c'].map(record) as [
  ReturnType<typeof record>,
  ReturnType<typeof record>,
  ReturnType<typeof record>,
]
const BALLOT_OF_C = 40 * 4096 + 2
const ENTRY = encodeEntry({ type: 'cast', kind: 'causal', increase: [], payload: new Uint8Array(1) }, 3)
const VALUE: Value = {
  members: [A, B, C],
  joiners: 0,
  left: [],
  cut: [0, 0, 0],
  orderCut: 0,
  transfers: [],
  witness: undefined,
  passage: { type: 'on' },
}
const STATUS: Extract<Message, { kind: 'status' }> = {
  kind: 'status',
  have: [0, 0, 0],
  orderLength: 0,
  held: [0, 0, 0],
  heldOrder: 0,
  wedged: 0,
  withState: true,
  leaving: false,
  needsState: false,
  blocked: false,
  forks: false,
  full: false,
  stalls: [],
  suspects: [],
  proxies: [],
  routes: [],
}
const PROMISE: Extract<Message, { kind: 'promise' }> = {
  kind: 'promise',
  ballot: BALLOT_OF_C,
  as: 2,
  accepted: undefined,
  have: [0, 0, 0],
  orderLength: 0,
  held: [0, 0, 0],
  heldOrder: 0,
  withState: true,
  refusedBy: [],
  leaving: false,
}
const ABSURD = 2 ** 53 - 1

/** What member c says to a, in a group of a, b and c in which nothing was multicast. */
const BAD: readonly (readonly [string, Message])[] = [
  ['entries of a rank that is none', { kind: 'entries', rank: 3, first: 1, stable: 0, entries: [ENTRY] }],
  ['entries of an absurd rank', { kind: 'entries', rank: ABSURD, first: 1, stable: 0, entries: [ENTRY] }],
  ['entries of my own stream that I never sent', { kind: 'entries', rank: 0, first: 1, stable: 0, entries: [ENTRY] }],
  ['my own stream, far ahead', { kind: 'entries', rank: 0, first: ABSURD, stable: 0, entries: [ENTRY, ENTRY] }],
  ['an entry that is none', { kind: 'entries', rank: 2, first: 1, stable: 0, entries: [Uint8Array.of(99)] }],
  ['an empty entry', { kind: 'entries', rank: 2, first: 1, stable: 0, entries: [new Uint8Array()] }],
  ['a place for a rank that is none', { kind: 'order', first: 1, entries: [{ rank: 3, number: 1 }] }],
  ['a status of another size', { ...STATUS, have: [0, 0] }],
  ['a status that holds streams of another size', { ...STATUS, held: [0, 0] }],
  ['a status that suspects a rank that is none', { ...STATUS, suspects: [3] }],
  ['a status that speaks for a rank that is none', { ...STATUS, proxies: [ABSURD] }],
  ['a way to a rank that is none', { ...STATUS, routes: [{ rank: 3, hops: 1, via: 0, roundTripMs: 0 }] }],
  ['a way over a rank that is none', { ...STATUS, routes: [{ rank: 1, hops: 1, via: 3, roundTripMs: 0 }] }],
  ['a promise of a rank that is none', { ...PROMISE, as: 3 }],
  ['a promise of another size', { ...PROMISE, have: [0, 0, 0, 0] }],
  ['a promise that holds another size', { ...PROMISE, held: [] }],
  ['a ballot of another rank', { kind: 'prepare', ballot: BALLOT_OF_C - 1 }],
  ['a proposal in the ballot of another', { kind: 'accept', ballot: BALLOT_OF_C - 1, value: VALUE }],
  ['a proposal for another size', { kind: 'accept', ballot: BALLOT_OF_C, value: { ...VALUE, cut: [0, 0] } }],
  [
    'a proposal of survivors that are none',
    { kind: 'accept', ballot: BALLOT_OF_C, value: { ...VALUE, members: [A, record('x')] } },
  ],
  ['a proposal that reorders ranks', { kind: 'accept', ballot: BALLOT_OF_C, value: { ...VALUE, members: [B, A, C] } }],
  ['a fill of another size', { kind: 'fill', ballot: BALLOT_OF_C, cut: [0], orderCut: 0, sources: [0, 0] }],
  [
    'a fill from ranks that are none',
    { kind: 'fill', ballot: BALLOT_OF_C, cut: [0, 0, 0], orderCut: 0, sources: [0, 0, 3, 0] },
  ],
  ['filled, of another size', { kind: 'filled', ballot: BALLOT_OF_C, held: [0], heldOrder: 0 }],
  [
    'a vote of another size',
    { kind: 'grant', promised: 0, accepted: undefined, have: [0], orderLength: 0, withState: true },
  ],
  [
    'a join in the name of another',
    { kind: 'join', member: 'd.1' as MemberId, info: new Uint8Array(), hasState: true },
  ],
  [
    'a join with too much to say',
    {
      kind: 'join',
      member: 'c.2' as MemberId,
      info: new Uint8Array(DEFAULT_CONFIG.memberInfoBytesMax + 1),
      hasState: true,
    },
  ],
  ['a relayed message that is none', relayed(Uint8Array.of(200))],
  ['a relay in a relay', relayed(encode(relayed(encode({ kind: 'ping', sentAt: 0 }))))],
]

describe('what no member can mean', () => {
  it.each(BAD)('%s: counted as bad, and nothing is changed by it', (_what, message) => {
    const bench = new Bench(['a', 'b', 'c'])
    const before = hashEngine(bench.engine('a'))
    bench.inject('a', 'c', message)
    expect(bench.all('a', 'bad')).toHaveLength(1)
    expect(bench.all('a', 'bad')[0]!.from).toBe('c')
    expect(hashEngine(bench.engine('a'))).toBe(before)
  })

  it('a decision about a view that never was, or that does not fit its view: counted as bad', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const view = { lineage: 'g' as Lineage, number: bench.tag('a').number, members: [A, B, C], witness: undefined }
    bench.inject('a', 'c', { kind: 'decide', view: { ...view, members: [A, C, B] }, value: VALUE, fates: [] })
    bench.inject('a', 'c', { kind: 'decide', view, value: { ...VALUE, cut: [0] }, fates: [] })
    expect(bench.all('a', 'bad')).toHaveLength(2)
    expectWorks(bench)
  })

  it('a message of the view from one who is not in it: counted as bad', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.inject('a', 'd', { kind: 'prepare', ballot: BALLOT_OF_C })
    bench.inject('a', 'd', { kind: 'entries', rank: 1, first: 1, stable: 0, entries: [ENTRY] })
    expect(bench.all('a', 'bad').map(({ from }) => from)).toEqual(['d', 'd'])
    expectWorks(bench)
  })
})

/** Told from an honest message only by what it would do. */
const HARMLESS: readonly (readonly [string, Message, Partial<Tag>?])[] = [
  [
    'a pull of more than there is',
    {
      kind: 'pull',
      ranges: [0, 1, 2, 3, ABSURD].map((rank) => ({ rank, first: 1, last: ABSURD })),
      orderFirst: 1,
      orderLast: ABSURD,
    },
  ],
  ['a status that has more than was ever sent', { ...STATUS, have: [ABSURD, ABSURD, ABSURD], orderLength: ABSURD }],
  ['a status that holds more than was ever sent', { ...STATUS, held: [ABSURD, ABSURD, ABSURD], heldOrder: ABSURD }],
  ['a vote of a rank that is none', { kind: 'accepted', ballot: BALLOT_OF_C, as: ABSURD }],
  ['an answer to a ballot that is none', { ...PROMISE, ballot: ABSURD }],
  [
    'chunks that nobody waits for',
    { kind: 'chunk', boundary: ABSURD, offset: ABSURD, total: ABSURD, bytes: new Uint8Array(9) },
  ],
  ['an acknowledgement of chunks never sent', { kind: 'chunk-ack', boundary: ABSURD, received: ABSURD }],
  ['the end of another view', { kind: 'verdict', number: ABSURD, cut: 3 }],
  ['a view far ahead', { kind: 'prepare', ballot: BALLOT_OF_C }, { number: ABSURD }],
  ['a view long gone', { kind: 'prepare', ballot: BALLOT_OF_C }, { number: 1 }],
  ['another lineage', { kind: 'prepare', ballot: BALLOT_OF_C }, { lineageTag: 12_345 }],
  ['no view at all', { kind: 'prepare', ballot: BALLOT_OF_C }, { number: 0, lineageTag: 0 }],
]

describe('what does no harm', () => {
  it.each(HARMLESS.map(([what, message, tag = {}]) => ({ what, message, tag })))(
    '$what: the group goes on',
    ({ message, tag }) => {
      const bench = new Bench(['a', 'b', 'c'])
      bench.cast('a', 'total', 'before')
      bench.inject('a', 'c', message, tag)
      bench.run(1_000)
      expectWorks(bench)
    },
  )

  it('another lineage that is larger, and that nobody answers from: the group goes on [PT4]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const lineage = 'a' as Lineage
    bench.inject('a', 'd', { kind: 'hello', lineage, number: ABSURD, members: ABSURD, idle: false, blocked: false })
    bench.run(1_000)
    expectWorks(bench)
  })

  it('a member that says it went on in another lineage: has crashed for this one, which goes on [PT3]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const lineage = 'g~4.2' as Lineage
    bench.inject('a', 'c', { kind: 'hello', lineage, number: 5, members: 1, idle: false, blocked: false })
    bench.until(() => bench.view('a')!.members.length === 2 && bench.view('b')!.members.length === 2)
    expect(bench.view('a')!.members.map(({ id }) => id)).toEqual(['a.1', 'b.1'])
  })

  it('an offer to take the members of a lineage that nobody asked for: counted for nothing [PT4]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.inject('a', 'c', { kind: 'merge-offer', lineage: 'a' as Lineage, number: 1, fates: [] })
    bench.inject('a', 'c', { kind: 'merge-offer', lineage: 'g' as Lineage, number: 1, fates: [] })
    bench.inject('a', 'c', { kind: 'merge-ask', lineage: 'g' as Lineage, number: ABSURD })
    expectWorks(bench)
    expect(bench.all('a', 'dissolved')).toEqual([])
  })

  it('more messages of later views than are kept: the rest is dropped, and pulled when its view has come', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const [late, step] = [encode({ kind: 'leave' }), bench.tag('a').number + 1]
    for (let i = 0; i <= DEFAULT_CONFIG.aheadMessagesMax; i++) bench.inject('a', 'd', late, { number: step + 1 })
    expect(bench.engine('a').counters()['ahead-dropped']).toBe(1)
    expectWorks(bench)
  })
})

describe('bytes at random', () => {
  it('never make an engine throw, member or joiner, and leave the group as it was', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const noise = fc
      .tuple(fc.nat(40), fc.uint8Array({ maxLength: 60 }))
      .map(([head, rest]) => Uint8Array.of(head, ...rest))
    fc.assert(
      fc.property(noise, fc.constantFrom('c', 'd'), (bytes, from) => {
        // So short that noise becomes an honest goodbye.
        fc.pre(![KIND_NUMBERS.leave, KIND_NUMBERS.bye, KIND_NUMBERS.verdict].some((kind) => kind === bytes[0]))
        bench.inject('a', from, bytes)
      }),
      { numRuns: 2_000 },
    )
    expect(bench.all('a', 'bad').length).toBeGreaterThan(1_000)
    expectWorks(bench)
  })
})

/** Small numbers, the names of the view: most of what is made of them gets past the first checks. */
const NEAR: Vocabulary = {
  count: fc.oneof({ weight: 6, arbitrary: fc.nat(4) }, fc.constantFrom(4096, 4097, 4098, 8194, 2 ** 31, ABSURD)),
  counts: fc.array(fc.oneof({ weight: 6, arbitrary: fc.nat(4) }, fc.constant(ABSURD)), { minLength: 3, maxLength: 3 }),
  member: fc.constantFrom('a.1', 'b.1', 'c.1', 'd.1', 'c.2') as fc.Arbitrary<string> as fc.Arbitrary<MemberId>,
  peer: fc.constantFrom('a', 'b', 'c', 'd') as fc.Arbitrary<string> as fc.Arbitrary<PeerId>,
  lineage: fc.constantFrom('g', 'h') as fc.Arbitrary<string> as fc.Arbitrary<Lineage>,
  bytes: fc.uint8Array({ maxLength: 6 }),
}

describe('messages at random that look right', () => {
  const kinds = messagesOf(NEAR)
  // Who lies about what was agreed on is beyond a model in which peers crash and do not lie.
  const { accept: _accept, decide: _decide, promise, grant, ...others } = kinds
  const votes = fc.oneof(promise, grant).map((vote) => ({ ...vote, accepted: undefined }))
  const any = fc.oneof(votes, ...Object.values<fc.Arbitrary<Message>>(others))
  const words = fc.tuple(any, fc.constantFrom('b', 'c', 'd'), fc.constantFrom(0, 0, 0, -1, 1))

  it('never make an engine throw, whatever they follow', () => {
    const bench = new Bench(['a', 'b', 'c'])
    for (const peer of ['a', 'b', 'c']) bench.cast(peer, 'total', peer)
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 10 }), (said) => {
        const engine = cloneEngine(bench.engine('a'))
        let now = bench.now
        for (const [message, from, later] of said) {
          const tag = { ...bench.tag('a'), number: bench.tag('a').number + later }
          now += 600
          engine.step(now - 550, { type: 'receive', from: from as PeerId, tag, message: encode(message) })
          engine.step(now, { type: 'tick' })
          engine.drain()
        }
      }),
      { numRuns: 1_500 },
    )
    expectWorks(bench)
  })

  it.each(Object.keys(others) as MessageKind[])('%s to one who is in no view yet', (kind) => {
    const bench = new Bench(['a'])
    const joiner = newEngine('b')
    fc.assert(
      fc.property(fc.array(kinds[kind] as fc.Arbitrary<Message>, { minLength: 1, maxLength: 4 }), (said) => {
        const engine = cloneEngine(joiner)
        for (const message of said) {
          engine.step(0, { type: 'receive', from: 'a' as PeerId, tag: bench.tag('a'), message: encode(message) })
          engine.drain()
        }
      }),
      { numRuns: 40 },
    )
  })
})

function relayed(message: Uint8Array): Message {
  const way = { from: 'b' as PeerId, to: 'a' as PeerId, hopsLeft: 3 }
  return { kind: 'relay', ...way, attempt: 1, lineageTag: 1, number: 1, message }
}

/** Everyone still sends and delivers, and they agree. */
function expectWorks(bench: Bench): void {
  for (const peer of ['a', 'b', 'c'])
    for (const kind of ['causal', 'total'] as const) bench.cast(peer, kind, `${peer} ${kind}`)
  bench.run(3_000)
  const after = (peer: string) => bench.delivered(peer).filter((text) => /^[abc] (?:causal|total)$/.test(text))
  for (const peer of ['a', 'b', 'c']) {
    expect(after(peer)).toHaveLength(6)
    expect(after(peer).filter((text) => text.endsWith('total'))).toEqual(
      after('a').filter((text) => text.endsWith('total')),
    )
    expect(bench.view(peer)?.wedged).toBe(false)
  }
}
