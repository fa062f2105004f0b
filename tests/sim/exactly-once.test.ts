import { describe, expect, it } from 'vitest'
import { partitions } from '../../peer/simulator/partitions.ts'
import { judge } from '../checkers/index.ts'

const SEEDS = Array.from({ length: 4 }, (_, index) => index + 1)

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
})

function check(seed: number, onMerge: 'replay' | 'reconcile'): void {
  const { world, wrong } = partitions(seed, onMerge)
  expect(wrong).toBeUndefined()
  const broken = judge(world.trace, { transfersState: true }).filter(({ outcome }) => outcome === 'broken')
  expect(broken.map(({ rule, evidence }) => `${rule}: ${evidence?.[0]?.message}`)).toEqual([])
}
