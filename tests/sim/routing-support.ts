import { expect } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import type { WorldOptions } from '../../peer/simulator/world.ts'
import { decode } from '../../peer/wire/codec.ts'
import { judge, type TraceEvent } from '../checkers/index.ts'

/** Whether two peers, counted from 0 in order of their start, may have a link. */
export type Graph = (a: number, b: number) => boolean

export const line: Graph = (a, b) => Math.abs(a - b) === 1
const KINDS = ['fifo', 'causal', 'total'] as const

/** A scripted world in which only some pairs can have a link. */
export function scriptWith(graph: Graph, options: Partial<WorldOptions> = {}): Script {
  const script = new Script(options)
  const { network } = script.world
  const introduce = network.introduce.bind(network)
  const place = (id: string) => Number(id.slice(1)) - 1
  network.introduce = (a, b) => {
    introduce(a, b)
    if (!graph(place(a), place(b))) network.bar(a, b)
  }
  return script
}

/** Each one multicasts once in each way. */
export function castAll(members: readonly SimPeer[]): void {
  for (const member of members) for (const kind of KINDS) member.cast(kind, 30)
}

export function allDelivered(members: readonly SimPeer[]): boolean {
  const [first, ...rest] = members.map(({ application }) => application.delivered)
  return (
    rest.every((delivered) => delivered === first) && members.every((peer) => peer.application.unsettled().length === 0)
  )
}

export function wayFrom(peer: SimPeer, to: SimPeer) {
  return peer.membership.runtime.engine.inspect().view!.members.find(({ id }) => id === to.self)!
}

export function counters(peer: SimPeer): Record<string, number> {
  return peer.membership.runtime.engine.counters()
}

export function suspicions({ world }: Script): readonly object[] {
  return world.trace.filter(({ event }) => event === 'suspect')
}

/** How many notes on ways travel in statuses within this time. */
export function notesDuring({ world }: Script, forMs: number): number {
  let notes = 0
  const stop = world.messages.watch(({ kind, moment, message }) => {
    if (kind !== 'status' || moment !== 'sent') return
    const status = decode(message)
    if (status.kind === 'status') notes += status.routes.length
  })
  world.run(forMs)
  stop()
  return notes
}

export function expectRulesKept({ world }: Script): void {
  const broken = judge(world.trace as readonly TraceEvent[], { settled: false, transfersState: true })
    .filter(({ outcome }) => outcome === 'broken')
    .map(({ rule, evidence }) => ({ rule, evidence: evidence?.[0]?.message }))
  expect(broken).toEqual([])
}
