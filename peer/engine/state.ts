import type { CastKind } from '../base/cast-kind.ts'
import type { Config } from '../base/config.ts'
import type { Deque } from '../base/deque.ts'
import type { Lineage, MemberId, PeerId } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import type { Acceptor } from '../membership/acceptor.ts'
import type { Contact } from '../membership/failure-detector.ts'
import type { Cut } from '../membership/flush.ts'
import type { JoinRequest } from '../membership/join.ts'
import type { ProxyVote } from '../membership/leave.ts'
import type { Coordinator } from '../membership/view-agreement.ts'
import type { MessageLog } from '../ordering/message-log.ts'
import type { Outgoing } from '../transfer/provider.ts'
import type { Incoming } from '../transfer/receiver.ts'
import type { Ballot, FateRecord, RouteNote, Transfer, Value } from '../wire/messages.ts'
import type { Output, Tag } from './io.ts'

/** The whole state of one membership attempt: plain data. Field names that end in `At` or `Ms` are times. */
export interface EngineState {
  readonly self: MemberId
  readonly peer: PeerId
  readonly attempt: number
  readonly info: Uint8Array
  readonly hasState: boolean
  /** Whether it goes on as a lineage of its own when it has been without a quorum for a while. */
  readonly forks: boolean
  phase: 'joining' | 'member' | 'ended'
  /** The view this member is in; set from the first install on. */
  current: CurrentView | undefined
  /** Peers with a direct link. */
  readonly links: Set<PeerId>
  /** For peers without one: who brought their last message. */
  readonly vias: Map<PeerId, PeerId>
  readonly contacts: Map<PeerId, Contact>
  /** For each peer, who asked whether it is alive and has no answer yet. */
  readonly askers: Map<PeerId, PeerId[]>
  /** Multicasts that were not stamped yet, in their order. */
  readonly queue: Deque<Waiting>
  /** Values that others of this member may overtake until all of their bytes are sent. */
  readonly bulk: Deque<Waiting>
  /** The application does not take what it is given. */
  consumerFull: boolean
  /** Whether the others were told that this member holds their windows closed. */
  toldFull: boolean
  readonly requests: Map<MemberId, JoinRequest>
  /** Decisions of the last views, oldest first, for those who missed one. */
  readonly decisions: Decision[]
  readonly fates: FateRecord[]
  /** Whether the application's state is loaded, so that this member may coordinate, provide and send. */
  withState: boolean
  incoming: Incoming | undefined
  /** Whose save failed for this member. */
  readonly refusedBy: MemberId[]
  /** What the application may see once its state is loaded. */
  readonly withheld: Output[]
  /** Of the payloads in it. */
  withheldBytes: number
  /** States being given, by boundary. */
  readonly outgoing: Map<number, Outgoing>
  /** Messages of views that are not installed here yet. */
  ahead: Ahead[]
  aheadBytes: number
  blocked: boolean
  /** Since when. */
  blockedAt: number
  /** Asked to fork by hand. */
  forkAsked: boolean
  /** The witness's token as last told; undefined: it cannot be reached from here. */
  witnessToken: string | undefined
  /** Since when that is another one than the view's; undefined: it is the same. */
  witnessDiffersAt: number | undefined
  /** How long that may go on before it is a reason for a view change. */
  witnessPatienceMs: number
  /** When it was asked last, and how long its last answer took. */
  witnessAskedAt: number
  witnessRoundTripMs: number
  /** Other lineages of the group that were heard of. */
  readonly met: Map<Lineage, Meeting>
  /** The one that would take this lineage's members. */
  offer: Offer | undefined
  mergeAskAtMs: number
  /** How far this member is with bringing in a state made out of two. */
  reconciling: Reconciling | undefined
  leaving: boolean
  /** When nobody with state is left that could be heard. */
  orphanedAt: number | undefined
  leaveAtMs: number
  joinAtMs: number
  heartbeatAtMs: number
  /** When others than the members are told of this lineage again. */
  helloAtMs: number
  statusAtMs: number
  /** Something else than data has come since all was looked at, or data that changes what is thought of a member. */
  isStirred: boolean
  /** When the next tick was asked for, to notice one's own lateness. */
  promisedAtMs: number
  readonly counters: Map<string, number>
}

export interface Waiting {
  readonly ref: number
  readonly kind: CastKind
  readonly payload: Uint8Array
}

/** A value of which parts were sent in this view. */
export interface Sending {
  readonly ref: number
  readonly total: number
  /** How far. */
  offset: number
}

/** A member of another lineage that was heard. */
export interface Meeting {
  readonly peer: PeerId
  readonly members: number
  readonly blocked: boolean
  readonly heardAt: number
}

/** An ABCAST by its place in the order, and what was delivered here up to it, itself included, stream by stream. */
export interface AbcastPlace {
  readonly order: number
  readonly delivered: readonly number[]
}

export interface Reconciling {
  phase: 'wanted' | 'pausing' | 'computing' | 'computed' | 'sent'
  /** The view in which it is that far; in another it begins anew. */
  number: number
  /** Of its pause in that view, once it is delivered here. */
  pause: AbcastPlace | undefined
  state: Uint8Array | undefined
}

export interface Offer {
  readonly into: Lineage
  readonly fates: readonly FateRecord[]
  readonly heardAt: number
}

export interface Decision {
  readonly view: ViewRecord
  readonly value: Value
}

export interface Ahead {
  readonly from: PeerId
  readonly tag: Tag
  readonly message: Uint8Array
}

/** All that belongs to one view and ends with it. Ranks are this view's. */
export interface CurrentView {
  readonly view: ViewRecord
  readonly rank: number
  readonly tag: Tag
  /** Of ids, up to the number: for each rank. */
  readonly idPrefixes: readonly string[]
  readonly log: MessageLog
  readonly acceptor: Acceptor<Value>
  /** To a fork: irrevocable, for the lineage this member has crashed. */
  commitment: { readonly ballot: Ballot; readonly lineage: Lineage } | undefined
  /** The witness has voted for a later view of this lineage. */
  isPastWitness: boolean
  readonly members: readonly MemberState[]
  readonly transfers: readonly Transfer[]
  /** Acceptors of closed members that this one holds. */
  readonly proxies: Map<number, ProxyVote>
  coordinator: Coordinator
  /** Whether all its promises in this view said that it has state: a coordinator may go by the first of them. */
  promisedWithState: boolean
  /** As coordinator it has all the answers that it can get, and they are no quorum. */
  isStuck: boolean
  /** The highest ballot seen. */
  seen: Ballot
  /** What a coordinator asked this member to fetch. */
  fill: Fill | undefined
  /** The rank for which everyone has stopped sending. */
  pausedBy: number | undefined
  /** The ABCAST that ended the last pause. */
  resumedAfter: AbcastPlace | undefined
  /** The value that is being sent in parts. */
  sending: Sending | undefined
  /** Entries of this member's stream that were sent, and of the order log. */
  entriesTold: number
  entriesToldAtMs: number
  /** For peers whose link is newer than the view: how many of these were sent before. */
  readonly toldBeforeLink: Map<PeerId, number>
  orderTold: number
  /** Sum of what was told last, to see that there is news; bytes that came since; when, and when it is told again. */
  toldProgress: number
  untoldBytes: number
  toldAtMs: number
  haveAtMs: number
  /** Of each stream, and of the order log, what every member has. */
  readonly stable: number[]
  orderStable: number
  /** Streams for which that may have changed. */
  readonly unsettled: Set<number>
  /** Since when this member's window has been closed while something waits. */
  closedAt: number | undefined
  pullAtMs: number
  /** Pulls that did not close the gap: others are asked in turn. */
  pullsInVain: number
  /** What was held of each stream that lacks something, and of the order log (behind the last rank), when that was last looked at. */
  readonly pulled: Map<number, number>
  /** Answers to pulls, by `peer/rank`: from where on it was asked, up to where it was answered, when. */
  readonly answered: Map<string, { readonly first: number; readonly last: number; readonly sentAtMs: number }>
}

/** What this member knows of one member of the view. */
export interface MemberState {
  readonly id: MemberId
  readonly peer: PeerId
  /** As it told: what it has delivered of each stream (of its own: sent) and of the order log; and what can be had from it. */
  readonly have: number[]
  orderLength: number
  readonly held: number[]
  heldOrder: number
  wedged: Ballot
  withState: boolean
  needsState: boolean
  leaving: boolean
  blocked: boolean
  /** Would rather go on without a quorum than wait. */
  forks: boolean
  /** Said goodbye; `holder`: who answers for it. */
  departed: boolean
  departedAt: number
  holder: MemberId | undefined
  /** The holder has shown that it has the vote. */
  isProxied: boolean
  /** A later attempt of the same peer showed up, so this one is gone. */
  superseded: boolean
  /** Its application does not keep up: it asks everyone to wait. */
  full: boolean
  /** When it was last known to have got further. */
  movedAt: number
  /** Has held a window closed for too long: a suspicion that hearing it does not end. */
  stalled: boolean
  /** Its links and ways, as it told; undefined: it has not told any. */
  routes: readonly RouteNote[] | undefined
}

export interface Fill extends Cut {
  readonly ballot: Ballot
  readonly coordinator: number
  readonly sources: readonly number[]
}

/** What the functions of the engine work on. */
export interface Core {
  readonly config: Config
  readonly state: EngineState
  now: number
  out: Output[]
}
