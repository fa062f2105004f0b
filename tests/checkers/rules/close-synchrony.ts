/**
 * Purpose: a view's deliveries, by those that go on, fit one sequence. Rule VS1.
 * Source: Birman and Joseph 1987: virtual synchrony is what can't be told from an execution in which everyone does one thing at a time.
 */

import type { History, Message, Stay, View } from '../history.ts'
import type { TraceEvent } from '../trace.ts'
import type { Report, Rule } from '../verdict.ts'

export const closeSynchronyRules: readonly Rule[] = [{ id: 'VS1', check: oneSequence }]

export type Closeness =
  | { readonly sequence: readonly Message[] }
  /** Each message of the cycle before the next one, the last before the first. */
  | { readonly cycle: readonly Message[] }

function oneSequence(history: History, report: Report): void {
  for (const view of history.views) {
    for (const { stays } of view.groups) {
      if (stays.length === 0) continue
      report.decide()
      const found = closeSequence(view, stays)
      if ('sequence' in found) continue
      report.broken(
        `no sequence fits view ${view.lineage}/${view.number}: ${[...found.cycle, found.cycle[0]].map((message) => message?.id).join(' < ')}`,
        ...found.cycle.map((message) => evidenceOf(message)),
      )
    }
  }
}

/** One order of the view's messages that respects causality and the ABCAST order at each of these, or what rules it out. */
export function closeSequence(view: View, stays: readonly Stay[]): Closeness {
  const edges = new Edges(view.messages.length)
  causalEdges(view, edges)
  for (const stay of stays) {
    let before: Message | undefined
    for (const { event, message } of stay.deliveries) {
      if (event.kind !== 'total' || message.view !== view) continue
      if (before !== undefined) edges.add(before.index, message.index)
      before = message
    }
  }
  const { order, cycle } = edges.sort()
  const messagesOf = (indices: readonly number[]) => indices.map((index) => view.messages[index]!)
  if (cycle.length > 0) return { cycle: messagesOf(cycle) }
  return { sequence: messagesOf(order).filter(({ index }) => stays.some((stay) => stay.places[index] !== 0)) }
}

/** What a member delivered or sent since it last sent, before what it sends next: all members, failed ones too. */
function causalEdges(view: View, edges: Edges): void {
  for (const stay of view.stays) {
    let since: Message[] = []
    for (const { event, message } of stay.steps) {
      if (message.view !== view) continue
      if (event.event === 'multicast') {
        for (const cause of since) edges.add(cause.index, message.index)
        since = []
      }
      since.push(message)
    }
  }
}

function evidenceOf({ sent, view, index }: Message): TraceEvent | undefined {
  if (sent !== undefined) return sent
  for (const stay of view?.stays ?? []) {
    const place = stay.places[index] ?? 0
    if (place > 0) return stay.deliveries[place - 1]?.event
  }
  return undefined
}

/** A directed graph over 0 … size - 1. */
class Edges {
  readonly #size: number
  readonly #from: number[] = []
  readonly #to: number[] = []

  constructor(size: number) {
    this.#size = size
  }

  add(from: number, to: number): void {
    if (from === to) return
    this.#from.push(from)
    this.#to.push(to)
  }

  /** Topological (Kahn 1962): `order` of all that can be placed; `cycle` is empty if that is everything. */
  sort(): { order: number[]; cycle: number[] } {
    const incoming = new Int32Array(this.#size)
    for (const to of this.#to) incoming[to]!++
    const outgoing = this.#outgoing()
    const order: number[] = []
    for (let node = 0; node < this.#size; node++) if (incoming[node] === 0) order.push(node)
    for (let i = 0; i < order.length; i++) {
      const node = order[i]!
      for (let edge = outgoing.start[node]!; edge < outgoing.start[node + 1]!; edge++) {
        const to = outgoing.to[edge]!
        if (--incoming[to]! === 0) order.push(to)
      }
    }
    return { order, cycle: order.length === this.#size ? [] : this.#cycle(incoming) }
  }

  /** The edges in rows, one a node: `to[start[node]]` up to `to[start[node + 1] - 1]`. */
  #outgoing(): { start: Int32Array; to: Int32Array } {
    const start = new Int32Array(this.#size + 1)
    for (const from of this.#from) start[from + 1]!++
    for (let node = 0; node < this.#size; node++) start[node + 1]! += start[node]!
    const fill = start.slice()
    const to = new Int32Array(this.#to.length)
    for (let edge = 0; edge < to.length; edge++) to[fill[this.#from[edge]!]!++] = this.#to[edge]!
    return { start, to }
  }

  /** Every node that could not be placed has a predecessor that could not either: going back ends in a circle. */
  #cycle(incoming: Int32Array): number[] {
    const before = new Int32Array(this.#size).fill(-1)
    for (let edge = 0; edge < this.#to.length; edge++) {
      const [from, to] = [this.#from[edge]!, this.#to[edge]!]
      if (incoming[from]! > 0 && incoming[to]! > 0) before[to] = from
    }
    const visited = new Set<number>()
    let node = incoming.findIndex((count) => count > 0)
    for (; !visited.has(node); node = before[node]!) visited.add(node)
    const cycle = [node]
    for (let back = before[node]!; back !== node; back = before[back]!) cycle.push(back)
    return cycle.reverse()
  }
}
