import { expect } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import type { Script } from '../../peer/simulator/script.ts'
import type { Trap } from '../../peer/simulator/traps.ts'
import { expectSettled, idsIn, within } from './faults-table-support.ts'

/** What tests of forks and of merges have in common. */

export type Step = Pick<Trap, 'kind' | 'moment' | 'nth'>

/** Waits until all that live are one group of so many, and lets it rest before it is judged. */
export function expectOneGroup(script: Script, count: number, withinMs: number, restMs: number): void {
  within(script, withinMs, `${count} are one`, () =>
    script.world.living().every(({ ready, view }) => ready && view?.members.length === count),
  )
  script.run(restMs)
  expectSettled(script)
  expect(script.world.living()).toHaveLength(count)
}

/**
 * Everyone's state has every multicast exactly once, by itself or as a repetition, but those whose sender was told otherwise.
 * `gone`: one whose multicasts nobody answers for.
 */
export function expectOnce({ world }: Script, gone?: SimPeer): void {
  const told = new Set(
    world.trace.flatMap((line) => (line.event === 'fate' && line.fate !== 'in-cut' ? [line.id] : [])),
  )
  const found = new Map<string, string[]>()
  for (const line of world.trace) {
    if (line.event !== 'multicast' || line.purpose !== undefined || told.has(line.id)) continue
    if (gone !== undefined && line.peer.startsWith(`${gone.id}.`)) continue
    const origin = world.originOf(line.id)
    found.set(origin, [...(found.get(origin) ?? []), line.id])
  }
  for (const state of world.living().map(idsIn)) {
    expect([...found].filter(([, ids]) => ids.filter((id) => state.has(id)).length !== 1)).toEqual([])
  }
}
