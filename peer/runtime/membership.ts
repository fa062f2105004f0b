import type { Place } from '../base/ancestry.ts'
import type { Config } from '../base/config.ts'
import { type Lineage, type MemberId, type MessageId, memberId, type PeerId } from '../base/ids.ts'
import type { EngineInspection } from '../engine/inspect.ts'
import type { EndReason, Input } from '../engine/io.ts'
import type { Clock } from './clock.ts'
import { type GroupOutput, GroupRuntime } from './group-runtime.ts'
import { Merging } from './merging.ts'
import type { Mux, Port } from './mux.ts'
import type { TraceEvent } from './trace.ts'

/** What an application is told, over all attempts. */
export type MembershipOutput =
  | Exclude<GroupOutput, { type: 'dissolved' | 'unsent' }>
  | MergedOutput
  /** A multicast was sent again after a merge, and it is not known whether anybody has it. */
  | { readonly type: 'replay-lost'; readonly id: MessageId }

/** This member's lineage is over, and it goes to another. */
export interface MergedOutput {
  readonly type: 'merged'
  readonly from: Lineage
  readonly into: Lineage
  /** Its own multicasts that are not part of the other's history, in the order of delivery. */
  readonly unmerged: readonly MessageId[]
  /**
   * At the eldest: those of members that were gone from the lineage when it ended. By view, then by sender, each one's in the
   * order of delivery.
   */
  readonly orphaned: readonly MessageId[]
  /** Whether it is for this member to reconcile the two states, if they are to be. */
  readonly reconciles: boolean
  /** Whether they are sent again there. */
  readonly replayed: boolean
  /** How many more may be missing there, which this member could not keep in mind. */
  readonly forgotten: number
}

export interface MembershipOptions {
  readonly group: string
  readonly peer: PeerId
  readonly info: Uint8Array
  readonly hasState: boolean
  /** Attempts that this peer has already made at the group, so that no id is used twice. Default 0. */
  readonly attemptsBefore?: number
  /** Whether it goes on without a quorum, as a lineage of its own. */
  readonly forks: boolean
  /** Whether what another lineage lacks is sent again there, after a merge. */
  readonly replays: boolean
  readonly config: Config
  readonly clock: Clock
  readonly mux: Mux
  readonly digest?: (state: Uint8Array) => string
  /** The application's one sequence, over all attempts. `self` is the attempt that speaks. */
  app(output: MembershipOutput, self: MemberId): void
  /** Hands a request to the room's witness; without it, this member has none. */
  askWitness?(request: Uint8Array): void
  trace?(event: TraceEvent): void
  isTraced?(): boolean
}

/** Ends that call for a new attempt: the member did not want to go (FD4). */
const COME_BACK: ReadonlySet<EndReason> = new Set<EndReason>([
  'excluded',
  'no-state',
  'orphaned',
  'superseded',
  'merged',
])

/** Whether the member comes back by itself, under a new attempt, after an end for this reason. */
export function comesBack(reason: EndReason): boolean {
  return COME_BACK.has(reason)
}

/** Whether another attempt follows an end for this reason, at one that is paused or not. */
export function isFollowed(reason: EndReason, isPaused: boolean): boolean {
  // One that is not let in yet says that it has left.
  return comesBack(reason) || (isPaused && (reason === 'closed' || reason === 'left'))
}

/** One peer's membership in one group, attempt after attempt: an engine each. */
export class Membership {
  readonly #options: MembershipOptions
  readonly #merging: Merging
  #attempt: number
  #runtime!: GroupRuntime
  #port!: Port
  #mux: Mux
  #paused = false
  #isBetween = false
  /** The witness's token, and whether the application keeps up, as last told: each attempt begins with them. */
  #witness: string | undefined
  #consumerFull = false

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#attempt = options.attemptsBefore ?? 0
    this.#mux = options.mux
    this.#merging = new Merging(
      options,
      (input) => this.#runtime.input(input),
      () => this.#runtime.engine.fates,
    )
    this.#begin()
  }

  /** The attempt that is under way, or was the last. */
  get self(): MemberId {
    return memberId(this.#options.peer, this.#attempt)
  }

  get runtime(): GroupRuntime {
    return this.#runtime
  }

  inspect(): EngineInspection {
    return this.#runtime.engine.inspect()
  }

  get ended(): boolean {
    return this.#runtime.ended
  }

  /** An attempt is over, and the next is about to begin. */
  get isBetween(): boolean {
    return this.#isBetween && !this.#paused
  }

  /** Between `pause` and `resume` there is no attempt. */
  get paused(): boolean {
    return this.#paused
  }

  /** Whether another attempt follows the end of the present one for this reason. */
  comesBack(reason: EndReason): boolean {
    return isFollowed(reason, this.#paused)
  }

  /** Ends the attempt as a closing page does; another follows once `resume` is called. */
  pause(): void {
    if (this.#paused) return
    this.#paused = true
    // Meanwhile nobody tells of another.
    this.#witness = undefined
    this.#merging.stop()
    this.#runtime.input({ type: 'close' })
  }

  /** Begins a new attempt, over these links. */
  resume(mux: Mux): void {
    if (!this.#paused) return
    this.#paused = false
    this.#mux = mux
    this.#begin()
  }

  input(input: Input): void {
    if (input.type === 'witness') this.#witness = input.token
    if (input.type === 'consumer') this.#consumerFull = input.full
    if (input.type === 'cancel') {
      const fate = this.#merging.cancel(input.ref, this.#runtime.engine.ended)
      if (fate !== undefined) return this.#options.app(fate, this.self)
    }
    if (input.type === 'found') return this.#runtime.input({ ...input, ...this.#merging.foundAs(input.lineage) })
    this.#runtime.input(input)
  }

  found(lineage: Lineage): void {
    this.input({ type: 'found', lineage })
  }

  /** Stops without a word, as a crash would. */
  stop(): void {
    this.#merging.stop()
    this.#isBetween = false
    this.#runtime.stop()
    this.#port.close()
  }

  #begin(): void {
    const { group, info, hasState, forks, config, clock, digest, trace, isTraced, askWitness } = this.#options
    this.#isBetween = false
    this.#attempt++
    const self = this.self
    const runtime: GroupRuntime = new GroupRuntime({
      group,
      self,
      info,
      hasState,
      forks,
      config,
      clock,
      ...(digest && { digest }),
      ...(trace && { trace }),
      ...(isTraced && { isTraced }),
      ...(askWitness && { askWitness }),
      replayOf: (ref) => this.#merging.replayOf(ref),
      merged: () => this.#merging.merged,
      send: (to, tag, message) => this.#port.send(to, tag, message),
      flush: () => this.#port.flush(),
      bad: (from) => this.#port.bad(from),
      app: (output, place) => this.#app(output, place, self),
    })
    this.#runtime = runtime
    this.#port = this.#mux.open(group, {
      input: (input) => runtime.input(input),
      inputs: (inputs) => runtime.inputs(inputs),
    })
    if (this.#witness !== undefined) runtime.input({ type: 'witness', token: this.#witness })
    if (this.#consumerFull) runtime.input({ type: 'consumer', full: true })
    // The first step sets the engine's timers.
    runtime.input({ type: 'tick' })
    for (const peer of this.#port.peers()) runtime.input({ type: 'link', peer, up: true })
    this.#merging.begin()
  }

  #app(output: GroupOutput, place: Place | undefined, self: MemberId): void {
    if (output.type === 'deliver') this.#options.app(this.#merging.delivered(output, place), self)
    else if (isOfApplication(output)) this.#options.app(output, self)
    else for (const told of this.#merging.take(output, self)) this.#options.app(told, self)
    if (output.type === 'ended') this.#end(output.reason)
  }

  /** The new attempt begins once the old one has run to its end. */
  #end(reason: EndReason): void {
    this.#port.close()
    if (!this.comesBack(reason)) return this.#merging.stop()
    if (this.#paused) return
    this.#isBetween = true
    this.#options.clock.defer(() => {
      if (this.isBetween) this.#begin()
    })
  }
}

/** Word of a multicast that the application asked for: of which there are many. */
function isOfApplication(output: GroupOutput): output is Extract<GroupOutput, { type: 'stamped' | 'stable' }> {
  return (output.type === 'stamped' || output.type === 'stable') && output.ref >= 0
}
