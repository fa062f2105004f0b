import type { MemberId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { describeEvent, type Event, type Taken } from './events.ts'
import { FairRun, type Flight, type Runner, type Server } from './fair-run.ts'
import { Faults } from './faults.ts'
import { formGroup } from './group.ts'
import { Histories } from './history.ts'
import { Layout, PARTED } from './layout.ts'
import { LocalStates } from './local-states.ts'
import { Messages, WITNESS } from './messages.ts'
import { type Parts, Row, type Then } from './row.ts'
import type { Scenario } from './scenario.ts'
import { Sequences } from './sequences.ts'
import { nextTimeout, type Stepper, stepEngine } from './step.ts'
import { WitnessStates } from './witness-states.ts'

/** All states of a scenario, each a row of whole numbers, and what may happen in each. */
export class Model {
  readonly histories = new Histories()
  readonly parts: Parts
  readonly initial: Int32Array
  readonly #stepper: Stepper
  readonly #runners: readonly Runner[]
  readonly #row: Row
  readonly #faults: Faults

  constructor(scenario: Scenario, stepper: Stepper = stepEngine) {
    const { histories } = this
    this.#stepper = stepper
    const { runners, flights, server } = formGroup(scenario, stepper, histories)
    this.#runners = runners
    const messages = new Messages([...runners.map(({ peer }) => peer), WITNESS])
    const firstViews = new Map(runners.flatMap(({ core }) => viewOf(core!)))
    const withTimes = scenario.timers > 0 || scenario.strangers > 0 || scenario.heals
    this.parts = {
      scenario,
      layout: new Layout(scenario),
      locals: new LocalStates(stepper, histories, messages, firstViews, withTimes),
      queues: new Sequences(),
      messages,
      witness: new WitnessStates(histories),
      names: [...runners.map(({ name }) => name), ...(server === undefined ? [] : [WITNESS])],
    }
    this.#row = new Row(this.parts)
    this.#faults = new Faults(this.parts, this.#row, {
      suspect: (of) => ({ type: 'suspect', member: runners[of]!.name as MemberId }),
      link: (end) => ({ type: 'link', peer: runners[end]!.peer, up: true }),
    })
    this.initial = this.#firstState(flights, server)
  }

  /** Calls `then` with every event and the state it leads to; the array is reused. */
  expand(state: Int32Array, then: Then): void {
    if (this.isCut(state)) return
    const { layout, locals } = this.parts
    for (let by = 0; by < layout.peers; by++) {
      for (let from = 0; from < layout.actors; from++) this.#arrival(state, by, from, then)
      if (locals.get(state[by]!).core === undefined) continue
      this.#acts(state, by, then)
      this.#timer(state, by, then)
    }
    if (layout.actors > layout.peers) {
      for (let from = 0; from < layout.peers; from++) this.#arrivalAtWitness(state, from, then)
    }
    this.#faults.expand(state, then)
  }

  /** Whether the state lies beyond the ballots that are explored. */
  isCut(state: Int32Array): boolean {
    return state[this.parts.layout.ballots]! > this.parts.scenario.ballots
  }

  /** Whether nothing is in flight. */
  isQuiet(state: Int32Array): boolean {
    const { actors } = this.parts.layout
    for (let slot = actors; slot < actors + actors * actors; slot++) if (state[slot] !== 0) return false
    return true
  }

  /** What settling depends on: what may still go wrong does not count, for nothing does. */
  settlingKey(state: Int32Array): string {
    const { layout } = this.parts
    const actors = state.subarray(0, layout.actors * (layout.actors + 1)).join()
    return `${actors} ${state[layout.cut]} ${state.subarray(layout.reach(0)).join()}`
  }

  historyOf(state: Int32Array, actor: number): number {
    const { layout, locals, witness } = this.parts
    return actor < layout.peers ? locals.get(state[actor]!).history : witness.get(state[actor]!).history
  }

  /** The state as a run of its own, that time can pass in. */
  runFrom(state: Int32Array): FairRun {
    const { layout, scenario, locals, queues, messages, witness } = this.parts
    const runners = this.#runners.map(({ peer, name }, index) => {
      const { core, history } = locals.get(state[index]!)
      return { peer, name, core: core?.(), history }
    })
    const flights: Flight[] = []
    for (let from = 0; from < layout.actors; from++) {
      for (let to = 0; to < layout.actors; to++) {
        for (const message of queues.items(state[layout.link(from, to)]!)) {
          flights.push({ from, to, ...messages.get(message) })
        }
      }
    }
    const now = Math.max(...runners.map(({ core }) => core?.now ?? 0))
    const run = new FairRun(this.#stepper, this.histories, runners, flights, now)
    if (state[layout.cut] === PARTED) run.cutOff = scenario.cutOff
    if (layout.actors === layout.peers) return run
    const reach = runners.map((_, peer) => state[layout.reach(peer)]!)
    run.server = { witness: witness.get(state[layout.peers]!), reach, isGone: false }
    return run
  }

  describe(event: Event): string {
    const { names, messages } = this.parts
    return describeEvent(event, names, (message) => messages.describe(message))
  }

  #firstState(flights: readonly Flight[], server: Server | undefined): Int32Array {
    const { layout, scenario, locals, witness, messages } = this.parts
    const { state } = this.#row
    for (const [index, { core, history }] of this.#runners.entries()) state[index] = locals.add(core!, history)
    for (const { from, to, tag, message } of flights) this.#row.send(from, to, messages.add(tag, message))
    if (server !== undefined) {
      state[layout.peers] = witness.add(server.witness)
      for (const [peer, reach] of server.reach.entries()) state[layout.reach(peer)] = reach
    }
    state[layout.wrongly] = scenario.wrongSuspicions
    if (scenario.wrongSuspicions > 0) state[layout.pairs] = 2 ** (layout.peers * layout.peers) - 1
    return this.#row.tidy().slice()
  }

  #arrival(state: Int32Array, by: number, from: number, then: Then): void {
    const { layout, queues, messages } = this.parts
    const link = layout.link(from, by)
    const queue = state[link]!
    if (queue === 0) return
    const message = queues.head(queue)
    this.#row.set(state)[link] = queues.rest(queue)
    const input = (): Input => {
      const letter = messages.get(message)
      if (letter.tag === undefined) return { type: 'witness-answer', answer: letter.message }
      return { type: 'receive', from: this.#runners[from]!.peer, tag: letter.tag, message: letter.message }
    }
    this.#row.take(by, { type: 'receive', by, from, message }, input, () => 0, then)
  }

  #arrivalAtWitness(state: Int32Array, from: number, then: Then): void {
    const { layout, queues, messages, witness } = this.parts
    const by = layout.peers
    const link = layout.link(from, by)
    const queue = state[link]!
    if (queue === 0) return
    const message = queues.head(queue)
    const { next, answer } = witness.ask(state[by]!, message, messages.get(message).message)
    const row = this.#row.set(state)
    row[link] = queues.rest(queue)
    row[by] = next
    this.#row.send(by, from, messages.add(undefined, answer))
    this.#row.tell({ type: 'receive', by, from, message }, then)
  }

  #acts(state: Int32Array, by: number, then: Then): void {
    const { layout, scenario } = this.parts
    for (const [index, { by: actor, act }] of scenario.acts.entries()) {
      if (actor !== by || (state[layout.acts]! & (1 << index)) !== 0) continue
      this.#row.set(state)[layout.acts]! |= 1 << index
      const event: Taken = { type: 'act', by, index, act }
      this.#row.take(
        by,
        event,
        () => this.#inputOf(event),
        () => 0,
        then,
      )
    }
  }

  #timer(state: Int32Array, by: number, then: Then): void {
    const { layout, scenario, locals } = this.parts
    if (state[layout.timers]! >= scenario.timers) return
    this.#row.set(state)[layout.timers]!++
    const elapsedMs = (): number => {
      if (scenario.timerMs > 0) return scenario.timerMs
      const core = locals.get(state[by]!).core!()
      const untilDueMs = nextTimeout(core) - core.now
      return Number.isFinite(untilDueMs) ? Math.max(1, untilDueMs) : 1
    }
    this.#row.take(by, { type: 'timer', by }, () => ({ type: 'tick' }), elapsedMs, then)
  }

  #inputOf({ by, act, index }: Extract<Taken, { type: 'act' }>): Input {
    if (act === 'close' || act === 'leave' || act === 'fork') return { type: act }
    const payload = new TextEncoder().encode(`${this.parts.names[by]}/${act}`)
    return { type: 'multicast', ref: index + 1, kind: act, payload }
  }
}

function viewOf({ state }: Core): [string, number][] {
  return state.current === undefined ? [] : [[state.current.view.lineage, state.current.view.number]]
}
