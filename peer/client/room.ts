import type { TuttiError } from '../base/errors.ts'
import { type PeerId, peerOf } from '../base/ids.ts'
import type { Input } from '../engine/io.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { Connections } from './connections.ts'
import type { View } from './types.ts'

/** The part of a group's core that does not depend on its types. */
interface RoomCore {
  readonly joined: Promise<void>
  readonly view: View | undefined
  readonly leaving: boolean
  readonly attempts: number
  readonly relays: readonly LinkInfo[]
  input(input: Input): void
  giveUp(error: TuttiError): void
  leave(called?: 'left' | 'closed'): Promise<void>
  close(): void
  pause(): void
  resume(begin: () => Connections | undefined): void
}

/** One group of a peer, and who else is in its room at the signaling server. */
export class Room {
  readonly core: RoomCore
  /** Whether the server has let this peer into the room. */
  entered = false
  #present: Set<PeerId> = new Set()

  constructor(core: RoomCore) {
    this.core = core
  }

  /** The whole room, as after a reconnect. Returns those who were there before: they may only be slower to come back. */
  list(peers: readonly PeerId[]): PeerId[] {
    const before = this.#present
    this.entered = true
    this.#present = new Set(peers)
    return [...before].filter((peer) => !this.#present.has(peer))
  }

  /** The page is put aside: this peer is in no room of the server any more. */
  pause(): void {
    this.entered = false
    this.#present = new Set()
    this.core.pause()
  }

  add(peer: PeerId): void {
    this.#present.add(peer)
  }

  delete(peer: PeerId): void {
    this.#present.delete(peer)
  }

  has(peer: PeerId): boolean {
    return this.#present.has(peer)
  }

  /** Whom the group needs a link to: those in the room, and the members, who may be out of the server's reach. */
  needed(): Set<PeerId> {
    const members = this.core.view?.members ?? []
    return new Set([...this.#present, ...members.map(({ id }) => peerOf(id))])
  }
}
