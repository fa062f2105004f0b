import type { Severity } from '../../peer/simulator/faults.ts'
import { runSeed } from '../sim/run-seed.ts'
import type { OnMerge } from './mutant.ts'
import { runPartitions } from './run-partitions.ts'
import { type Broken, runScenario } from './run-scenario.ts'

/** One run: a scripted scenario, a group that falls apart and comes together, or random faults. */
export type Run =
  | { readonly scenario: string }
  | { readonly seed: number; readonly onMerge: OnMerge }
  | { readonly seed: number; readonly faults: Severity }

/** What a process is asked to do: run all of these, or only until one breaks a rule. */
export interface Hunt {
  readonly runs: readonly Run[]
  readonly stopAtFirst: boolean
  /** No run is begun later than this. */
  readonly limitMs: number
}

export interface Catch {
  readonly run: Run
  /** All that the run broke, at least one. */
  readonly broken: readonly Broken[]
}

/** `begin`: which run is next, for the case that it never ends. */
export type Report =
  | { readonly type: 'begin'; readonly run: Run }
  | { readonly type: 'end'; readonly caught: readonly Catch[]; readonly runs: number }

const EVIDENCE_CHARACTERS = 2_000

/** Runs in a copy of the package, in a process of its own, over the engine of that copy. */
async function hunt({ runs, stopAtFirst, limitMs }: Hunt): Promise<Report> {
  const caught: Catch[] = []
  let count = 0
  for (const run of runs) {
    if (performance.now() > limitMs || (stopAtFirst && caught.length > 0)) break
    process.send?.({ type: 'begin', run } satisfies Report)
    await new Promise(setImmediate)
    const found = play(run)
    const broken = found.map(({ rule, evidence }) => ({ rule, evidence: evidence.slice(0, EVIDENCE_CHARACTERS) }))
    if (broken.length > 0) caught.push({ run, broken })
    count++
  }
  return { type: 'end', caught, runs: count }
}

function play(run: Run): Broken[] {
  if ('scenario' in run) return runScenario(run.scenario)
  return 'onMerge' in run ? runPartitions(run.seed, run.onMerge) : runSeed(run.seed, run.faults).broken
}

process.once('message', async (order: Hunt) => {
  process.send?.(await hunt(order))
})
process.on('disconnect', () => process.exit())
