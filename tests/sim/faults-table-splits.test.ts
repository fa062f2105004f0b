import { describe, expect, it } from 'vitest'
import type { Script } from '../../peer/simulator/script.ts'
import {
  expectSettled,
  idsIn,
  LOAD_EVERY_MS,
  LONG_LOAD_EVERY_MS,
  SEEDS,
  start,
  within,
} from './faults-table-support.ts'

/** Rows of the table of faults: halves of a group. */

describe('either of two members is killed, the server alive', () => {
  it.each([0, 1])('the one of rank %i: the other is a primary view of one within 8 s [PT1] [PT5]', (rank) => {
    for (const seed of SEEDS) {
      const { script, world, members } = start(seed, 2)
      const load = script.load(LOAD_EVERY_MS)
      script.run(500)
      members[rank]!.crash()
      const last = members[1 - rank]!
      within(script, 8_000, 'the other goes on alone', () => script.inOneView([last]) && !last.blocked)
      const install = world.trace.findLast((line) => line.event === 'install')
      expect(install).toMatchObject({ peer: last.self, members: [last.self], primary: true })
      load.stop()
      expectSettled(script)
    }
  })
})

describe('a partition of five members, 3 : 2, for 30 s, that fork and send again what a merge leaves out', () => {
  it.each(SEEDS)('both go on; healed, they are one lineage with every multicast once: seed %i [PT3] [PT4]', (seed) => {
    const { script, members } = start(seed, 5, { forks: true, onMerge: 'replay' })
    const load = script.load(LONG_LOAD_EVERY_MS)
    script.run(500)
    const [many, few] = [members.slice(0, 3), members.slice(3)]
    const heal = script.part(few, many)
    const cutAt = script.world.now
    within(script, 30_000, 'both sides go on', () => script.inOneView(many) && script.inOneView(few))
    script.run(30_000 - (script.world.now - cutAt))
    expect(new Set(members.map(({ view }) => view!.lineage)).size).toBe(2)
    heal()
    within(script, 10_000, 'they are one again', () =>
      members.every(({ ready, view }) => ready && view?.members.length === 5),
    )
    load.stop()
    expectSettled(script)
    const all = multicasts(script)
    for (const state of members.map(idsIn)) {
      const times = all.map((ids) => ids.filter((id) => state.has(id)).length)
      expect(times.filter((count) => count !== 1)).toEqual([])
    }
  })
})

describe('a partition of four members, 2 : 2, of whom all reach the witness, that would rather fork than wait', () => {
  it.each(SEEDS)(
    'one half goes on by its vote, the other as a lineage of its own: seed %i [PT1] [PT3] [PT4]',
    (seed) => {
      const { script, members } = start(seed, 4, { forks: true, onMerge: 'replay' })
      const load = script.load(LONG_LOAD_EVERY_MS)
      script.run(500)
      const [some, others] = [members.slice(0, 2), members.slice(2)]
      const heal = script.part(some, others)
      within(script, 45_000, 'both halves go on', () =>
        [some, others].every((half) =>
          half.every(({ ready, blocked, view }) => ready && !blocked && view?.members.length === 2),
        ),
      )
      heal()
      within(script, 20_000, 'they are one again', () =>
        members.every(({ ready, view }) => ready && view?.members.length === 4),
      )
      load.stop()
      expectSettled(script)
    },
  )
})

/** Each multicast of an application: its id, and those under which it was sent again. */
function multicasts({ world }: Script): string[][] {
  const found = new Map<string, string[]>()
  for (const line of world.trace) {
    if (line.event !== 'multicast') continue
    const original = line.replayOf ?? line.id
    found.set(original, [...(found.get(original) ?? []), line.id])
  }
  return [...found.values()]
}
