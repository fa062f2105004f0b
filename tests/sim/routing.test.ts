import { describe, expect, it } from 'vitest'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import {
  castAll,
  counters,
  expectRulesKept,
  type Graph,
  line,
  notesDuring,
  scriptWith,
  suspicions,
  wayFrom,
} from './routing-support.ts'

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
    const script = scriptWith(graph, { statePaddedBytes: 20_000, watchMessages: false })
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
