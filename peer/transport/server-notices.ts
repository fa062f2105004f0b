import type { Socket } from 'socket.io-client'
import { ROOM_NAME_MAX, type ServerToClient, WITNESS_BYTES_MAX } from '../../signaling/protocol.ts'
import { bytesIn, isOptionalText, isRecord, isText, type Unchecked } from './shapes.ts'
import type { SignalingListener } from './signaling.ts'
import { isIceServers, isNamed, isPeers } from './signaling-checks.ts'

/** Characters of what the server says when it refuses something. */
export const REASON_MAX = 1_024

interface Hearer {
  readonly listener: SignalingListener
  /** Whether what comes by this socket still counts. */
  isCurrent(): boolean
  /** Whether this peer is in the room. */
  isIn(room: string): boolean
}

/** Hands on what the server says, none of which is trusted to have the right shape, or to concern a room that this peer is in. */
export function hearServer(socket: Pick<Socket, 'on'>, { listener, isCurrent, isIn }: Hearer): void {
  const on = <E extends keyof ServerToClient>(event: E, act: (message: Unchecked<Notice<E>>) => void) =>
    socket.on(event as string, (message: unknown) => {
      if (isRecord(message) && isCurrent()) act(message as Unchecked<Notice<E>>)
    })
  const onRoom = <E extends keyof ServerToClient>(
    event: E,
    act: (message: Unchecked<Notice<E>>, room: string) => void,
  ) =>
    on(event, (message) => {
      const { room } = message as { room?: unknown }
      if (typeof room === 'string' && isIn(room)) act(message, room)
    })

  on('welcome', ({ iceServers }) => isIceServers(iceServers) && listener.iceServers(iceServers))
  on('refused', ({ reason, room }) => {
    if (isText(reason, REASON_MAX) && isOptionalText(room, ROOM_NAME_MAX)) listener.refused(reason, room)
  })
  onRoom('room', ({ peers, witness }, room) => {
    if (!isPeers(peers) || !(witness === undefined || isNamed<string>(witness))) return
    listener.witness?.(room, witness)
    listener.room(room, peers)
  })
  onRoom('entered', ({ peer }, room) => isNamed(peer) && listener.entered(room, peer))
  onRoom('left', ({ peer, gone }, room) => {
    if (isNamed(peer) && typeof gone === 'boolean') listener.left(room, peer, gone)
  })
  onRoom('founder', (_, room) => listener.founder(room))
  onRoom('signal', ({ from, data }) => isNamed(from) && listener.signal(from, data))
  onRoom('witness', ({ data }, room) => {
    const bytes = bytesIn(data)
    if (bytes !== undefined && bytes.length <= WITNESS_BYTES_MAX) listener.witnessAnswer?.(room, bytes)
  })
  onRoom('witness-token', ({ witness }, room) => isNamed<string>(witness) && listener.witness?.(room, witness))
}

/** The payload of an event of the server. */
type Notice<E extends keyof ServerToClient> = Parameters<ServerToClient[E]>[0]
