import type { MemberId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import { describeEvent, type Event, numberOf, type Taken } from './events.ts'
import { FairRun, type Flight } from './fair-run.ts'
import { formGroup } from './group.ts'
import { Histories } from './history.ts'
import { LocalStates, type Step } from './local-states.ts'
import { Messages } from './messages.ts'
import type { Scenario } from './scenario.ts'
import { Sequences } from './sequences.ts'
import { cloneCore, type Stepper, stepEngine } from './step.ts'

/**
 * A state is a row of whole numbers: the local state of each peer, the queue of each link, which wrong suspicions are still
 * to be had, how many, acts done, crashes, clock jumps, ballots.
 */
export class Model {
  readonly scenario: Scenario
  readonly histories = new Histories()
  readonly messages: Messages
  readonly queues = new Sequences()
  readonly locals: LocalStates
  readonly peers: number
  readonly width: number
  readonly initial: Int32Array
  readonly names: readonly string[]
  readonly #stepper: Stepper
  readonly #run: FairRun
  readonly #next: Int32Array
  readonly #rest: number

  constructor(scenario: Scenario, stepper: Stepper = stepEngine) {
    this.scenario = scenario
    this.#stepper = stepper
    this.#run = formGroup(scenario, stepper, this.histories)
    const { runners, flights } = this.#run
    this.peers = runners.length
    this.names = runners.map(({ name }) => name)
    this.messages = new Messages(runners.map(({ peer }) => peer))
    const firstView = runners[0]!.core!.state.current!.view.number
    this.locals = new LocalStates(stepper, this.histories, this.messages, firstView, scenario.clockJumps > 0)
    this.#rest = this.peers + this.peers * this.peers
    this.width = this.#rest + FIELDS
    this.#next = new Int32Array(this.width)
    this.initial = this.#firstState(flights)
  }

  /** Calls `then` with every event and the state it leads to; the array is reused. */
  expand(state: Int32Array, then: (event: Event, next: Int32Array, broken: string | undefined) => void): void {
    if (this.isCut(state)) return
    for (let by = 0; by < this.peers; by++) {
      const local = this.locals.get(state[by]!)
      for (let from = 0; from < this.peers; from++) this.#arrivals(state, by, from, then)
      if (local.standing !== 'gone') this.#crash(state, by, then)
      if (local.core === undefined) continue
      for (let of = 0; of < this.peers; of++) this.#suspicion(state, by, of, local.unsuspected, then)
      this.#acts(state, by, then)
      this.#jump(state, by, then)
    }
  }

  /** Whether the state lies beyond the ballots that are explored. */
  isCut(state: Int32Array): boolean {
    return state[this.#rest + BALLOTS]! > this.scenario.ballots
  }

  /** Whether nothing is in flight. */
  isQuiet(state: Int32Array): boolean {
    for (let slot = this.peers; slot < this.#rest; slot++) if (state[slot] !== 0) return false
    return true
  }

  historyOf(state: Int32Array, peer: number): number {
    return this.locals.get(state[peer]!).history
  }

  /** The state as a run of its own, that time can pass in. */
  runFrom(state: Int32Array): FairRun {
    const runners = this.#run.runners.map(({ peer, name }, index) => {
      const { core, history } = this.locals.get(state[index]!)
      return { peer, name, core: core && cloneCore(core), history }
    })
    const flights: Flight[] = []
    for (let from = 0; from < this.peers; from++) {
      for (let to = 0; to < this.peers; to++) {
        const queue = this.queues.items(state[this.#link(from, to)]!)
        for (const message of queue) flights.push({ from, to, ...this.messages.get(message) })
      }
    }
    const now = Math.max(...runners.map(({ core }) => core?.now ?? 0))
    return new FairRun(this.#stepper, this.histories, runners, flights, now)
  }

  describe(event: Event): string {
    return describeEvent(event, this.names, (message) => this.messages.describe(message))
  }

  #firstState(flights: readonly Flight[]): Int32Array {
    const state = new Int32Array(this.width)
    for (const [index, { core, history }] of this.#run.runners.entries()) state[index] = this.locals.add(core!, history)
    for (const { from, to, tag, message } of flights) {
      const link = this.#link(from, to)
      state[link] = this.queues.push(state[link]!, this.messages.add(this.#run.runners[to]!.peer, tag, message).message)
    }
    state[this.#rest + WRONGLY] = this.scenario.wrongSuspicions
    if (this.scenario.wrongSuspicions > 0) state[this.#rest + PAIRS] = 2 ** (this.peers * this.peers) - 1
    this.#tidy(state)
    return state
  }

  #arrivals(state: Int32Array, by: number, from: number, then: Then): void {
    const link = this.#link(from, by)
    const queue = state[link]!
    if (queue === 0) return
    const message = this.queues.head(queue)
    const receive: Event = { type: 'receive', by, from, message }
    this.#next.set(state)
    this.#next[link] = this.queues.rest(queue)
    this.#take(by, receive, then)
    if (this.locals.get(state[from]!).standing !== 'gone') return
    this.#next.set(state)
    this.#next[link] = 0
    then({ type: 'lose', by, from }, this.#tidy(this.#next), undefined)
  }

  #crash(state: Int32Array, by: number, then: Then): void {
    if (state[this.#rest + CRASHES]! >= this.scenario.crashes) return
    if (this.locals.get(state[by]!).standing === 'ended' && !this.#isSending(state, by)) return
    this.#next.set(state)
    this.#next[by] = this.locals.crashed(state[by]!)
    this.#next[this.#rest + CRASHES]!++
    then({ type: 'crash', by }, this.#tidy(this.#next), undefined)
  }

  #suspicion(state: Int32Array, by: number, of: number, unsuspected: number, then: Then): void {
    if ((unsuspected & (1 << of)) === 0) return
    const isWrong = this.locals.get(state[of]!).standing === 'live'
    const pair = 1 << (by * this.peers + of)
    if (isWrong && (state[this.#rest + PAIRS]! & pair) === 0) return
    this.#next.set(state)
    if (isWrong) {
      this.#next[this.#rest + PAIRS]! &= ~pair
      this.#next[this.#rest + WRONGLY]!--
    }
    this.#take(by, { type: 'suspect', by, of }, then)
  }

  #acts(state: Int32Array, by: number, then: Then): void {
    for (const [index, { by: actor, act }] of this.scenario.acts.entries()) {
      if (actor !== by || (state[this.#rest + ACTS]! & (1 << index)) !== 0) continue
      this.#next.set(state)
      this.#next[this.#rest + ACTS]! |= 1 << index
      this.#take(by, { type: 'act', by, act }, then)
    }
  }

  #jump(state: Int32Array, by: number, then: Then): void {
    const jumped = state[this.#rest + JUMPED]!
    if ((jumped & (1 << by)) !== 0 || bitsOf(jumped) >= this.scenario.clockJumps) return
    this.#next.set(state)
    this.#next[this.#rest + JUMPED] = jumped | (1 << by)
    this.#take(by, { type: 'jump', by }, then)
  }

  /** Lets a peer take an input in `#next`. */
  #take(by: number, event: Taken, then: Then): void {
    const next = this.#next
    const { number, elapsedMs } = numberOf(event)
    const step = this.locals.step(next[by]!, number, () => this.#inputOf(event), elapsedMs)
    if (step.broken !== undefined) return then(event, next, `${this.names[by]} ${step.broken}`)
    this.#apply(by, step)
    then(event, this.#tidy(next), undefined)
  }

  #apply(by: number, step: Step): void {
    const next = this.#next
    next[by] = step.next
    for (const { to, message } of step.sends) {
      const link = this.#link(by, to)
      next[link] = this.queues.push(next[link]!, message)
    }
    next[this.#rest + BALLOTS] = step.beyond ? BEYOND : next[this.#rest + BALLOTS]! + step.ballots
  }

  /** Makes one of states that differ in nothing that can still matter. */
  #tidy(state: Int32Array): Int32Array {
    // A state that is not followed has no use for what might still go wrong.
    const isSpent = state[this.#rest + WRONGLY] === 0 || this.isCut(state)
    let pairs = isSpent ? 0 : state[this.#rest + PAIRS]!
    for (let peer = 0; peer < this.peers; peer++) {
      pairs &= ~(1 << (peer * this.peers + peer))
      if (this.locals.get(state[peer]!).standing === 'live') continue
      for (let other = 0; other < this.peers; other++) {
        state[this.#link(other, peer)] = 0
        pairs &= ~(1 << (peer * this.peers + other)) & ~(1 << (other * this.peers + peer))
      }
    }
    state[this.#rest + PAIRS] = pairs
    // What may still be had is bounded by the pairs that are left.
    state[this.#rest + WRONGLY] = Math.min(state[this.#rest + WRONGLY]!, bitsOf(pairs))
    return state
  }

  #inputOf(event: Taken): Input {
    switch (event.type) {
      case 'receive':
        return { type: 'receive', from: this.#run.runners[event.from]!.peer, ...this.messages.get(event.message) }
      case 'suspect':
        return { type: 'suspect', member: this.names[event.of] as MemberId }
      case 'jump':
        return { type: 'tick' }
      case 'act': {
        const { by, act } = event
        if (act === 'close' || act === 'leave') return { type: act }
        return { type: 'multicast', ref: 1, kind: act, payload: new TextEncoder().encode(`${this.names[by]}/${act}`) }
      }
    }
  }

  #isSending(state: Int32Array, from: number): boolean {
    for (let to = 0; to < this.peers; to++) if (state[this.#link(from, to)] !== 0) return true
    return false
  }

  #link(from: number, to: number): number {
    return this.peers + from * this.peers + to
  }
}

type Then = Parameters<Model['expand']>[1]

/** Places of the counts behind local states and queues. */
const PAIRS = 0
const WRONGLY = 1
const ACTS = 2
const CRASHES = 3
const JUMPED = 4
const BALLOTS = 5
const FIELDS = 6
const BEYOND = 99

function bitsOf(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
