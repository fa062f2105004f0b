import type { Mutant } from '../mutant.ts'
import { agreementMutants } from './agreement.ts'
import { detectionMutants } from './detection.ts'
import { flowMutants } from './flow.ts'
import { flushMutants } from './flush.ts'
import { forkMutants } from './forks.ts'
import { membershipMutants } from './membership.ts'
import { mergeMutants } from './merges.ts'
import { orderingMutants } from './ordering.ts'
import { transferMutants } from './transfer.ts'
import { witnessMutants } from './witness.ts'

export const mutants: readonly Mutant[] = [
  ...agreementMutants,
  ...flushMutants,
  ...orderingMutants,
  ...flowMutants,
  ...membershipMutants,
  ...transferMutants,
  ...detectionMutants,
  ...witnessMutants,
  ...forkMutants,
  ...mergeMutants,
]
