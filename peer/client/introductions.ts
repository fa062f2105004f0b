import type { Lineage, PeerId } from '../base/ids.ts'
import type { SignalingListener } from '../transport/signaling.ts'
import type { Connections } from './connections.ts'
import type { Room } from './room.ts'

/** A peer that lost its socket, or was left out of a view, is linked to for this long: it may come back. */
export const LOST_KEPT_MS = 60_000

export interface IntroductionsOptions extends Pick<SignalingListener, 'state' | 'signal' | 'iceServers' | 'refused'> {
  readonly rooms: ReadonlyMap<string, Room>
  /** Which links are wanted: those of the present connections. */
  wishes(): Pick<Connections, 'keep' | 'retry' | 'settle'>
  /** A fresh name, never drawn twice. */
  random(): string
  readonly hasWitness: boolean
}

/** What a peer makes of the introducer's words: who is in its rooms, whom it wants links to, and what its groups need to know. */
export function introductions(options: IntroductionsOptions): SignalingListener {
  const { rooms, wishes, random, hasWitness, ...rest } = options
  const inRoom = (
    name: string,
    act: (room: Room, wishes: ReturnType<IntroductionsOptions['wishes']>) => void,
  ): void => {
    const room = rooms.get(name)
    if (room === undefined) return
    act(room, wishes())
    wishes().settle()
  }
  const isKnown = (peer: PeerId): boolean => [...rooms.values()].some((room) => room.has(peer))
  return {
    ...rest,
    room: (name, peers) =>
      inRoom(name, (room, links) => {
        if (room.entered) for (const peer of peers) links.retry(peer)
        for (const peer of room.list(peers)) links.keep(peer, LOST_KEPT_MS)
      }),
    entered: (name, peer) =>
      inRoom(name, (room, links) => {
        if (!isKnown(peer)) links.retry(peer)
        room.add(peer)
      }),
    left: (name, peer, gone) =>
      inRoom(name, (room, links) => {
        room.delete(peer)
        if (!gone) return
        links.keep(peer, LOST_KEPT_MS)
        room.core.input({ type: 'hint', peer })
      }),
    founder: (name) => inRoom(name, ({ core }) => core.input({ type: 'found', lineage: random() as Lineage })),
    ...(hasWitness && {
      witness: (name, token) => inRoom(name, ({ core }) => core.input({ type: 'witness', token })),
      witnessAnswer: (name, answer) => inRoom(name, ({ core }) => core.input({ type: 'witness-answer', answer })),
    }),
  }
}
