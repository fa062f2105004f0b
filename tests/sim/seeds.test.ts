import { describe, expect, it } from 'vitest'
import type { Severity } from '../../peer/simulator/faults.ts'
import { simulate } from '../../peer/simulator/simulate.ts'
import { BadArguments, readArguments } from './arguments.ts'
import { neverHit } from './required.ts'
import { runSeed, traceText } from './run-seed.ts'
import { emptySummary } from './summary.ts'

const RUNS: readonly (readonly [Severity, number, number])[] = [
  ['none', 9_001, 9_008],
  ['light', 9_101, 9_112],
  ['default', 9_201, 9_240],
  ['hard', 9_301, 9_312],
]

describe('simulated groups', () => {
  it.each(RUNS)('keep every rule and settle: %s faults, seeds %i to %i', (faults, first, last) => {
    for (let seed = first; seed <= last; seed++) expect(runSeed(seed, faults).broken).toEqual([])
  })

  it('leave the same trace for the same seed, to the byte [TR1]', () => {
    for (const seed of [1, 2, 3]) {
      expect(traceText(simulate(seed, { faults: 'hard' }))).toBe(traceText(simulate(seed, { faults: 'hard' })))
    }
    expect(traceText(simulate(1))).not.toBe(traceText(simulate(2)))
  })
})

describe('the command', () => {
  it.each([
    [[], 'usage'],
    [['--seeds', '5-1'], '1-2000'],
    [['--seeds', 'x'], '1-2000'],
    [['--seed', '0'], 'from 1 on'],
    [['--seed', '1', '--seeds', '1-2'], 'usage'],
    [['--seeds', '1-2', '--trace', 'file'], '--trace needs --seed'],
    [['--seeds', '1-2', '--faults', 'worse'], '--faults is one of'],
    [['--sedes', '1-2'], 'usage'],
  ])('refuses %j in one line', (args, part) => {
    expect(() => readArguments(args)).toThrow(BadArguments)
    expect(() => readArguments(args)).toThrow(part)
    expect(() => readArguments(args)).toThrow(/^[^\n]*$/)
  })

  it('demands every fault and branch of a long run, and none of a short one', () => {
    expect(neverHit({ ...emptySummary(), seeds: 499 }, 'default')).toEqual([])
    expect(neverHit({ ...emptySummary(), seeds: 500 }, 'default')).toContainEqual(expect.stringContaining("'adopt'"))
  })
})
