import { agreementScenarios } from './agreement.ts'
import { detectionScenarios } from './detection.ts'
import { flowScenarios } from './flow.ts'
import { flushScenarios } from './flush.ts'
import { forkScenarios } from './forks.ts'
import { membershipScenarios } from './membership.ts'
import { mergeScenarios } from './merges.ts'
import { orderingScenarios } from './ordering.ts'
import type { Scenario } from './scenario.ts'
import { witnessScenarios } from './witness.ts'

export const scenarios: readonly Scenario[] = [
  ...agreementScenarios,
  ...flushScenarios,
  ...orderingScenarios,
  ...flowScenarios,
  ...membershipScenarios,
  ...detectionScenarios,
  ...witnessScenarios,
  ...forkScenarios,
  ...mergeScenarios,
]
