import { allToAll4, allToAll8 } from './scenarios/all-to-all.ts'
import { burst } from './scenarios/burst.ts'
import { roundTrip } from './scenarios/round-trip.ts'
import { soak } from './scenarios/soak.ts'
import { state } from './scenarios/state.ts'
import { stopped } from './scenarios/stopped.ts'
import { total } from './scenarios/total.ts'
import { value } from './scenarios/value.ts'
import { worker } from './scenarios/worker.ts'
import type { Scenario } from './support/scenario.ts'

/** In the order in which they run and are told. */
export const scenarios: readonly Scenario[] = [
  burst,
  allToAll4,
  allToAll8,
  total,
  roundTrip,
  value,
  state,
  stopped,
  worker,
  soak,
]
