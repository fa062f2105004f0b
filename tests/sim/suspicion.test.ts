import { describe, expect, it } from 'vitest'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import {
  allDelivered,
  castAll,
  counters,
  expectRulesKept,
  line,
  notesDuring,
  scriptWith,
  suspicions,
  wayFrom,
} from './routing-support.ts'

describe('a link that works one way', () => {
  const lost: readonly { readonly title: string; readonly size: number; readonly ways: readonly [number, number][] }[] =
    [
      { title: 'from the eldest', size: 3, ways: [[0, 1]] },
      { title: 'to the eldest', size: 3, ways: [[2, 0]] },
      {
        title: 'in two pairs, round a circle',
        size: 3,
        ways: [
          [0, 1],
          [2, 0],
        ],
      },
      {
        title: 'in three pairs, all round a circle',
        size: 3,
        ways: [
          [0, 1],
          [1, 2],
          [2, 0],
        ],
      },
      {
        title: 'in both directions of different pairs',
        size: 5,
        ways: [
          [0, 1],
          [1, 2],
          [3, 0],
          [4, 2],
        ],
      },
      { title: 'from one to all but one', size: 4, ways: [1, 2].map((to) => [0, to] as [number, number]) },
    ]

  it.each(lost)('leaves nobody out and flaps not in a minute: $title [FD2] [VW7]', ({ size, ways }) => {
    const script = new Script()
    const members = script.group(size)
    const { installs } = script.world
    for (const [from, to] of ways) script.world.network.mute(members[from]!.id, members[to]!.id)
    for (let turn = 0; turn < 12; turn++) {
      castAll(members)
      script.until('all is delivered', () => allDelivered(members), 4_000)
      script.run(5_000)
    }
    script.quiet()
    expect(script.world.installs).toBe(installs)
    expect(suspicions(script)).toEqual([])
    expectRulesKept(script)
  })

  it.each([0, 1, 2])('from all to member %i: that one is out in one clear view, once [FD2] [VW3]', (deaf) => {
    const script = new Script()
    const members = script.group(3)
    const rest = members.filter((_, rank) => rank !== deaf)
    const { installs } = script.world
    for (const other of rest) script.world.network.mute(other.id, members[deaf]!.id)
    script.until('it is out', () => script.inOneView(rest), 20_000)
    castAll(rest)
    script.run(60_000)
    expect(allDelivered(rest)).toBe(true)
    expect(script.world.installs).toBe(installs + 2)
    expect(members[deaf]!.blocked).toBe(true)
    expectRulesKept(script)
  })

  it('is found to work again without being replaced', () => {
    const script = new Script()
    const [a, b] = script.group(3)
    const { network } = script.world
    network.cut(a!.id, b!.id)
    script.run(2_900)
    network.mend(a!.id, b!.id)
    script.run(2_000)
    expect(wayFrom(a!, b!)).toMatchObject({ direct: true, via: undefined })
    expect(wayFrom(b!, a!)).toMatchObject({ direct: true, via: undefined })
    expect(notesDuring(script, 2_000)).toBe(0)
  })

  it.each([
    [0, 1],
    [1, 0],
  ])('of two alone, from %i to %i: one clear view, by the witness [PT1] [VW3]', (from, to) => {
    const script = new Script()
    const members = script.group(2)
    const { installs } = script.world
    script.world.network.mute(members[from]!.id, members[to]!.id)
    script.until('one is out', () => members[to]!.view?.members.length === 1, 20_000)
    script.run(60_000)
    expect(script.world.installs).toBeLessThanOrEqual(installs + 2)
    expectRulesKept(script)
  })
})

describe('slow links', () => {
  it('of 800 ms one way bring no suspicion, hinted at or not [FD2] [VW7]', () => {
    const script = new Script({ fixedDelayMs: 800 })
    const members = script.group(4)
    const { installs } = script.world
    for (let turn = 0; turn < 20; turn++) {
      for (const { id } of members) script.world.introducer.hintAt(id)
      members[turn % 4]!.cast('total', 50)
      script.run(3_000)
    }
    script.quiet()
    expect(suspicions(script)).toEqual([])
    expect(script.world.installs).toBe(installs)
    expect(wayFrom(members[0]!, members[1]!).roundTripMs).toBe(1_600)
  })

  it('in a line, too [FD2]', () => {
    const script = scriptWith(line, { fixedDelayMs: 800 })
    const members = script.group(5)
    const { installs } = script.world
    for (let turn = 0; turn < 10; turn++) {
      for (const { id } of members) script.world.introducer.hintAt(id)
      members[turn % 5]!.cast('total', 50)
      script.run(6_000)
    }
    script.quiet()
    expect(suspicions(script)).toEqual([])
    expect(script.world.installs).toBe(installs)
  })

  it.each([1, 2, 3, 4])('whose delays vary bring none either: seed %i [FD2]', (seed) => {
    const script = new Script({ seed, fixedDelayMs: undefined as never })
    const members = Array.from({ length: 4 }, () => script.world.start())
    script.until('all are in', () => members.every(({ ready, view }) => ready && view?.members.length === 4))
    for (const { id } of members) script.world.network.slow(id, 800)
    for (let turn = 0; turn < 20; turn++) {
      for (const { id } of members) script.world.introducer.hintAt(id)
      script.run(3_000)
    }
    expect(suspicions(script)).toEqual([])
  })
})

describe('a hint', () => {
  it('about one that crashed is checked at once: it is out within the bounds [FD3] [FD2]', () => {
    for (const size of [2, 3, 5]) {
      const script = new Script()
      const members = script.group(size)
      const victim = members.at(-1)!
      const rest = members.slice(0, -1)
      script.run(130)
      const crashedAt = script.world.now
      // The links stay as they are for long: only the server has noticed.
      victim.crash(() => 60_000)
      script.until('it is out', () => rest.every(({ view }) => view!.members.length === size - 1))
      const tookMs = script.world.now - crashedAt
      expect(tookMs).toBeLessThan(3_000 + 10 * HOP_MS)
      expect(counters(rest[0]!).probe).toBe(2)
    }
  })

  it('about one that is alive is refuted by one question, before its silence counts [FD2]', () => {
    const script = new Script()
    const [a, b, c] = script.group(3)
    script.world.network.cut(b!.id, a!.id)
    script.run(550)
    const before = counters(a!).alive ?? 0
    a!.input({ type: 'hint', peer: b!.id })
    script.run(100)
    expect((counters(a!).alive ?? 0) - before).toBeGreaterThan(0)
    script.world.network.mend(b!.id, a!.id)
    script.run(5_000)
    expect(suspicions(script)).toEqual([])
    expect(c!.view!.members.length).toBe(3)
  })
})
