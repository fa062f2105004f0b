import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { FaultyTransport } from '../../peer/faults/faulty-transport.ts'
import type { LaneFault } from '../../peer/faults/lane.ts'
import { realClock } from '../../peer/runtime/clock.ts'
import { createLoopbackNetwork, type LoopbackNetwork } from '../../peer/transport/loopback.ts'
import { CallWatch, numbered, Station } from '../contract/station.ts'
import { numberOf, runCase, transportContract } from '../contract/transport-contract.ts'
import { ManualClock } from './client-support.ts'

const BROKEN_AFTER_MS = 15_000

describe('a transport with faults', () => {
  it.each(transportContract)('that has none: $title', async (one) => {
    const network = createLoopbackNetwork()
    await runCase(one, (id) => faulty(network, id, realClock).transport)
  })

  it.each(transportContract)('that are delays: $title', async (one) => {
    const network = createLoopbackNetwork()
    await runCase(one, (id) => faulty(network, id, realClock, { cut: false, delayMs: 2 }).transport)
  })
})

describe('a cut', () => {
  it('holds all frames back, and lets them go on in order when it is mended in time', async () => {
    const { a, b, clock, set } = await pair()
    set({ cut: true, delayMs: 0 })
    for (const number of [1, 2, 3]) a.send(b, numbered(number, 8))
    b.send(a, numbered(4, 8))
    await clock.pass(BROKEN_AFTER_MS - 1)
    expect([a.frames(b), b.frames(a)]).toEqual([[], []])
    expect(a.link(b)).toMatchObject({ state: 'direct', bytesQueued: 24 })
    set(NO_FAULT)
    a.send(b, numbered(5, 8))
    await clock.pass(0)
    expect(b.frames(a).map(numberOf)).toEqual([1, 2, 3, 5])
    expect(a.frames(b).map(numberOf)).toEqual([4])
    await clock.pass(2 * BROKEN_AFTER_MS)
    expect([a.changes(b), b.changes(a)]).toEqual([['up'], ['up']])
  })

  it('breaks the link at both ends after a while, and no other comes up until it is mended', async () => {
    const { a, b, clock, set } = await pair()
    set({ cut: true, delayMs: 0 })
    a.send(b, numbered(1, 8))
    await clock.pass(BROKEN_AFTER_MS)
    expect([a.changes(b), b.changes(a)]).toEqual([
      ['up', 'down'],
      ['up', 'down'],
    ])
    a.want(b)
    b.want(a)
    a.reset(b)
    await clock.pass(BROKEN_AFTER_MS)
    expect(a.link(b)).toMatchObject({ state: 'connecting', bytesQueued: 0 })
    expect(a.isUp(b)).toBe(false)
    set(NO_FAULT)
    await clock.pass(0)
    a.send(b, numbered(2, 8))
    await clock.pass(0)
    expect([a.changes(b), b.changes(a)]).toEqual([
      ['up', 'down', 'up'],
      ['up', 'down', 'up'],
    ])
    expect(b.frames(a).map(numberOf)).toEqual([2])
  })

  it('lets no link come up that was not up before', async () => {
    const { a, b, clock, set } = stations({ cut: true, delayMs: 0 })
    a.want(b)
    b.want(a)
    await clock.pass(60_000)
    expect([a.heard, b.heard]).toEqual([[], []])
    set(NO_FAULT)
    await clock.pass(0)
    expect([a.isUp(b), b.isUp(a)]).toEqual([true, true])
    a.unwant(b)
    set({ cut: true, delayMs: 0 })
    expect(a.link(b)).toBeUndefined()
  })

  it('says that the link is busy once much waits, and when it is not any more', async () => {
    const { a, b, clock, set } = await pair()
    const drained: PeerId[] = []
    Object.assign(a, { drained: (peer: PeerId) => drained.push(peer) })
    set({ cut: true, delayMs: 0 })
    expect(a.transport.isBusy(b.id)).toBe(false)
    for (let number = 0; number < 64; number++) a.send(b, numbered(number, 16 * 1024))
    expect(a.transport.isBusy(b.id)).toBe(true)
    set(NO_FAULT)
    await clock.pass(0)
    expect(a.transport.isBusy(b.id)).toBe(false)
    expect(drained).toEqual([b.id])
    expect(b.frames(a)).toHaveLength(64)
  })

  it('leaves no timer behind', async () => {
    const { a, b, clock, set } = await pair()
    set({ cut: true, delayMs: 0 })
    a.send(b, numbered(1, 8))
    a.close()
    await clock.pass(0)
    expect(clock.timers).toBe(0)
  })
})

describe('a delay', () => {
  it('has each frame take so much longer, both ways, and shows in the round trip', async () => {
    const { a, b, clock, set } = await pair()
    set({ cut: false, delayMs: 200 })
    a.send(b, numbered(1, 8))
    b.send(a, numbered(2, 8))
    await clock.pass(199)
    expect([a.frames(b), b.frames(a)]).toEqual([[], []])
    await clock.pass(1)
    expect([a.frames(b).map(numberOf), b.frames(a).map(numberOf)]).toEqual([[2], [1]])
    expect(a.link(b)).toMatchObject({ roundTripMs: 400 })
  })

  it('that ends lets no frame overtake those that are on their way', async () => {
    const { a, b, clock, set } = await pair()
    set({ cut: false, delayMs: 200 })
    a.send(b, numbered(1, 8))
    await clock.pass(100)
    set(NO_FAULT)
    a.send(b, numbered(2, 8))
    await clock.pass(99)
    expect(b.frames(a)).toEqual([])
    await clock.pass(1)
    expect(b.frames(a).map(numberOf)).toEqual([1, 2])
  })

  it('loses what is on its way over a link that breaks, and keeps what was sent before a good end', async () => {
    const { a, b, clock, set, network } = await pair()
    set({ cut: false, delayMs: 200 })
    a.send(b, numbered(1, 8))
    network.cut(a.id, b.id)
    network.heal(a.id, b.id)
    await clock.pass(1_000)
    expect(a.changes(b)).toEqual(['up', 'down', 'up'])
    expect(b.frames(a)).toEqual([])
    a.send(b, numbered(2, 8))
    a.close()
    await clock.pass(0)
    expect(b.frames(a).map(numberOf)).toEqual([2])
  })
})

const NO_FAULT: LaneFault = { cut: false, delayMs: 0 }

function faulty(network: LoopbackNetwork, id: PeerId, clock = realClock, fault = NO_FAULT) {
  const state = { fault }
  const inner = network.transport(id)
  const options = { inner, clock, brokenAfterMs: BROKEN_AFTER_MS, faultOf: () => state.fault }
  return { transport: new FaultyTransport(options), state }
}

/** Two peers, of whom one has faults. */
function stations(fault: LaneFault) {
  const clock = new ManualClock()
  const network = createLoopbackNetwork()
  const watch = new CallWatch()
  const [idOfA, idOfB] = ['a', 'b'] as [PeerId, PeerId]
  const { transport, state } = faulty(network, idOfA, clock, fault)
  const a = new Station(idOfA, transport, watch)
  const b = new Station(idOfB, network.transport(idOfB), watch)
  const set = (next: LaneFault): void => {
    state.fault = next
    transport.changed(idOfB)
  }
  return { a, b, clock, network, set }
}

async function pair() {
  const both = stations(NO_FAULT)
  both.a.want(both.b)
  both.b.want(both.a)
  await both.clock.pass(0)
  expect(both.a.isUp(both.b)).toBe(true)
  return both
}
