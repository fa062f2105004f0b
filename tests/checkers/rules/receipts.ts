/** Purpose: every multicast ends in a delivery or a true word about its fate. Rules RC1, FD4. */

import type { History, Member, Message, Stay, View } from '../history.ts'
import type { Fate } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'
import { deliveryOf, has } from './delivery.ts'

export const receiptRules: readonly Rule[] = [
  { id: 'RC1', check: receiptsSettle },
  { id: 'FD4', check: theExcludedLearn },
]

function receiptsSettle(history: History, report: Report): void {
  for (const member of history.members.values()) {
    for (const stay of member.stays) if (isOver(stay)) eachSettled(stay, report)
    for (const fates of member.fates.values()) eachTrue(fates, member, history, report)
  }
}

/** The member went on, or ended without crashing: nothing of this view can be pending with it. */
function isOver({ group, following, member }: Stay): boolean {
  return group !== undefined || following !== undefined || (member.left !== undefined && member.crash === undefined)
}

function eachSettled(stay: Stay, report: Report): void {
  for (const { event, message } of stay.sendings) {
    report.decide()
    if (has(stay, message) || stay.member.fates.has(message.id)) continue
    report.broken(
      `${stay.member.id} never learns what became of ${message.id}: not delivered there, and no fate`,
      event,
      stay.following?.install ?? stay.member.left,
    )
  }
}

function eachTrue(fates: readonly Fate[], member: Member, history: History, report: Report): void {
  const certain = fates.filter(({ fate }) => fate !== 'unknown')
  const contradiction = certain.find(({ fate }) => fate !== certain[0]?.fate)
  if (contradiction !== undefined) {
    report.broken(`${member.id} is told two fates of ${contradiction.id}`, certain[0], contradiction)
  }
  for (const fate of certain) {
    const message = history.messages.get(fate.id)
    if (message !== undefined) isTrue(fate, message, report)
  }
}

/**
 * in-cut: all that go on deliver it; not-sent: none of them does. Where they went apart, the word came from some of them;
 * and where all split off, it may have come from the lineage that they left behind.
 */
function isTrue(fate: Fate, message: Message, report: Report): void {
  const { view } = message
  const groups = view?.groups.filter(({ stays }) => stays.length > 0) ?? []
  if (groups.every(({ to }) => to !== 'end' && to.parent === view)) return
  report.decide()
  const wrong = groups.map(({ stays }) => stays.find((stay) => has(stay, message) !== (fate.fate === 'in-cut')))
  if (wrong.includes(undefined)) return
  reportLie(fate, message, wrong[0]!, report)
}

function reportLie(fate: Fate, message: Message, wrong: Stay, report: Report): void {
  report.broken(
    `${fate.peer} is told '${fate.fate}' of ${message.id}, but ${wrong.member.id}, which goes on, ${fate.fate === 'in-cut' ? 'never delivered it' : 'delivered it'}`,
    message.sent,
    fate,
    deliveryOf(wrong, message)?.event ?? wrong.following?.install,
  )
}

/** Only where the next view is known does a trace tell who was left out. */
function theExcludedLearn(history: History, report: Report): void {
  for (const member of history.members.values()) {
    const stay = member.stays.at(-1)
    const next = stay?.view.next
    if (stay === undefined || next === undefined || member.crash !== undefined) continue
    const { left } = member
    const isIn = next.rankOf.has(member.id)
    // Where lineages went apart, it may have been another one that left it out.
    if (stay.view.forks.length > 0) continue
    if (left?.reason === 'excluded') {
      report.decide()
      if (isIn && !isLaterLeftOut(history, member, next))
        report.broken(`${member.id} is told that it was left out, but is in the next view`, next.installs[0], left)
      else fatesTold(stay, report)
    } else if (left === undefined && !isIn && history.settled && someoneCanTell(history, next)) {
      report.broken(`${member.id} was left out and never learns so`, stay.install, next.installs[0])
    }
  }
}

/** One that slept may be told only of its end: it was in the next view, and is not in one after that. */
function isLaterLeftOut(history: History, member: Member, from: View): boolean {
  return history.views.some(
    (view) => view.lineage === from.lineage && view.number > from.number && !view.rankOf.has(member.id),
  )
}

/** Whether a member of that view or a later one of its lineage lives: else nobody is left who knows. */
function someoneCanTell(history: History, from: View): boolean {
  return history.views.some(
    (view) =>
      view.lineage === from.lineage &&
      view.number >= from.number &&
      view.stays.some(({ member }) => member.crash === undefined && member.left === undefined),
  )
}

function fatesTold(stay: Stay, report: Report): void {
  for (const { event, message } of stay.sendings) {
    if (has(stay, message) || stay.member.fates.has(message.id)) continue
    report.broken(`${stay.member.id} was left out and never learns the fate of ${message.id}`, event, stay.member.left)
  }
}
