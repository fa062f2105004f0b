import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { are, expectSettled, idsIn, LOAD_EVERY_MS, SEEDS, start, within } from './faults-table-support.ts'

/** Rows of the table of faults: members that are gone for good. */

const COUNT = 4
const RANKS = Array.from({ length: COUNT }, (_, rank) => rank)

describe('a member that is gone', () => {
  it.each(RANKS)('rank %i: out within 1 s of closing its page [FD3]', (rank) => {
    for (const seed of SEEDS) goneWithin(1_000, seed, rank, (peer) => peer.close())
  })

  it.each(RANKS)('rank %i: out within 6 s of being killed, the server alive [FD3]', (rank) => {
    for (const seed of SEEDS) goneWithin(6_000, seed, rank, (peer) => peer.crash())
  })

  it.each(RANKS)('rank %i: out within 20 s of being killed, the server dead [FD3]', (rank) => {
    for (const seed of SEEDS) goneWithin(20_000, seed, rank, (peer) => peer.crash(), { serverDead: true })
  })
})

describe('the server dead, and two of five members crash meanwhile', () => {
  it('the group goes on, and a new one joins within 10 s once the server is back [VW7] [FD3]', () => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, 5)
      const load = script.load(LOAD_EVERY_MS)
      world.introducer.down()
      script.run(1_000)
      const [first, second] = [members[seed % 5]!, members[(seed + 2) % 5]!]
      first.crash()
      script.run(500)
      second.crash()
      const rest = members.filter((peer) => peer.alive)
      within(script, 20_000, 'both are out', are(script, rest))
      const joiner = world.start()
      script.run(2_000)
      expect(joiner.view).toBeUndefined()
      world.introducer.back()
      within(script, 10_000, 'the new one is in', are(script, [...rest, joiner]))
      load.stop()
      expectSettled(script)
    }
  })
})

describe('every process replaced by a new one, one after the other', () => {
  it.each([2, 3, 5])('the state of %i members survives, each new one in within 10 s [ST1] [DL3]', (count) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, count)
      const load = script.load(LOAD_EVERY_MS)
      script.run(500)
      const early = world.trace.flatMap((line) => (line.event === 'multicast' ? [line.id] : []))
      script.run(1_000)
      let present = members
      for (const reloaded of members) {
        reloaded.close()
        const anew = world.start()
        present = [...present.filter((peer) => peer !== reloaded), anew]
        within(script, 10_000, 'it is back as a new one', are(script, present))
      }
      load.stop()
      expectSettled(script)
      for (const ids of present.map(idsIn)) expect(early.filter((id) => !ids.has(id))).toEqual([])
    }
  })
})

/** Kills or closes one member under load; the others must be in a view without it in time. */
function goneWithin(
  boundMs: number,
  seed: number,
  rank: number,
  strike: (peer: SimPeer) => void,
  { serverDead = false } = {},
): void {
  const { script, world, members } = start(seed, COUNT)
  const load = script.load(LOAD_EVERY_MS)
  script.run(500)
  if (serverDead) world.introducer.down()
  const gone = members[rank]!
  strike(gone)
  const rest = members.filter((peer) => peer !== gone)
  within(script, boundMs, 'it is out', are(script, rest))
  load.stop()
  if (serverDead) world.introducer.back()
  expectSettled(script)
  expect(load.receipts.filter(({ by, receipt }) => by !== gone && !receipt.stable)).toEqual([])
}
