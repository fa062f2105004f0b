import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'

describe('a large group', () => {
  it('of sixteen keeps every order that a small one keeps [OR7]', () => {
    const script = new Script({ watchMessages: false })
    const members = Array.from({ length: 16 }, () => script.world.start())
    script.until('all are in', () => members.every((peer) => peer.ready && peer.view!.members.length === 16))
    for (let round = 0; round < 3; round++) {
      for (const peer of members) for (const kind of ['fifo', 'causal', 'total'] as const) peer.cast(kind, 20)
      script.run(HOP_MS)
    }
    script.quiet()
    expect(members.map(({ application }) => application.delivered)).toEqual(members.map(() => 16 * 9))
    expectRulesKept(script)
  })

  it('says hello once over each new link, not over all of them with each, when many come at once', () => {
    const script = new Script()
    script.group(8)
    const sent = script.sentDuring(() => {
      for (let i = 0; i < 8; i++) script.world.start()
      script.run(4 * HOP_MS)
    })
    // Once a link, and again to all where a heartbeat is due meanwhile.
    expect(sent.get('hello')).toBeLessThanOrEqual(2 * 8 * 8)
  })

  it('refuses who is one too many, and goes on with those it has [OR7]', () => {
    const script = new Script({ config: { ...DEFAULT_CONFIG, membersMax: 3 } })
    const members = script.group(3)
    const late = script.world.start()
    script.until('the fourth is told', () => !late.alive)
    expect(script.inOneView(members)).toBe(true)
    for (const peer of members) peer.cast('total', 20)
    script.quiet()
    expectRulesKept(script)
  })
})

describe('a member that sleeps', () => {
  it('for ten seconds suspects nobody when it wakes, and has missed nothing [FD1]', () => {
    const script = new Script()
    const members = script.group(4)
    const [sleeper, other] = [members[2]!, members[0]!]
    const { number } = sleeper.view!
    sleeper.freeze()
    for (let second = 0; second < 10; second++) {
      other.cast('total', 20)
      script.run(1_000)
    }
    sleeper.wake()
    script.run(15_000)
    script.quiet()
    expect(suspicions(script)).toEqual([])
    expect(sleeper.view!.number).toBe(number)
    expect(sleeper.application.delivered).toBe(10)
    expectRulesKept(script)
  })

  it('while all others sleep too, as when a laptop closes, finds the group as it was [FD1]', () => {
    const script = new Script()
    const members = script.group(3)
    for (const peer of members) peer.freeze()
    script.run(60_000)
    for (const peer of members) peer.wake()
    script.run(15_000)
    expect(suspicions(script)).toEqual([])
    expect(script.inOneView(members)).toBe(true)
  })
})

describe('a broken link between two members of four', () => {
  it('leaves nobody out: others carry their messages, both ways [FD2] [VW7]', () => {
    const script = new Script()
    const members = script.group(4)
    const [a, b] = [members[1]!, members[3]!]
    const { number } = a.view!
    script.world.network.bar(a.id, b.id)
    script.run(20_000)
    const relayed = script.sentDuring(() => {
      for (const kind of ['fifo', 'causal', 'total'] as const) for (const peer of [a, b]) peer.cast(kind, 20)
      script.until('all have all', () => members.every(({ application }) => application.delivered === 6), 1_000)
    })
    expect(relayed.get('relay')).toBeGreaterThan(0)
    script.run(20_000)
    expect(members.map(({ view }) => view!.number)).toEqual(members.map(() => number))
    expectRulesKept(script)
  })
})

describe('the transfer of a large state', () => {
  it('goes in windows, with the messages and heartbeats of the group in between [ST4] [ST2]', () => {
    const stateBytes = 5_000_000
    const script = new Script({ statePaddedBytes: stateBytes, frameBytesMax: 32 * 1024 })
    const [first, provider] = script.group(2) as [SimPeer, SimPeer]
    const joiner = script.world.start()
    const link = watchLink(script, provider, joiner)
    script.until('the transfer is under way', () => link.acked >= 10)
    const receipt = first.cast('causal', 20)!
    script.until('the group goes on', () => receipt.stable)
    expect(joiner.ready).toBe(false)
    const beforeItEnds = provider.cast('total', 20)!
    script.until('it still goes on', () => beforeItEnds.stable && provider.application.delivered === 2)
    expect(joiner.ready).toBe(false)
    script.until('the state is there', () => joiner.ready)
    script.quiet()
    expect(link.underWayMost).toBeLessThanOrEqual(DEFAULT_CONFIG.chunksInFlight)
    expect(link.kinds.filter((kind) => kind === 'chunk').length).toBeGreaterThanOrEqual(
      stateBytes / DEFAULT_CONFIG.chunkBytes,
    )
    const entries = link.kinds.indexOf('entries')
    expect(entries).toBeGreaterThan(link.kinds.indexOf('chunk'))
    expect(entries).toBeLessThan(link.kinds.lastIndexOf('chunk'))
    expect(joiner.application.delivered).toBe(2)
    expectRulesKept(script)
  })

  it('keeps heartbeats going: a slow one is not taken for a dead provider [ST4] [FD2]', () => {
    const script = new Script({ statePaddedBytes: 2_000_000 })
    const [first, provider] = script.group(2) as [SimPeer, SimPeer]
    const joiner = script.world.start()
    script.until('it is in', () => joiner.view !== undefined)
    // Every round of the window takes two seconds, and there are eight of them.
    for (const [from, to] of [
      [provider, joiner],
      [joiner, provider],
    ] as const)
      script.world.network.delayed(from.id, to.id, 1_000)
    const startedAt = script.world.now
    script.until('the state is there', () => joiner.ready, 60_000)
    expect(script.world.now - startedAt).toBeGreaterThan(DEFAULT_CONFIG.suspectAfterMs)
    expect(suspicions(script)).toEqual([])
    expect(script.inOneView([first, provider, joiner])).toBe(true)
  })
})

/** What leaves one member for another, in order, and how many chunks are under way. */
function watchLink({ world }: Script, from: SimPeer, to: SimPeer) {
  const link = { kinds: [] as string[], acked: 0, underWay: 0, underWayMost: 0 }
  world.messages.watch((sighting) => {
    if (sighting.moment === 'sent' && sighting.from === from.id && sighting.to === to.id) {
      link.kinds.push(sighting.kind)
      if (sighting.kind === 'chunk') link.underWayMost = Math.max(link.underWayMost, ++link.underWay)
    }
    if (
      sighting.moment === 'received' &&
      sighting.to === from.id &&
      sighting.from === to.id &&
      sighting.kind === 'chunk-ack'
    ) {
      link.acked++
      link.underWay--
    }
  })
  return link
}

function suspicions({ world }: Script): object[] {
  return world.trace.filter(({ event }) => event === 'suspect')
}

function expectRulesKept({ world }: Script): void {
  const events = world.trace as readonly object[] as readonly TraceEvent[]
  expect(judge(events, { settled: true }).filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(settled(events)).toEqual([])
}
