import { partitions } from '../../peer/simulator/partitions.ts'
import type { TraceEvent } from '../checkers/index.ts'
import type { OnMerge } from './mutant.ts'
import { type Broken, brokenIn } from './run-scenario.ts'

/** A group that falls apart again and again, and must have every multicast exactly once in the end. */
export function runPartitions(seed: number, onMerge: OnMerge): Broken[] {
  const { world, wrong } = partitions(seed, onMerge)
  const trace = world.trace as readonly TraceEvent[]
  const isSettled = wrong === undefined
  const found = isSettled || world.violations.length > 0 ? world.violations : [{ rule: 'PT4', evidence: wrong }]
  return [...found, ...brokenIn(trace, { transfersState: true, settled: isSettled })]
}
