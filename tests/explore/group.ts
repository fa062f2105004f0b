import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import { newState } from '../../peer/engine/new-state.ts'
import type { Core } from '../../peer/engine/state.ts'
import { FairRun, type Runner } from './fair-run.ts'
import type { Histories } from './history.ts'
import { CONNECTED, NONE } from './layout.ts'
import type { Scenario } from './scenario.ts'
import type { Stepper } from './step.ts'

const FORM_MS = 10_000
const FIRST_TOKEN = 't1'

/**
 * A group in one view, members in rank order, nothing in flight but what joiners have asked and strangers have said; its
 * history begins there.
 */
export function formGroup(scenario: Scenario, step: Stepper, histories: Histories): FairRun {
  const { members, joiners, strangers, witness } = scenario
  const size = members + joiners + strangers
  const runners = Array.from({ length: size }, (_, index) => newRunner(index, joiners > 0, scenario))
  const run = new FairRun(step, histories, runners, [], 0)
  if (witness !== undefined) {
    const reach = runners.map((_, index) => (witness.isInView || index >= members ? CONNECTED : NONE))
    run.server = { witness: { boot: 1, requests: [], history: 0 }, reach, isGone: false }
    for (const [index, stands] of reach.entries()) {
      if (stands === CONNECTED) run.give(index, { type: 'witness', token: FIRST_TOKEN })
    }
  }
  formLineage(run, 0, members, 'g' as Lineage)
  if (strangers > 0) formLineage(run, members + joiners, strangers, 'h' as Lineage)
  for (const runner of runners) runner.history = histories.appendAll(0, firstInstall(runner.core!))
  for (const first of strangers > 0 ? [0, members + joiners] : []) {
    // A founder who is alone and has said nothing would just give way.
    if (runners[first]!.core!.state.current!.members.length > 1) continue
    const payload = new TextEncoder().encode(`${runners[first]!.name}/causal`)
    run.give(first, { type: 'multicast', ref: 100, kind: 'causal', payload })
  }
  for (let other = members; other < size; other++) {
    for (let index = 0; index < members; index++) link(run, index, other)
  }
  return run
}

function formLineage(run: FairRun, first: number, size: number, lineage: Lineage): void {
  run.give(first, { type: 'found', lineage })
  for (let joined = 1; joined < size; joined++) {
    for (let other = 0; other < joined; other++) link(run, first + other, first + joined)
    const isReady = () => isQuiet(run.runners.slice(first, first + joined + 1))
    if (!run.run(isReady, FORM_MS)) throw new Error(`${joined + 1} members form no group`)
  }
}

/** Names members `a.1`, `b.1` …, in the order of their ranks. */
function newRunner(index: number, hasState: boolean, { config }: Scenario): Runner {
  const peer = String.fromCharCode('a'.charCodeAt(0) + index) as PeerId
  const name = memberId(peer, 1)
  const core: Core = {
    config: { ...DEFAULT_CONFIG, ...config },
    state: newState(name, new Uint8Array(), hasState, false),
    now: 0,
    out: [],
  }
  return { peer, name, core, history: 0 }
}

function link(run: FairRun, a: number, b: number): void {
  run.give(a, { type: 'link', peer: run.runners[b]!.peer, up: true })
  run.give(b, { type: 'link', peer: run.runners[a]!.peer, up: true })
}

/** Whether they are in one view, and know of each other all there is to know. */
function isQuiet(runners: readonly Runner[]): boolean {
  return runners.every(({ core }) => {
    const { current, statusAtMs, withState } = core!.state
    if (current?.members.length !== runners.length || statusAtMs !== Number.POSITIVE_INFINITY) return false
    return withState && current.members.every((member, rank) => rank === current.rank || member.withState)
  })
}

function firstInstall({ state }: Core) {
  if (state.current === undefined) return []
  const { lineage, number, members, witness } = state.current.view
  const ids = members.map(({ id }) => id)
  return [{ type: 'install' as const, lineage, number, members: ids, ...(witness !== undefined && { witness }) }]
}
