/** Purpose: the order of one sender, and the one order of ABCASTs. Rules OR1, OR3, OR4, OR5. */

import type { Delivery, Group, History, Message, Stay, View } from '../history.ts'
import { Report, type Rule } from '../verdict.ts'
import { deliveryOf } from './delivery.ts'

export const orderRules: readonly Rule[] = [
  { id: 'OR1', check: senderOrder },
  { id: 'OR3', check: (history, report) => eachView(history, report, totalOrder) },
  { id: 'OR4', check: (history, report) => eachView(history, report, causalTotals) },
  { id: 'OR5', check: orderWithoutSequencer },
]

function eachView(history: History, report: Report, check: (view: View, report: Report) => void): void {
  for (const view of history.views) check(view, report)
}

/** At every member, failed ones too: 1, 2, 3 … of each sender in each view. */
function senderOrder(history: History, report: Report): void {
  for (const view of history.views) {
    for (const stay of view.stays) {
      const last: (Delivery | undefined)[] = []
      let place = 0
      for (const delivery of stay.deliveries) {
        place++
        const { message } = delivery
        if (message.view !== view || message.rank < 0 || stay.places[message.index] !== place) continue
        report.decide()
        const before = last[message.rank]
        const expected = (before?.message.seq ?? 0) + 1
        if (message.seq > expected) reportGap(stay, delivery, expected, report)
        if (message.seq >= expected) last[message.rank] = delivery
      }
    }
  }
}

function reportGap(stay: Stay, { event, message }: Delivery, expected: number, report: Report): void {
  const skipped = stay.view.messages.find(({ rank, seq }) => rank === message.rank && seq === expected)
  const late = skipped && deliveryOf(stay, skipped)
  report.broken(
    `${stay.member.id} delivers ${message.id} ${late === undefined ? 'without' : 'before'} number ${expected} of ${message.sender}`,
    skipped?.sent,
    event,
    late?.event,
  )
}

/** Those that go on deliver the same ABCASTs one by one, and count them alike. */
function totalOrder(view: View, report: Report): void {
  for (const group of view.groups) totalOrderIn(group, view, report)
}

function totalOrderIn({ stays }: Group, view: View, report: Report): void {
  const [first, ...others] = stays
  if (first === undefined || others.length === 0) return
  const expected = totalsOf(first)
  for (const other of others) {
    const totals = totalsOf(other)
    for (let i = 0; i < Math.min(totals.length, expected.length); i++) {
      report.decide()
      const [mine, theirs] = [expected[i]!, totals[i]!]
      if (mine.message === theirs.message && mine.event.order === theirs.event.order) continue
      report.broken(
        `ABCAST ${i + 1} of view ${view.lineage}/${view.number} is ${spell(mine)} at ${first.member.id} and ${spell(theirs)} at ${other.member.id}`,
        mine.event,
        theirs.event,
      )
      break
    }
  }
}

function spell({ event, message }: Delivery): string {
  return event.order === undefined ? message.id : `${message.id} (order ${event.order})`
}

function totalsOf(stay: Stay): Delivery[] {
  return stay.deliveries.filter(({ event, message }) => event.kind === 'total' && message.view === stay.view)
}

/**
 * No ABCAST has a higher place than one that happened after it: in the order of those that go on, and, since a member that
 * fails may have counted its last ones otherwise, in the order of each of the others by itself.
 */
function causalTotals(view: View, report: Report): void {
  for (const { stays } of view.groups) causesFirst(view, ordersOf(stays), report)
  for (const stay of view.stays) {
    if (stay.group?.stays.includes(stay) !== true) causesFirst(view, ordersOf([stay]), report)
  }
}

function causesFirst(view: View, orders: ReadonlyMap<Message, Delivery>, report: Report): void {
  const highest = highestBySender(view, orders)
  for (const [message, { event }] of orders) {
    report.decide()
    const order = event.order ?? 0
    for (let rank = 0; rank < message.past.length; rank++) {
      const cause = highest[rank]?.[(message.past[rank] ?? 0) - 1]
      if (cause === undefined || (orders.get(cause)?.event.order ?? 0) <= order) continue
      report.broken(
        `${message.id} follows ${cause.id}, but comes before it in the ABCAST order`,
        cause.sent,
        message.sent,
        event,
        orders.get(cause)?.event,
      )
      break
    }
  }
}

/** Where each ABCAST stands at these members. */
function ordersOf(stays: readonly Stay[]): Map<Message, Delivery> {
  const orders = new Map<Message, Delivery>()
  for (const stay of stays) {
    for (const delivery of totalsOf(stay)) {
      if (!orders.has(delivery.message) && delivery.event.order !== undefined) orders.set(delivery.message, delivery)
    }
  }
  return orders
}

/** By rank and seq - 1: of that member's ABCASTs up to this number, the one with the highest place in the order. */
function highestBySender(view: View, orders: ReadonlyMap<Message, Delivery>): (Message | undefined)[][] {
  const bySender: (Message | undefined)[][] = view.members.map(() => [])
  for (const message of view.messages) if (message.rank >= 0) bySender[message.rank]![message.seq - 1] = message
  for (const messages of bySender) {
    let highest: Message | undefined
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i]
      const order = message && orders.get(message)?.event.order
      if (order !== undefined && order > ((highest && orders.get(highest)?.event.order) ?? 0)) highest = message
      messages[i] = highest
    }
  }
  return bySender
}

/** A view that its rank 0 did not survive: the ABCASTs at its end must be in one order, and causes first, all the same. */
function orderWithoutSequencer(history: History, report: Report): void {
  for (const view of history.views) {
    const sequencer = view.members[0]
    for (const group of view.groups) {
      const { to, stays } = group
      if (sequencer === undefined || to === view || to === 'end' || to.rankOf.has(sequencer)) continue
      const found = new Report()
      totalOrderIn(group, view, found)
      causesFirst(view, ordersOf(stays), found)
      if (stays.some((stay) => totalsOf(stay).length > 0)) report.decide()
      for (const { message, events } of found.evidence) {
        report.broken(`${sequencer} ordered until it was gone: ${message}`, ...events)
      }
    }
  }
}
