import type { CastKind } from '../base/cast-kind.ts'
import type { Lineage, MemberId, PeerId } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import type { EndReason } from '../engine/io.ts'
import { digestOf } from '../runtime/digest.ts'
import { comesBack, Membership, type MembershipOutput } from '../runtime/membership.ts'
import { Mux } from '../runtime/mux.ts'
import { Application, type SimReceipt, withoutPadding } from './application.ts'
import { Consumer } from './consumer.ts'
import { FlowWatch } from './flow-watch.ts'
import { Process } from './process.ts'
import type { Random } from './random.ts'
import { SelfBlame } from './self-blame.ts'
import type { World } from './world.ts'

/** How a process ended, or that it runs. */
export type Ending = 'running' | 'crashed' | 'closed' | 'left'

const GROUP = 'room'
/** Ends that only failing applications, or too many members, bring about. */
const WITHOUT_CAUSE: ReadonlySet<EndReason> = new Set<EndReason>([
  'state-unavailable',
  'state-load-failed',
  'group-full',
  'broken',
])
const encoder = new TextEncoder()

/** One simulated process: the shipping runtime over the virtual network, and the replicated application. */
export class SimPeer {
  readonly id: PeerId
  readonly process: Process
  readonly application: Application
  readonly membership: Membership
  readonly #world: World
  readonly #random: Random
  readonly consumer: Consumer
  readonly #selfBlame: SelfBlame
  readonly #flowWatch: FlowWatch
  #mux: Mux
  ending: Ending = 'running'
  /** The view of the present attempt. */
  view: ViewRecord | undefined
  blocked = false
  /** Its application is saving or loading: what was delivered since waits for that. */
  busy = false
  /** Saves fail while this is set. */
  savesFail = false
  /** The attempt that has asked to leave. */
  #leaving: MemberId | undefined
  /** How many members this attempt has given up for holding its window closed: that is no matter of clocks. */
  #stalls = 0
  /** The attempt that has said its last word. */
  #ended: MemberId | undefined
  /** The state of a lineage that is over, until it is brought together with the other's. */
  #mine: Uint8Array | undefined
  /** Called after each delivery, from inside the handler. */
  onDeliver: (() => void) | undefined

  constructor(world: World, id: PeerId) {
    this.#world = world
    this.id = id
    this.#random = world.random(`peer ${id}`)
    this.#selfBlame = new SelfBlame(world)
    this.#flowWatch = new FlowWatch(world)
    const failed = (error: unknown) => {
      world.violation('exception', `${this.membership?.self ?? id}: ${error instanceof Error ? error.stack : error}`)
      this.crash()
    }
    this.process = new Process(world.scheduler, this.#random, failed, () => this.#turned())
    this.application = new Application(world)
    this.consumer = new Consumer({
      scheduler: world.scheduler,
      process: this.process,
      queueBytesMax: world.options.config.consumerQueueBytesMax,
      full: (full) => this.input({ type: 'consumer', full }),
    })
    const { clock } = this.process
    const links = world.network.attach(
      id,
      {
        up: (peer) => this.#mux.up(peer),
        down: (peer) => this.#mux.down(peer),
        frame: (peer, bytes) => {
          // A greeting is of the link, not of the group.
          if (bytes[0] !== 0) this.#selfBlame.heard(peer)
          this.#mux.frame(peer, bytes)
        },
      },
      (run) => this.process.handle(run),
    )
    this.#mux = new Mux({
      links,
      clock,
      versionMismatch: (peer) => world.violation('exception', `${id} took ${peer} for one of another version`),
    })
    this.membership = new Membership({
      group: GROUP,
      peer: id,
      info: encoder.encode(id),
      hasState: world.options.hasState,
      forks: world.options.forks,
      replays: world.options.onMerge === 'replay',
      config: world.options.config,
      clock,
      mux: this.#mux,
      digest: (state) => digestOf(withoutPadding(state)),
      app: (output, self) => this.#app(output, self),
      askWitness: (request) => world.introducer.askWitness(id, request),
      trace: (event) => {
        // One clock for all lines, whatever the process takes for the time.
        if (!this.process.alive) return
        world.trace.push({ ...event, t: world.now })
        if (event.event === 'multicast' && event.replayOf !== undefined) world.replays.set(event.id, event.replayOf)
      },
    })
    world.introducer.connect({
      id,
      found: (lineage) => this.#found(lineage),
      hint: (peer) => this.input({ type: 'hint', peer }),
      witness: (token) => this.input({ type: 'witness', token }),
      witnessAnswer: (answer) => this.input({ type: 'witness-answer', answer }),
    })
  }

  get self(): MemberId {
    return this.membership.self
  }

  get alive(): boolean {
    return this.process.alive
  }

  /** Whether it has asked to leave, and is still here. */
  get isLeaving(): boolean {
    return this.alive && this.#leaving === this.self
  }

  /** A member that may multicast: it runs, is in a view and has its state. */
  get ready(): boolean {
    return this.alive && this.view !== undefined && (this.application.hasState || !this.#world.options.hasState)
  }

  /** Whether parts of a value have been sent and others have not. */
  get isSending(): boolean {
    return this.membership.runtime.engine.core.state.current?.sending !== undefined
  }

  /** Hands the membership an input, as the process gets round to it. */
  input(input: Parameters<Membership['input']>[0]): void {
    this.process.handle(() => {
      if (input.type === 'leave') this.#leaving = this.self
      if (input.type === 'suspect') this.#selfBlame.told(input.member)
      this.membership.input(input)
    })
  }

  /** Multicasts `bytes` bytes of its own; undefined when the process is not awake and in a view. `isBulk`: others may overtake it. */
  cast(kind: CastKind, bytes: number, isBulk = false): SimReceipt | undefined {
    if (!this.ready || !this.process.awake) return undefined
    // Its end is decided and not yet handed out: an application's call would be refused.
    if (this.membership.runtime.engine.inspect().phase === 'ended') return undefined
    const payload = new Uint8Array(Math.max(bytes, 1))
    const receipt = this.application.receipt(kind, payload)
    fill(payload, receipt.ref)
    encoder.encodeInto(`${this.self}#${receipt.ref} `.repeat(3), payload)
    this.input({ type: 'multicast', ref: receipt.ref, kind, payload, isBulk })
    return receipt
  }

  /** Takes a multicast back, if it has no place in its stream yet. */
  cancel(receipt: SimReceipt): void {
    receipt.cancelled = true
    this.input({ type: 'cancel', ref: receipt.ref })
  }

  leave(): void {
    this.input({ type: 'leave' })
  }

  /** The page closes, and says so. */
  close(): void {
    this.input({ type: 'close' })
  }

  /** Stops without a word. Links break at the others after `noticeMs`. */
  crash(noticeMs: () => number = () => this.#random.between(5_000, 16_000)): void {
    if (!this.alive) return
    const { self } = this
    const ended = this.membership.ended || this.#ended === self
    this.#die('crashed')
    if (!ended) this.#world.collect(this)
    const crash = { t: this.#world.now, peer: self, group: GROUP, event: 'crash' } as const
    if (!ended) this.#world.trace.push(this.#leaving === self ? { ...crash, leaving: true } : crash)
    this.#world.network.detach(this.id, noticeMs, false)
    this.#world.introducer.lost(this.id)
  }

  /** Its clock runs ahead by so much more. */
  jump(byMs: number): void {
    this.process.jump(byMs)
    this.#selfBlame.jumped()
  }

  freeze(): void {
    this.process.freeze()
  }

  wake(): void {
    this.process.wake()
  }

  #found(lineage: Lineage): void {
    this.process.handle(() => this.membership.found(lineage))
  }

  #app(output: MembershipOutput, self: MemberId): void {
    if (!this.alive) return
    this.application.take(output, self)
    switch (output.type) {
      case 'install':
        return this.#installed(output.view)
      case 'deliver':
        if (output.purpose === 'message') this.#consume(output.payload.length)
        this.onDeliver?.()
        return
      case 'save':
        return this.#save(output.number, self)
      case 'load':
        return this.#load(output.state, self)
      case 'merged':
        if (output.reconciles && this.#world.options.onMerge === 'reconcile') this.#mine = this.application.save()
        return
      case 'reconcile':
        return this.#reconcile(self, output.question)
      case 'load-merged':
        if (output.from.id === self) this.#mine = undefined
        return this.#load(output.state, self)
      case 'status':
        this.blocked = output.status === 'blocked'
        return
      case 'suspect':
        return this.#suspects(self, output.of)
      case 'ended':
        this.#judgeEnd(output.reason, self)
        this.#world.collect(this)
        this.#ended = self
        this.#stalls = 0
        this.view = undefined
        this.blocked = false
        this.busy = false
        if (!comesBack(output.reason)) this.#gone(output.reason === 'closed' ? 'closed' : 'left')
        return
      default:
    }
  }

  /** Where saves and loads succeed, nobody goes without the state. */
  #judgeEnd(reason: EndReason, self: MemberId): void {
    const { faults, peers, options } = this.#world
    if (!WITHOUT_CAUSE.has(reason) || faults.has('save that failed')) return
    if (reason === 'group-full' && peers.length > options.config.membersMax) return
    this.#world.violation('ST3', `${self} ended as ${reason}, though nothing failed to save or load`)
  }

  #installed(view: ViewRecord): void {
    this.view = view
    this.consumer.installed()
    if (view.number === 1 && view.members[0]?.id === this.self) this.application.hasState = true
    this.#world.introducer.announce(this.id)
    this.#world.installs++
    this.#world.views.add(`${view.lineage}/${view.number}`)
  }

  #save(number: number, self: MemberId): void {
    const state = this.savesFail ? undefined : this.application.save(this.#world.options.statePaddedBytes)
    if (state === undefined) this.#world.hit('save that failed')
    this.#later(self, () => this.membership.input({ type: 'saved', number, state }))
  }

  #reconcile(self: MemberId, question: string): void {
    this.#later(self, () => {
      const mine = this.#mine
      this.membership.input({ type: 'reconciled', question, state: mine && this.application.saveWith(mine) })
    })
  }

  #load(state: Uint8Array, self: MemberId): void {
    this.#later(self, () => {
      this.application.load(state)
      this.membership.input({ type: 'loaded', ok: true })
      if (this.#mine !== undefined) this.membership.input({ type: 'reconcile' })
    })
  }

  /** The application takes its time, unless every delay of this world is fixed. */
  #later(self: MemberId, run: () => void): void {
    const slow = this.#random.chance(0.1) ? 2_000 : 100
    const delayMs = this.#world.options.fixedDelayMs === undefined ? this.#random.between(0, slow) : 0
    this.busy = true
    this.#world.scheduler.after(delayMs, () =>
      this.process.handle(() => {
        if (this.self !== self || this.membership.ended) return
        this.busy = false
        run()
      }),
    )
  }

  /** It ended of its own will: what it said last is sent, then the process is gone. */
  #gone(ending: 'closed' | 'left'): void {
    this.#world.scheduler.defer(() => {
      if (!this.alive) return
      this.#mux.flush()
      this.#die(ending)
      const flushed = this.#random.chance(0.97)
      this.#world.network.detach(this.id, () => this.#random.between(10, 60), flushed)
      this.#world.introducer.leave(this.id)
    })
  }

  #turned(): void {
    if (this.membership.ended) return
    const { core } = this.membership.runtime.engine
    this.#flowWatch.look(core)
    this.#world.noteWithdrawn(this.self, core.state.counters.get('value-withdrawn') ?? 0)
  }

  #suspects(self: MemberId, of: MemberId): void {
    const { counters } = this.membership.runtime.engine.core.state
    if ((counters.get('stalled') ?? 0) > this.#stalls) this.#stalls++
    else this.#selfBlame.suspects(self, of)
  }

  #consume(bytes: number): void {
    this.consumer.take(bytes)
    this.#flowWatch.consumed(this.self, this.consumer, this.view?.members.length ?? 1)
  }

  #die(ending: Ending): void {
    this.ending = ending
    this.process.die()
    this.#world.scheduler.defer(() => this.membership.stop())
  }
}

/** Bytes that differ wherever two parts of one value, or of two, could be taken for each other. */
function fill(payload: Uint8Array, ref: number): void {
  for (let i = 0; i < payload.length; i++) payload[i] = (i * 7 + (i >> 6) * 31 + (i >> 13) * 5 + ref * 101) & 255
}
