import { describe, expect, it } from 'vitest'
import { type SideOfScenario, startRun } from '../../demo/lab/scenario.ts'
import { scenarios } from '../../demo/lab/scenarios.ts'
import { VirtualSynchrony } from '../../demo/lab/virtual-synchrony.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

describe.each(scenarios)('the scenario $name', (scenario) => {
  it.each(SEEDS)('shows with seed %i what it says', (seed) => {
    for (const side of scenario.sides) {
      const { run, verdict } = play(side, seed)
      expect([side.title, verdict === undefined ? 'fine' : 'fault', verdict]).toEqual([
        side.title,
        side.expected,
        verdict,
      ])
      if (run.side instanceof VirtualSynchrony) expect(broken(run.side)).toEqual([])
    }
  })

  it('does the same with the same seed', () => {
    for (const side of scenario.sides) {
      expect(JSON.stringify(play(side, 1).run.events)).toBe(JSON.stringify(play(side, 1).run.events))
    }
  })

  function play(side: SideOfScenario, seed: number) {
    const run = startRun(side, seed)
    run.run(lengthMs(side))
    return { run, verdict: scenario.judge(run) }
  }
})

function lengthMs(side: SideOfScenario): number {
  return Number(/^run (\d+)$/m.exec(side.script)?.[1])
}

/** What the simulation, and what the checkers hold against a run. */
function broken({ world }: VirtualSynchrony): string[] {
  const trace = world.trace as readonly TraceEvent[]
  const verdicts = judge(trace, { settled: true }).flatMap(({ rule, evidence = [] }) =>
    evidence.map(({ message }) => `${rule}: ${message}`),
  )
  return [
    ...world.violations.map(({ rule, evidence }) => `${rule}: ${evidence}`),
    ...settled(trace).map(({ message }) => message),
    ...verdicts,
  ]
}
