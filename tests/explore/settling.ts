import { sizeOf } from '../../peer/base/deque.ts'
import type { MemberId } from '../../peer/base/ids.ts'
import type { ViewRecord } from '../../peer/base/view.ts'
import type { CurrentView } from '../../peer/engine/state.ts'
import { electorateOf, isQuorum, witnessRank } from '../../peer/membership/quorum.ts'
import type { FairRun, Runner } from './fair-run.ts'
import { isPast, tokenOf } from './witness-states.ts'

/** Longer than any detection, retry and yielding together. */
const SETTLE_MS = 60_000

export type Standing = 'one view' | 'blocked' | 'nobody' | 'unsettled'

/**
 * Whether from here, with no more faults, the living come to one view, on each side of a cut; or the members among them are
 * rightly blocked for want of a quorum (those who only asked to join then wait); or there is none any more. `isWitnessBack`: whether the witness, if there is one, is there again for all, or is gone for good.
 */
export function settle(run: FairRun, isWitnessBack: boolean | undefined): Standing {
  if (isWitnessBack === true) run.reconnect()
  if (isWitnessBack === false) run.loseWitness()
  suspectTheDead(run)
  run.run(() => standingOf(run) !== 'unsettled', SETTLE_MS)
  return standingOf(run)
}

/** What silence would show in the end, at once. */
function suspectTheDead(run: FairRun): void {
  for (const index of run.runners.keys()) {
    for (const [other, { core, name }] of run.runners.entries()) {
      if (core === undefined || run.isAcross(index, other))
        run.give(index, { type: 'suspect', member: name as MemberId })
    }
  }
}

function standingOf(run: FairRun): Standing {
  const sides = [
    run.runners.filter((_, index) => !run.cutOff.includes(index)),
    run.cutOff.map((at) => run.runners[at]!),
  ]
  const standings = sides.filter((side) => side.length > 0).map((side) => standingOfSide(run, side))
  return ORDER.find((standing) => standings.includes(standing))!
}

/** Of two sides the first of these tells how both stand. */
const ORDER: readonly Standing[] = ['unsettled', 'blocked', 'one view', 'nobody']

function standingOfSide(run: FairRun, side: readonly Runner[]): Standing {
  const living = side.filter(({ core }) => core !== undefined && core.state.phase !== 'ended')
  if (living.length > 0 && living.every((runner) => isAtHome(runner, living))) return 'one view'
  const members = living.filter(({ core }) => core!.state.current !== undefined)
  if (members.length > 0) {
    return members.every((runner) => isRightlyBlocked(run, runner, living)) ? 'blocked' : 'unsettled'
  }
  // Those who are left, if any, ask to be let in, and nobody is there who could. Perhaps they were and have not heard of it.
  return 'nobody'
}

/** In a view of exactly the living, and at work. */
function isAtHome({ core }: Runner, living: readonly Runner[]): boolean {
  const { current, blocked, queue, bulk } = core!.state
  return (
    current !== undefined &&
    !blocked &&
    sizeOf(queue) + sizeOf(bulk) === 0 &&
    !current.log.wedged &&
    current.members.length === living.length &&
    living.every((other) => isSameView(current, other.core!.state.current)) &&
    living.every((other) => current.members.some(({ id }) => id === other.name))
  )
}

function isSameView({ view }: CurrentView, other: CurrentView | undefined): boolean {
  return view.number === other?.view.number && view.lineage === other.view.lineage
}

function isRightlyBlocked(run: FairRun, { core }: Runner, living: readonly Runner[]): boolean {
  const { blocked, current } = core!.state
  return current !== undefined && blocked && isLost(run, current.view, living)
}

/** Whether those who live, and the witness as it is now, are no quorum of a view. */
function isLost({ server }: FairRun, view: ViewRecord, living: readonly Runner[]): boolean {
  const electorate = electorateOf(view)
  const ranks = [...view.members.keys()].filter((rank) => living.some(({ name }) => name === view.members[rank]!.id))
  const isWitnessed =
    server !== undefined && !server.isGone && tokenOf(server.witness) === view.witness && !isPast(server.witness, view)
  return !isQuorum(new Set(isWitnessed ? [...ranks, witnessRank(electorate)] : ranks), electorate)
}
