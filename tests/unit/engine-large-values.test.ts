import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'
import { Bench } from './engine-support.ts'

const NAMES = ['a', 'b', 'c']
const FRAGMENT_BYTES = 100
/** Parts leave a few at a time: whatever happens, happens half way. */
const NARROW = { fragmentBytes: FRAGMENT_BYTES, windowMessages: 4 }
const BALLOT_OF_C = 40 * 4096 + 2

describe('a large value', () => {
  it.each(['fifo', 'causal', 'total'] as const)(
    'as %s comes whole to all, at its place in the order [FL3] [OR1]',
    (kind) => {
      const bench = new Bench(NAMES, NARROW)
      const value = patterned(1_234)
      bench.cast('a', 'causal', 'before')
      bench.cast('a', kind, value)
      bench.cast('a', 'causal', 'after')
      bench.cast('b', 'causal', 'meanwhile')
      bench.until(() => NAMES.every((peer) => bench.all(peer, 'deliver').length === 4))
      for (const peer of NAMES) {
        const own = bench.all(peer, 'deliver').filter(({ from }) => from.id === 'a.1')
        expect(own.map(({ payload }) => payload.length)).toEqual([6, 1_234, 5])
        expect(own[1]!.payload).toEqual(value)
        expect(own.map(({ seq }) => seq)).toEqual([1, 2, 3])
      }
    },
  )

  it.each([
    [FRAGMENT_BYTES, 1],
    [FRAGMENT_BYTES + 1, 2],
    [2 * FRAGMENT_BYTES, 2],
    [2 * FRAGMENT_BYTES + 1, 3],
  ])('of %d bytes takes %d entries [FL3]', (bytes, entries) => {
    const bench = new Bench(NAMES, { fragmentBytes: FRAGMENT_BYTES })
    bench.cast('a', 'fifo', patterned(bytes))
    bench.until(() => bench.all('a', 'stable').length === 1)
    expect(bench.view('a')!.members[0]!.have).toBe(entries)
    for (const peer of NAMES)
      expect(bench.all(peer, 'deliver').map(({ payload }) => payload)).toEqual([patterned(bytes)])
  })

  it('is told of at both ends, rising, and never beyond what it is [FL3]', () => {
    const bench = new Bench(NAMES, NARROW)
    const ref = bench.cast('a', 'causal', patterned(2_000))
    bench.until(() => bench.all('a', 'stable').length === 1)
    for (const peer of NAMES) {
      const told = bench.all(peer, 'value-progress')
      expect(told.length).toBeGreaterThan(2)
      const bytes = told.map(({ bytes }) => bytes)
      expect(bytes).toEqual([...new Set(bytes)].sort((a, b) => a - b))
      expect(bytes.at(-1)).toBeLessThanOrEqual(2_000)
      for (const { from, total } of told) expect([from.id, total]).toEqual(['a.1', 2_000])
      expect(new Set(told.map((progress) => progress.ref))).toEqual(new Set([peer === 'a' ? ref : undefined]))
    }
  })

  it('is never kept at its sender in more than the window [FL1]', () => {
    const bench = new Bench(NAMES, { fragmentBytes: FRAGMENT_BYTES, windowBytes: 1_000 })
    bench.hold('c', 'a', 'have', 'status')
    bench.cast('a', 'causal', patterned(100_000))
    bench.run(1_000)
    expect(bench.view('a')!.members[0]!.bufferedBytes).toBeLessThan(1_000 + FRAGMENT_BYTES + 10)
    expect(bench.engine('a').inspect().queued).toBe(1)
    bench.letThrough()
    bench.until(() => bench.all('c', 'deliver').length === 1, 60_000)
    expect(bench.all('c', 'deliver')[0]!.payload).toEqual(patterned(100_000))
  })
})

describe('a value that others may overtake', () => {
  it('lets small ones pass, and has its place when its last byte is sent [FL3] [OR1]', () => {
    const bench = new Bench(NAMES, NARROW)
    const value = patterned(2_000)
    bench.hold('c', 'a', 'have', 'status')
    bench.cast('a', 'causal', value, true)
    for (let i = 0; i < 5; i++) bench.cast('a', 'causal', `${i}`)
    bench.letThrough()
    bench.until(() => NAMES.every((peer) => bench.all(peer, 'deliver').length === 6))
    for (const peer of NAMES) {
      expect(bench.all(peer, 'deliver').map(({ payload }) => payload.length)).toEqual([1, 1, 1, 1, 1, 2_000])
      expect(bench.all(peer, 'deliver').at(-1)!.payload).toEqual(value)
    }
  })

  it('goes one after the other, and so do those that keep their place [FL1] [OR1]', () => {
    const bench = new Bench(NAMES, NARROW)
    for (const [size, isBulk] of [
      [900, true],
      [700, true],
      [800, false],
      [600, false],
    ] as const) {
      bench.cast('a', 'fifo', patterned(size), isBulk)
    }
    bench.until(() => bench.all('c', 'deliver').length === 4)
    const sizes = bench.all('c', 'deliver').map(({ payload }) => payload.length)
    expect(sizes.filter((size) => (size >= 800 && size < 900) || size === 600)).toEqual([800, 600])
    expect(sizes.filter((size) => size === 900 || size === 700)).toEqual([900, 700])
    for (const { payload } of bench.all('c', 'deliver')) expect(payload).toEqual(patterned(payload.length))
  })
})

describe('a large value that is taken back', () => {
  it('before anything of it was sent never was [RC1]', () => {
    const bench = new Bench(NAMES, NARROW)
    bench.give('c', { type: 'consumer', full: true })
    const ref = bench.cast('a', 'causal', patterned(2_000))
    bench.give('a', { type: 'cancel', ref })
    expect(bench.all('a', 'fate')).toEqual([{ type: 'fate', ref, id: undefined, fate: 'not-sent' }])
    bench.give('c', { type: 'consumer', full: false })
    bench.run(2_000)
    expect(bench.view('a')!.members[0]!.have).toBe(0)
    expect(bench.all('b', 'deliver')).toEqual([])
  })

  it('half way is dropped by all, and the next one goes [RC1] [FL1]', () => {
    const bench = new Bench(NAMES, NARROW)
    const ref = halfSent(bench, 'a')
    bench.give('a', { type: 'cancel', ref })
    expect(bench.all('a', 'fate')).toEqual([{ type: 'fate', ref, id: undefined, fate: 'not-sent' }])
    bench.letThrough()
    bench.cast('a', 'total', patterned(700))
    bench.cast('a', 'fifo', 'after')
    bench.until(() => bench.all('a', 'stable').length === 2)
    bench.until(() => NAMES.every((peer) => bench.all(peer, 'deliver').length === 2))
    for (const peer of NAMES) expect(bench.all(peer, 'deliver')[0]!.payload).toEqual(patterned(700))
    expect(bench.all('a', 'stamped').map(({ ref }) => ref)).not.toContain(ref)
    for (const peer of NAMES) for (const { buffered } of bench.view(peer)!.members) expect(buffered).toBe(0)
    expect(NAMES.flatMap((peer) => bench.all(peer, 'bad'))).toEqual([])
  })

  it('when its sender has stopped sending in this view was not sent, in this view or the next [RC1] [DL2]', () => {
    const bench = new Bench(NAMES, NARROW)
    const { number } = bench.view('a')!
    const ref = halfSent(bench, 'a')
    bench.inject('a', 'c', { kind: 'prepare', ballot: BALLOT_OF_C })
    expect(bench.view('a')!.wedged).toBe(true)
    const { have } = bench.view('a')!.members[0]!
    bench.give('a', { type: 'cancel', ref })
    expect(bench.all('a', 'fate')).toEqual([{ type: 'fate', ref, id: undefined, fate: 'not-sent' }])
    expect(bench.view('a')!.members[0]!.have).toBe(have)
    bench.letThrough()
    bench.until(() => bench.view('a')!.number > number && bench.inOneView(NAMES), 30_000)
    bench.cast('a', 'total', patterned(700))
    bench.until(() => NAMES.every((peer) => bench.all(peer, 'deliver').length === 1))
    for (const peer of NAMES) expect(bench.all(peer, 'deliver')[0]!.payload).toEqual(patterned(700))
    expect(bench.all('a', 'fate')).toHaveLength(1)
    expect(NAMES.flatMap((peer) => bench.all(peer, 'bad'))).toEqual([])
  })

  it('too late, when its last byte has its place, is delivered all the same [RC1] [DL4]', () => {
    const bench = new Bench(NAMES, { fragmentBytes: FRAGMENT_BYTES })
    const ref = bench.cast('a', 'causal', patterned(2_000))
    bench.give('a', { type: 'cancel', ref })
    bench.until(() => bench.all('a', 'stable').length === 1)
    expect(bench.all('a', 'fate')).toEqual([])
    for (const peer of NAMES) expect(bench.all(peer, 'deliver')).toHaveLength(1)
  })
})

describe('a large value of which parts were sent when the view changes', () => {
  const script = (more: Partial<typeof DEFAULT_CONFIG> = {}) =>
    new Script({ config: { ...DEFAULT_CONFIG, ...NARROW, statusDelayMs: 20, ...more } })

  /** Has a member send one, and waits until some of it is at all others, and its end nowhere. */
  function begin(script: Script, members: readonly SimPeer[], by: SimPeer) {
    const { number } = by.view!
    const receipt = by.cast('total', 4_000)!
    const rank = members.indexOf(by)
    const countAt = (peer: SimPeer) => peer.membership.runtime.engine.inspect().view!.members[rank]!.have
    script.until('some of it is everywhere', () => members.every((peer) => countAt(peer) > 4))
    expect(receipt.id).toBeUndefined()
    return { receipt, number }
  }

  it.each([0, 1, 2])(
    'of the member of rank %d is sent anew in the next, once, also to who joins [DL1] [DL2] [DL5]',
    (rank) => {
      const world = script()
      const members = world.group(3)
      const { receipt, number } = begin(world, members, members[rank]!)
      const small = members[rank]!.cast('causal', 20)!
      const joiner = world.world.start()
      world.until('it is in', () => world.inOneView([...members, joiner]))
      world.quiet()
      const sentIn = [receipt, small].map(({ id }) => Number(id!.split('/')[1]))
      for (const view of sentIn) expect(view).toBeGreaterThan(number)
      for (const peer of [...members, joiner]) expect(peer.application.delivered).toBe(2)
      expectRulesKept(world)
    },
  )

  it('because another member died is sent anew, once [DL1] [DL2] [DL5] [DL3]', () => {
    const world = script()
    const members = world.group(4)
    const { receipt, number } = begin(world, members, members[1]!)
    members[3]!.crash(() => 0)
    const rest = members.slice(0, 3)
    world.until('it is left out', () => world.inOneView(rest))
    world.quiet()
    expect(Number(receipt.id!.split('/')[1])).toBeGreaterThan(number)
    for (const peer of rest) expect(peer.application.delivered).toBe(1)
    expectRulesKept(world)
  })

  it('because its sender died is delivered by nobody, and kept by nobody [DL3] [FL1]', () => {
    const world = script()
    const members = world.group(3)
    begin(world, members, members[1]!)
    members[1]!.crash(() => 0)
    const rest = [members[0]!, members[2]!]
    world.until('it is left out', () => world.inOneView(rest))
    rest[0]!.cast('total', 20)
    world.quiet()
    for (const peer of rest) expect(peer.application.delivered).toBe(1)
    expectRulesKept(world)
  })

  it('because its sender leaves goes out whole first [RC1] [DL5]', () => {
    const world = script()
    const members = world.group(3)
    const { receipt } = begin(world, members, members[2]!)
    members[2]!.leave()
    const rest = members.slice(0, 2)
    world.until('it is out', () => world.inOneView(rest) && !members[2]!.alive)
    world.quiet()
    expect(receipt.delivered).toBe(true)
    for (const peer of rest) expect(peer.application.delivered).toBe(1)
    expectRulesKept(world)
  })

  it('again and again is sent in the end [DL2] [RC1]', () => {
    const world = script()
    const members = world.group(2)
    const { receipt } = begin(world, members, members[0]!)
    for (let round = 0; round < 5; round++) {
      const joiner = world.world.start()
      members.push(joiner)
      world.until('it is in', () => world.inOneView(members))
    }
    world.quiet()
    expect(receipt.stable).toBe(true)
    for (const peer of members) expect(peer.application.delivered).toBe(1)
    expectRulesKept(world)
  })
})

/** Has a member send a value of which some parts are out, and no more can leave. */
function halfSent(bench: Bench, peer: string): number {
  bench.hold('c', peer, 'have', 'status')
  const ref = bench.cast(peer, 'causal', patterned(2_000))
  expect(bench.view('b')!.members[0]!.have).toBe(NARROW.windowMessages)
  expect(bench.all(peer, 'stamped')).toEqual([])
  return ref
}

/** Bytes of which none can stand for another. */
function patterned(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8) * 7 + bytes) & 0xff)
}

function expectRulesKept({ world }: Script): void {
  const events = world.trace as readonly object[] as readonly TraceEvent[]
  expect(judge(events, { settled: true }).filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(settled(events)).toEqual([])
}
