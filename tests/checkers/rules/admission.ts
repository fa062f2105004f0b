/** Purpose: joiners that vanish can't take the quorum along, and are new. Rule VW9. */

import { type History, rootOf, type View } from '../history.ts'
import type { Report, Rule } from '../verdict.ts'

export const admissionRules: readonly Rule[] = [{ id: 'VW9', check: admission }]

function admission(history: History, report: Report): void {
  const seen = new Map<string, Map<string, View>>()
  for (const view of [...history.views].sort((a, b) => a.number - b.number)) {
    const earlier = seen.get(view.lineage) ?? ancestorsMembers(view, seen)
    seen.set(view.lineage, earlier)
    newcomersAreNew(view, earlier, report)
    for (const id of view.members) earlier.set(id, view)
    if (before(view) !== undefined) balance(view, history, report)
  }
}

function before({ previous, parent }: View): View | undefined {
  return previous ?? parent
}

/** Who was a member before a fork was split off. */
function ancestorsMembers({ parent }: View, seen: ReadonlyMap<string, ReadonlyMap<string, View>>): Map<string, View> {
  const members = parent === undefined ? [] : (seen.get(parent.lineage) ?? [])
  return new Map([...members].filter(([, view]) => parent !== undefined && view.number <= parent.number))
}

function newcomersAreNew(view: View, earlier: ReadonlyMap<string, View>, report: Report): void {
  const label = `view ${view.lineage}/${view.number}`
  if (new Set(view.members).size < view.members.length) {
    report.broken(`${label} names a member twice: ${view.members.join(', ')}`, view.installs[0])
  }
  const previous = before(view)
  if (previous === undefined) return
  for (const id of view.members) {
    const known = earlier.get(id)
    if (known === undefined || previous.rankOf.has(id)) continue
    report.broken(
      `${id} joins ${label}, but was a member of ${known.number} already`,
      known.installs[0],
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
    before(view)?.installs[0],
    view.installs[0],
  )
}

/** Undefined where the trace can't tell. Who loads before it installs the view may have been counted with state. */
function hasState(id: string, view: View, history: History): boolean | undefined {
  const founding = firstView(view)
  if (founding.rankOf.has(id)) return true
  if (before(view)?.rankOf.has(id) !== true) return false
  const member = history.members.get(id)
  if (member === undefined) return undefined
  if (!history.transfersState) {
    return member.stays.some((stay) => stay.view.root === view.root && stay.view.number < view.number)
  }
  const at = member.stays.findIndex((stay) => stay.view === view)
  return member.loads.some(
    ({ event, staysBefore }) => rootOf(event.lineage, history) === view.root && (at < 0 || staysBefore <= at),
  )
}

function firstView(view: View): View {
  let first = view
  for (let earlier = before(first); earlier !== undefined; earlier = before(first)) first = earlier
  return first
}
