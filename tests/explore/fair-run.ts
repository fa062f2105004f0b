import type { PeerId } from '../../peer/base/ids.ts'
import type { Input, Tag } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { type Histories, itemsOf } from './history.ts'
import { nextTimeout, type Stepper, stepWithApplication } from './step.ts'

/** One peer of a run; without a core it is gone. */
export interface Runner {
  readonly peer: PeerId
  readonly name: string
  core: Core | undefined
  history: number
}

export interface Flight {
  readonly from: number
  readonly to: number
  readonly tag: Tag
  readonly message: Uint8Array
}

/**
 * One fair course of things, with time: messages arrive in the order sent, timers fire when due, nothing goes wrong any
 * more. Brings a group together at the start, and tells of any state whether it can settle.
 */
export class FairRun {
  now: number
  readonly runners: readonly Runner[]
  flights: Flight[]
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
    const number = core.state.current?.view.number ?? 0
    const outputs = stepWithApplication(this.#step, core, this.now, input)
    runner.history = this.#histories.appendAll(runner.history, itemsOf(outputs, number, core))
    for (const output of outputs) {
      if (output.type !== 'send') continue
      const to = this.runners.findIndex(({ peer }) => peer === output.to)
      this.flights.push({ from: index, to, tag: output.tag, message: output.message })
    }
  }

  /** Who is in the latest view that anyone installed or was told of, ever. */
  lastView(): readonly string[] {
    let last: { number: number; members: readonly string[] } = { number: 0, members: [] }
    for (const item of this.runners.flatMap(({ history }) => this.#histories.items(history))) {
      if (item.type === 'install' && item.number > last.number) last = item
      if (item.type === 'ended' && item.next !== undefined && item.number + 1 > last.number) {
        last = { number: item.number + 1, members: item.next }
      }
    }
    return last.members
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

  #deliverAll(): void {
    for (let flight = this.flights.shift(); flight !== undefined; flight = this.flights.shift()) {
      const { from, to, tag, message } = flight
      this.give(to, { type: 'receive', from: this.runners[from]!.peer, tag, message })
    }
  }
}
