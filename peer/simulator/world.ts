import { type Config, DEFAULT_CONFIG } from '../base/config.ts'
import type { MemberId, MessageId, PeerId } from '../base/ids.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import type { Ledger } from './application.ts'
import { Introducer } from './introducer.ts'
import { Messages } from './messages.ts'
import { Network } from './network.ts'
import { Payloads } from './payloads.ts'
import { SimPeer } from './peer.ts'
import { Random } from './random.ts'
import { Scheduler } from './scheduler.ts'
import { describe } from './settle.ts'

/** What the simulation itself found broken; what a trace can decide is for the checkers. */
export interface Violation {
  readonly rule: string
  readonly evidence: string
}

export interface WorldOptions {
  readonly seed: number
  readonly config: Config
  readonly hasState: boolean
  /** A saved state is padded to this size. */
  readonly statePaddedBytes: number
  readonly frameBytesMax: number
  /** What a link carries each way; undefined: any amount at once. */
  readonly bytesPerMs: number | undefined
  /** Every message takes exactly this long, links come up and applications answer at once; undefined: random. */
  readonly fixedDelayMs: number | undefined
  /** Whether the server has a witness. */
  readonly witness: boolean
  /** Whether members without a quorum go on as a lineage of their own. */
  readonly forks: boolean
  /** What becomes of a lineage's state and multicasts when it is dissolved into another. */
  readonly onMerge: 'adopt' | 'replay' | 'reconcile'
  /** Whether messages are read and counted by kind as they pass. */
  readonly watchMessages: boolean
}

const DEFAULT_OPTIONS: WorldOptions = {
  seed: 1,
  config: DEFAULT_CONFIG,
  hasState: true,
  statePaddedBytes: 0,
  frameBytesMax: 64 * 1024,
  bytesPerMs: undefined,
  fixedDelayMs: undefined,
  witness: true,
  forks: false,
  onMerge: 'adopt',
  watchMessages: false,
}

/** Links join all processes: so much may well come over each in one instant, once there are many. */
const EVENTS_AT_ONCE_A_LINK = 16

/** Everything that a simulation consists of, and its one way to move: `run`. */
export class World implements Ledger {
  readonly options: WorldOptions
  readonly scheduler = new Scheduler()
  readonly network: Network
  readonly introducer: Introducer
  readonly messages = new Messages()
  /** All that ever started, in order. */
  readonly peers: SimPeer[] = []
  /** `leaving`: one that crashed had asked to leave. */
  readonly trace: (TraceEvent & { readonly leaving?: boolean })[] = []
  readonly violations: Violation[] = []
  readonly payloads = new Payloads((rule, evidence) => this.violation(rule, evidence))
  readonly views = new Set<string>()
  /** Of which multicast another one is a repetition. */
  readonly replays = new Map<MessageId, MessageId>()
  /** Members that were rightly given up for holding a window closed, by view. */
  readonly stalls = new Set<string>()
  readonly #withdrawn = new Map<MemberId, number>()
  installs = 0
  /** How often each fault happened. */
  readonly faults = new Map<string, number>()
  /** Counters of the engines that have ended, summed. */
  readonly counters = new Map<string, number>()
  #halted = false

  constructor(options: Partial<WorldOptions> = {}) {
    this.options = { ...DEFAULT_OPTIONS, ...options }
    const { fixedDelayMs, frameBytesMax, bytesPerMs } = this.options
    const fixed = fixedDelayMs === undefined ? {} : { fixedDelayMs }
    this.network = new Network(this.scheduler, this.random('network'), {
      ...fixed,
      ...(bytesPerMs !== undefined && { bytesPerMs }),
      frameBytesMax,
      introducing: () => this.introducer.up,
    })
    if (this.options.watchMessages) this.network.observer = this.messages.observe
    this.introducer = new Introducer(this.scheduler, this.random('introducer'), this.network, {
      ...fixed,
      graceMs: 0,
      witness: this.options.witness,
      anyoneStands: () => this.peers.some((peer) => peer.alive && peer.view !== undefined),
    })
  }

  get now(): number {
    return this.scheduler.now
  }

  /** An independent stream of randomness, the same for the same seed and name. */
  random(stream: string): Random {
    return new Random(this.options.seed, stream)
  }

  /** Starts a process that joins the group. */
  start(): SimPeer {
    const peer = new SimPeer(this, `p${this.peers.length + 1}` as PeerId)
    this.peers.push(peer)
    const { scheduler } = this
    scheduler.eventsAtOnceMax = Math.max(scheduler.eventsAtOnceMax, EVENTS_AT_ONCE_A_LINK * this.peers.length ** 2)
    return peer
  }

  living(): SimPeer[] {
    return this.peers.filter((peer) => peer.alive)
  }

  /** Lets this much time pass. */
  run(forMs: number): void {
    this.#run(forMs, () => this.#halted)
  }

  /** Lets time pass until the condition holds, at most `withinMs`. Whether it came to hold. */
  runUntil(condition: () => boolean, withinMs: number): boolean {
    this.#run(withinMs, () => this.#halted || condition())
    return condition()
  }

  #run(forMs: number, stop: () => boolean): void {
    try {
      this.scheduler.run(this.now + forMs, stop)
    } catch (error) {
      this.violation('ends', `${error instanceof Error ? error.message : error}\n${describe(this)}`)
    }
  }

  /** Counts a fault that happened. */
  hit(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1)
  }

  /** Notes that a rule is broken; the run ends there. */
  violation(rule: string, evidence: string): void {
    this.violations.push({ rule, evidence: `t=${this.now}: ${evidence}` })
    this.#halted = true
  }

  /** The multicast that this one repeats, or repeats a repetition of; itself if it is none. */
  originOf(id: MessageId): MessageId {
    const before = this.replays.get(id)
    return before === undefined ? id : this.originOf(before)
  }

  /** How many values a member has taken back of which parts were sent. */
  noteWithdrawn(sender: MemberId, count: number): void {
    this.#withdrawn.set(sender, count)
  }

  withdrawn(sender: MemberId): number {
    return this.#withdrawn.get(sender) ?? 0
  }

  isReplay(id: MessageId): boolean {
    return this.replays.has(id)
  }

  /** Adds up the counters of an engine that is about to end. */
  collect(peer: SimPeer): void {
    for (const [name, count] of Object.entries(peer.membership.runtime.engine.counters())) {
      this.counters.set(name, (this.counters.get(name) ?? 0) + count)
    }
  }
}
