import type { Severity } from '../../peer/simulator/faults.ts'
import { type SimulationResult, simulate } from '../../peer/simulator/simulate.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'

/** A rule that a run broke, with what shows it. */
export interface Broken {
  readonly seed: number
  readonly rule: string
  readonly evidence: string
}

/** Runs one seed and lets the checkers judge its trace. */
export function runSeed(
  seed: number,
  faults: Severity,
): { readonly result: SimulationResult; readonly broken: Broken[] } {
  const result = simulate(seed, { faults })
  return { result, broken: judgeRun(result) }
}

/** What the simulation itself found, then what the trace shows. */
export function judgeRun(result: SimulationResult): Broken[] {
  const { seed, violations, hasState } = result
  const broken = violations.map(({ rule, evidence }) => ({ seed, rule, evidence }))
  const trace = result.trace as readonly TraceEvent[]
  const isSettled = violations.length === 0
  for (const verdict of judge(trace, { settled: isSettled, transfersState: hasState })) {
    const [first] = verdict.evidence ?? []
    if (verdict.outcome === 'broken' && first) broken.push({ seed, rule: verdict.rule, evidence: describe(first) })
  }
  if (isSettled) for (const found of settled(trace)) broken.push({ seed, rule: 'settles', evidence: describe(found) })
  return broken
}

/** The trace as a file: one JSON object a line. */
export function traceText({ trace }: SimulationResult): string {
  return trace.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function describe({ message, events }: { readonly message: string; readonly events: readonly TraceEvent[] }): string {
  return [message, ...events.slice(0, 6).map((event) => `    ${JSON.stringify(event)}`)].join('\n')
}
