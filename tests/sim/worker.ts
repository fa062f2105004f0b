import type { Severity } from '../../peer/simulator/faults.ts'
import { runSeed } from './run-seed.ts'
import { addRun, emptySummary } from './summary.ts'

/** A share of the seeds, run in a process of its own. */
export interface Share {
  readonly first: number
  readonly last: number
  readonly faults: Severity
}

process.on('message', ({ first, last, faults }: Share) => {
  const summary = emptySummary()
  for (let seed = first; seed <= last; seed++) {
    const { result, broken } = runSeed(seed, faults)
    addRun(summary, result, broken)
  }
  process.send?.(summary)
})
