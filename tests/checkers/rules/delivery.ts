/** Purpose: who delivers what, and in which view. Rules DL1-DL5. */

import type { Delivery, History, Member, Message, Stay, View } from '../history.ts'
import type { TraceEvent } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const deliveryRules: readonly Rule[] = [
  { id: 'DL1', check: onceAndSent },
  { id: 'DL2', check: inItsView },
  { id: 'DL3', check: sameSet },
  { id: 'DL4', check: ownMessages },
  { id: 'DL5', check: messagesOfThoseThatStay },
]

function onceAndSent(history: History, report: Report): void {
  for (const member of history.members.values()) {
    const seen = new Map<Message, Delivery>()
    for (const stay of member.stays) {
      for (const delivery of stay.deliveries) {
        const { event, message } = delivery
        report.decide()
        const before = seen.get(message)
        if (before !== undefined) report.broken(`${member.id} delivers ${message.id} twice`, before.event, event)
        else seen.set(message, delivery)
        wasSent(delivery, history, report)
      }
    }
  }
}

function wasSent({ event, message }: Delivery, history: History, report: Report): void {
  const { sent } = message
  if (sent !== undefined && sent.kind !== event.kind) {
    report.broken(`${message.id} was sent as ${sent.kind} and is delivered as ${event.kind}`, sent, event)
  } else if (sent === undefined && !mayBeCutOff(message, history.members.get(message.sender))) {
    report.broken(`${event.peer} delivers ${message.id}, which ${message.sender} never sent`, event)
  } else if (message.view !== undefined && message.rank < 0) {
    report.broken(
      `${event.peer} delivers ${message.id}, whose sender is not in that view`,
      event,
      message.view.installs[0],
    )
  }
}

/** A crash may take the last lines with it, and of a sender without any line nothing is known. */
function mayBeCutOff({ lineage, number, seq }: Message, sender: Member | undefined): boolean {
  if (sender === undefined) return true
  const last = sender.stays.at(-1)?.view
  if (sender.crash === undefined || (last?.lineage === lineage && last.number > number)) return false
  const inView = sender.stays.filter(({ view }) => view.lineage === lineage && view.number === number)
  return inView.every((stay) => stay.sendings.every(({ message }) => message.seq < seq))
}

function inItsView(history: History, report: Report): void {
  for (const member of history.members.values()) {
    let current: Stay | undefined
    for (const event of member.lines) {
      if (event.event === 'install') current = current === undefined ? member.stays[0] : current.following
      if (event.event !== 'deliver') continue
      report.decide()
      const message = history.messages.get(event.id)
      if (current === undefined) {
        report.broken(`${member.id} delivers ${event.id} before it installed a view`, event)
      } else if (message?.lineage !== event.lineage || message.number !== event.number) {
        report.broken(
          `${member.id} delivers ${event.id} as a message of ${event.lineage}/${event.number}`,
          event,
          message?.sent,
        )
      } else if (current.view.lineage !== event.lineage || current.view.number !== event.number) {
        const { lineage, number } = current.view
        report.broken(`${member.id} delivers ${event.id} in view ${lineage}/${number}`, current.install, event)
      }
    }
  }
}

function sameSet(history: History, report: Report): void {
  for (const view of history.views) {
    for (const { stays } of view.groups) if (stays.length > 1) sameSetInGroup(view, stays, report)
  }
}

function sameSetInGroup(view: View, stays: readonly Stay[], report: Report): void {
  report.decide()
  for (const message of view.messages) {
    const having = stays.find((stay) => has(stay, message))
    const lacking = having && stays.find((stay) => !has(stay, message))
    if (having === undefined || lacking === undefined) continue
    report.broken(
      `${having.member.id} and ${lacking.member.id} go on from ${label(view)} together, but only the first delivered ${message.id}`,
      deliveryOf(having, message)?.event,
      departure(lacking),
    )
  }
}

function ownMessages(history: History, report: Report): void {
  for (const view of history.views) {
    for (const stay of view.groups.flatMap(({ stays }) => stays)) {
      for (const { event, message } of stay.sendings) {
        if (message.view !== view) continue
        report.decide()
        if (has(stay, message)) continue
        report.broken(
          `${stay.member.id} goes on from ${label(view)} and never delivered its own ${message.id}`,
          event,
          departure(stay),
        )
      }
    }
  }
}

function messagesOfThoseThatStay(history: History, report: Report): void {
  for (const view of history.views) {
    for (const sender of view.stays) {
      if (sender.group === undefined) continue
      for (const { event, message } of sender.sendings) {
        if (message.view !== view) continue
        report.decide()
        const lacking = sender.group.stays.find((stay) => stay !== sender && !has(stay, message))
        if (lacking === undefined) continue
        report.broken(
          `${sender.member.id} and ${lacking.member.id} go on from ${label(view)}, but the second never delivered ${message.id}`,
          event,
          departure(lacking),
        )
      }
    }
  }
}

export function has(stay: Stay, message: Message): boolean {
  return message.view === stay.view && stay.places[message.index] !== 0
}

export function deliveryOf(stay: Stay, message: Message): Delivery | undefined {
  return has(stay, message) ? stay.deliveries[(stay.places[message.index] ?? 0) - 1] : undefined
}

/** The line that shows how the member went on. */
function departure({ following, member, install }: Stay): TraceEvent {
  return following?.install ?? member.left ?? install
}

function label({ lineage, number }: View): string {
  return `view ${lineage}/${number}`
}
