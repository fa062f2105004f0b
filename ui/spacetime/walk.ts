import type { History } from './history.ts'
import type { Moment } from './line.ts'
import type { Lane } from './scene.ts'
import type { SpacetimeKind } from './spacetime-event.ts'

/** Where the keyboard may go: the events of the lines and of the kinds that are seen. */
export interface Ground {
  readonly history: History
  readonly lanes: readonly Lane[]
  readonly hiddenKinds: ReadonlySet<SpacetimeKind>
}

/** The next event of the same line, or the one before it. */
export function along(ground: Ground, moment: Moment, direction: 1 | -1): Moment | undefined {
  const { line } = moment
  for (let index = line.indexOf(moment) + direction; index >= 0 && index < line.moments.length; index += direction) {
    if (isSeen(ground, line.moments[index]!)) return line.moments[index]
  }
  return undefined
}

/** The event of the next line that way that is nearest in time. */
export function across(ground: Ground, moment: Moment, direction: 1 | -1): Moment | undefined {
  const { lanes } = ground
  const at = lanes.findIndex(({ peer }) => peer === moment.line.peer)
  for (let index = at + direction; index >= 0 && index < lanes.length; index += direction) {
    const found = lanes[index]!.isShown ? nearest(ground, lanes[index]!, moment.at) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** From an arrival to its send; from a send to its first arrival that is seen, elsewhere if there is one. */
export function follow(ground: Ground, { flight, role, line }: Moment): Moment | undefined {
  if (role === 'arrival') return flight!.send
  const arrivals = flight?.arrivals.filter((arrival) => isOnShownLane(ground, arrival)) ?? []
  return arrivals.find((arrival) => arrival.line !== line) ?? arrivals[0]
}

/** The first or the last event of all that is seen. */
export function extreme(ground: Ground, which: 'first' | 'last'): Moment | undefined {
  const at = which === 'first' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const found = ground.lanes.flatMap((lane) => (lane.isShown ? (nearest(ground, lane, at) ?? []) : []))
  const [first] = found.sort((a, b) => (which === 'first' ? a.at - b.at : b.at - a.at))
  return first
}

/** The event of a lane that is nearest to a time. */
export function nearest(ground: Ground, { peer }: Lane, at: number): Moment | undefined {
  const line = ground.history.lines.get(peer)
  if (line === undefined) return undefined
  const from = line.firstAt(at)
  const before = line.moments.findLast((moment, index) => index < from && isSeen(ground, moment))
  const after = line.moments.find((moment, index) => index >= from && isSeen(ground, moment))
  if (before === undefined || after === undefined) return before ?? after
  return at - before.at <= after.at - at ? before : after
}

function isSeen({ hiddenKinds }: Ground, { kind }: Moment): boolean {
  return kind === undefined || !hiddenKinds.has(kind)
}

function isOnShownLane({ lanes }: Ground, { line }: Moment): boolean {
  return lanes.some(({ peer, isShown }) => isShown && peer === line.peer)
}
