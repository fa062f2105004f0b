import type { MemberId } from '../../peer/base/ids.ts'
import type { CurrentView } from '../../peer/engine/state.ts'
import { isQuorum } from '../../peer/membership/quorum.ts'
import type { FairRun, Runner } from './fair-run.ts'

/** Longer than any detection, retry and yielding together. */
const SETTLE_MS = 60_000

export type Standing = 'one view' | 'blocked' | 'nobody' | 'unsettled'

/**
 * Whether from here, with no more faults, the living come to one view, or the members among them are rightly blocked for
 * want of a quorum (those who only asked to join then wait), or there is none any more and the last
 * view has lost its quorum.
 */
export function settle(run: FairRun): Standing {
  suspectTheDead(run)
  run.run(() => standingOf(run) !== 'unsettled', SETTLE_MS)
  return standingOf(run)
}

/** What silence would show in the end, at once. */
function suspectTheDead(run: FairRun): void {
  for (const index of run.runners.keys()) {
    for (const { core, name } of run.runners) {
      if (core === undefined) run.give(index, { type: 'suspect', member: name as MemberId })
    }
  }
}

function standingOf(run: FairRun): Standing {
  const living = run.runners.filter(({ core }) => core !== undefined && core.state.phase !== 'ended')
  if (living.length > 0 && living.every((runner) => isAtHome(runner, living))) return 'one view'
  const members = living.filter(({ core }) => core!.state.current !== undefined)
  if (members.length === 0) return isLost(run.lastView(), living) ? 'nobody' : 'unsettled'
  return members.every((runner) => isRightlyBlocked(runner, living)) ? 'blocked' : 'unsettled'
}

/** In a view of exactly the living, and at work. */
function isAtHome({ core }: Runner, living: readonly Runner[]): boolean {
  const { current, blocked, queue } = core!.state
  return (
    current !== undefined &&
    !blocked &&
    queue.length === 0 &&
    !current.log.wedged &&
    current.members.length === living.length &&
    living.every((other) => isSameView(current, other.core!.state.current)) &&
    living.every((other) => current.members.some(({ id }) => id === other.name))
  )
}

function isSameView(a: CurrentView, b: CurrentView | undefined): boolean {
  return a.view.number === b?.view.number
}

function isRightlyBlocked({ core }: Runner, living: readonly Runner[]): boolean {
  const { blocked, current } = core!.state
  const members = current?.members.map(({ id }) => id) ?? []
  return blocked && isLost(members, living)
}

/** Whether those who live are no quorum of a view. */
function isLost(members: readonly string[], living: readonly Runner[]): boolean {
  const ranks = [...members.keys()].filter((rank) => living.some(({ name }) => name === members[rank]))
  return !isQuorum(new Set(ranks), { members: members.length, witness: false })
}
