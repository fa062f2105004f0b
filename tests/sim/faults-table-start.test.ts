import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import { setTrap } from '../../peer/simulator/traps.ts'
import { expectSettled, LOAD_EVERY_MS, lastInstallAfter, SEEDS, start, within } from './faults-table-support.ts'

/** Rows of the table of faults: many that come at once, and joiners that vanish or are left alone. */

describe('eight processes that start at the same instant', () => {
  it('end in one lineage with all of them within 5 s, in each of 20 rounds [VW3] [VW6]', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const script = new Script({ seed, fixedDelayMs: undefined })
      const peers = Array.from({ length: 8 }, () => script.world.start())
      within(script, 5_000, 'all eight are members', () => isComplete(peers))
      expect(new Set(peers.map(({ view }) => view!.lineage)).size).toBe(1)
      expectSettled(script)
    }
  })
})

describe('20 joiners that vanish at once', () => {
  const MOMENTS = [
    ['before they are in', 'accept', 'received', () => true],
    ['as they are let in', 'decide', 'handled', lacksState],
    ['before their state is loaded', 'chunk', 'received', lacksState],
  ] as const

  it.each(MOMENTS.flatMap((moment) => [3, 12].map((count) => [count, ...moment] as const)))(
    'a group of %i, %s: it goes on, among itself within 8 s [VW9] [PT1]',
    (count, _, kind, moment, who) => {
      const { script, world, members } = start(count, count, { watchMessages: true })
      const load = script.load(LOAD_EVERY_MS * count)
      const joiners = Array.from({ length: 20 }, () => world.start())
      const vanish = () => {
        for (const joiner of joiners) joiner.crash()
      }
      setTrap(world, { kind, moment, nth: 1, who, strike: vanish })
      script.until('they are gone', () => joiners.every((joiner) => !joiner.alive))
      const goneAt = world.now
      script.run(10_000)
      expect(script.inOneView(members)).toBe(true)
      expect(lastInstallAfter(script, goneAt)).toBeLessThanOrEqual(8_000)
      load.stop()
      expectSettled(script)
      expect(load.receipts.filter(({ receipt }) => !receipt.stable)).toEqual([])
    },
  )
})

describe('every member with state crashes, and joiners without it are left', () => {
  it.each([1, 2, 3, 5])('%i of them found anew within 15 s, and nobody hangs [ST3] [PT2]', (count) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, count, { statePaddedBytes: 500_000 })
      const { lineage } = members[0]!.view!
      const joiners = Array.from({ length: count }, () => world.start())
      script.until('the first of them is let in', () => joiners.some(({ view }) => view?.lineage === lineage))
      expect(joiners.some(({ ready }) => ready)).toBe(false)
      for (const member of members) member.crash()
      within(script, 15_000, 'they have founded anew', () => isComplete(joiners))
      expect(joiners.some(({ view }) => view?.lineage === lineage)).toBe(false)
      joiners[0]!.cast('total', 20)
      expectSettled(script)
      expect(joiners.map(({ application }) => application.delivered)).toEqual(joiners.map(() => 1))
    }
  })
})

/** Whether all of them are in a view of that many. */
function isComplete(peers: readonly SimPeer[]): boolean {
  return peers.every((peer) => peer.ready && peer.view?.members.length === peers.length)
}

function lacksState(peer: SimPeer): boolean {
  return !peer.application.hasState
}
