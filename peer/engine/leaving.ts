import { proxyOf } from '../membership/leave.ts'
import { received } from '../ordering/message-log.ts'
import type { GrantMessage, Message } from '../wire/messages.ts'
import { coordinatorRank, count, isSending, isSuspected, noteDeparted, others, send } from './core.ts'
import { endWith } from './install.ts'
import type { EndReason } from './io.ts'
import { sendStatus } from './repair.ts'
import type { Core, CurrentView, MemberState } from './state.ts'
import { countProxy } from './view-change.ts'
import { wedge } from './voting.ts'

/** Going: with time, by a view change that leaves this member out; without, by handing its vote over. */

/** Notes the wish; it is told to the others once everything sent is delivered here. */
export function leave(core: Core): void {
  if (core.state.leaving) return
  core.state.leaving = true
  core.state.leaveAtMs = core.now + core.config.fateTimeoutMs
}

/** Goes on with leaving. Alone, a member just goes; without an answer in time it goes as a closing page does. */
export function driveLeave(core: Core, current: CurrentView): void {
  const { state } = core
  if (!state.leaving) return
  if (core.now >= state.leaveAtMs) return close(core, current, 'left')
  const own = current.log.streams[current.rank]!
  const isDone = !isSending(core) && own.delivered === received(own)
  if (!isDone) return
  if (current.members.length === 1) {
    endWith(core, current, received(own), 'left')
    return
  }
  const self = current.members[current.rank]!
  if (self.leaving) return
  self.leaving = true
  const coordinator = current.members[coordinatorRank(core, current)]
  if (coordinator !== undefined && coordinator !== self) send(core, coordinator.peer, { kind: 'leave' })
  sendStatus(core, current)
}

/** Ends at once: the vote goes to one holder, a plain notice to the others. */
export function close(core: Core, current: CurrentView, reason: EndReason): void {
  wedge(current)
  const holder = holderFor(core, current)
  const { acceptor, log } = current
  if (holder !== undefined) {
    count(core, 'grant')
    send(core, holder.peer, {
      kind: 'grant',
      promised: acceptor.promised,
      accepted: acceptor.accepted,
      have: log.streams.map((stream) => stream.have),
      orderLength: log.order.length,
      withState: core.state.withState,
    })
  }
  for (const member of others(current)) {
    if (member !== holder) send(core, member.peer, { kind: 'bye', holder: holder?.id })
  }
  const isAlone = current.members.length === 1
  endWith(core, current, isAlone ? received(log.streams[current.rank]!) : undefined, reason)
}

/**
 * The next in rank, and after the last the first. Tabs of one window close together: this way two of them never hand their
 * votes to each other, and of several in a row only the votes of the foremost are lost.
 */
function holderFor(core: Core, current: CurrentView): MemberState | undefined {
  const { members, rank } = current
  const inTurn = [...members.slice(rank + 1), ...members.slice(0, rank)]
  const living = new Set(others(current))
  return inTurn.find((member) => living.has(member) && !isSuspected(core, member) && core.state.links.has(member.peer))
}

/** A closing member made this one the holder of its vote. */
export function onGrant(core: Core, current: CurrentView, rank: number, grant: GrantMessage): void {
  if (rank === current.rank || current.proxies.has(rank)) return
  current.proxies.set(rank, proxyOf(grant))
  noteDeparted(core, current, rank, core.state.self)
  countProxy(core, current)
}

export function onBye(
  core: Core,
  current: CurrentView,
  rank: number,
  { holder }: Extract<Message, { kind: 'bye' }>,
): void {
  noteDeparted(core, current, rank, holder)
  core.state.requests.delete(current.members[rank]!.id)
}

export function onLeave(current: CurrentView, rank: number): void {
  current.members[rank]!.leaving = true
}
