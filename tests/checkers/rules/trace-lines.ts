/** Purpose: a trace is well formed: each line by itself (format.ts), and the lines of one member together. Rule TR1. */

import type { History, Member, Stay } from '../history.ts'
import type { Deliver, Multicast, TraceEvent } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const traceRules: readonly Rule[] = [{ id: 'TR1', check: wellFormed }]

function wellFormed(history: History, report: Report): void {
  for (const { event, fault } of history.malformed) report.broken(fault, event)
  for (const member of history.members.values()) {
    report.decide()
    nothingAfterTheEnd(member, report)
    for (const stay of member.stays) {
      numbered(stay, report)
      ordered(stay, report)
    }
    idsFit(member, history, report)
  }
}

function nothingAfterTheEnd({ id, lines, left, crash }: Member, report: Report): void {
  if (left === undefined && crash === undefined) return
  const end = lines.findIndex((event) => event === left || event === crash)
  const after = lines[end + 1]
  if (after !== undefined) report.broken(`${id} writes on after its end`, lines[end], after)
}

/** A member's messages count 1, 2, 3 … in each view. */
function numbered(stay: Stay, report: Report): void {
  let before: Multicast | undefined
  let seq = 0
  for (const { event, message } of stay.sendings) {
    if (message.sender !== stay.member.id || message.view !== stay.view) continue
    seq++
    if (message.seq === seq) {
      before = event
      continue
    }
    report.broken(`${stay.member.id} sends ${message.id} as its message number ${seq} in the view`, before, event)
    return
  }
}

/** A member's ABCASTs count 1, 2, 3 … in each view. */
function ordered(stay: Stay, report: Report): void {
  let before: Deliver | undefined
  let place = 0
  for (const { event, message } of stay.deliveries) {
    place++
    const isRepeated = message.view === stay.view && stay.places[message.index] !== place
    if (event.order === undefined || message.view !== stay.view || isRepeated) continue
    if (event.order !== (before?.order ?? 0) + 1) {
      report.broken(
        `${stay.member.id} delivers order ${event.order} after ${before?.order ?? 'nothing'} in the view`,
        before,
        event,
      )
    }
    before = event
  }
}

/** Ids name their sender and view, and a sender writes 'multicast' before all else about a message of its own. */
function idsFit(member: Member, history: History, report: Report): void {
  const sent = new Set<string>()
  let at: { lineage: string; number: number; line: TraceEvent } | undefined
  for (const event of member.lines) {
    if (event.event === 'install') at = { lineage: event.lineage, number: event.number, line: event }
    if (event.event !== 'multicast' && event.event !== 'deliver' && event.event !== 'fate') continue
    const message = history.messages.get(event.id)
    if (message === undefined) continue
    const isOwn = message.sender === member.id
    if (event.event === 'deliver') {
      if (event.from !== message.sender) report.broken(`${event.id} is delivered as from ${event.from}`, event)
      if (isOwn && !sent.has(event.id) && message.sent !== undefined) {
        report.broken(
          `${member.id} writes the delivery of its own ${event.id} before its multicast`,
          event,
          message.sent,
        )
      }
      continue
    }
    if (!isOwn) report.broken(`${member.id} writes '${event.event}' for ${event.id}, which is not its own`, event)
    else if (event.event === 'fate' && !sent.has(event.id)) {
      report.broken(`${member.id} writes a fate for ${event.id}, which it has not multicast`, event, message.sent)
    }
    if (event.event !== 'multicast') continue
    if (sent.has(event.id)) report.broken(`${member.id} multicasts ${event.id} twice`, message.sent, event)
    sent.add(event.id)
    if (at?.lineage !== message.lineage || at.number !== message.number) {
      report.broken(`${member.id} stamps ${event.id} outside of that view`, at?.line, event)
    }
  }
}
