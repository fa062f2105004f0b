import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { Script } from '../../peer/simulator/script.ts'
import {
  are,
  caughtUpAfter,
  expectSettled,
  LONG_LOAD_EVERY_MS,
  SEEDS,
  start,
  viewsSince,
  within,
} from './faults-table-support.ts'

/** Rows of the table of faults: links that are missing, cut one way or both ways, and groups that fall apart. */

const PAIRS = [
  [0, 1],
  [0, 3],
  [1, 2],
  [3, 2],
] as const

describe('one link of four members cut for good', () => {
  it.each(PAIRS)('%i - %i: nobody is left out, each multicast is everywhere within 2 s [FD2] [DL5]', (a, b) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, 4)
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const since = world.now
      script.part([members[a]!], [members[b]!])
      script.run(30_000)
      expect(viewsSince(script, since)).toEqual([])
      load.stop()
      script.run(2_000)
      expect(slowestDelivery(script, since)).toBeLessThanOrEqual(2_000)
      for (const peer of members) expect(caughtUpAfter(script, peer, world.now)).toBeLessThanOrEqual(0)
      expectSettled(script)
    }
  })
})

describe('a line of six members, each linked to its neighbours only', () => {
  it.each(SEEDS)('joins, multicasts of all kinds and view changes work: seed %i [FD2] [DL5] [VW7]', (seed) => {
    const script = new Script({ seed, fixedDelayMs: undefined })
    const { world } = script
    for (let a = 1; a <= 7; a++) for (let b = a + 2; b <= 7; b++) keepApart(script, a, b)
    const members = script.group(6)
    const load = script.load(LONG_LOAD_EVERY_MS)
    const since = world.now
    script.run(20_000)
    expect(viewsSince(script, since)).toEqual([])
    const seventh = world.start()
    within(script, 10_000, 'a seventh is in, at the end', are(script, [...members, seventh]))
    seventh.close()
    within(script, 10_000, 'it is out again', are(script, members))
    load.stop()
    expectSettled(script)
  })
})

describe('a one-way cut for 60 s, under load', () => {
  it.each(PAIRS)('%i to %i: leaves nobody out, or makes one clear view, and does not flap [FD2] [VW7]', (from, to) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, 4)
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const since = world.now
      world.network.cut(members[from]!.id, members[to]!.id)
      script.run(60_000)
      expect(viewsSince(script, since).length).toBeLessThanOrEqual(1)
      world.network.mend(members[from]!.id, members[to]!.id)
      load.stop()
      expectSettled(script)
    }
  })
})

describe('a partition of five members, 3 : 2, for 30 s, with load on both sides', () => {
  it.each([
    ['the two youngest', [3, 4]],
    ['the two eldest', [0, 1]],
    ['the eldest and the youngest', [0, 4]],
  ] as const)('%s are blocked, three go on; healed, they are five again within 10 s [PT2] [DL3]', (_, ranks) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, 5)
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const few = ranks.map((rank) => members[rank]!)
      const many = members.filter((peer) => !few.includes(peer))
      const heal = script.part(few, many)
      const cutAt = world.now
      within(script, 20_000, 'two are blocked', () => few.every((peer) => peer.blocked))
      within(script, 20_000, 'three go on', are(script, many))
      script.run(30_000 - (world.now - cutAt))
      expect(many.map(({ blocked }) => blocked)).toEqual([false, false, false])
      expect(few.map(({ blocked, view }) => [blocked, view?.members.length])).toEqual(few.map(() => [true, 5]))
      heal()
      within(script, 10_000, 'they are five again', isFive)
      load.stop()
      expectSettled(script)
      const open = load.receipts.filter(({ receipt }) => !receipt.stable && receipt.fate === undefined)
      expect(open).toEqual([])

      function isFive(): boolean {
        const { view: last } = many[0]!
        return last?.members.length === 5 && members.every(({ ready, view }) => ready && view!.number === last.number)
      }
    }
  })
})

/** How long a multicast from then on took at the most to be delivered at a member, in ms. */
function slowestDelivery({ world }: Script, sinceMs: number): number {
  const sentAt = new Map<string, number>()
  let slowest = 0
  for (const line of world.trace) {
    if (line.event === 'multicast' && line.t >= sinceMs) sentAt.set(line.id, line.t)
    if (line.event === 'deliver') slowest = Math.max(slowest, line.t - (sentAt.get(line.id) ?? line.t))
  }
  return slowest
}

function keepApart({ world }: Script, a: number, b: number): void {
  const [one, other] = [`p${a}` as PeerId, `p${b}` as PeerId]
  world.network.introduce(one, other)
  world.network.bar(one, other)
}
