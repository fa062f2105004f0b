/** Purpose: what a member does while it has no quorum. Rule PT2. */

import type { History } from '../history.ts'
import type { Blocked } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const partitionRules: readonly Rule[] = [{ id: 'PT2', check: blockedMembersSendNothing }]

/**
 * A blocked member queues what it is asked to multicast: nothing is stamped before it is unblocked, or in the next view.
 * What it may deliver meanwhile depends on what it held when it wedged, which no trace tells.
 */
function blockedMembersSendNothing(history: History, report: Report): void {
  for (const { id, lines } of history.members.values()) {
    let blocked: Blocked | undefined
    for (const event of lines) {
      if (event.event === 'blocked') {
        report.decide()
        blocked = event
      } else if (event.event === 'unblocked' || event.event === 'install') blocked = undefined
      else if (event.event === 'multicast' && blocked !== undefined) {
        report.broken(`${id} multicasts ${event.id} while blocked`, blocked, event)
      }
    }
  }
}
