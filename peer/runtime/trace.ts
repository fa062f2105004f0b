import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import type { Fate } from '../base/errors.ts'
import type { Lineage, MemberId, MessageId } from '../base/ids.ts'

/** What every trace event carries: `t` in milliseconds, the member that writes, its group. */
export interface TraceHeader {
  readonly t: number
  readonly peer: MemberId
  readonly group: string
}

/** One line of a trace (rule TR1): the same in the simulator, in Node and in a browser. */
export type TraceEvent = TraceHeader & TraceBody

export type TraceBody =
  | {
      readonly event: 'install'
      readonly lineage: Lineage
      readonly number: number
      readonly members: readonly MemberId[]
      readonly primary: boolean
      /** Token of the witness that votes on its successor. */
      readonly witness?: string
    }
  | {
      readonly event: 'multicast'
      readonly id: MessageId
      readonly kind: CastKind
      readonly bytes: number
      /** Of a multicast that is not the application's: a step of bringing in a merged state. */
      readonly purpose?: CastPurpose
      /** The multicast of a lineage that is over of which this is a repetition. */
      readonly replayOf?: MessageId
    }
  | {
      readonly event: 'deliver'
      readonly id: MessageId
      readonly kind: CastKind
      readonly from: MemberId
      readonly lineage: Lineage
      readonly number: number
      readonly purpose?: CastPurpose
      readonly order?: number
    }
  | { readonly event: 'fate'; readonly id: MessageId; readonly fate: Fate }
  | { readonly event: 'state-saved'; readonly lineage: Lineage; readonly number: number; readonly digest: string }
  | {
      readonly event: 'state-loaded'
      readonly lineage: Lineage
      readonly number: number
      readonly digest: string
      readonly from: MemberId
    }
  | { readonly event: 'suspect'; readonly of: MemberId }
  | { readonly event: 'blocked' }
  | { readonly event: 'unblocked' }
  | ({ readonly event: 'left'; readonly reason: string } & Partial<MergedTrace>)
  | { readonly event: 'crash' }

/** Of one who has left its lineage for another (`reason: 'merged'`). */
export interface MergedTrace {
  readonly into: Lineage
  /** Multicasts of its own that the other lacks. */
  readonly unmerged: readonly MessageId[]
  /** Whether it sends them again there. */
  readonly replayed: boolean
}
