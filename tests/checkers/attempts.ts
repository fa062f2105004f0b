/** Purpose: the attempts of one peer, which are members of their own: `peer.1`, `peer.2` … */

import type { History, Member } from './history.ts'

/** By peer, its attempts in their order. */
export function attemptsOf({ members }: History): ReadonlyMap<string, readonly Member[]> {
  const peers = new Map<string, Member[]>()
  for (const member of members.values()) {
    const attempts = peers.get(peerOf(member.id))
    if (attempts === undefined) peers.set(peerOf(member.id), [member])
    else attempts.push(member)
  }
  for (const attempts of peers.values()) attempts.sort((a, b) => attemptOf(a.id) - attemptOf(b.id))
  return peers
}

export function peerOf(member: string): string {
  const dot = member.lastIndexOf('.')
  return dot < 0 ? member : member.slice(0, dot)
}

function attemptOf(member: string): number {
  return Number(member.slice(member.lastIndexOf('.') + 1))
}
