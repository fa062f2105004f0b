/** Purpose: who goes on without a quorum does so for good, and only with others who do. Rule PT3. */

import type { History, Member, Stay, View } from '../history.ts'
import type { Install } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const forkRules: readonly Rule[] = [{ id: 'PT3', check: forks }]

function forks(history: History, report: Report): void {
  for (const view of history.views) {
    const { parent } = view
    if (parent === undefined) continue
    report.decide()
    members(view, parent, report)
    isNotPrimary(view, report)
    for (const stay of view.stays) entry(stay, parent, report)
    for (const id of view.members) irrevocable(id, view, parent, history, report)
    noneLeftForNothing(view, parent, history, report)
  }
  for (const member of history.members.values()) noLineageChangedOtherwise(member, report)
}

/** Those of the view before, in their order, and nobody else. */
function members(view: View, parent: View, report: Report): void {
  const stranger = view.members.find((id) => !parent.rankOf.has(id))
  const lines = [parent.installs[0], view.installs[0]]
  if (stranger !== undefined) {
    report.broken(
      `${stranger} is in ${label(view)}, but not in ${label(parent)}, from which it was split off`,
      ...lines,
    )
  }
  const ranks = view.members.flatMap((id) => parent.rankOf.get(id) ?? [])
  const isInOrder = ranks.every((rank, index) => index === 0 || rank > ranks[index - 1]!)
  if (!isInOrder) report.broken(`${label(view)} has other ranks than ${label(parent)}`, ...lines)
}

function isNotPrimary(view: View, report: Report): void {
  const install = view.installs.find(({ primary }) => primary)
  if (install !== undefined) report.broken(`${label(view)} was split off and calls itself primary`, install)
}

/** It comes straight from the view that was split, where it saw no quorum. */
function entry(stay: Stay, parent: View, report: Report): void {
  const { member, view, install } = stay
  const before = member.stays[member.stays.indexOf(stay) - 1]
  if (before?.view !== parent) {
    const from = before === undefined ? 'has installed no view before' : `comes from ${label(before.view)}`
    return report.broken(
      `${member.id} installs ${label(view)}, split off from ${label(parent)}, but ${from}`,
      before?.install,
      install,
    )
  }
  if (wasBlocked(before, install)) return
  report.broken(`${member.id} splits off from ${label(parent)}, in which it was never blocked`, before.install, install)
}

/**
 * In the view, up to that line; or, of one that was loading its state, whose views are told late, at any time. It may see a
 * quorum again before the fork is there, and is bound to it all the same.
 */
function wasBlocked({ member, install }: Stay, until: Install): boolean {
  const { lines } = member
  const past = lines.slice(0, lines.indexOf(until))
  const isTalking = past.some(({ event }) => event === 'deliver' || event === 'multicast')
  // What was delivered meanwhile, and the views, are told right after the state that they follow.
  const wasLate = member.loads.length > 0 && (!isTalking || member.loads.some(({ event }) => event.t === install.t))
  const entered = wasLate ? 0 : lines.indexOf(install)
  const atEntry = past.slice(0, entered).findLast(({ event }) => event === 'blocked' || event === 'unblocked')
  return atEntry?.event === 'blocked' || past.slice(entered).some(({ event }) => event === 'blocked')
}

/** For the lineage that it was split off from, each of its members has crashed. */
function irrevocable(id: string, view: View, parent: View, history: History, report: Report): void {
  const later = history.members
    .get(id)
    ?.stays.find((stay) => stay.view.lineage === parent.lineage && stay.view.number > parent.number)
  if (later === undefined) return
  report.broken(
    `${id} is in ${label(view)}, and goes on in ${label(later.view)} as well`,
    view.installs[0],
    later.install,
  )
}

/** Who is not in it crashed, went by itself, was suspected, or went on elsewhere. */
function noneLeftForNothing(view: View, parent: View, history: History, report: Report): void {
  for (const id of parent.members) {
    const member = history.members.get(id)
    if (view.rankOf.has(id) || member === undefined || member.crash !== undefined || history.suspicions.has(id))
      continue
    if ((member.left !== undefined && member.left.reason !== 'excluded') || member.stays.at(-1)?.view !== parent)
      continue
    report.broken(
      `${id} is left out of ${label(view)}, and neither crashed, nor left, nor was suspected`,
      view.installs[0],
      member.left ?? member.lines.at(-1),
    )
  }
}

/** One attempt belongs to one lineage, and to forks of it. */
function noLineageChangedOtherwise({ id, stays }: Member, report: Report): void {
  for (const { view, install, following } of stays) {
    if (following === undefined || following.view.lineage === view.lineage || following.view.parent !== undefined)
      continue
    report.broken(
      `${id} goes from ${label(view)} to ${label(following.view)}, which is no fork of it`,
      install,
      following.install,
    )
  }
}

function label({ lineage, number }: View): string {
  return `view ${lineage}/${number}`
}
