import type { Scenario } from './scenario.ts'
import { atomicity } from './scenarios/atomicity.ts'
import { causal } from './scenarios/causal.ts'
import { churn } from './scenarios/churn.ts'
import { closeSynchrony } from './scenarios/close-synchrony.ts'
import { consensus } from './scenarios/consensus.ts'
import { coordinator } from './scenarios/coordinator.ts'
import { limitCausality } from './scenarios/limit-causality.ts'
import { limitDurability } from './scenarios/limit-durability.ts'
import { limitFalseCausality } from './scenarios/limit-false-causality.ts'
import { limitGrouping } from './scenarios/limit-grouping.ts'
import { limitSemantics } from './scenarios/limit-semantics.ts'
import { merge } from './scenarios/merge.ts'
import { partition } from './scenarios/partition.ts'
import { reliable } from './scenarios/reliable.ts'
import { replies } from './scenarios/replies.ts'
import { snapshot } from './scenarios/snapshot.ts'
import { stateTransfer } from './scenarios/state-transfer.ts'
import { total } from './scenarios/total.ts'

/** The chapters of the lab, in reading order. */
export const chapters: readonly { readonly title: string; readonly scenarios: readonly Scenario[] }[] = [
  {
    title: 'What goes wrong between equals',
    scenarios: [reliable, churn, causal, total, stateTransfer, atomicity],
  },
  { title: 'When things break at the worst moment', scenarios: [coordinator, partition, merge] },
  { title: 'The idea', scenarios: [closeSynchrony] },
  { title: 'What one builds on it', scenarios: [replies, consensus, snapshot] },
  {
    title: 'What people hold against it',
    scenarios: [limitCausality, limitSemantics, limitGrouping, limitFalseCausality, limitDurability],
  },
]

export const scenarios: readonly Scenario[] = chapters.flatMap(({ scenarios }) => scenarios)
