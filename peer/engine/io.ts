import type { CastKind, CastPurpose } from '../base/cast-kind.ts'
import type { Fate } from '../base/errors.ts'
import type { Lineage, MemberId, MessageId, PeerId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'
import type { FateRecord } from '../wire/messages.ts'

/**
 * The header under which a message travels: which attempt of its sender wrote it, and in which view.
 * `lineageTag` is a 32-bit hash of the lineage, 0 while the sender is in none.
 */
export interface Tag {
  readonly attempt: number
  readonly lineageTag: number
  readonly number: number
}

/** All that can happen to an engine. Each is given to `step(now, input)`. */
export type Input =
  /**
   * This peer is to found the group: it installs view 1 alone, with state. Ignored once it is a member. `fates`: those that its
   * lineage knew, if it goes on from one that is over.
   */
  | { readonly type: 'found'; readonly lineage: Lineage; readonly fates?: readonly FateRecord[] }
  | { readonly type: 'receive'; readonly from: PeerId; readonly tag: Tag; readonly message: Uint8Array }
  /** A direct link to a peer came up or broke. What was in flight on a broken link may be lost. */
  | { readonly type: 'link'; readonly peer: PeerId; readonly up: boolean }
  /** A sign that a peer may be gone (its socket at the server closed): silence counts sooner. */
  | { readonly type: 'hint'; readonly peer: PeerId }
  /** The token of the room's witness; undefined: it cannot be reached. */
  | { readonly type: 'witness'; readonly token: string | undefined }
  /** What the witness answered (`decodeWitnessAnswer`). */
  | { readonly type: 'witness-answer'; readonly answer: Uint8Array }
  /** Without a quorum: goes on with those that are reached, as a lineage of its own. Ignored by one that has a quorum. */
  | { readonly type: 'fork' }
  /** An outside failure detector suspects a member (an explorer, an operator). */
  | { readonly type: 'suspect'; readonly member: MemberId }
  | { readonly type: 'tick' }
  /**
   * `ref`: the caller's handle, named again by outputs about this multicast. Rising. `isBulk`: it takes its place when all of
   * its bytes are sent; those that are asked for meanwhile may go before it.
   */
  | {
      readonly type: 'multicast'
      readonly ref: number
      readonly kind: CastKind
      readonly payload: Uint8Array
      readonly isBulk?: boolean
    }
  /** Whether the application takes what it is given: if not, everyone is asked to wait. */
  | { readonly type: 'consumer'; readonly full: boolean }
  /**
   * This member has the state of a lineage that is over: it wants to bring both together. Once nothing is being sent any
   * more it is asked to (`reconcile`).
   */
  | { readonly type: 'reconcile' }
  /** Answer to `reconcile`: the state that everyone is to take; undefined: none, the group goes on as it is. */
  | { readonly type: 'reconciled'; readonly question: string; readonly state: Uint8Array | undefined }
  /** Takes back a multicast that was not stamped yet; of a large one parts may have been sent. */
  | { readonly type: 'cancel'; readonly ref: number }
  /** Leave with time: votes itself, then ends with reason `left`. */
  | { readonly type: 'leave' }
  /** The page is closing: hands its vote to one holder and ends at once with reason `closed`. */
  | { readonly type: 'close' }
  /** Answer to `save`; no state: the save failed, another provider is asked. */
  | { readonly type: 'saved'; readonly number: number; readonly state: Uint8Array | undefined }
  /** Answer to `load` and `load-merged`. A load that failed ends the membership with reason `state-load-failed`. */
  | { readonly type: 'loaded'; readonly ok: boolean }

/** Why a membership attempt is over. `excluded`, `no-state`, `orphaned`, `superseded` and `merged` call for a new attempt. */
export type EndReason =
  | 'left'
  | 'closed'
  | 'excluded'
  | 'no-state'
  | 'orphaned'
  | 'state-unavailable'
  | 'state-load-failed'
  | 'state-mismatch'
  | 'group-full'
  | 'superseded'
  /** Its lineage was dissolved into another, or it left a lineage without a quorum for one that has one. */
  | 'merged'
  /** An invariant broke here: the engine stopped as if it had crashed. */
  | 'broken'

/** All that an engine asks for. Drained after each step, in order; the application's part of it is one sequence (DL6). */
export type Output =
  | { readonly type: 'send'; readonly to: PeerId; readonly tag: Tag; readonly message: Uint8Array }
  /** To the room's witness (`decodeWitnessRequest`). */
  | { readonly type: 'ask-witness'; readonly request: Uint8Array }
  /** A view is entered. `left` went by their own will, `failed` were left out. Both in the old view's rank order. */
  | {
      readonly type: 'install'
      readonly view: ViewRecord
      readonly joined: readonly MemberRecord[]
      readonly left: readonly MemberRecord[]
      readonly failed: readonly MemberRecord[]
    }
  /** A multicast of this member got its place in its stream. */
  | {
      readonly type: 'stamped'
      readonly ref: number
      readonly id: MessageId
      readonly kind: CastKind
      readonly purpose: CastPurpose
      readonly bytes: number
    }
  /** `ref` is set for this member's own. `order`: place among the view's ABCASTs, from 1. */
  | {
      readonly type: 'deliver'
      readonly id: MessageId
      readonly kind: CastKind
      readonly purpose: CastPurpose
      readonly payload: Uint8Array
      readonly from: MemberRecord
      readonly ref: number | undefined
      /** Which message of its sender in this view, from 1. */
      readonly seq: number
      /** Number of its last entry in its sender's stream. */
      readonly last: number
      readonly order: number | undefined
    }
  /** Every member of its view has it, or the cut that ended the view holds it. */
  | { readonly type: 'stable'; readonly ref: number }
  /** What became of a multicast of a member that ends (RC1). `id` is missing when it was never stamped. */
  | { readonly type: 'fate'; readonly ref: number; readonly id: MessageId | undefined; readonly fate: Fate }
  /**
   * The end of a lineage: its members join another. Multicasts that are not part of that one's history are no longer part
   * of this group's: `fates` tells how far streams of the last common view are. `members`: those with state who ended it, by rank.
   */
  | {
      readonly type: 'dissolved'
      readonly view: ViewRecord
      readonly into: Lineage
      readonly fates: readonly FateRecord[]
      readonly members: readonly MemberId[]
    }
  /** A multicast that had no place in the dissolved lineage yet, to be sent in the other. */
  | {
      readonly type: 'unsent'
      readonly ref: number
      readonly kind: CastKind
      readonly payload: Uint8Array
      readonly isBulk: boolean
    }
  /** Save the application's state as of this place in the sequence; answer with `saved`. */
  | { readonly type: 'save'; readonly lineage: Lineage; readonly number: number }
  /** Load the state saved at the boundary where view `number` begins; answer with `loaded`. */
  | {
      readonly type: 'load'
      readonly lineage: Lineage
      readonly number: number
      readonly from: MemberRecord
      readonly state: Uint8Array
    }
  /** Everybody has stopped sending and has delivered the same: bring the two states together; answer with `reconciled`, and this question. */
  | { readonly type: 'reconcile'; readonly question: string }
  /** Load the state that a member has made out of two; answer with `loaded`. */
  | { readonly type: 'load-merged'; readonly from: MemberRecord; readonly state: Uint8Array }
  /** State transfer, in bytes, at both ends; `with`: the other end. */
  | { readonly type: 'progress'; readonly with: MemberRecord; readonly bytes: number; readonly total: number }
  /** A large value, in bytes: what came of one, or what all have of this member's own (`ref` is set). */
  | {
      readonly type: 'value-progress'
      readonly from: MemberRecord
      readonly ref: number | undefined
      readonly bytes: number
      readonly total: number
    }
  | { readonly type: 'status'; readonly status: 'member' | 'blocked' }
  | { readonly type: 'suspect'; readonly of: MemberId }
  /** `last`: the view it was in, and how far it had delivered each stream. */
  | {
      readonly type: 'ended'
      readonly reason: EndReason
      readonly last?: { readonly view: ViewRecord; readonly delivered: readonly number[] }
    }
  /** A message from this peer was none, or claimed what cannot be. Dropped; the third closes the link. */
  | { readonly type: 'bad'; readonly from: PeerId; readonly why: string }
