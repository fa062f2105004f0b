/** Purpose: what a lineage has behind it: its views back to the first, over forks and foundings after a merge. */

import { childOf } from './forks.ts'
import type { History, Message, View } from './history.ts'
import { has } from './rules/delivery.ts'

/**
 * Whether a message is part of what was before a view, or is delivered in it; undefined where no trace shows who went on.
 * Of a view where members went apart, what those delivered counts who took this way.
 */
export function isInPast(message: Message, view: View, history: History): boolean | undefined {
  if (message.view === view) return view.stays.some((stay) => has(stay, message))
  for (let after = view; ; ) {
    const founded = endedBefore(after, history)
    const before = after.previous ?? after.parent ?? founded
    if (before === undefined)
      return after.lineage === message.lineage && message.number < after.number ? undefined : false
    if (before === message.view) {
      const group = before.groups.find(({ to }) => (founded === undefined ? to === after : to === 'end'))
      return group === undefined || group.stays.length === 0
        ? undefined
        : group.stays.some((stay) => has(stay, message))
    }
    after = before
  }
}

/** The last view of the lineage that ended, for one that a member of it founded since it reached nobody. */
export function endedBefore(view: View, { lineages }: History): View | undefined {
  const named = childOf(view)
  return named && lineages.get(named.lineage)?.get(named.number)
}
