import { describe, expect, it } from 'vitest'
import type { Severity } from '../../peer/simulator/faults.ts'
import { runSeed } from './run-seed.ts'

/** Seeds that failed once, and what was wrong. A seed stays here when the scenario behind it has changed. */
const NAMED: readonly { readonly seed: number; readonly faults: Severity; readonly title: string }[] = [
  {
    seed: 1,
    faults: 'default',
    title: 'one that loaded its state while a view change ran does not begin to load again [ST1]',
  },
  { seed: 16, faults: 'default', title: 'a coordinator that votes for a closed page as well decides once [VW2]' },
  {
    seed: 47,
    faults: 'default',
    title: 'a past that an fbcast has enlarged does not shrink at a later delivery [OR6]',
  },
  { seed: 103, faults: 'default', title: 'a receipt is told once that it is stable [RC1]' },
]

describe('seeds that failed once', () => {
  it.each(NAMED)('$title: seed $seed', ({ seed, faults }) => {
    expect(runSeed(seed, faults).broken).toEqual([])
  })
})
