import { assertNever } from '../base/assert.ts'
import { TuttiError } from '../base/errors.ts'
import { attemptOf, type MemberId } from '../base/ids.ts'
import { type MemberRecord, rankOf } from '../base/view.ts'
import type { EndReason, Input } from '../engine/io.ts'
import type { MergedOutput } from '../runtime/membership.ts'
import type { LinkInfo } from '../transport/transport.ts'
import { Casts } from './casts.ts'
import { defaultCodec } from './codec.ts'
import type { Connections } from './connections.ts'
import { endError, GONE, Going, type GoneCode, heldUp, isTold, replayLost } from './ends.ts'
import type { GroupFace, GroupParts } from './group-parts.ts'
import { Iterators } from './iterators.ts'
import { memberIn, memberOf, viewOf } from './member-info.ts'
import type { MembershipPort, PortOutput } from './membership-port.ts'
import { mergeOf, messageOf, progressOf } from './message-of.ts'
import type { Cast } from './receipt.ts'
import { Reconciler } from './reconciler.ts'
import { relaysOf } from './relays.ts'
import { Sequence } from './sequence.ts'
import { StateKeeper } from './state-keeper.ts'
import type { Codec, GroupEvent, GroupStatus, Member, View } from './types.ts'
import { Untold } from './untold.ts'

/** An item of the application's one sequence: what the engine tells, the fate of what never reached it, the end. */
type Item =
  | Delivered
  | Extract<PortOutput, { type: 'stable' }>
  | { readonly type: 'output'; readonly output: EventOutput; readonly self: MemberId }
  | { readonly type: 'unsent'; readonly cast: Cast; readonly error: TuttiError }
  | { readonly type: 'over'; readonly reason: EndReason }
  | { readonly type: 'resume'; begin(): Connections | undefined }

/** What has a place in that sequence. */
type EventOutput = Exclude<PortOutput, { type: 'stamped' | 'deliver' | 'stable' }>
type Delivered = Extract<PortOutput, { type: 'deliver' }>

/** A rough size of an event that carries no payload, for the bound of what iterators hold. */
const EVENT_BYTES = 256
/** What a leave may take beyond what the engine takes at most. */
const LEAVE_GRACE_MS = 1_000

/** One group from inside: turns the engine's outputs into the application's one sequence of events. */
export class GroupCore<M, S> {
  readonly casts: Casts<M>
  readonly iterators: Iterators<M>
  readonly membership: MembershipPort
  /** Settles once: this peer has joined with its state loaded, or can't. */
  readonly joined: Promise<void>
  view: View | undefined
  self: Member | undefined
  status: GroupStatus = 'rejoining'
  readonly state: StateKeeper<S>
  readonly #options: GroupParts<M, S> & GroupFace<M>
  readonly #codec: Codec<M>
  readonly #reconciler: Reconciler<S>
  readonly #sequence = new Sequence<Item>((item) => this.#take(item))
  #settleJoined!: { resolve(): void; reject(error: TuttiError): void }
  #hasJoined = false
  /** In a view, with the state of the group. */
  #ready = false
  #blocked = false
  #going: Going | undefined
  /** What one who has left is called: its peer may be closed, and can't join again. */
  #called: 'left' | 'closed' = 'left'
  readonly #untold: Untold
  /** Whose message was the last. */
  #lastMember: Member | undefined
  /** Why nothing can be multicast any more. */
  #over: GoneCode | undefined

  constructor(options: GroupParts<M, S> & GroupFace<M>) {
    const { name, peer, attemptsBefore, info, join, config, clock, connections, trace, host } = options
    this.#options = options
    this.#codec = join.codec ?? (defaultCodec as Codec<M>)
    this.iterators = new Iterators(clock, config, (full) => this.input({ type: 'consumer', full }))
    this.joined = new Promise((resolve, reject) => {
      this.#settleJoined = { resolve, reject }
    })
    this.joined.catch(() => {})
    this.#untold = new Untold({
      hold: () => this.#sequence.hold(),
      tell: (error) => this.#emit({ type: 'error', error }),
    })
    this.casts = new Casts({
      codec: this.#codec,
      config,
      check: () => this.checkOpen(),
      excluded: () => !this.#ready || this.membership.paused,
      input: (input) => this.input(input),
      unsent: (cast, error) => this.#sequence.push({ type: 'unsent', cast, error }),
    })
    this.state = new StateKeeper<S>({
      state: join.state,
      config,
      clock,
      iterators: this.iterators,
      hold: () => this.#sequence.hold(),
      answer: (input) => this.membership.input(input),
      failed: (error) => this.#emit({ type: 'error', error }),
      loaded: (error) => this.#loaded(error),
    })
    this.#reconciler = new Reconciler<S>({
      merge: typeof join.onMerge === 'function' ? join.onMerge : undefined,
      state: join.state,
      config,
      clock,
      iterators: this.iterators,
      hold: () => this.#sequence.hold(),
      input: (input) => this.membership.input(input),
      failed: (error) => this.#emit({ type: 'error', error }),
    })
    this.membership = connections.membership({
      group: name,
      peer,
      attemptsBefore,
      info,
      hasState: join.state !== undefined,
      forks: join.onQuorumLoss === 'fork',
      replays: join.onMerge === 'replay',
      config,
      digest: (state) => trace.digest(state),
      trace: (event) => trace.take(event),
      isTraced: () => trace.isHeard,
      askWitness: (request) => host.askWitness(request),
      app: (output, self) => {
        // At once: what is sent while the application saves its state is not to be taken for not sent.
        if (output.type === 'stamped') this.casts.stamped(output.ref)
        else if (output.type === 'deliver' || output.type === 'stable') this.#sequence.push(output)
        else this.#sequence.push({ type: 'output', output, self })
      },
    })
  }

  /** How many attempts at membership the peer has made. */
  get attempts(): number {
    return attemptOf(this.membership.self)
  }

  /** Members that are reached through others only. */
  get relays(): LinkInfo[] {
    return relaysOf(this.membership)
  }

  get leaving(): boolean {
    return this.#going !== undefined
  }

  /** Gives the engine an input; between two attempts, the next one's. */
  input(input: Input): void {
    if (this.#over !== undefined || this.membership.paused) return
    if (!this.membership.isBetween) this.membership.input(input)
    else this.#options.clock.defer(() => this.input(input))
  }

  /** Leaves by agreement; ends all the same if that takes too long. `called`: what a multicast throws from now on. */
  leave(called: 'left' | 'closed' = 'left'): Promise<void> {
    if (this.#over !== undefined) return Promise.resolve()
    if (this.#going !== undefined) return this.#going.done
    const { clock, config } = this.#options
    this.#called = called
    this.#going = new Going('left')
    this.#going.cancel = clock.at(clock.now() + config.fateTimeoutMs + LEAVE_GRACE_MS, () => this.#force('left'))
    if (this.membership.paused) this.#sequence.push({ type: 'over', reason: 'left' })
    else this.input({ type: 'leave' })
    return this.#going.done
  }

  /** The page is closing: ends in this turn. */
  close(): void {
    if (this.#over !== undefined) return
    this.#going ??= new Going('closed')
    this.#going.code = 'closed'
    this.#force('closed')
  }

  /** The page may be put aside: the attempt ends as if it closed, and the group waits for `resume`. */
  pause(): void {
    if (this.#over !== undefined) return
    if (this.#going === undefined) this.membership.pause()
    else this.#force('left')
  }

  /**
   * Begins a new attempt once the application knows all of the one before, over the links that `begin` names then;
   * none: not now.
   */
  resume(begin: () => Connections | undefined): void {
    this.#sequence.push({ type: 'resume', begin })
  }

  /** Gives joining up, for this reason; one who has joined stays. */
  giveUp(error: TuttiError): void {
    if (this.#hasJoined) return
    this.#settleJoined.reject(error)
    void this.leave()
  }

  /** Throws once this member is on its way out. */
  checkOpen(): void {
    const gone = this.#over ?? this.#going?.code
    if (gone === undefined) return
    const code = gone === 'left' ? this.#called : gone
    throw new TuttiError(code, `${GONE[code]}: ${code === 'closed' ? 'connect' : 'join the group'} again to go on`)
  }

  #take(item: Item): void {
    if (this.#over !== undefined) return
    if (item.type === 'deliver') return this.#deliver(item)
    if (item.type === 'stable') return this.casts.stable(item.ref)
    if (item.type === 'output') return this.#output(item.output, item.self)
    if (item.type === 'over') return this.#finish(item.reason)
    if (item.type === 'resume') return this.#resume(item.begin)
    item.cast.fail(item.error)
    this.#untold.add(item.cast)
  }

  #resume(begin: () => Connections | undefined): void {
    const { clock } = this.#options
    // Put aside from inside a handler of its own, or elsewhere than here, the attempt is still about to end.
    if (!this.membership.ended) return void clock.at(clock.now(), () => this.resume(begin))
    begin()?.resume(this.membership)
  }

  #output(output: EventOutput, self: MemberId): void {
    switch (output.type) {
      case 'install':
        return this.#install(output, self)
      case 'fate':
        return this.#untold.add(this.casts.fate(output.ref, output.fate, this.#going?.code ?? 'excluded'))
      case 'save':
        return void this.state.save(output.number)
      case 'load':
        return this.#load(output.state)
      case 'progress':
      case 'value-progress':
        return this.#emit(progressOf(output, this.#member(output.type === 'progress' ? output.with : output.from)))
      case 'status':
        this.#blocked = output.status === 'blocked'
        return this.#showStatus()
      case 'suspect':
        return
      case 'merged':
        return this.#merged(output)
      case 'replay-lost':
        return this.#emit({ type: 'error', error: replayLost(output.id) })
      case 'reconcile':
        return void this.#reconciler.reconcile(output.question)
      case 'load-merged':
        if (output.from.id === self) this.#reconciler.done()
        return void this.state.load(output.state)
      case 'ended':
        return this.#ended(output.reason)
      default:
        return assertNever(output)
    }
  }

  #merged(output: MergedOutput): void {
    this.#emit(mergeOf(output))
    if (output.reconciles) void this.#reconciler.keep(output.from)
  }

  #install(output: Extract<PortOutput, { type: 'install' }>, self: MemberId): void {
    const before = this.view
    const view = viewOf(output.view)
    const gone = (record: MemberRecord): Member => memberIn(before, record) ?? memberOf(record, -1)
    this.view = view
    this.#lastMember = undefined
    this.self = view.members[rankOf(output.view, self)] ?? this.self
    const failed = output.failed.map(gone)
    this.#options.host.standing(view, failed)
    const joined = output.joined.map((record) => this.#member(record))
    this.#emit({ type: 'view', view, joined, left: output.left.map(gone), failed })
    const founded = output.view.number === 1 && output.view.members.length === 1
    if (founded || this.#options.join.state === undefined) this.#becomeReady()
  }

  #deliver(output: Delivered): void {
    const { id, kind, payload, ref, order } = output
    const view = this.view
    if (view === undefined || output.purpose !== 'message') return
    if (this.iterators.count > 0 || this.#options.hears()) {
      const from = this.#member(output.from)
      this.#emit(messageOf(this.#codec, payload, { id, kind, from, view, order }), payload.length)
    }
    if (ref !== undefined) this.casts.delivered(ref, output, view)
  }

  #load(state: Uint8Array): void {
    // The application has given joining up: its state is its own again.
    if (this.#going !== undefined && !this.#hasJoined) this.membership.input({ type: 'loaded', ok: false })
    else void this.state.load(state)
  }

  #loaded(error: TuttiError | undefined): void {
    if (error === undefined) return this.#becomeReady()
    this.#settleJoined.reject(error)
    // The attempt that would end for this has ended already.
    if (this.membership.paused) this.#sequence.push({ type: 'over', reason: 'state-load-failed' })
  }

  /** Whoever awaits `join` gets to run, and to listen, before the first message is handed out. */
  #becomeReady(): void {
    if (this.#ready || this.#over !== undefined || this.membership.paused) return
    this.#ready = true
    if (this.view !== undefined) this.#reconciler.ready(this.view.lineage)
    this.#showStatus()
    if (this.#hasJoined) return
    this.#hasJoined = true
    this.#settleJoined.resolve()
    const { clock } = this.#options
    clock.at(clock.now(), this.#sequence.hold())
  }

  #ended(reason: EndReason): void {
    this.#ready = false
    this.#blocked = false
    this.#options.host.standing(undefined, [])
    if (reason === 'excluded' && this.iterators.isFull) this.#emit({ type: 'error', error: heldUp() })
    if (!this.membership.comesBack(reason)) {
      for (const cast of this.casts.rest(this.#going?.code ?? 'left')) this.#untold.add(cast)
      this.#sequence.push({ type: 'over', reason })
      return
    }
    this.#showStatus()
    // A leaver was left out before it could leave: the attempt that follows is not wanted any more.
    if (this.#going) this.#options.clock.defer(() => this.input({ type: 'leave' }))
  }

  /** Ends without waiting for what the application or the engine still has to say. */
  #force(reason: 'left' | 'closed'): void {
    this.input({ type: 'close' })
    if (this.#over !== undefined) return
    this.membership.stop()
    this.#untold.flush(this.casts.rest(reason))
    this.#finish(reason)
  }

  #finish(reason: EndReason): void {
    const error = endError(reason)
    this.#settleJoined.reject(error)
    if (this.#hasJoined && !isTold(error)) this.#emit({ type: 'error', error })
    this.status = 'left'
    this.#emit({ type: 'status', status: 'left' })
    this.#over = this.#going?.code ?? (reason === 'superseded' ? 'excluded' : 'left')
    this.iterators.end()
    this.state.end()
    this.#options.host.ended()
    this.#going?.finish()
  }

  #showStatus(): void {
    const status = this.#ready ? (this.#blocked ? 'blocked' : 'member') : 'rejoining'
    if (status === this.status) return
    this.status = status
    this.#emit({ type: 'status', status })
  }

  #emit(event: GroupEvent<M>, payloadBytes = 0): void {
    if (this.#over !== undefined) return
    // Iterators take it in a later turn: listeners are first all the same.
    this.iterators.push(event, EVENT_BYTES + payloadBytes)
    this.#options.emit(event)
  }

  #member(record: MemberRecord): Member {
    // Mostly the one before.
    if (this.#lastMember?.id === record.id) return this.#lastMember
    this.#lastMember = memberIn(this.view, record) ?? memberOf(record, -1)
    return this.#lastMember
  }
}
