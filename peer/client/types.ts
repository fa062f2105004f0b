/// <reference lib="esnext.disposable" preserve="true" />

import type { CastKind } from '../base/cast-kind.ts'
import type { Config } from '../base/config.ts'
import type { TuttiError } from '../base/errors.ts'
import type { Lineage, MemberId, MessageId, PeerId } from '../base/ids.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import type { Signaling, SignalingState } from '../transport/signaling.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { RuntimeOption } from './connections.ts'
import type {
  FailureEvent,
  GroupMessageEvent,
  MergeEvent,
  SignalingEvent,
  StateEvent,
  StatusEvent,
  ValueProgressEvent,
  ViewEvent,
} from './events.ts'

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A tutti signaling server by its address, or a way of one's own of being introduced. */
export type Server = string | URL | Signaling

export interface ConnectOptions {
  /** Who introduces this peer to the others. Several servers (failover) are not built yet: `unsupported`. */
  readonly signaling: Server | readonly Server[]
  /** Shown to the other members. With `metadata` at most `memberInfoBytesMax`, encoded. */
  readonly name?: string | undefined
  /** Shown to the other members: anything JSON can say. */
  readonly metadata?: Json | undefined
  /** For a server that asks for one; a function is asked again at each connection. */
  readonly token?: string | (() => Promise<string>) | undefined
  /** End-to-end encryption. Not built yet: `unsupported`. */
  readonly passphrase?: string | undefined
  /** STUN and TURN servers; default: those that the signaling server names. */
  readonly iceServers?: RTCIceServer[] | undefined
  /** A WebRTC implementation, for Node: an object with `RTCPeerConnection`, `RTCSessionDescription`, `RTCIceCandidate`. */
  readonly wrtc?: unknown
  /** Where links and engines run: `inWorker` of 'tutti/worker'. Default: in this thread. Not together with `wrtc`. */
  readonly runtime?: RuntimeOption | undefined
  /** Takes the trace (rule TR1) of every group of this peer, each from its first install on. */
  trace?(event: TraceEvent): void
  /**
   * Whether a witness breaks ties: a vote in the signaling server, so that either of two members can go on without the
   * other. It sees no multicast, and does not read what it keeps. Default true, if the server has one; should be the same for all members.
   */
  readonly witness?: boolean | undefined
  /**
   * Timeouts and limits that differ from `DEFAULT_CONFIG`: whole numbers, times at most 2,000,000,000 ms. Should be the
   * same for all members.
   */
  readonly config?: Partial<Config> | undefined
}

/** One running process that can be in several groups, all over the same links. */
export interface Peer extends EventTarget, AsyncDisposable {
  /** New at every load of a page. */
  readonly id: PeerId
  /** Whether the introducer can be reached; groups go on without it. Each change is a 'signaling' event. */
  readonly signaling: SignalingState
  /**
   * The ways to other peers: to whom, direct or relayed, round trip in ms, bytes queued. One that has no usable link of its
   * own, and is reached through another member of a group, is `relayed` with `via`.
   */
  readonly links: readonly LinkInfo[]
  /**
   * Joins the group of this name, or founds it. `name`: 1 to 128 characters. Resolves when this peer is a member and
   * its state is loaded, before the first message is handed out; stays pending while nobody can be reached.
   * Rejects with a TuttiError: `aborted` (the signal), `closed`, `state-unavailable`, `state-load-failed`,
   * `state-mismatch`, `not-admitted` (by the server, or a group that is full), `version-mismatch`, `invalid-option`,
   * `unsupported`, `too-large`, `not-encodable` (the name).
   */
  join<M = unknown, S = unknown>(name: string, options?: JoinOptions<M, S>): Promise<Group<M, S>>
  /** Leaves every group (at most `fateTimeoutMs`), then closes the links and the connection to the server. */
  close(): Promise<void>

  addEventListener<K extends keyof PeerEventMap>(type: K, listener: Listener<PeerEventMap[K]>, options?: Capture): void
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Capture): void
  removeEventListener<K extends keyof PeerEventMap>(type: K, listener: Listener<PeerEventMap[K]>, options?: Once): void
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Once): void
}

/** How the application's state reaches a latecomer. The state is what the default codec encodes, up to `stateBytesMax`. */
export interface StateOption<S> {
  /** Gives the state as of this place in the sequence of events. No event is handed out until it settles. */
  save(): S | Promise<S>
  /** Replaces the state by one that another member saved. No event is handed out until it settles. */
  load(state: S): void | Promise<void>
}

export interface JoinOptions<M = unknown, S = unknown> {
  /** Must be given by all members of a group or by none (`state-mismatch`). */
  readonly state?: StateOption<S> | undefined
  /**
   * How values become bytes; the same at all members. Default: JSON values, Uint8Array, bigint, undefined, Date, Blob, File,
   * and `ReadableStream<Uint8Array>`, which is read to its end and arrives as a Blob; nested anywhere. A Uint8Array that
   * arrives is a copy, but its `buffer` may hold others, too: transfer, post or store what `slice()` makes of it.
   */
  readonly codec?: Codec<M> | undefined
  /**
   * What a member does when those it reaches are no quorum. `block`, the default: it waits, until enough of the others are
   * back or the application calls `fork()`. `fork`: after `forkAfterMs` it goes on with those it reaches, as a lineage of
   * its own (`view.primary` is false there), which merges with the others' once they meet again.
   */
  readonly onQuorumLoss?: 'block' | 'fork' | undefined
  /**
   * What becomes of multicasts that only this side has when two lineages meet and this one is the one to end: each such end
   * is a 'merge' event. `adopt`, the default: the others' state is loaded, and what they lack is named by the event.
   * `replay`: besides, each member multicasts again, under new ids, what it had sent.
   * A function makes one state out of both (it needs `state`): it is called at the eldest of the lineage that ends, and
   * everyone, in the whole group, loads what it returns. The group sends nothing meanwhile: `saveTimeoutMs` at most.
   */
  readonly onMerge?: 'adopt' | 'replay' | ((mine: S, theirs: S) => S | Promise<S>) | undefined
  /** Not built yet: `unsupported`. */
  readonly admit?: ((candidate: Member) => boolean | Promise<boolean>) | undefined
  /** Gives up joining. Without effect once this peer has joined. */
  readonly signal?: AbortSignal | undefined
}

/** How values of one type become bytes. */
export interface Codec<M> {
  /** Throws for what it can't encode. The bytes must not be changed afterwards. */
  encode(value: M): Uint8Array
  /** Throws for bytes that are no value. Must not change the bytes. */
  decode(bytes: Uint8Array): M
}

/** A member as a view shows it. */
export interface Member {
  /** `peer.attempt`: new each time this peer joins. */
  readonly id: MemberId
  /** As given to `connect`; empty when none was given. */
  readonly name: string
  /** As given to `connect`; null when none was given. */
  readonly metadata: Json
  /** Place in the view, from 0, eldest first; of one who went: its last place. Changes from view to view. */
  readonly rank: number
}

/** What all members of the group have agreed on: who is in it. */
export interface View {
  /** One history of the group, from its founding on. */
  readonly lineage: Lineage
  /** Rising within a lineage, from 1. */
  readonly number: number
  /** In rank order, eldest first. */
  readonly members: readonly Member[]
  /** Whether this is the group's main line of history, and no fork of it. */
  readonly primary: boolean
}

/**
 * `blocked`: too few members can be reached to go on. `rejoining`: left out by mistake, or its page was in the back/forward
 * cache; coming back by itself.
 */
export type GroupStatus = 'member' | 'blocked' | 'rejoining' | 'left'

/** A causal past as a short string. */
export type CausalToken = string & { readonly causalToken: unique symbol }

export interface CastOptions {
  /** Causes to wait for. Not built yet: `unsupported`. */
  readonly after?: readonly CausalToken[] | undefined
  /** Default `all`. `declared` is not built yet: `unsupported`. */
  readonly causes?: 'all' | 'declared' | undefined
  /** Takes the multicast back as long as it is not sent: its receipt rejects with `aborted`. No effect afterwards. */
  readonly signal?: AbortSignal | undefined
}

export interface AbcastOptions extends CastOptions {
  /** Delivered once a quorum has it. Not built yet: `unsupported`. */
  readonly safe?: boolean | undefined
  /** Delivered once a quorum has it on disk. Not built yet: `unsupported`. */
  readonly durable?: boolean | undefined
  /** Order only among messages that share a key. Not built yet: `unsupported`. */
  readonly keys?: readonly string[] | undefined
}

/** The three ways to multicast. */
export interface Caster<M = unknown> {
  /**
   * Multicasts a value that never overtakes what its sender had seen. Delivered here at once.
   * Throws a TuttiError: `not-encodable`, `too-large`, `queue-full`, `left`, `closed`, `excluded`, `unsupported`.
   * Blobs, Files and streams in it are read first, and others may go before it: if one can not be read, or a stream has
   * more than `messageBytesMax`, the receipt rejects with `not-encodable` or `too-large`, and all streams are cancelled.
   */
  cbcast(value: M, options?: CastOptions): Receipt
  /** Multicasts a value that all members deliver in the same order. Throws as `cbcast` does. */
  abcast(value: M, options?: AbcastOptions): Receipt
  /** Multicasts a value that waits for nothing but its sender's earlier ones. Throws as `cbcast` does. */
  fbcast(value: M, options?: CastOptions): Receipt
}

/** Where and when a multicast was delivered here. */
export interface Delivery {
  readonly id: MessageId
  readonly kind: CastKind
  /** The view in which it was sent and delivered. */
  readonly view: View
  /** Its place among the ABCASTs of the view, from 1; ABCASTs only. */
  readonly order?: number
  /** When, in ms since 1970. */
  readonly at: number
}

/**
 * What became of a multicast. Resolves when it was delivered here: listeners ran, iterators hold it. Rejects with a
 * TuttiError whose `fate` says `not-sent`, `in-cut` (all who go on deliver it) or `unknown`. A failure that nobody
 * awaits raises no unhandled rejection; it shows as an 'error' event of the group.
 */
export interface Receipt extends PromiseLike<Delivery> {
  /** Resolves when every member of the view has it, or the cut that ended the view holds it. Rejects as the receipt does. */
  readonly stable: Promise<Delivery>
}

/** What a group tells, in one sequence: to `addEventListener` and to iterators alike. */
export type GroupEvent<M = unknown> =
  | ViewChange
  | Message<M>
  | { readonly type: 'status'; readonly status: GroupStatus }
  | Progress
  | ValueProgress
  | Merge
  | { readonly type: 'error'; readonly error: TuttiError }

/** A view is entered. `left` went by their own will, `failed` were left out by the others. */
export interface ViewChange {
  readonly type: 'view'
  readonly view: View
  readonly joined: readonly Member[]
  readonly left: readonly Member[]
  readonly failed: readonly Member[]
}

/** A multicast is delivered. */
export interface Message<M = unknown> {
  readonly type: 'message'
  readonly id: MessageId
  readonly kind: CastKind
  readonly value: M
  readonly from: Member
  readonly view: View
  /** Its place among the ABCASTs of the view, from 1; ABCASTs only. */
  readonly order?: number
}

/** A transfer of state goes on, at both ends. Sizes in bytes. */
export interface Progress {
  readonly type: 'state'
  /** The other end. */
  readonly from: Member
  readonly bytes: number
  readonly total: number
}

/**
 * A large value is on its way: of another member, how much of it has come; of this member's own, how much of it all others
 * have. Sizes in bytes. Taken back, or begun anew after a view change, it starts again or ends without a word.
 */
export interface ValueProgress {
  readonly type: 'progress'
  /** Whose value it is. */
  readonly from: Member
  readonly bytes: number
  readonly total: number
}

/**
 * This member's lineage of the group is over: it met another one, which its members join. The view there follows, and the
 * state, if the group has one. What was multicast in the lineage that is over is not part of it, unless it is sent again.
 */
export interface Merge {
  readonly type: 'merge'
  /** The lineage that is over. */
  readonly from: Lineage
  readonly into: Lineage
  /** Multicasts of this member that the other lineage lacks. */
  readonly unmerged: readonly MessageId[]
  /**
   * At the eldest: multicasts that the other lineage lacks, of members that had gone before. Nobody sends them again, unless
   * their sender went on elsewhere and does so itself.
   */
  readonly orphaned: readonly MessageId[]
  /** Whether they are sent again by this member, under new ids (`onMerge: 'replay'`). */
  readonly replayed: boolean
  /** How many more may be lacking: deliveries too long ago to be kept in mind (`replayBytesMax`). */
  readonly forgotten: number
}

/** One process group, as this member sees it. Stays the same object through all rejoins. */
export interface Group<M = unknown, S = unknown>
  extends EventTarget,
    AsyncIterable<GroupEvent<M>>,
    AsyncDisposable,
    Caster<M> {
  readonly name: string
  /** This member; its `id` changes when it rejoins. */
  readonly self: Member
  readonly view: View
  readonly status: GroupStatus
  /** How the application's state travels, as given to `join`. */
  readonly state: StateOption<S> | undefined
  /** Several multicasts, all or none. Not built yet: throws `unsupported`. */
  batch(build: (cast: Caster<M>) => void): Receipt
  /** All delivered so far. Not built yet: throws `unsupported`. */
  token(): CausalToken
  /** Waits for all that a token stands for. Not built yet: rejects with `unsupported`. */
  reached(token: CausalToken, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * A stream whose writes are multicasts, each accepted when the one before it was delivered here. One that fails ends
   * the stream; aborting the stream takes back the one that waits to be sent. Throws a TuttiError: `invalid-option`.
   */
  writable(kind: 'cbcast' | 'abcast' | 'fbcast'): WritableStream<M>
  /**
   * Goes on without those who are out of reach, with all that are blocked together with this member, as a lineage of its
   * own. Resolves in the first view of that lineage, or when this member is not blocked any more for another reason.
   * Rejects with a TuttiError: `not-blocked` (there is a quorum), `left`, `closed`, `excluded` (the membership ended).
   */
  fork(): Promise<void>
  /** What is going on inside, to read only. */
  inspect(): GroupInspection
  /** Takes this group's trace from now on (rule TR1); the returned function ends that. Throws a TuttiError: `invalid-option`. */
  trace(listener: (event: TraceEvent) => void): () => void
  /** Leaves by agreement of the others, after sending what was multicast before; at most about `fateTimeoutMs`. */
  leave(): Promise<void>
  /**
   * The events from now on, the current view first (as if nobody had joined or gone). Events wait for an iterator, up
   * to `consumerQueueBytesMax`; one that then asks for nothing for `consumerStallMs` ends with `consumer-stalled`.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<GroupEvent<M>>

  addEventListener<K extends keyof GroupEventMap<M>>(
    type: K,
    listener: Listener<GroupEventMap<M>[K]>,
    options?: Capture,
  ): void
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Capture): void
  removeEventListener<K extends keyof GroupEventMap<M>>(
    type: K,
    listener: Listener<GroupEventMap<M>[K]>,
    options?: Once,
  ): void
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: Once): void
}

/** A group from inside: plain data, made at the call. */
export interface GroupInspection {
  readonly name: string
  readonly self: MemberId
  readonly status: GroupStatus
  readonly view: View
  /** Multicasts of this member that are not sent yet. */
  readonly queued: { readonly messages: number; readonly bytes: number }
  /** Events that iterators hold unread. */
  readonly unread: { readonly iterators: number; readonly bytes: number }
  /** What holds events back: the application is saving or loading its state. */
  readonly busy: 'saving' | 'loading' | undefined
  /** The engine: vectors, buffers, timers, counters. Its shape is for people, and changes. */
  readonly engine: Readonly<Record<string, unknown>>
}

/** The events of a Group, by type. */
export interface GroupEventMap<M = unknown> {
  view: ViewEvent
  message: GroupMessageEvent<M>
  status: StatusEvent
  state: StateEvent
  progress: ValueProgressEvent
  merge: MergeEvent
  error: FailureEvent
}

/** The events of a Peer, by type. */
export interface PeerEventMap {
  signaling: SignalingEvent
  /** The server refused something, or a peer speaks another version of the protocol (`not-admitted`, `version-mismatch`). */
  error: FailureEvent
}

type Listener<E extends Event> = ((event: E) => void) | { handleEvent(event: E): void } | null
type Capture = AddEventListenerOptions | boolean
type Once = EventListenerOptions | boolean
