import { agreementScenarios } from './agreement.ts'
import { flushScenarios } from './flush.ts'
import { membershipScenarios } from './membership.ts'
import { orderingScenarios } from './ordering.ts'
import type { Scenario } from './scenario.ts'
import { witnessScenarios } from './witness.ts'

export const scenarios: readonly Scenario[] = [
  ...agreementScenarios,
  ...flushScenarios,
  ...orderingScenarios,
  ...membershipScenarios,
  ...witnessScenarios,
]
