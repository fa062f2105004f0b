import type { PeerId } from '../../peer/base/ids.ts'
import type { Input, Output, Tag } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { type Histories, itemsOf } from './history.ts'
import { BROKEN, CONNECTED, NONE } from './layout.ts'
import { nextTimeout, type Stepper, stepWithApplication } from './step.ts'
import { askWitness, tokenOf, type WitnessState } from './witness-states.ts'

/** One peer of a run; without a core it is gone. */
export interface Runner {
  readonly peer: PeerId
  readonly name: string
  core: Core | undefined
  history: number
}

/** Ends are runners by index; the one after the last is the witness. Without a tag it is a request to it, or an answer. */
export interface Flight {
  readonly from: number
  readonly to: number
  readonly tag: Tag | undefined
  readonly message: Uint8Array
}

export interface Server {
  witness: WitnessState
  /** How each runner stands to it: CONNECTED, BROKEN or NONE. */
  readonly reach: number[]
  /** It will not come back. */
  isGone: boolean
}

/**
 * One fair course of things, with time: messages arrive in the order sent, timers fire when due, nothing goes wrong any
 * more. Brings a group together at the start, and tells of any state whether it can settle.
 */
export class FairRun {
  now: number
  readonly runners: readonly Runner[]
  flights: Flight[]
  /** Runners that the others cannot reach. */
  cutOff: readonly number[] = []
  server: Server | undefined
  readonly #histories: Histories
  readonly #step: Stepper

  constructor(
    step: Stepper,
    histories: Histories,
    runners: readonly Runner[],
    flights: readonly Flight[],
    now: number,
  ) {
    this.#step = step
    this.#histories = histories
    this.runners = runners
    this.flights = [...flights]
    this.now = now
  }

  give(index: number, input: Input): void {
    const runner = this.runners[index]!
    const { core } = runner
    if (core === undefined || core.state.phase === 'ended') return
    const known = core.state.decisions.length
    const outputs = stepWithApplication(this.#step, core, this.now, input)
    runner.history = this.#histories.appendAll(runner.history, itemsOf(input, outputs, known, core))
    for (const output of outputs) this.#send(index, output)
  }

  /** Peers connect to the witness again, and are told its token. */
  reconnect(): void {
    this.#leaveWitness(BROKEN)
    for (const [index, reach] of this.server?.reach.entries() ?? []) {
      if (reach === CONNECTED) continue
      this.server!.reach[index] = CONNECTED
      this.give(index, { type: 'witness', token: tokenOf(this.server!.witness) })
    }
  }

  /** The witness is gone for good. */
  loseWitness(): void {
    this.flights = this.flights.filter(({ tag }) => tag !== undefined)
    for (const [index] of this.runners.entries()) {
      if (this.server !== undefined && this.server.reach[index] === CONNECTED) this.server.reach[index] = BROKEN
    }
    this.#leaveWitness(BROKEN)
    if (this.server !== undefined) this.server.isGone = true
  }

  isAcross(a: number, b: number): boolean {
    return this.cutOff.includes(a) !== this.cutOff.includes(b)
  }

  historyOf(actor: number): number {
    return this.runners[actor]?.history ?? this.server?.witness.history ?? 0
  }

  /** Lets things take their course until `isDone`; false if that does not come within `limitMs`. */
  run(isDone: () => boolean, limitMs: number): boolean {
    const endMs = this.now + limitMs
    for (;;) {
      this.#deliverAll()
      if (isDone()) return true
      const times = this.runners.flatMap(({ core }) => (core === undefined ? [] : [nextTimeout(core)]))
      const next = Math.max(this.now + 1, Math.min(...times))
      if (next > endMs) return false
      this.now = next
      for (const index of this.runners.keys()) this.give(index, { type: 'tick' })
    }
  }

  /** Those whose connection stands like that notice that they have none. */
  #leaveWitness(which: number): void {
    for (const [index, reach] of this.server?.reach.entries() ?? []) {
      if (reach !== which) continue
      this.server!.reach[index] = NONE
      this.give(index, { type: 'witness', token: undefined })
    }
  }

  #send(from: number, output: Output): void {
    if (output.type === 'ask-witness') {
      if (this.server?.reach[from] !== CONNECTED) return
      this.flights.push({ from, to: this.runners.length, tag: undefined, message: output.request })
    } else if (output.type === 'send') {
      const to = this.runners.findIndex(({ peer }) => peer === output.to)
      if (!this.isAcross(from, to)) this.flights.push({ from, to, tag: output.tag, message: output.message })
    }
  }

  #deliverAll(): void {
    for (let flight = this.flights.shift(); flight !== undefined; flight = this.flights.shift()) {
      const { from, to, tag, message } = flight
      if (tag !== undefined) this.give(to, { type: 'receive', from: this.runners[from]!.peer, tag, message })
      else if (to < this.runners.length) this.give(to, { type: 'witness-answer', answer: message })
      else this.#ask(from, message)
    }
  }

  #ask(from: number, request: Uint8Array): void {
    const { server } = this
    if (server === undefined || server.isGone) return
    const { next, answer } = askWitness(server.witness, request, this.#histories)
    server.witness = next
    this.flights.push({ from: this.runners.length, to: from, tag: undefined, message: answer })
  }
}
