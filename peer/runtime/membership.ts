import type { Config } from '../base/config.ts'
import { type Lineage, type MemberId, memberId, type PeerId } from '../base/ids.ts'
import type { EndReason, Input } from '../engine/io.ts'
import type { Clock } from './clock.ts'
import { type GroupOutput, GroupRuntime } from './group-runtime.ts'
import type { Mux, Port } from './mux.ts'
import type { TraceEvent } from './trace.ts'

export interface MembershipOptions {
  readonly group: string
  readonly peer: PeerId
  readonly info: Uint8Array
  readonly hasState: boolean
  /** Attempts that this peer has already made at the group, so that no id is used twice. Default 0. */
  readonly attemptsBefore?: number
  readonly config: Config
  readonly clock: Clock
  readonly mux: Mux
  readonly digest?: (state: Uint8Array) => string
  /** The application's one sequence, over all attempts. `self` is the attempt that speaks. */
  app(output: GroupOutput, self: MemberId): void
  trace?(event: TraceEvent): void
}

/** Ends that call for a new attempt: the member did not want to go (FD4). */
const COME_BACK: ReadonlySet<EndReason> = new Set<EndReason>(['excluded', 'no-state', 'orphaned', 'superseded'])

/** Whether the member comes back by itself, under a new attempt, after an end for this reason. */
export function comesBack(reason: EndReason): boolean {
  return COME_BACK.has(reason)
}

/** One peer's membership in one group, attempt after attempt: an engine each. */
export class Membership {
  readonly #options: MembershipOptions
  #attempt: number
  #mux: Mux
  #paused = false
  #runtime!: GroupRuntime
  #port!: Port

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#attempt = options.attemptsBefore ?? 0
    this.#mux = options.mux
    this.#begin()
  }

  /** The attempt that is under way, or was the last. */
  get self(): MemberId {
    return memberId(this.#options.peer, this.#attempt)
  }

  get runtime(): GroupRuntime {
    return this.#runtime
  }

  get ended(): boolean {
    return this.#runtime.ended
  }

  /** Between `pause` and `resume` there is no attempt. */
  get paused(): boolean {
    return this.#paused
  }

  /** Whether another attempt follows the end of the present one for this reason. */
  comesBack(reason: EndReason): boolean {
    // One that is not let in yet says that it has left.
    return comesBack(reason) || (this.#paused && (reason === 'closed' || reason === 'left'))
  }

  /** Ends the attempt as a closing page does; another follows once `resume` is called. */
  pause(): void {
    if (this.#paused) return
    this.#paused = true
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
    this.#runtime.input(input)
  }

  found(lineage: Lineage): void {
    this.input({ type: 'found', lineage })
  }

  /** Stops without a word, as a crash would. */
  stop(): void {
    this.#runtime.stop()
    this.#port.close()
  }

  #begin(): void {
    const { group, info, hasState, config, clock, digest, trace, app } = this.#options
    this.#attempt++
    const self = this.self
    const runtime: GroupRuntime = new GroupRuntime({
      group,
      self,
      info,
      hasState,
      config,
      clock,
      ...(digest && { digest }),
      ...(trace && { trace }),
      send: (to, tag, message) => this.#port.send(to, tag, message),
      bad: (from) => this.#port.bad(from),
      app: (output) => {
        app(output, self)
        if (output.type === 'ended') this.#end(output.reason)
      },
    })
    this.#runtime = runtime
    this.#port = this.#mux.open(group, (input) => runtime.input(input))
    // The first step sets the engine's timers.
    runtime.input({ type: 'tick' })
    for (const peer of this.#port.peers()) runtime.input({ type: 'link', peer, up: true })
  }

  /** The new attempt begins once the old one has run to its end. */
  #end(reason: EndReason): void {
    this.#port.close()
    if (this.comesBack(reason) && !this.#paused) this.#options.clock.defer(() => this.#paused || this.#begin())
  }
}
