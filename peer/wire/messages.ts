import type { Lineage, MemberId, PeerId } from '../base/ids.ts'
import type { MemberRecord, ViewRecord } from '../base/view.ts'

/** The messages of a group. Ranks are those of the view named in the header; they never outlive it. */

/** A (round, rank) pair as one number: `round * BALLOT_RANKS + rank`. 0: none. */
export type Ballot = number

/** How a member without state gets it: from whom, and as of the boundary at which view `boundary` begins. */
export interface Transfer {
  readonly member: MemberId
  /** undefined: everyone with state was asked and none could save it. */
  readonly provider: MemberId | undefined
  readonly boundary: number
}

/** How a lineage goes on after a view. */
export type Passage =
  | { readonly type: 'on' }
  /** Without a quorum: those who agreed go on as a lineage of their own. */
  | { readonly type: 'fork'; readonly lineage: Lineage }
  /** It ends here, and its members join another. `fates`: where their streams ended as far as that one knows. */
  | { readonly type: 'dissolve'; readonly into: Lineage; readonly fates: readonly FateRecord[] }

/** What is agreed on: the successor of a view. */
export interface Value {
  /** The next members in rank order: survivors in their old order, then the joiners. */
  readonly members: readonly MemberRecord[]
  /** How many of them, at the end, are new. */
  readonly joiners: number
  /** Those of the old members that asked to leave. The others that are missing failed. */
  readonly left: readonly MemberId[]
  /** Entries of each stream of the old view that belong to it, by old rank. */
  readonly cut: readonly number[]
  /** Entries of the old view's order log that belong to it. */
  readonly orderCut: number
  /** Every next member that has no state yet. */
  readonly transfers: readonly Transfer[]
  /** Token of the witness that votes on the successor of the next view. */
  readonly witness: string | undefined
  readonly passage: Passage
}

export interface Accepted {
  readonly ballot: Ballot
  readonly value: Value
}

/** An acceptor's answer to `prepare`, for itself or, as a proxy's holder, for another rank. */
export interface PromiseMessage {
  readonly kind: 'promise'
  readonly ballot: Ballot
  /** The rank that votes. */
  readonly as: number
  readonly accepted: Accepted | undefined
  /** Causally complete prefix of each stream, frozen. */
  readonly have: readonly number[]
  readonly orderLength: number
  /** Contiguous prefix of each stream that is held, complete or not. */
  readonly held: readonly number[]
  readonly heldOrder: number
  readonly withState: boolean
  /** Members whose save failed for this one. */
  readonly refusedBy: readonly MemberId[]
  readonly leaving: boolean
}

/** One place of the order log: the stream's rank and the number of the ABCAST's entry. */
export interface OrderEntry {
  readonly rank: number
  readonly number: number
}

export interface Range {
  readonly rank: number
  readonly first: number
  readonly last: number
}

/** How a member hears or reaches another. `hops`: 1: it hears it over their own link, else how many links it takes, the next over `via`; 0: no way. */
export interface RouteNote {
  readonly rank: number
  readonly hops: number
  readonly via: number
  /** Of the whole way, in ms; 0: not measured. */
  readonly roundTripMs: number
}

export interface StatusMessage {
  readonly kind: 'status'
  /** Delivered, of each stream and of the order log; of its own stream: sent. */
  readonly have: readonly number[]
  readonly orderLength: number
  /** What others can get from it, delivered or not. */
  readonly held: readonly number[]
  readonly heldOrder: number
  /** The ballot it is wedged for; 0: not wedged. */
  readonly wedged: Ballot
  readonly withState: boolean
  readonly leaving: boolean
  /** Without state, and whoever was to give it cannot: a new provider is needed. */
  readonly needsState: boolean
  /** It sees no quorum. */
  readonly blocked: boolean
  /** It would rather go on without a quorum, as a lineage of its own, than wait. */
  readonly forks: boolean
  /** Its application does not keep up: everyone is to wait with what is not stamped yet. */
  readonly full: boolean
  /** Members that have held its window closed for too long. */
  readonly stalls: readonly number[]
  readonly suspects: readonly number[]
  /** Closed members whose vote it holds. */
  readonly proxies: readonly number[]
  /** Of every other member, while one is known to lack a direct link to another; else empty. */
  readonly routes: readonly RouteNote[]
}

export interface GrantMessage {
  readonly kind: 'grant'
  readonly promised: Ballot
  readonly accepted: Accepted | undefined
  readonly have: readonly number[]
  readonly orderLength: number
  readonly withState: boolean
}

/** How a left-out member's stream ended, for one that slept through it. */
export interface FateRecord {
  readonly number: number
  readonly member: MemberId
  readonly cut: number
}

/** Why a joiner is not let in: some have state and some not; no room; its id was a member's already. */
export type Refusal = 'state-mismatch' | 'group-full' | 'outdated'

export type Message =
  /** Entries of one stream, bytes as their sender wrote them, numbered from `first`. Up to `stable` all have them. */
  | {
      readonly kind: 'entries'
      /** Whose stream it is; undefined: the sender's own. */
      readonly rank: number | undefined
      readonly first: number
      readonly stable: number
      readonly entries: readonly Uint8Array[]
    }
  | { readonly kind: 'order'; readonly first: number; readonly entries: readonly OrderEntry[] }
  | StatusMessage
  /** What is complete at its sender, told as data comes in. */
  | { readonly kind: 'have'; readonly have: readonly number[]; readonly orderLength: number }
  | {
      readonly kind: 'pull'
      readonly ranges: readonly Range[]
      readonly orderFirst: number
      readonly orderLast: number
    }
  /** `sentAt`: the sender's clock, in whole ms; given back by the answer. 0: measures no link. */
  | { readonly kind: 'ping'; readonly sentAt: number }
  | { readonly kind: 'pong'; readonly sentAt: number }
  | { readonly kind: 'probe'; readonly member: MemberId }
  | { readonly kind: 'alive'; readonly member: MemberId }
  | { readonly kind: 'prepare'; readonly ballot: Ballot }
  | PromiseMessage
  | { readonly kind: 'nack'; readonly ballot: Ballot; readonly promised: Ballot }
  | {
      readonly kind: 'fill'
      readonly ballot: Ballot
      readonly cut: readonly number[]
      readonly orderCut: number
      /** For each stream the rank to pull from, and last the one for the order log. */
      readonly sources: readonly number[]
    }
  | { readonly kind: 'filled'; readonly ballot: Ballot; readonly held: readonly number[]; readonly heldOrder: number }
  | { readonly kind: 'accept'; readonly ballot: Ballot; readonly value: Value }
  | { readonly kind: 'accepted'; readonly ballot: Ballot; readonly as: number }
  | {
      readonly kind: 'decide'
      readonly view: ViewRecord
      readonly value: Value
      /** To a joiner: fates of those left out lately. */
      readonly fates: readonly FateRecord[]
    }
  /** The sender has not installed the view in question: it is still in the one of the header. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'join'; readonly member: MemberId; readonly info: Uint8Array; readonly hasState: boolean }
  | { readonly kind: 'refuse'; readonly member: MemberId; readonly reason: Refusal }
  | { readonly kind: 'leave' }
  | GrantMessage
  | { readonly kind: 'bye'; readonly holder: MemberId | undefined }
  /** The one addressed was left out of the view after `number`; `cut`: where its own stream ended, if that is still known. */
  | { readonly kind: 'verdict'; readonly number: number; readonly cut: number | undefined }
  | {
      readonly kind: 'hello'
      readonly lineage: Lineage
      readonly number: number
      readonly members: number
      /** Alone, and nothing was multicast yet: gives way to any other lineage. */
      readonly idle: boolean
      readonly blocked: boolean
    }
  | {
      readonly kind: 'chunk'
      readonly boundary: number
      readonly offset: number
      readonly total: number
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'chunk-ack'; readonly boundary: number; readonly received: number }
  | { readonly kind: 'save-failed'; readonly boundary: number }
  /** A message for a peer to whom its sender has no link, header included. */
  | {
      readonly kind: 'relay'
      readonly from: PeerId
      readonly to: PeerId
      readonly hopsLeft: number
      readonly attempt: number
      readonly lineageTag: number
      readonly number: number
      readonly message: Uint8Array
    }
  /** Without a quorum: asks for a commitment to go on as this lineage. Answered by a promise, or a nack. */
  | { readonly kind: 'fork'; readonly ballot: Ballot; readonly lineage: Lineage }
  /** From a lineage that may dissolve: asks whether the one addressed would take its members, and what it knows of them. */
  | { readonly kind: 'merge-ask'; readonly lineage: Lineage; readonly number: number }
  | {
      readonly kind: 'merge-offer'
      readonly lineage: Lineage
      readonly number: number
      readonly fates: readonly FateRecord[]
    }

export type MessageKind = Message['kind']

/** Number of each kind on the wire. Append only: a number is never used again. */
export const KIND_NUMBERS: { readonly [K in MessageKind]: number } = {
  entries: 1,
  order: 2,
  status: 3,
  pull: 4,
  ping: 5,
  pong: 6,
  probe: 7,
  alive: 8,
  prepare: 9,
  promise: 10,
  nack: 11,
  fill: 12,
  filled: 13,
  accept: 14,
  accepted: 15,
  decide: 16,
  behind: 17,
  join: 18,
  refuse: 19,
  leave: 20,
  grant: 21,
  bye: 22,
  verdict: 23,
  hello: 24,
  chunk: 25,
  'chunk-ack': 26,
  'save-failed': 27,
  relay: 28,
  fork: 29,
  'merge-ask': 30,
  'merge-offer': 31,
  have: 32,
}
