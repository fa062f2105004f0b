import type { Config } from '../base/config.ts'
import type { PeerId } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Connections } from './connections.ts'
import type { GroupTrace } from './group-trace.ts'
import type { GroupEvent, JoinOptions, Member, View } from './types.ts'

/** What a group needs of its peer. */
export interface GroupHost {
  /** This member is in a view of its group, which left out those who failed; undefined: it no longer is. */
  standing(view: View | undefined, failed: readonly Member[]): void
  /** The membership is over for good. */
  ended(): void
  /** Hands a request to the room's witness, if there is one. */
  askWitness(request: Uint8Array): void
}

/** What a peer gives to a group. */
export interface GroupParts<M, S> {
  readonly name: string
  readonly peer: PeerId
  /** Attempts that this peer has made at the group before, in earlier joins. */
  readonly attemptsBefore: number
  readonly info: Uint8Array
  readonly join: JoinOptions<M, S>
  readonly config: Config
  readonly clock: Clock
  readonly connections: Connections
  readonly trace: GroupTrace
  readonly host: GroupHost
}

/** What the group that the application holds gives to its core. */
export interface GroupFace<M> {
  /** Whether anybody may listen to messages. */
  hears(): boolean
  /** Takes each event, for listeners. */
  emit(event: GroupEvent<M>): void
}
