import type { Lineage, PeerId } from '../base/ids.ts'
import type { SignalingListener } from './signaling.ts'

// What tabs of one origin say to each other over a BroadcastChannel to be introduced. They run the same page, so what
// comes is not judged as closely as what a server relays.

export type LocalWord =
  /** There is a new hub, which knows nobody. */
  { readonly type: 'hub' } | LocalHello | LocalRequest | LocalEvent

/** A tab comes to the hub, with all rooms that it is in and where it stands in each one's group. */
export interface LocalHello {
  readonly type: 'hello'
  readonly from: string
  readonly self: PeerId
  readonly entries: readonly (readonly [room: string, standing: LocalStanding | undefined])[]
}

/** A tab asks something of the hub. */
export interface LocalRequest {
  readonly type: 'request'
  readonly from: string
  readonly call: LocalCall
}

/** The hub tells one tab what its listener is to hear. */
export interface LocalEvent {
  readonly type: 'event'
  readonly to: string
  readonly event: keyof SignalingListener
  readonly args: readonly unknown[]
}

export type LocalCall =
  | { readonly type: 'enter' | 'leave'; readonly room: string }
  | { readonly type: 'announce'; readonly room: string; readonly standing: LocalStanding | undefined }
  | { readonly type: 'signal'; readonly room: string; readonly to: PeerId; readonly data: unknown }
  | { readonly type: 'witness'; readonly room: string; readonly bytes: Uint8Array }
  | { readonly type: 'close' }

export interface LocalStanding {
  readonly lineage: Lineage
  readonly number: number
}
