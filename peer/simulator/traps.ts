import type { PeerId } from '../base/ids.ts'
import type { SimPeer } from './peer.ts'
import type { World } from './world.ts'

/** Strikes a peer at an exact step of a protocol: as it sends or gets the nth message of a kind. */
export interface Trap {
  readonly kind: string
  /** `sent`: right after it left, on one link; `received`: before it is handled; `handled`: after, before any answer leaves. */
  readonly moment: 'sent' | 'received' | 'handled'
  /** Counted from 1, over all peers that it is set for. */
  readonly nth: number
  /** Which peers it is set for. */
  readonly who: (peer: SimPeer) => boolean
  /** `other`: the other end of the link on which it was seen. */
  strike(peer: SimPeer, other: PeerId): void
}

/** Sets a trap; the returned function takes it away. It strikes once. */
export function setTrap(world: World, trap: Trap): () => void {
  let left = trap.nth
  const remove = world.messages.watch(({ moment, kind, from, to }) => {
    if (kind !== trap.kind || moment !== trap.moment) return
    const [id, other] = moment === 'sent' ? [from, to] : [to, from]
    const peer = world.peers.find((candidate) => candidate.id === id)
    if (peer === undefined || !peer.alive || !trap.who(peer) || --left > 0) return
    remove()
    trap.strike(peer, other)
  })
  return remove
}

/** Whether the peer is the eldest of its view. */
export function isEldest(peer: SimPeer): boolean {
  return peer.view?.members[0]?.id === peer.self
}
