import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import type { WorldOptions } from '../../peer/simulator/world.ts'
import { decode } from '../../peer/wire/codec.ts'
import { judge, type TraceEvent } from '../checkers/index.ts'

/** Whether two peers, counted from 0 in order of their start, may have a link. */
type Graph = (a: number, b: number) => boolean

const line: Graph = (a, b) => Math.abs(a - b) === 1
const KINDS = ['fifo', 'causal', 'total'] as const

describe('a group without all links', () => {
  const graphs: readonly { readonly title: string; readonly size: number; readonly graph: Graph }[] = [
    { title: 'a line of 6', size: 6, graph: line },
    { title: 'a line of 10', size: 10, graph: line },
    { title: 'a line of 16', size: 16, graph: line },
    { title: 'a star around the eldest', size: 7, graph: (a, b) => Math.min(a, b) === 0 },
    { title: 'a star around another', size: 7, graph: (a, b) => a === 1 || b === 1 },
    { title: 'a ring of 8', size: 8, graph: (a, b) => line(a, b) || Math.abs(a - b) === 7 },
    { title: 'two that share a member', size: 7, graph: (a, b) => Math.max(a, b) <= 3 || Math.min(a, b) >= 3 },
  ]

  it.each(graphs)('works as one: $title [FD2] [VW7]', ({ size, graph }) => {
    const script = scriptWith(graph, { statePaddedBytes: 40_000 })
    const members = script.group(size)
    castAll(members)
    script.quiet()
    script.run(5_000)
    const leaver = members.at(-1)!
    leaver.leave()
    script.until('one has left', () => script.inOneView(members.slice(0, -1)))
    castAll(members.slice(0, -1))
    script.quiet()
    expect(script.settle()).toBe('one view')
    expect(suspicions(script)).toEqual([])
    expectRulesKept(script)
  })

  it('goes the other way round when a ring loses a link [FD2]', () => {
    const script = scriptWith((a, b) => line(a, b) || Math.abs(a - b) === 7)
    const members = script.group(8)
    const installs = script.world.installs
    script.world.network.bar(members[2]!.id, members[3]!.id)
    castAll(members)
    script.quiet()
    script.run(20_000)
    castAll(members)
    script.quiet()
    expect(wayFrom(members[2]!, members[3]!)).toMatchObject({ direct: false, via: members[1]!.id })
    expect(script.world.installs).toBe(installs)
    expect(suspicions(script)).toEqual([])
    expectRulesKept(script)
  })

  it('lets in one who is linked to a single member, with its state [VW7] [ST1]', () => {
    for (const confidant of [0, 2, 4]) {
      const script = scriptWith((a, b) => Math.max(a, b) < 5 || Math.min(a, b) === confidant, {
        statePaddedBytes: 100_000,
      })
      const members = script.group(5)
      castAll(members)
      const startedAt = script.world.now
      const joiner = script.world.start()
      script.until('it is in', () => script.inOneView([...members, joiner]))
      expect(script.world.now - startedAt).toBeLessThan(2_000)
      castAll([...members, joiner])
      script.quiet()
      expect(wayFrom(joiner, members[(confidant + 1) % 5]!)).toMatchObject({
        direct: false,
        via: members[confidant]!.id,
      })
      expectRulesKept(script)
    }
  })

  it('leaves out one that crashed, in the middle of a ring [VW7] [FD3]', () => {
    const script = scriptWith((a, b) => line(a, b) || Math.abs(a - b) === 5)
    const members = script.group(6)
    members[2]!.crash()
    const rest = members.filter((_, rank) => rank !== 2)
    script.until('it is out', () => script.inOneView(rest), 6_000)
    castAll(rest)
    expect(script.settle()).toBe('one view')
    expectRulesKept(script)
  })

  it('carries 64 KiB over several relays, in frames far smaller [FL3]', () => {
    const script = scriptWith(line, {
      frameBytesMax: 8 * 1024,
      config: { ...scriptWith(line).world.options.config, fragmentBytes: 64 * 1024 },
    })
    const members = script.group(5)
    members[0]!.cast('causal', 64 * 1024)
    members[4]!.cast('total', 64 * 1024)
    script.until('all have both', () => members.every(({ application }) => application.delivered === 2), 1_000)
    expectRulesKept(script)
  })
})

describe('a missing link', () => {
  it('that never came up or was cut costs no message more than a moment [FD2]', () => {
    const script = new Script()
    const members = script.group(4)
    const [, a, b] = members
    const { network } = script.world
    network.cut(a!.id, b!.id)
    network.cut(b!.id, a!.id)
    const delays: number[] = []
    for (let turn = 0; turn < 30; turn++) {
      const startedAt = script.world.now
      const before = b!.application.delivered
      a!.cast('causal', 20)
      script.until('it is delivered', () => b!.application.delivered > before, 2_000)
      delays.push(script.world.now - startedAt)
      script.run(400)
    }
    expect(Math.max(...delays)).toBeLessThan(1_000)
    // By relay, in the end: two hops.
    expect(delays.at(-1)).toBe(2 * HOP_MS)
    expect(wayFrom(a!, b!)).toMatchObject({ direct: false, via: members[0]!.id, suspected: false })
    expect(suspicions(script)).toEqual([])
  })

  it('is told of only while it is missing: statuses of a full mesh name no ways', () => {
    const script = new Script()
    const members = script.group(5)
    const { network } = script.world
    expect(notesDuring(script, 3_000)).toBe(0)
    network.bar(members[1]!.id, members[2]!.id)
    script.run(5_000)
    expect(notesDuring(script, 3_000)).toBeGreaterThan(0)
    network.unbar(members[1]!.id, members[2]!.id)
    script.run(5_000)
    expect(notesDuring(script, 3_000)).toBe(0)
    expect(wayFrom(members[1]!, members[2]!)).toMatchObject({ direct: true, via: undefined })
  })

  it('is gone round by the least round trip, then the fewest links, then the lowest rank [FD2]', () => {
    const script = scriptWith((a, b) => a + b !== 7)
    const members = script.group(5)
    const [c, d, e, a, b] = members
    const { network } = script.world
    script.run(5_000)
    expect(wayFrom(a!, b!).via).toBe(c!.id)
    for (const [from, to, extraMs] of [
      [c, b, 100],
      [b, c, 100],
      [d, b, 40],
      [b, d, 40],
      [e, b, 70],
    ] as const) {
      network.delayed(from!.id, to!.id, extraMs)
    }
    script.until('the quickest is known', () => wayFrom(a!, b!).via === e!.id && wayFrom(b!, a!).via === e!.id, 60_000)
    script.run(60_000)
    expect(wayFrom(a!, b!).via).toBe(e!.id)
    expect(wayFrom(a!, b!).roundTripMs).toBeGreaterThan(4 * HOP_MS + 50)
    expect(wayFrom(a!, b!).roundTripMs).toBeLessThan(4 * HOP_MS + 90)
  })

  it('to one whom nobody reaches: what is for it is dropped and counted', () => {
    const script = new Script()
    const members = script.group(4)
    const lost = members[3]!
    for (const other of members.slice(0, 3)) script.world.network.bar(other.id, lost.id)
    script.until('it is out', () => members.slice(0, 3).every((peer) => peer.view!.members.length === 3))
    expect(counters(members[0]!)['relay-dropped']).toBeGreaterThan(0)
    for (const other of members.slice(0, 3)) script.world.network.unbar(other.id, lost.id)
    expect(script.settle()).toBe('one view')
  })
})

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

/** A scripted world in which only some pairs can have a link. */
function scriptWith(graph: Graph, options: Partial<WorldOptions> = {}): Script {
  const script = new Script(options)
  const { network } = script.world
  const introduce = network.introduce.bind(network)
  const place = (id: string) => Number(id.slice(1)) - 1
  network.introduce = (a, b) => {
    introduce(a, b)
    if (!graph(place(a), place(b))) network.bar(a, b)
  }
  return script
}

/** Each one multicasts once in each way. */
function castAll(members: readonly SimPeer[]): void {
  for (const member of members) for (const kind of KINDS) member.cast(kind, 30)
}

function allDelivered(members: readonly SimPeer[]): boolean {
  const [first, ...rest] = members.map(({ application }) => application.delivered)
  return (
    rest.every((delivered) => delivered === first) && members.every((peer) => peer.application.unsettled().length === 0)
  )
}

function wayFrom(peer: SimPeer, to: SimPeer) {
  return peer.membership.runtime.engine.inspect().view!.members.find(({ id }) => id === to.self)!
}

function counters(peer: SimPeer): Record<string, number> {
  return peer.membership.runtime.engine.counters()
}

function suspicions({ world }: Script): readonly object[] {
  return world.trace.filter(({ event }) => event === 'suspect')
}

/** How many notes on ways travel in statuses within this time. */
function notesDuring({ world }: Script, forMs: number): number {
  let notes = 0
  const stop = world.messages.watch(({ kind, moment, message }) => {
    if (kind !== 'status' || moment !== 'sent') return
    const status = decode(message)
    if (status.kind === 'status') notes += status.routes.length
  })
  world.run(forMs)
  stop()
  return notes
}

function expectRulesKept({ world }: Script): void {
  const broken = judge(world.trace as readonly TraceEvent[], { settled: false, transfersState: true })
    .filter(({ outcome }) => outcome === 'broken')
    .map(({ rule, evidence }) => ({ rule, evidence: evidence?.[0]?.message }))
  expect(broken).toEqual([])
}
