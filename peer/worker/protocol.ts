import type { MemberId, PeerId } from '../base/ids.ts'
import type { PortOutput } from '../client/membership-port.ts'
import type { EngineInspection } from '../engine/inspect.ts'
import type { Input } from '../engine/io.ts'
import type { MembershipOptions } from '../runtime/membership.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import type { ConnectionSignal, Measured, UnnumberedSignal } from '../transport/connection.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { Run } from './runs.ts'

/**
 * What a page and its worker tell each other, in order, as plain data. Memberships and links have numbers, which the page
 * gives to the former and the worker to the latter; a number is never used again.
 */
export type ToWorker =
  /** Links to others from now on; those that there were before are closed. */
  | { readonly type: 'open'; readonly self: PeerId; readonly before: number }
  | { readonly type: 'signal'; readonly from: PeerId; readonly data: unknown }
  | { readonly type: 'keep'; readonly peer: PeerId; readonly forMs: number }
  | { readonly type: 'retry'; readonly peer: PeerId }
  | { readonly type: 'settle'; readonly needed: readonly PeerId[] }
  | { readonly type: 'links' }
  | { readonly type: 'close' }
  /** The last word: answered by the last of the other side. */
  | { readonly type: 'end' }
  | { readonly type: 'join'; readonly group: number; readonly settings: Settings }
  | { readonly type: 'input'; readonly group: number; readonly input: Input }
  /** Multicasts, of the attempt that the page knew of. */
  | { readonly type: 'multicasts'; readonly group: number; readonly self: MemberId; readonly run: Run }
  /** The page has dealt with that many bytes of deliveries. */
  | { readonly type: 'taken'; readonly group: number; readonly bytes: number }
  | { readonly type: 'traced'; readonly group: number; readonly isTraced: boolean }
  | { readonly type: 'inspect'; readonly group: number }
  | { readonly type: 'pause' | 'resume' | 'stop'; readonly group: number }
  | { readonly type: 'link-channel'; readonly link: number; readonly channel: RTCDataChannel }
  | { readonly type: 'link-signal'; readonly link: number; readonly signal: UnnumberedSignal }
  | { readonly type: 'link-measured'; readonly link: number; readonly measured: Measured }
  | { readonly type: 'link-closed'; readonly link: number }

export type ToPage =
  /** The worker's script runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'ended' }
  | { readonly type: 'signal'; readonly to: PeerId; readonly data: unknown }
  | { readonly type: 'links'; readonly links: readonly LinkInfo[] }
  | { readonly type: 'version-mismatch'; readonly peer: PeerId; readonly version: number }
  /** What follows of this membership is of this attempt. */
  | { readonly type: 'began'; readonly group: number; readonly self: MemberId }
  | { readonly type: 'output'; readonly group: number; readonly output: PortOutput }
  | { readonly type: 'run'; readonly group: number; readonly run: Run }
  | { readonly type: 'trace'; readonly group: number; readonly event: TraceEvent }
  | { readonly type: 'ask-witness'; readonly group: number; readonly request: Uint8Array }
  | { readonly type: 'inspected'; readonly group: number; readonly engine: EngineInspection }
  /** A connection is asked for; its channel is to be handed over. */
  | { readonly type: 'link-connect'; readonly link: number; readonly initiator: boolean }
  | { readonly type: 'link-signal'; readonly link: number; readonly signal: ConnectionSignal }
  | { readonly type: 'link-measure' | 'link-destroy'; readonly link: number }

/** Of a membership: what does not change. */
export interface Settings
  extends Pick<
    MembershipOptions,
    'group' | 'peer' | 'attemptsBefore' | 'info' | 'hasState' | 'forks' | 'replays' | 'config'
  > {
  readonly isTraced: boolean
}
