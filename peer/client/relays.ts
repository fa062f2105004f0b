import { type MemberId, peerOf } from '../base/ids.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { MembershipPort } from './membership-port.ts'

/** Members that are reached through others only. What waits for them waits at the links to those. */
export function relaysOf(membership: MembershipPort): LinkInfo[] {
  if (membership.ended) return []
  const members = membership.inspect()?.view?.members ?? []
  return members.flatMap(({ id, departed, via, roundTripMs }) => {
    if (via === undefined || departed) return []
    return [{ peer: peerOf(id as MemberId), state: 'relayed', via, roundTripMs, bytesQueued: 0 }]
  })
}
