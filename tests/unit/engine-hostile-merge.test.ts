import { describe, expect, it } from 'vitest'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import { hashEngine } from '../../peer/simulator/engine-copy.ts'
import { BALLOT_MAX } from '../../peer/wire/ballot.ts'
import { Writer } from '../../peer/wire/bytes.ts'
import { writeValue } from '../../peer/wire/codec.ts'
import type { Message, Passage, Value } from '../../peer/wire/messages.ts'
import { decodeWitnessRequest, encodeWitnessAnswer, type WitnessAnswer } from '../../peer/wire/witness.ts'
import { Bench } from './engine-support.ts'
import { emptyValue, record } from './protocol-support.ts'

/** What no honest peer, and no honest witness, says of forks, merges and votes: the lineage of the bench is `g`. */

const [A, B, C] = ['a', 'b', 'c'].map(record) as [
  ReturnType<typeof record>,
  ReturnType<typeof record>,
  ReturnType<typeof record>,
]
const OWN = 'g' as Lineage
const LARGER = 'h' as Lineage
const SMALLER = 'a' as Lineage
const BALLOT_OF_C = 40 * 4096 + 2
const TOKEN = 'token'

const IMPOSSIBLE: readonly (readonly [string, Partial<Value>])[] = [
  ['that dissolves into its own lineage', { passage: dissolve(OWN) }],
  ['that dissolves into a larger lineage', { passage: dissolve(LARGER) }],
  ['that dissolves and lets in a joiner', { passage: dissolve(SMALLER), members: [A, B, C, record('d')], joiners: 1 }],
  ['of a fork, which is never voted on', { passage: { type: 'fork', lineage: 'g~3.2' as Lineage } }],
]

describe('a value that cannot follow the view', () => {
  it.each(IMPOSSIBLE)('%s: refused where it is proposed, and counted [PT3] [PT4]', (_what, more) => {
    const bench = new Bench(['a', 'b', 'c'])
    const before = hashEngine(bench.engine('a'))
    bench.inject('a', 'c', { kind: 'accept', ballot: BALLOT_OF_C, value: value(more) })
    expectBad(bench, 'a')
    expect(hashEngine(bench.engine('a'))).toBe(before)
    expectWorks(bench)
  })

  it.each(IMPOSSIBLE)('%s: refused as a decision, and counted [PT3] [PT4]', (_what, more) => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.inject('a', 'c', { kind: 'decide', view: viewOf(bench), value: value(more), fates: [] })
    expectBad(bench, 'a')
    expectWorks(bench)
  })

  it.each(IMPOSSIBLE)('%s: refused as what a promise had accepted, and counted [PT3] [PT4]', (_what, more) => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.inject('a', 'c', {
      kind: 'promise',
      ballot: BALLOT_OF_C,
      as: 2,
      accepted: { ballot: BALLOT_OF_C, value: value(more) },
      have: [0, 0, 0],
      orderLength: 0,
      held: [0, 0, 0],
      heldOrder: 0,
      withState: true,
      refusedBy: [],
      leaving: false,
    })
    expectBad(bench, 'a')
    expectWorks(bench)
  })
})

const FORKS: readonly (readonly [string, string, number])[] = [
  ['of another view', 'g~2.2', BALLOT_OF_C],
  ['of another rank', 'g~3.1', BALLOT_OF_C],
  ['of another lineage', 'f~3.2', BALLOT_OF_C],
  ['in a ballot of another rank', 'g~3.2', BALLOT_OF_C - 1],
  ['in a ballot that leaves no room for another', 'g~3.2', (Math.floor(BALLOT_MAX / 4096) + 2) * 4096 + 2],
]

describe('a fork that its sender cannot begin', () => {
  it.each(FORKS)('%s: refused, though without a quorum, and counted [PT3]', (_what, lineage, ballot) => {
    const bench = new Bench(['a', 'b', 'c'])
    expect(bench.tag('a').number, 'the view that the keys above are of').toBe(3)
    bench.give('a', { type: 'suspect', member: 'b.1' as MemberId })
    bench.give('a', { type: 'suspect', member: 'c.1' as MemberId })
    bench.inject('a', 'c', { kind: 'fork', ballot, lineage: lineage as Lineage })
    expectBad(bench, 'a')
    expectWorks(bench, ['a', 'b'])
  })

  it('one asked of a member that sees a quorum: refused with a word, and nothing is changed by it [PT3]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.inject('a', 'c', { kind: 'fork', ballot: BALLOT_OF_C, lineage: 'g~3.2' as Lineage })
    expect(bench.engine('a').counters()['fork-refused']).toBe(1)
    expect(bench.view('a')?.wedged).toBe(false)
    expectWorks(bench)
  })
})

describe('an offer to take the members of this lineage', () => {
  it.each([
    ['its own', OWN],
    ['a larger one', LARGER],
    ['one that was never met', SMALLER],
  ])('from %s: nobody goes there [PT4]', (_what, lineage) => {
    const bench = new Bench(['a', 'b', 'c'])
    if (lineage === LARGER) {
      bench.inject('a', 'd', { kind: 'hello', lineage, number: 9, members: 9, idle: false, blocked: false })
    }
    bench.inject('a', 'd', { kind: 'merge-offer', lineage, number: 9, fates: [] })
    bench.run(3_000)
    expect(bench.all('a', 'dissolved')).toEqual([])
    expectWorks(bench)
  })
})

describe('a witness', () => {
  const answers: readonly (readonly [string, (ask: Ask) => Uint8Array])[] = [
    ['that answers nothing that can be read', () => Uint8Array.of(255, 1, 2, 3)],
    ['that answers with no bytes', () => new Uint8Array()],
    ['that had accepted what is no value', (ask) => promise(ask, Uint8Array.of(9, 9, 9))],
    ['that had accepted a value of another view', (ask) => promise(ask, bytesOf(value({ cut: [0, 0] })))],
    [
      'that had accepted a merge into a larger lineage',
      (ask) => promise(ask, bytesOf(value({ passage: dissolve(LARGER) }))),
    ],
    ['that speaks of another view', (ask) => promise({ ...ask, number: ask.number + 7 }, undefined)],
    ['that speaks of another lineage', (ask) => promise({ ...ask, lineage: LARGER }, undefined)],
    [
      'that refuses with a ballot beyond all',
      (ask) => encodeWitnessAnswer({ ...headOf(ask), kind: 'nack', promised: 2 ** 53 - 1 }),
    ],
    [
      'that says it has accepted what it was never asked',
      (ask) => encodeWitnessAnswer({ ...headOf(ask), kind: 'accepted' }),
    ],
    ['that is always past', (ask) => encodeWitnessAnswer({ ...headOf(ask), kind: 'past' })],
  ]

  it.each(answers)('%s: the group goes on without its vote [PT5]', (_what, answer) => {
    const bench = witnessed()
    bench.engines.delete('c' as PeerId)
    for (const peer of ['a', 'b']) bench.give(peer, { type: 'suspect', member: 'c.1' as MemberId })
    for (let round = 0; round < 300; round++) {
      bench.run(20)
      for (const peer of ['a', 'b']) answerAll(bench, peer, answer)
    }
    expect(bench.view('a')?.members.map(({ id }) => id)).toEqual(['a.1', 'b.1'])
    expect(bench.view('a')?.wedged).toBe(false)
    bench.cast('a', 'total', 'after')
    bench.run(500)
    expect(bench.delivered('b')).toContain('after')
  })
})

interface Ask {
  readonly lineage: Lineage
  readonly number: number
  readonly ballot: number
}

const answered = new WeakMap<Bench, Map<string, number>>()

/** Answers what the peer has asked the witness since. */
function answerAll(bench: Bench, peer: string, answer: (ask: Ask) => Uint8Array): void {
  const done = answered.get(bench) ?? new Map<string, number>()
  answered.set(bench, done)
  const asked = bench.all(peer, 'ask-witness')
  for (const { request } of asked.slice(done.get(peer) ?? 0)) {
    const ask = decodeWitnessRequest(request)
    if (ask.kind !== 'invalid') bench.give(peer, { type: 'witness-answer', answer: answer(ask) })
  }
  done.set(peer, asked.length)
}

/** A group of three whose view carries the token of a witness, which was honest so far. */
function witnessed(): Bench {
  const bench = new Bench(['a', 'b', 'c'])
  for (const peer of ['a', 'b', 'c']) bench.give(peer, { type: 'witness', token: TOKEN })
  bench.until(() => {
    for (const peer of ['a', 'b', 'c']) answerAll(bench, peer, (ask) => promise(ask, undefined))
    return ['a', 'b', 'c'].every((peer) => bench.all(peer, 'install').at(-1)?.view.witness === TOKEN)
  })
  return bench
}

function headOf({ lineage, number, ballot }: Ask): Omit<WitnessAnswer, 'kind'> {
  return { lineage, number, ballot, token: TOKEN }
}

function promise(ask: Ask, accepted: Uint8Array | undefined): Uint8Array {
  const what = accepted && { ballot: ask.ballot, value: accepted }
  return encodeWitnessAnswer({ ...headOf(ask), kind: 'promise', votes: true, accepted: what })
}

function bytesOf(of: Value): Uint8Array {
  const writer = new Writer()
  writeValue(writer, of)
  return writer.finish()
}

function dissolve(into: Lineage): Passage {
  return { type: 'dissolve', into, fates: [] }
}

function value(more: Partial<Value>): Value {
  return emptyValue([A, B, C], more)
}

function viewOf(bench: Bench): Extract<Message, { kind: 'decide' }>['view'] {
  return { lineage: OWN, number: bench.tag('a').number, members: [A, B, C], witness: undefined }
}

function expectBad(bench: Bench, peer: string): void {
  expect(bench.all(peer, 'bad').map(({ from }) => from)).toEqual(['c'])
}

/** Everyone still sends and delivers, in the lineage that they are of. */
function expectWorks(bench: Bench, peers = ['a', 'b', 'c']): void {
  for (const peer of peers) bench.cast(peer, 'total', `after ${peer}`)
  bench.run(3_000)
  for (const peer of peers) {
    expect(bench.delivered(peer).filter((text) => text.startsWith('after'))).toHaveLength(peers.length)
    expect(bench.view(peer)?.lineage).toBe(OWN)
    expect(bench.view(peer)?.wedged).toBe(false)
  }
}
