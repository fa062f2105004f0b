/**
 * Purpose: judges a trace, rule by rule. Rule TR2.
 * Requires: nothing of the engine: this folder imports nothing from outside, so that no mistake is shared.
 * To add a rule: write it in a file of its family under rules/, and name the family here.
 */

import { buildHistory, byGroup, type HistoryOptions } from './build-history.ts'
import { admissionRules } from './rules/admission.ts'
import { causalRules } from './rules/causal.ts'
import { closeSynchronyRules } from './rules/close-synchrony.ts'
import { deliveryRules } from './rules/delivery.ts'
import { forkRules } from './rules/fork.ts'
import { mergeRules } from './rules/merge.ts'
import { orderRules } from './rules/order.ts'
import { partitionRules } from './rules/partition.ts'
import { receiptRules } from './rules/receipts.ts'
import { stateRules } from './rules/state.ts'
import { traceRules } from './rules/trace-lines.ts'
import { viewRules } from './rules/views.ts'
import type { TraceEvent } from './trace.ts'
import { Report, type Rule, type Verdict } from './verdict.ts'

export { settled } from './settled.ts'
export { type ParsedTrace, parseTrace, TraceError, type TraceEvent } from './trace.ts'
export type { Evidence, Verdict } from './verdict.ts'

export interface JudgeOptions extends HistoryOptions {
  /** Judge these rules only. */
  readonly rules?: readonly string[]
}

const REGISTRY: readonly Rule[] = [
  ...viewRules,
  ...admissionRules,
  ...deliveryRules,
  ...closeSynchronyRules,
  ...orderRules,
  ...causalRules,
  ...stateRules,
  ...receiptRules,
  ...partitionRules,
  ...forkRules,
  ...mergeRules,
  ...traceRules,
]

/** The ids of all rules that a trace can decide, in the order of the verdicts. */
export const ruleIds: readonly string[] = REGISTRY.map(({ id }) => id)

/** One verdict a rule. Several groups in one trace are judged apart; a rule is broken if any of them breaks it. */
export function judge(events: readonly TraceEvent[], options: JudgeOptions = {}): Verdict[] {
  const histories = [...byGroup(events)].map(([group, lines]) => buildHistory(group, lines, options))
  const rules = REGISTRY.filter(({ id }) => options.rules?.includes(id) ?? true)
  return rules.map(({ id, check }) => {
    const report = new Report()
    for (const history of histories) check(history, report)
    return report.verdict(id)
  })
}
