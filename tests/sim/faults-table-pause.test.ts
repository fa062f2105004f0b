import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import type { Script } from '../../peer/simulator/script.ts'
import {
  are,
  caughtUpAfter,
  expectSettled,
  LOAD_EVERY_MS,
  LONG_LOAD_EVERY_MS,
  SEEDS,
  start,
  viewsSince,
  within,
} from './faults-table-support.ts'

/** Rows of the table of faults: members that stand still for a while, and clocks that jump. */

const COUNT = 4
const RANKS = Array.from({ length: COUNT }, (_, rank) => rank)

describe('a member that is hung or stopped, under load', () => {
  it.each([...RANKS.map((rank) => [3_000, rank] as const), ...RANKS.map((rank) => [10_000, rank] as const)])(
    'for %i ms, rank %i: is still a member, and has caught up 2 s after it wakes [VW7] [DL5]',
    (forMs, rank) => {
      for (const seed of SEEDS) {
        const { script, world, members } = start(seed, COUNT)
        const load = script.load(LOAD_EVERY_MS)
        script.run(500)
        const [since, sleeper] = [world.now, members[rank]!]
        sleeper.freeze()
        script.run(forMs)
        sleeper.wake()
        const wokeAt = world.now
        script.run(2_000)
        expect(caughtUpAfter(script, sleeper, wokeAt)).toBeLessThanOrEqual(2_000)
        expect(viewsSince(script, since)).toEqual([])
        load.stop()
        expectSettled(script)
        expect(load.receipts.filter(({ receipt }) => !receipt.stable)).toEqual([])
      }
    },
  )
})

describe('a member that stands still for 30 s, under load', () => {
  it.each([
    ...RANKS.map((rank) => ['hung, its links alive', rank, () => () => {}] as const),
    ...RANKS.map((rank) => ['stopped, its links gone after 15.7 s', rank, loseLinks] as const),
  ])('%s, rank %i: left out, it wakes and is back within 5 s with the same state [FD4] [RC1]', (_, rank, unlink) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, COUNT)
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const [since, sleeper] = [world.now, members[rank]!]
      const others = members.filter((peer) => peer !== sleeper)
      sleeper.freeze()
      const link = unlink(script, sleeper, others)
      within(script, 20_000, 'it is left out', are(script, others))
      script.run(30_000 - (world.now - since))
      link()
      sleeper.wake()
      within(script, 5_000, 'it is back', are(script, [...others, sleeper]))
      expect(sleeper.self).toBe(`${sleeper.id}.2`)
      load.stop()
      expectSettled(script)
      const fates = new Set(load.receipts.map(({ receipt }) => (receipt.stable ? 'stable' : receipt.fate)))
      expect([...fates].filter((fate) => fate === undefined || fate === 'unknown')).toEqual([])
    }
  })
})

describe('a clock that jumps by 5 min, under load', () => {
  it.each(RANKS)('is blamed by its own member, of rank %i, and nobody is left out [FD1]', (rank) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, COUNT)
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const since = world.now
      members[rank]!.jump(300_000)
      script.run(20_000)
      expect(world.trace.filter(({ event }) => event === 'suspect')).toEqual([])
      expect(viewsSince(script, since)).toEqual([])
      expect(members[rank]!.membership.runtime.engine.counters()['own-lateness']).toBe(1)
      load.stop()
      expectSettled(script)
    }
  })
})

/** A stopped process loses its links, and cannot set up new ones until it wakes. */
function loseLinks({ world }: Script, sleeper: SimPeer, others: readonly SimPeer[]): () => void {
  world.scheduler.after(15_700, () => {
    for (const other of others) world.network.bar(sleeper.id, other.id)
  })
  return () => {
    for (const other of others) world.network.unbar(sleeper.id, other.id)
  }
}
