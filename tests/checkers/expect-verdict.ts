/** Purpose: what the tests of the checkers ask of a verdict. */

import { expect } from 'vitest'
import { type Evidence, type JudgeOptions, judge } from './index.ts'
import type { Scribe } from './scribe.ts'
import type { TraceEvent } from './trace.ts'

/** These rules are broken, and no others; returns the evidence against the first of them. */
export function expectBroken(
  scribe: Scribe,
  rules: readonly string[],
  options: JudgeOptions = {},
): readonly Evidence[] {
  const broken = judge(scribe.events, options).filter(({ outcome }) => outcome === 'broken')
  expect(broken.map(({ rule }) => rule).sort()).toEqual([...rules].sort())
  return broken.find(({ rule }) => rule === rules[0])?.evidence ?? []
}

/** The first piece of evidence names just these lines, in this order. */
export function expectWitness(evidence: readonly Evidence[], ...events: readonly (TraceEvent | undefined)[]): void {
  expect(evidence[0]?.events).toEqual(events)
}

/** These rules are decided and kept, and none is broken. */
export function expectKept(scribe: Scribe, rules: readonly string[], options: JudgeOptions = {}): void {
  const verdicts = judge(scribe.events, options)
  expect(verdicts.filter(({ outcome }) => outcome === 'broken')).toEqual([])
  for (const rule of rules) expect(verdicts.find((verdict) => verdict.rule === rule)).toEqual({ rule, outcome: 'pass' })
}

/** The trace has nothing to say about the rule. */
export function expectUndecided(scribe: Scribe, rule: string, options: JudgeOptions = {}): void {
  expect(judge(scribe.events, { ...options, rules: [rule] })).toEqual([{ rule, outcome: 'undecided' }])
}

/** The line that says of this peer and message what `event` names. */
export function lineOf(scribe: Scribe, event: TraceEvent['event'], peer: string, id?: string): TraceEvent | undefined {
  return scribe.events.find(
    (line) => line.event === event && line.peer === peer && (id === undefined || (line as { id?: string }).id === id),
  )
}
