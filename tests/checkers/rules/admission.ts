/** Purpose: joiners that vanish can't take the quorum along, and are new. Rule VW9. */

import type { History, View } from '../history.ts'
import type { Report, Rule } from '../verdict.ts'

export const admissionRules: readonly Rule[] = [{ id: 'VW9', check: admission }]

function admission(history: History, report: Report): void {
  const seen = new Map<string, Map<string, View>>()
  for (const view of [...history.views].sort((a, b) => a.number - b.number)) {
    const earlier = seen.get(view.lineage) ?? new Map<string, View>()
    seen.set(view.lineage, earlier)
    newcomersAreNew(view, earlier, report)
    for (const id of view.members) earlier.set(id, view)
    if (view.previous !== undefined) balance(view, history, report)
  }
}

function newcomersAreNew(view: View, earlier: ReadonlyMap<string, View>, report: Report): void {
  const label = `view ${view.lineage}/${view.number}`
  if (new Set(view.members).size < view.members.length) {
    report.broken(`${label} names a member twice: ${view.members.join(', ')}`, view.installs[0])
  }
  const { previous } = view
  if (previous === undefined) return
  for (const id of view.members) {
    const before = earlier.get(id)
    if (before === undefined || previous.rankOf.has(id)) continue
    report.broken(
      `${id} joins ${label}, but was a member of ${before.number} already`,
      before.installs[0],
      view.installs[0],
    )
  }
}

/** Members of which the trace has no line count for whatever keeps the rule. */
function balance(view: View, history: History, report: Report): void {
  const states = view.members.map((id) => hasState(id, view, history))
  const having = states.filter((state) => state === true).length
  const lacking = states.filter((state) => state === false).length
  const unknown = states.length - having - lacking
  report.decide()
  const outnumbered = lacking > having + unknown
  const headless = unknown === 0 && lacking === having && states[0] === false
  if (!outnumbered && !headless) return
  const without = view.members.filter((_, rank) => states[rank] === false).join(', ')
  report.broken(
    `view ${view.lineage}/${view.number}: ${lacking} of ${states.length} have no state (${without})${outnumbered ? '' : ', rank 0 among them'}`,
    view.previous?.installs[0],
    view.installs[0],
  )
}

/** Undefined where the trace can't tell. Who loads before it installs the view may have been counted with state. */
function hasState(id: string, view: View, history: History): boolean | undefined {
  const founding = firstView(view)
  if (founding.rankOf.has(id)) return true
  if (view.previous?.rankOf.has(id) !== true) return false
  const member = history.members.get(id)
  if (member === undefined) return undefined
  if (!history.transfersState) {
    return member.stays.some((stay) => stay.view.lineage === view.lineage && stay.view.number < view.number)
  }
  const at = member.stays.findIndex((stay) => stay.view === view)
  return member.loads.some(({ event, staysBefore }) => event.lineage === view.lineage && (at < 0 || staysBefore <= at))
}

function firstView(view: View): View {
  let first = view
  while (first.previous !== undefined) first = first.previous
  return first
}
