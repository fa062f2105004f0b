import { describe, expect, it } from 'vitest'
import { partitions } from '../../peer/simulator/partitions.ts'
import { judge } from '../checkers/index.ts'

const SEEDS = Array.from({ length: 4 }, (_, index) => index + 1)

/** Seeds that failed once. */
const NAMED = [
  { seed: 14, onMerge: 'reconcile', title: 'a pause is over when all have delivered it, not when all have its entry' },
  { seed: 171, onMerge: 'reconcile', title: 'one state is made at a time' },
  { seed: 173, onMerge: 'replay', title: 'what was sent again and is not in the cut is sent once more' },
  { seed: 175, onMerge: 'replay', title: 'a lineage founded out of one that is over knows its fates' },
] as const

describe('a group that falls apart and comes together', () => {
  it.each(SEEDS)(
    'sent again after a merge, every multicast is in every state exactly once [PT3, PT4], seed %i',
    (seed) => {
      check(seed, 'replay')
    },
  )

  it.each(SEEDS)('two states made into one: every multicast is in every state exactly once [PT4], seed %i', (seed) => {
    check(seed, 'reconcile')
  })

  it.each(NAMED)('$title [PT4]: seed $seed', ({ seed, onMerge }) => {
    check(seed, onMerge)
  })
})

function check(seed: number, onMerge: 'replay' | 'reconcile'): void {
  const { world, wrong } = partitions(seed, onMerge)
  expect(wrong).toBeUndefined()
  const broken = judge(world.trace, { transfersState: true }).filter(({ outcome }) => outcome === 'broken')
  expect(broken.map(({ rule, evidence }) => `${rule}: ${evidence?.[0]?.message}`)).toEqual([])
}
