import type { MemberId } from '../../peer/base/ids.ts'
import type { CurrentView } from '../../peer/engine/state.ts'
import { isQuorum } from '../../peer/membership/quorum.ts'
import type { FairRun, Runner } from './fair-run.ts'

/** Longer than any detection, retry and yielding together. */
const SETTLE_MS = 60_000

export type Standing = 'one view' | 'blocked' | 'nobody' | 'unsettled'

/** Whether from here, with no more faults, the living come to one view, or are rightly blocked for want of a quorum. */
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

function standingOf({ runners }: FairRun): Standing {
  const living = runners.filter(({ core }) => core !== undefined && core.state.phase !== 'ended')
  if (living.length === 0) return 'nobody'
  if (living.every((runner) => isAtHome(runner, living))) return 'one view'
  return living.every((runner) => isRightlyBlocked(runner, living)) ? 'blocked' : 'unsettled'
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
  const { current, blocked } = core!.state
  if (current === undefined || !blocked) return false
  const ranks = [...current.members.keys()].filter((rank) =>
    living.some(({ name }) => name === current.members[rank]!.id),
  )
  return !isQuorum(new Set(ranks), current.members.length)
}
