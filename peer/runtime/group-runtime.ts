import { isFork, type Place } from '../base/ancestry.ts'
import type { CastPurpose } from '../base/cast-kind.ts'
import type { Config } from '../base/config.ts'
import { newDeque, sizeOf, takeAll, takeFirst } from '../base/deque.ts'
import type { MemberId, MessageId, PeerId } from '../base/ids.ts'
import type { ViewRecord } from '../base/view.ts'
import { Engine } from '../engine/engine.ts'
import type { Input, Output, Tag } from '../engine/io.ts'
import type { Clock } from './clock.ts'
import { digestOf } from './digest.ts'
import type { MergedTrace, TraceBody, TraceEvent } from './trace.ts'

/** Outputs that concern the application, in the one sequence it sees (DL6). */
export type GroupOutput = Exclude<Output, { type: 'send' } | { type: 'bad' } | { type: 'ask-witness' }>

export interface GroupRuntimeOptions {
  readonly group: string
  readonly self: MemberId
  readonly info: Uint8Array
  readonly hasState: boolean
  readonly forks: boolean
  readonly config: Config
  readonly clock: Clock
  /** Canonical digest of a saved state, for the trace; default: over its bytes. */
  readonly digest?: (state: Uint8Array) => string
  send(to: PeerId, tag: Tag, message: Uint8Array): void
  /** What was sent is all that this turn has to send, as far as one can tell. */
  flush(): void
  bad(from: PeerId, why: string): void
  /** Hands a request to the room's witness, if there is a way to it. */
  askWitness?(request: Uint8Array): void
  /** Of which multicast the one under that reference is a repetition. */
  replayOf(ref: number): MessageId | undefined
  /** What a merge was about, for the trace's last line of this attempt. */
  merged(): MergedTrace | undefined
  /** Takes the next output. After `save` and `load` nothing more comes until `saved` or `loaded` was given back. `place`: the view it comes in. */
  app(output: GroupOutput, place: Place | undefined): void
  trace?(event: TraceEvent): void
  /** Whether anybody reads the trace now. Default: whoever takes it. */
  isTraced?(): boolean
}

/**
 * Runs one engine: queue -> step -> drain. What the application must not see yet, because it is saving or loading
 * its state, is kept here, in order; what goes to other peers is not held up by that.
 */
export class GroupRuntime {
  readonly engine: Engine
  readonly #options: GroupRuntimeOptions
  #inputs: Input[] = []
  readonly #outputs = newDeque<GroupOutput>()
  #running = false
  /** What was gathered is taken in this turn. */
  #isDue = false
  #view: ViewRecord | undefined
  /** What the application is busy with. */
  #busy: Task | undefined
  #cancelWake: (() => void) | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  /** The page is going: nobody waits any more for what the application would save or load. */
  #closing = false
  #ended = false
  /** Payloads that the application cannot be given while it is busy; more than it may have unread holds everyone up. */
  #heldBytes = 0
  #isConsumerFull = false
  #isHeldFull = false

  constructor(options: GroupRuntimeOptions) {
    this.#options = options
    this.engine = new Engine(options)
  }

  get ended(): boolean {
    return this.#ended
  }

  /**
   * Gives the engine an input. From inside a handler it is queued: nothing re-enters. Multicasts of one turn of the loop are
   * gathered, so that they share a frame; anything else takes those before it along.
   */
  input(input: Input): void {
    if (this.#ended) return
    this.#queue(input)
    if (this.#running) return
    if (input.type === 'multicast' && this.#inputs.length < GATHERED_MAX) this.#runSoon()
    else this.#runNow()
  }

  /** Several that came together. */
  inputs(inputs: readonly Input[]): void {
    if (this.#ended) return
    for (const input of inputs) this.#queue(input)
    if (!this.#running) this.#runNow()
  }

  #queue(input: Input): void {
    if (input.type === 'consumer') this.#noteConsumer(input.full, this.#isHeldFull)
    else this.#inputs.push(input)
  }

  #runSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#options.clock.defer(() => {
      this.#isDue = false
      if (!this.#ended && !this.#running) this.#runNow()
    })
  }

  #runNow(): void {
    this.#running = true
    try {
      this.#run()
    } catch (error) {
      this.#break()
      throw error
    } finally {
      this.#running = false
    }
    this.#schedule()
  }

  /** Stops without a word, as a crash would. */
  stop(): void {
    this.#ended = true
    this.#cancelWake?.()
    this.#inputs.length = 0
    takeAll(this.#outputs)
  }

  /** Fail-stop: after a broken invariant nothing more is sent, and the application is told. */
  #break(): void {
    if (this.#ended) return
    this.stop()
    this.#trace({ event: 'left', reason: 'broken' })
    this.#options.app({ type: 'ended', reason: 'broken' }, this.#view)
  }

  #run(): void {
    for (;;) {
      if (this.#inputs.length > 0) {
        const inputs = this.#inputs
        this.#inputs = []
        for (const input of inputs) this.#noteAnswer(input)
        this.engine.steps(this.#options.clock.now(), inputs)
        this.#sort(this.engine.drain())
        // The others should not have to wait until this member's own application is through with what it multicast.
        if (inputs.some(isMulticast)) this.#options.flush()
      } else if (!this.#handOut()) {
        return
      }
      if (this.#ended) return
    }
  }

  /** Sends at once, queues the application's part. */
  #sort(outputs: Output[]): void {
    for (const output of outputs) {
      if (output.type === 'send') this.#options.send(output.to, output.tag, output.message)
      else if (output.type === 'bad') this.#options.bad(output.from, output.why)
      else if (output.type === 'ask-witness') this.#options.askWitness?.(output.request)
      else {
        // A suspicion is news of the protocol, not a place in the application's sequence.
        if (output.type === 'suspect') this.#trace({ event: 'suspect', of: output.of })
        this.#outputs.items.push(output)
        if (output.type === 'deliver') this.#held(output.payload.length)
      }
    }
  }

  /** While the application saves or loads, what it is to be given piles up: beyond a bound everyone has to wait for it. */
  #held(bytes: number): void {
    this.#heldBytes += bytes
    const isFull = this.#heldBytes > this.#options.config.consumerQueueBytesMax
    if (isFull !== this.#isHeldFull) this.#noteConsumer(this.#isConsumerFull, isFull)
  }

  /** Either its iterators hold too much, or it is busy with its state for too long. */
  #noteConsumer(isFull: boolean, isHeldFull: boolean): void {
    this.#isConsumerFull = isFull
    this.#isHeldFull = isHeldFull
    this.#inputs.push({ type: 'consumer', full: isFull || isHeldFull })
  }

  /** Hands out one output; false when there is none or the application is busy. */
  #handOut(): boolean {
    if (this.#busy !== undefined) return false
    const output = takeFirst(this.#outputs)
    if (output === undefined) return false
    if (output.type === 'ended' && sizeOf(this.#outputs) > 0) {
      // The end is the last word: fates that came after it go first.
      this.#outputs.items.push(output)
      return true
    }
    if (output.type === 'deliver') this.#held(-output.payload.length)
    if (output.type === 'install') this.#view = output.view
    if (isTask(output)) {
      if (this.#closing) return true
      this.#busy = output
    }
    if (this.#isTraced()) {
      const body = traceOf(output, this.#view, this.#options)
      if (body !== undefined) this.#trace(body)
    }
    this.#options.app(output, this.#view)
    if (output.type === 'ended') this.stop()
    return true
  }

  #noteAnswer(input: Input): void {
    if (input.type === 'close') {
      this.#closing = true
      this.#busy = undefined
    }
    const busy = this.#busy
    if (busy === undefined) return
    if (input.type === 'reconciled' && busy.type === 'reconcile') {
      if (input.question === busy.question) this.#busy = undefined
    } else if (input.type === 'loaded' && busy.type === 'load-merged') this.#busy = undefined
    else if (input.type === 'saved' && busy.type === 'save') {
      this.#busy = undefined
      if (input.state === undefined) return
      const digest = this.#digest(input.state)
      this.#trace({ event: 'state-saved', lineage: busy.lineage, number: busy.number, digest })
    } else if (input.type === 'loaded' && busy.type === 'load') {
      this.#busy = undefined
      if (!input.ok) return
      const digest = this.#digest(busy.state)
      this.#trace({ event: 'state-loaded', lineage: busy.lineage, number: busy.number, digest, from: busy.from.id })
    }
  }

  #isTraced(): boolean {
    const { trace, isTraced } = this.#options
    return trace !== undefined && isTraced?.() !== false
  }

  #digest(state: Uint8Array): string {
    if (this.#options.trace === undefined) return ''
    return (this.#options.digest ?? digestOf)(state)
  }

  #trace(body: TraceBody): void {
    const { trace, clock, group, self } = this.#options
    trace?.({ t: clock.now(), peer: self, group, ...body })
  }

  /** A timer that would come too early stays as it is, and looks again then: most steps put the next deadline off. */
  #schedule(): void {
    if (this.#ended) return
    const { clock } = this.#options
    const at = this.engine.nextTimeout()
    if (this.#cancelWake !== undefined && this.#wakeAt <= at) return
    this.#cancelWake?.()
    this.#cancelWake = undefined
    this.#wakeAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#cancelWake = clock.at(at, () => {
      this.#cancelWake = undefined
      if (this.engine.nextTimeout() > clock.now()) this.#schedule()
      else this.input({ type: 'tick' })
    })
  }
}

/** After these nothing is handed out until the application has answered. */
type Task = Extract<GroupOutput, { type: 'save' | 'load' | 'reconcile' | 'load-merged' }>

function isTask(output: GroupOutput): output is Task {
  const { type } = output
  return type === 'save' || type === 'load' || type === 'reconcile' || type === 'load-merged'
}

const isMulticast = ({ type }: Input): boolean => type === 'multicast'

/** Multicasts of one turn that leave together at most. */
const GATHERED_MAX = 512

function purposeOf(purpose: CastPurpose): { readonly purpose?: CastPurpose } {
  return purpose === 'message' ? {} : { purpose }
}

function traceOf(
  output: GroupOutput,
  view: ViewRecord | undefined,
  { replayOf, merged }: Pick<GroupRuntimeOptions, 'replayOf' | 'merged'>,
): TraceBody | undefined {
  switch (output.type) {
    case 'install': {
      const { lineage, number, members, witness } = output.view
      const ids = members.map((member) => member.id)
      const install = { event: 'install', lineage, number, members: ids, primary: !isFork(lineage) } as const
      return witness === undefined ? install : { ...install, witness }
    }
    case 'stamped': {
      const { ref, id, kind, purpose, bytes } = output
      const original = replayOf(ref)
      const multicast = { event: 'multicast', id, kind, bytes, ...purposeOf(purpose) } as const
      return original === undefined ? multicast : { ...multicast, replayOf: original }
    }
    case 'deliver': {
      const { id, kind, purpose, from, order } = output
      if (view === undefined) return undefined
      const { lineage, number } = view
      const place = { event: 'deliver', id, kind, from: from.id, lineage, number, ...purposeOf(purpose) } as const
      return order === undefined ? place : { ...place, order }
    }
    case 'fate':
      return output.id === undefined ? undefined : { event: 'fate', id: output.id, fate: output.fate }
    case 'status':
      return { event: output.status === 'blocked' ? 'blocked' : 'unblocked' }
    case 'ended':
      return { event: 'left', reason: output.reason, ...(output.reason === 'merged' && merged()) }
    default:
      return undefined
  }
}
