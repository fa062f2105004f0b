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
  options: { readonly plain?: boolean } = {},
): { readonly result: SimulationResult; readonly broken: Broken[] } {
  const result = simulate(seed, { ...options, faults })
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
  if (result.ended === 'unsettled' && violations.every(({ rule }) => rule === 'settles')) {
    broken.push(...judgeTogether(seed, trace, hasState))
  }
  if (isSettled) for (const found of settled(trace)) broken.push({ seed, rule: 'settles', evidence: describe(found) })
  return broken
}

/** What those who are alive in one last view, and will never agree, have against each other. */
function judgeTogether(seed: number, trace: readonly TraceEvent[], transfersState: boolean): Broken[] {
  const verdicts = judge(trace, { settled: true, transfersState, rules: ['DL3', 'DL5', 'OR3'] })
  return verdicts.flatMap(({ outcome, rule, evidence }) => {
    const [first] = evidence ?? []
    return outcome === 'broken' && first ? [{ seed, rule, evidence: describe(first) }] : []
  })
}

/** The trace as a file: one JSON object a line. */
export function traceText({ trace }: SimulationResult): string {
  return trace.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function describe({ message, events }: { readonly message: string; readonly events: readonly TraceEvent[] }): string {
  return [message, ...events.slice(0, 6).map((event) => `    ${JSON.stringify(event)}`)].join('\n')
}
