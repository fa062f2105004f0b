import { expect } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import type { WorldOptions } from '../../peer/simulator/world.ts'
import { Reader } from '../../peer/wire/bytes.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'

/** What the rows of the table of faults have in common. Bounds are in virtual time; delays are random, from the seed. */

export const SEEDS = [1, 2, 3] as const
/** How often each member multicasts under load, and in rows that last half a minute or more. */
export const LOAD_EVERY_MS = 100
export const LONG_LOAD_EVERY_MS = 250

/** A group of so many members, each linked to each, in a world with random delays. */
export function start(seed: number, count: number, options: Partial<WorldOptions> = {}) {
  const script = new Script({ seed, fixedDelayMs: undefined, ...options })
  const members = script.group(count)
  const { world } = script
  const isLinked = (a: SimPeer, b: SimPeer) => a === b || world.network.linked(a.id, b.id)
  script.until('all are linked', () => members.every((a) => members.every((b) => isLinked(a, b))))
  return { script, world, members }
}

/** Waits until the condition holds, and fails if that takes longer. */
export function within(script: Script, boundMs: number, what: string, condition: () => boolean): void {
  script.until(what, condition, boundMs)
}

/** Whether these peers are one view, in this order, and nobody else is in it. */
export function are(script: Script, peers: readonly SimPeer[]): () => boolean {
  return () => script.inOneView(peers)
}

/** The multicasts that the peer's replicated state holds. */
export function idsIn({ application }: SimPeer): Set<string> {
  const reader = new Reader(application.save())
  return new Set(reader.list(() => reader.text()))
}

/** How long after `sinceMs` the peer had delivered all that was multicast before then, by others too; Infinity: not yet. */
export function caughtUpAfter(script: Script, peer: SimPeer, sinceMs: number): number {
  const { trace } = script.world
  const missing = new Set<string>()
  for (const line of trace) if (line.event === 'multicast' && line.t <= sinceMs) missing.add(line.id)
  let at = sinceMs
  for (const line of trace) {
    if (line.event === 'deliver' && line.peer === peer.self && missing.delete(line.id)) at = Math.max(at, line.t)
  }
  return missing.size === 0 ? at - sinceMs : Number.POSITIVE_INFINITY
}

/** The views that were installed by anyone from then on. */
export function viewsSince(script: Script, sinceMs: number): string[] {
  return [...new Set(installsSince(script, sinceMs).map(({ lineage, number }) => `${lineage}/${number}`))]
}

/** How long after `sinceMs` anybody installed a view, for the last time; in ms. */
export function lastInstallAfter(script: Script, sinceMs: number): number {
  return Math.max(0, ...installsSince(script, sinceMs).map(({ t }) => t - sinceMs))
}

function installsSince({ world }: Script, sinceMs: number) {
  return world.trace.flatMap((line) => (line.event === 'install' && line.t >= sinceMs ? [line] : []))
}

/** Everyone alive in one view with equal states and settled receipts, and no rule broken. */
export function expectSettled(script: Script): void {
  expect(script.settle()).toBe('one view')
  expectRulesKept(script)
}

export function expectRulesKept({ world }: Script): void {
  const events = world.trace as readonly object[] as readonly TraceEvent[]
  expect(judge(events, { settled: true }).filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(settled(events)).toEqual([])
}
