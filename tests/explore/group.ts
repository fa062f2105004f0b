import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import { type Core, newState } from '../../peer/engine/state.ts'
import { FairRun, type Runner } from './fair-run.ts'
import type { Histories } from './history.ts'
import type { Scenario } from './scenario.ts'
import type { Stepper } from './step.ts'

const FORM_MS = 10_000

/** A group in one view, members in rank order, nothing in flight but what joiners have asked; its history begins there. */
export function formGroup({ members, joiners }: Scenario, step: Stepper, histories: Histories): FairRun {
  const runners = Array.from({ length: members + joiners }, (_, index) => newRunner(index, joiners > 0))
  const run = new FairRun(step, histories, runners, [], 0)
  run.give(0, { type: 'found', lineage: 'g' as Lineage })
  for (let size = 2; size <= members; size++) {
    link(run, size - 1)
    if (!run.run(() => isQuiet(run, size), FORM_MS)) throw new Error(`the first ${size} members form no group`)
  }
  for (const runner of runners) runner.history = histories.appendAll(0, firstInstall(runner.core!))
  for (let joiner = members; joiner < runners.length; joiner++) link(run, joiner)
  return run
}

/** Names members `a.1`, `b.1` …, in the order of their ranks. */
function newRunner(index: number, hasState: boolean): Runner {
  const peer = String.fromCharCode('a'.charCodeAt(0) + index) as PeerId
  const name = memberId(peer, 1)
  const core: Core = {
    config: DEFAULT_CONFIG,
    state: newState(name, new Uint8Array(), hasState, false),
    now: 0,
    out: [],
  }
  return { peer, name, core, history: 0 }
}

function link(run: FairRun, index: number): void {
  for (let other = 0; other < index; other++) {
    run.give(other, { type: 'link', peer: run.runners[index]!.peer, up: true })
    run.give(index, { type: 'link', peer: run.runners[other]!.peer, up: true })
  }
}

/** Whether the first `size` are in one view, and know of each other all there is to know. */
function isQuiet({ runners }: FairRun, size: number): boolean {
  return runners.slice(0, size).every(({ core }) => {
    const { current, statusAtMs, withState } = core!.state
    if (current?.members.length !== size || statusAtMs !== Number.POSITIVE_INFINITY) return false
    return withState && current.members.every((member, rank) => rank === current.rank || member.withState)
  })
}

function firstInstall({ state }: Core) {
  if (state.current === undefined) return []
  const { lineage, number, members } = state.current.view
  return [{ type: 'install' as const, lineage, number, members: members.map(({ id }) => id) }]
}
