import { received } from '../ordering/message-log.ts'
import type { StatusMessage } from '../wire/messages.ts'
import { count, isSending, isSuspected, tellSuspicion } from './core.ts'
import type { Core, CurrentView } from './state.ts'

/**
 * Flow control (FL1, FL2): a member has no more under way than its window, which stability opens; an application that does
 * not keep up closes everyone's; and one that holds a window closed while nothing moves is suspected in the end, and told so
 * by the view that goes on without it.
 */

/** Whether this member may give another entry its place. */
export function isWindowOpen(core: Core, { log, rank, members }: CurrentView): boolean {
  const { config } = core
  const stream = log.streams[rank]!
  if (stream.entries.length >= config.windowMessages || stream.bytes >= config.windowBytes) return false
  return !isFull(core) && !members.some((member, other) => other !== rank && member.full && !member.stalled)
}

/** Whether this member's application does not keep up, or, without state, cannot yet. */
export function isFull({ state, config }: Core): boolean {
  return state.consumerFull || state.withheldBytes > config.consumerQueueBytesMax
}

/** Notes whether something waits for the window. What was sent just now shows that it was open. */
export function noteWindow(core: Core, current: CurrentView): void {
  const { log, rank, entriesTold } = current
  const waits = isSending(core) && !log.wedged && !isWindowOpen(core, current)
  if (!waits) current.closedAt = undefined
  else if (current.closedAt === undefined || received(log.streams[rank]!) > entriesTold) {
    current.closedAt = core.now
    count(core, 'window-closed')
  }
}

/** After too long a time, whoever holds the window closed and does not move is taken for failed. Whether there was anyone. */
export function tickFlow(core: Core, current: CurrentView): boolean {
  let isAny = false
  for (const rank of current.members.keys()) {
    if (core.now < patienceEnds(core, current, rank)) continue
    stall(core, current, rank)
    isAny = true
  }
  return isAny
}

export function flowDeadline(core: Core, current: CurrentView): number {
  let end = Number.POSITIVE_INFINITY
  if (current.closedAt === undefined) return end
  for (const rank of current.members.keys()) end = Math.min(end, patienceEnds(core, current, rank))
  return end
}

/**
 * When a member will have held this one's window closed for too long. One that is suspected is not waited for, and nothing
 * waits for the window once this member is wedged.
 */
function patienceEnds(core: Core, current: CurrentView, rank: number): number {
  const member = current.members[rank]!
  if (current.closedAt === undefined || current.log.wedged) return Number.POSITIVE_INFINITY
  if (rank === current.rank || isSuspected(core, member)) return Number.POSITIVE_INFINITY
  if (!isHolding(current, rank, current.rank)) return Number.POSITIVE_INFINITY
  return Math.max(current.closedAt, member.movedAt) + core.config.windowStallMs
}

/** Members for which this one has waited in vain. */
export function stallsOf({ members }: CurrentView): number[] {
  return members.flatMap(({ stalled }, rank) => (stalled ? [rank] : []))
}

/** What another member found, if it looks the same from here (FD2). */
export function noteStalls(core: Core, current: CurrentView, by: number, { stalls }: StatusMessage): void {
  for (const rank of stalls) {
    if (rank !== current.rank && rank !== by && isHolding(current, rank, by)) stall(core, current, rank)
  }
}

/** One that is needed for a quorum is not left out for holding a window closed: it is waited for anew. False if there was none. */
export function spareStalled(core: Core, { members }: CurrentView): boolean {
  const spared = members.filter(({ stalled }) => stalled)
  for (const member of spared) {
    member.stalled = false
    member.movedAt = core.now
  }
  if (spared.length > 0) count(core, 'stall-spared')
  return spared.length > 0
}

/** Whether a member's application keeps up. */
export function noteFull({ now }: Core, current: CurrentView, rank: number, isFull: boolean): void {
  const member = current.members[rank]!
  if (member.full === isFull) return
  member.full = isFull
  member.movedAt = now
  // It goes on after all, before anything was decided.
  if (!isFull) member.stalled = false
}

/** A member has more of what others sent than before. */
export function noteAdvance({ now }: Core, current: CurrentView, rank: number): void {
  const member = current.members[rank]!
  member.movedAt = now
  if (!member.full) member.stalled = false
}

function stall(core: Core, current: CurrentView, rank: number): void {
  const member = current.members[rank]!
  if (member.stalled || isSuspected(core, member)) return
  member.stalled = true
  count(core, 'stalled')
  tellSuspicion(core, member.id)
}

/** Whether a member keeps what another one sent from becoming stable. One that is wedged cannot help it. */
function isHolding({ log, members }: CurrentView, rank: number, sender: number): boolean {
  const member = members[rank]!
  if (member.wedged > 0) return false
  return member.full || member.have[sender]! < received(log.streams[sender]!)
}
