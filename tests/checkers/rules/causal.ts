/** Purpose: causes first. Rules OR2, OR6. */

import type { History, Message, Stay, View } from '../history.ts'
import type { Report, Rule } from '../verdict.ts'
import { deliveryOf } from './delivery.ts'

export const causalRules: readonly Rule[] = [
  { id: 'OR2', check: (history, report) => eachStay(history, report, causesFirst) },
  { id: 'OR6', check: (history, report) => eachStay(history, report, heldBackAtTheSender) },
]

function eachStay(history: History, report: Report, check: (stay: Stay, report: Report) => void): void {
  for (const view of history.views) for (const stay of view.stays) check(stay, report)
}

/**
 * At every member, failed ones too. What an fbcast overtook still counts as a cause of what is sent after the fbcast.
 * A message that declares its causes is bound to its own sender's order only, which is OR1.
 */
function causesFirst(stay: Stay, report: Report): void {
  const delivered = new Int32Array(stay.view.members.length)
  for (const { event, message } of stay.deliveries) {
    if (message.view !== stay.view || message.rank < 0) continue
    if (event.kind !== 'fifo' && event.declared !== true) {
      report.decide()
      const missing = firstMissing(message.past, delivered, stay.view)
      if (missing !== undefined) {
        report.broken(
          `${stay.member.id} delivers ${message.id} before its cause ${missing.id}`,
          missing.sent,
          message.sent,
          event,
          deliveryOf(stay, missing)?.event,
        )
      }
    }
    if (message.seq > delivered[message.rank]!) delivered[message.rank] = message.seq
  }
}

/** When a member sends a cbcast or abcast, it has delivered all that it may know of through an fbcast. */
function heldBackAtTheSender(stay: Stay, report: Report): void {
  const own = stay.view.rankOf.get(stay.member.id)
  const delivered = new Int32Array(stay.view.members.length)
  for (const { event, message } of stay.steps) {
    if (message.view !== stay.view || message.rank < 0) continue
    if (event.kind === 'fifo') report.decide()
    if (event.event === 'deliver') {
      if (message.seq > delivered[message.rank]!) delivered[message.rank] = message.seq
    } else if (event.kind !== 'fifo' && event.declared !== true && message.rank === own) {
      const missing = firstMissing(message.past, delivered, stay.view, own)
      if (missing === undefined) continue
      report.broken(
        `${stay.member.id} sends ${message.id} before it delivered ${missing.id}, which an fbcast had overtaken`,
        missing.sent,
        overtaker(stay, missing),
        event,
        deliveryOf(stay, missing)?.event,
      )
    }
  }
}

function overtaker(stay: Stay, missing: Message): Stay['deliveries'][number]['event'] | undefined {
  return stay.deliveries.find(
    ({ message }) => message.view === stay.view && (message.past[missing.rank] ?? 0) >= missing.seq,
  )?.event
}

function firstMissing(past: Int32Array, delivered: Int32Array, view: View, except = -1): Message | undefined {
  for (let rank = 0; rank < past.length; rank++) {
    if (past[rank]! <= delivered[rank]! || rank === except) continue
    const seq = delivered[rank]! + 1
    const missing = view.messages.find((message) => message.rank === rank && message.seq === seq)
    if (missing !== undefined) return missing
  }
  return undefined
}
