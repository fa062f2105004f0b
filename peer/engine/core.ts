import { sizeOf } from '../base/deque.ts'
import type { MessageId, PeerId } from '../base/ids.ts'
import { type Contact, newContact } from '../membership/failure-detector.ts'
import { encode } from '../wire/codec.ts'
import type { Message } from '../wire/messages.ts'
import type { Output } from './io.ts'
import { currentTag, sendBytes, sendBytesToAll } from './routing.ts'
import type { Core, CurrentView, MemberState } from './state.ts'

/** Small things that all parts of the engine do. */

/** Counts a branch that was taken, for `inspect` and for a simulation that wants to see every branch. */
export function count(core: Core, branch: string): void {
  const { counters } = core.state
  counters.set(branch, (counters.get(branch) ?? 0) + 1)
}

/** An output of the application's sequence: kept back while a joiner's state is not loaded. */
export function tell(core: Core, output: Output): void {
  const { state } = core
  if (state.incoming === undefined) {
    core.out.push(output)
    return
  }
  state.withheld.push(output)
  if (output.type === 'deliver') state.withheldBytes += output.payload.length
}

/** Takes what was withheld: it is told now, or never. */
export function takeWithheld({ state }: Core): Output[] {
  state.withheldBytes = 0
  return state.withheld.splice(0)
}

export function send(core: Core, to: PeerId, message: Message): void {
  sendBytes(core, to, currentTag(core), encode(message))
}

/** To every other member of the view that has not said goodbye: encoded once. */
export function broadcast(core: Core, current: CurrentView, message: Message): void {
  const peers = others(current).map(({ peer }) => peer)
  sendBytesToAll(core, peers, current.tag, encode(message))
}

export function others(current: CurrentView): MemberState[] {
  return current.members.filter((member, rank) => rank !== current.rank && !member.departed && !member.superseded)
}

export function contactOf(core: Core, peer: PeerId): Contact {
  let contact = core.state.contacts.get(peer)
  if (contact === undefined) {
    contact = newContact(core.now)
    core.state.contacts.set(peer, contact)
  }
  return contact
}

/** Whether this member takes that one for failed: its own opinion. */
export function isSuspected(core: Core, member: MemberState): boolean {
  const contact = core.state.contacts.get(member.peer)
  return member.superseded || member.stalled || contact?.suspected === true || contact?.deaf === true
}

/** Whether anything of this member has no place yet. */
export function isSending({ state }: Core): boolean {
  return sizeOf(state.queue) + sizeOf(state.bulk) > 0
}

export function bad(core: Core, from: PeerId, why: string): void {
  core.out.push({ type: 'bad', from, why })
}

export function idOf(current: CurrentView, rank: number, seq: number): MessageId {
  return `${current.idPrefixes[rank]!}${seq}` as MessageId
}

export function coordinatorRank(core: Core, current: CurrentView): number {
  return current.members.findIndex((member, rank) =>
    rank === current.rank ? core.state.withState : member.withState && !member.departed && !isSuspected(core, member),
  )
}

/** Notes a goodbye. */
export function noteDeparted(
  core: Core,
  current: CurrentView,
  rank: number,
  holder: CurrentView['members'][number]['id'] | undefined,
): void {
  const member = current.members[rank]
  if (member === undefined || rank === current.rank) return
  if (member.departed) return
  member.departed = true
  member.departedAt = core.now
  member.holder = holder
}

export function tellSuspicion(core: Core, of: MemberState['id']): void {
  count(core, 'suspect')
  core.out.push({ type: 'suspect', of })
}
