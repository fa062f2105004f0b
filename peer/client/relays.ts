import { type MemberId, peerOf } from '../base/ids.ts'
import type { Membership } from '../runtime/membership.ts'
import type { LinkInfo } from '../transport/transport.ts'

/** Members that are reached through others only. What waits for them waits at the links to those. */
export function relaysOf({ ended, runtime }: Membership): LinkInfo[] {
  if (ended) return []
  const members = runtime.engine.inspect().view?.members ?? []
  return members.flatMap(({ id, departed, via, roundTripMs }) => {
    if (via === undefined || departed) return []
    return [{ peer: peerOf(id as MemberId), state: 'relayed', via, roundTripMs, bytesQueued: 0 }]
  })
}
