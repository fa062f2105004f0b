import type { MemberId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import type { Core } from '../../peer/engine/state.ts'
import { describeEvent, type Event, numberOf, type Taken } from './events.ts'
import { FairRun, type Flight, type Server } from './fair-run.ts'
import { formGroup } from './group.ts'
import { Histories } from './history.ts'
import { BROKEN, CONNECTED, Layout, NONE } from './layout.ts'
import { LocalStates, type Step } from './local-states.ts'
import { Messages, WITNESS } from './messages.ts'
import type { Scenario } from './scenario.ts'
import { Sequences } from './sequences.ts'
import { cloneCore, nextTimeout, type Stepper, stepEngine } from './step.ts'
import { tokenOf, WitnessStates } from './witness-states.ts'

/** All states of a scenario, each a row of whole numbers, and what may happen in each. */
export class Model {
  readonly scenario: Scenario
  readonly layout: Layout
  readonly histories = new Histories()
  readonly messages: Messages
  readonly queues = new Sequences()
  readonly locals: LocalStates
  readonly initial: Int32Array
  /** Of the peers, and of the witness. */
  readonly names: readonly string[]
  readonly #witness: WitnessStates
  readonly #stepper: Stepper
  readonly #run: FairRun
  readonly #next: Int32Array
  /** Bits of the pairs that the cut would part. */
  readonly #pairsAcross: number

  constructor(scenario: Scenario, stepper: Stepper = stepEngine) {
    this.scenario = scenario
    this.layout = new Layout(scenario)
    this.#stepper = stepper
    this.#run = formGroup(scenario, stepper, this.histories)
    const { runners, flights, server } = this.#run
    this.names = [...runners.map(({ name }) => name), ...(server === undefined ? [] : [WITNESS])]
    this.messages = new Messages([...runners.map(({ peer }) => peer), WITNESS])
    this.#witness = new WitnessStates(this.histories)
    const firstViews = new Map(runners.flatMap(({ core }) => viewOf(core!)))
    const withTimes = scenario.timers > 0 || scenario.strangers > 0
    this.locals = new LocalStates(stepper, this.histories, this.messages, firstViews, withTimes)
    this.#next = new Int32Array(this.layout.width)
    this.#pairsAcross = pairsAcross(this.layout, scenario.cutOff)
    this.initial = this.#firstState(flights, server)
  }

  /** Calls `then` with every event and the state it leads to; the array is reused. */
  expand(state: Int32Array, then: Then): void {
    if (this.isCut(state)) return
    const { layout, locals } = this
    for (let by = 0; by < layout.peers; by++) {
      const { standing, core, unsuspected } = locals.get(state[by]!)
      for (let from = 0; from < layout.actors; from++) this.#arrivals(state, by, from, then)
      if (standing !== 'gone') this.#crash(state, by, then)
      if (core === undefined) continue
      for (let of = 0; of < layout.peers; of++) this.#suspicion(state, by, of, unsuspected, then)
      this.#acts(state, by, then)
      this.#timer(state, by, then)
      for (let other = by + 1; other < layout.peers; other++) this.#linkBreak(state, by, other, then)
      if (this.scenario.witness !== undefined) this.#connection(state, by, then)
    }
    this.#cut(state, then)
    if (this.scenario.witness !== undefined) this.#witnessMoves(state, then)
  }

  /** Whether the state lies beyond the ballots that are explored. */
  isCut(state: Int32Array): boolean {
    return state[this.layout.ballots]! > this.scenario.ballots
  }

  /** Whether nothing is in flight. */
  isQuiet(state: Int32Array): boolean {
    const { actors } = this.layout
    for (let slot = actors; slot < actors + actors * actors; slot++) if (state[slot] !== 0) return false
    return true
  }

  /** What settling depends on: what may still go wrong does not count, for nothing does. */
  settlingKey(state: Int32Array): string {
    const { layout } = this
    const parts = state.subarray(0, layout.actors * (layout.actors + 1)).join()
    return `${parts} ${state[layout.cut]} ${state.subarray(layout.reach(0)).join()}`
  }

  historyOf(state: Int32Array, actor: number): number {
    const { peers } = this.layout
    return actor < peers ? this.locals.get(state[actor]!).history : this.#witness.get(state[actor]!).history
  }

  /** The state as a run of its own, that time can pass in. */
  runFrom(state: Int32Array): FairRun {
    const { layout } = this
    const runners = this.#run.runners.map(({ peer, name }, index) => {
      const { core, history } = this.locals.get(state[index]!)
      return { peer, name, core: core && cloneCore(core), history }
    })
    const flights: Flight[] = []
    for (let from = 0; from < layout.actors; from++) {
      for (let to = 0; to < layout.actors; to++) {
        const queue = this.queues.items(state[layout.link(from, to)]!)
        for (const message of queue) flights.push({ from, to, ...this.messages.get(message) })
      }
    }
    const now = Math.max(...runners.map(({ core }) => core?.now ?? 0))
    const run = new FairRun(this.#stepper, this.histories, runners, flights, now)
    if (state[layout.cut] === 1) run.cutOff = this.scenario.cutOff
    if (this.scenario.witness === undefined) return run
    const reach = runners.map((_, peer) => state[layout.reach(peer)]!)
    run.server = { witness: this.#witness.get(state[layout.peers]!), reach, isGone: false }
    return run
  }

  describe(event: Event): string {
    return describeEvent(event, this.names, (message) => this.messages.describe(message))
  }

  #firstState(flights: readonly Flight[], server: Server | undefined): Int32Array {
    const { layout, scenario } = this
    const state = new Int32Array(layout.width)
    for (const [index, { core, history }] of this.#run.runners.entries()) state[index] = this.locals.add(core!, history)
    for (const { from, to, tag, message } of flights) {
      const link = layout.link(from, to)
      state[link] = this.queues.push(state[link]!, this.messages.add(tag, message))
    }
    if (server !== undefined) {
      state[layout.peers] = this.#witness.add(server.witness)
      for (const [peer, reach] of server.reach.entries()) state[layout.reach(peer)] = reach
    }
    state[layout.wrongly] = scenario.wrongSuspicions
    if (scenario.wrongSuspicions > 0) state[layout.pairs] = 2 ** (layout.peers * layout.peers) - 1
    this.#tidy(state)
    return state
  }

  #arrivals(state: Int32Array, by: number, from: number, then: Then): void {
    const link = this.layout.link(from, by)
    const queue = state[link]!
    if (queue === 0) return
    const message = this.queues.head(queue)
    this.#next.set(state)
    this.#next[link] = this.queues.rest(queue)
    this.#take(by, { type: 'receive', by, from, message }, then)
    this.#loss(state, by, from, then)
  }

  /** What one that is gone had sent may never arrive. */
  #loss(state: Int32Array, by: number, from: number, then: Then): void {
    if (from === this.layout.peers || this.locals.get(state[from]!).standing !== 'gone') return
    this.#next.set(state)
    this.#next[this.layout.link(from, by)] = 0
    then({ type: 'lose', by, from }, this.#tidy(this.#next), undefined)
  }

  #crash(state: Int32Array, by: number, then: Then): void {
    const { crashes } = this.layout
    if (state[crashes]! >= this.scenario.crashes) return
    if (this.locals.get(state[by]!).standing === 'ended' && !this.#isSending(state, by)) return
    this.#next.set(state)
    this.#next[by] = this.locals.crashed(state[by]!)
    this.#next[crashes]!++
    then({ type: 'crash', by }, this.#tidy(this.#next), undefined)
  }

  #suspicion(state: Int32Array, by: number, of: number, unsuspected: number, then: Then): void {
    if ((unsuspected & (1 << of)) === 0) return
    const { layout } = this
    const isWrong = this.locals.get(state[of]!).standing === 'live' && !this.#isAcross(state, by, of)
    const pair = layout.pair(by, of)
    if (isWrong && (state[layout.pairs]! & pair) === 0) return
    this.#next.set(state)
    if (isWrong) {
      this.#next[layout.pairs]! &= ~pair
      this.#next[layout.wrongly]!--
    }
    this.#take(by, { type: 'suspect', by, of }, then)
  }

  #acts(state: Int32Array, by: number, then: Then): void {
    const { acts } = this.layout
    for (const [index, { by: actor, act }] of this.scenario.acts.entries()) {
      if (actor !== by || (state[acts]! & (1 << index)) !== 0) continue
      this.#next.set(state)
      this.#next[acts]! |= 1 << index
      this.#take(by, { type: 'act', by, index, act }, then)
    }
  }

  #timer(state: Int32Array, by: number, then: Then): void {
    const { timers } = this.layout
    if (state[timers]! >= this.scenario.timers) return
    this.#next.set(state)
    this.#next[timers]!++
    this.#take(by, { type: 'timer', by }, then)
  }

  #linkBreak(state: Int32Array, by: number, other: number, then: Then): void {
    const { layout } = this
    const next = this.#next
    if (state[layout.breaks]! >= this.scenario.linkBreaks || this.#isAcross(state, by, other)) return
    if (this.locals.get(state[other]!).core === undefined) return
    next.set(state)
    next[layout.breaks]!++
    next[layout.link(by, other)] = 0
    next[layout.link(other, by)] = 0
    let broken: string | undefined
    for (const [peer, end] of [[by, other] as const, [other, by] as const]) {
      for (const up of [false, true]) {
        if (broken !== undefined || this.locals.get(next[peer]!).core === undefined) continue
        const input = (): Input => ({ type: 'link', peer: this.#run.runners[end]!.peer, up })
        broken = this.#apply(
          peer,
          this.locals.step(next[peer]!, (up ? 56 : 48) + end, input, () => 0),
        )
      }
    }
    then({ type: 'break', by, other }, broken === undefined ? this.#tidy(next) : next, broken)
  }

  /** The member's connection to the witness. */
  #connection(state: Int32Array, by: number, then: Then): void {
    const { layout, scenario } = this
    const reach = layout.reach(by)
    const next = this.#next
    next.set(state)
    if (state[reach] === CONNECTED) {
      if (state[layout.disconnects]! >= scenario.witness!.disconnects) return
      next[layout.disconnects]!++
      this.#disconnect(by)
      then({ type: 'disconnect', by }, this.#tidy(next), undefined)
    } else {
      const isKnown = state[reach] === NONE
      next[reach] = isKnown ? CONNECTED : NONE
      const token = isKnown ? tokenOf(this.#witness.get(state[layout.peers]!)) : undefined
      this.#take(by, { type: 'tell', by, token }, then)
    }
  }

  #disconnect(peer: number): void {
    const { layout } = this
    this.#next[layout.reach(peer)] = BROKEN
    this.#next[layout.link(peer, layout.peers)] = 0
    this.#next[layout.link(layout.peers, peer)] = 0
  }

  #witnessMoves(state: Int32Array, then: Then): void {
    const { layout } = this
    const next = this.#next
    const by = layout.peers
    for (let from = 0; from < layout.peers; from++) {
      const link = layout.link(from, by)
      const queue = state[link]!
      if (queue === 0) continue
      const message = this.queues.head(queue)
      const { next: witness, answer } = this.#witness.ask(state[by]!, message, this.messages.get(message).message)
      next.set(state)
      next[link] = this.queues.rest(queue)
      next[by] = witness
      this.#send(by, from, this.messages.add(undefined, answer))
      then({ type: 'receive', by, from, message }, this.#tidy(next), undefined)
      this.#loss(state, by, from, then)
    }
    if (state[layout.restarts]! >= this.scenario.witness!.restarts) return
    next.set(state)
    next[by] = this.#witness.restarted(state[by]!)
    next[layout.restarts]!++
    for (let peer = 0; peer < layout.peers; peer++) if (next[layout.reach(peer)] === CONNECTED) this.#disconnect(peer)
    then({ type: 'restart' }, this.#tidy(next), undefined)
  }

  #cut(state: Int32Array, then: Then): void {
    const { layout, scenario } = this
    const next = this.#next
    if (scenario.cutOff.length === 0 || state[layout.cut] === 1) return
    next.set(state)
    next[layout.cut] = 1
    for (let from = 0; from < layout.peers; from++) {
      for (let to = 0; to < layout.peers; to++) if (this.#isAcross(next, from, to)) next[layout.link(from, to)] = 0
    }
    then({ type: 'cut', ranks: scenario.cutOff }, this.#tidy(next), undefined)
  }

  #isAcross(state: Int32Array, a: number, b: number): boolean {
    const { cutOff } = this.scenario
    return state[this.layout.cut] === 1 && cutOff.includes(a) !== cutOff.includes(b)
  }

  /** Lets a peer take an input in `#next`. */
  #take(by: number, event: Taken, then: Then): void {
    const next = this.#next
    const before = this.locals.get(next[by]!).core!
    const elapsedMs = () => (event.type === 'timer' ? this.#elapsedMs(nextTimeout(before) - before.now) : 0)
    const broken = this.#apply(
      by,
      this.locals.step(next[by]!, numberOf(event), () => this.#inputOf(event), elapsedMs),
    )
    then(event, broken === undefined ? this.#tidy(next) : next, broken)
  }

  #elapsedMs(untilDueMs: number): number {
    if (this.scenario.timerMs > 0) return this.scenario.timerMs
    return Number.isFinite(untilDueMs) ? Math.max(1, untilDueMs) : 1
  }

  /** Puts what became of a peer into `#next`; what its engine threw, if it did. */
  #apply(by: number, step: Step): string | undefined {
    const { ballots } = this.layout
    if (step.broken !== undefined) return `${this.names[by]} ${step.broken}`
    this.#next[by] = step.next
    for (const { to, message } of step.sends) this.#send(by, to, message)
    this.#next[ballots] = step.beyond ? BEYOND : this.#next[ballots]! + step.ballots
    return undefined
  }

  #send(from: number, to: number, message: number): void {
    const { layout } = this
    const next = this.#next
    const isLost =
      to === layout.peers
        ? next[layout.reach(from)] !== CONNECTED
        : from !== layout.peers && this.#isAcross(next, from, to)
    if (isLost) return
    const link = layout.link(from, to)
    next[link] = this.queues.push(next[link]!, message)
  }

  /** Makes one of states that differ in nothing that can still matter. */
  #tidy(state: Int32Array): Int32Array {
    const { layout } = this
    // A state that is not followed has no use for what might still go wrong.
    const isSpent = state[layout.wrongly] === 0 || this.isCut(state)
    let pairs = isSpent ? 0 : state[layout.pairs]!
    for (let peer = 0; peer < layout.peers; peer++) {
      pairs &= ~layout.pair(peer, peer)
      if (this.locals.get(state[peer]!).standing === 'live') continue
      for (let other = 0; other < layout.actors; other++) state[layout.link(other, peer)] = 0
      for (let other = 0; other < layout.peers; other++) pairs &= ~layout.pair(peer, other) & ~layout.pair(other, peer)
      if (layout.actors > layout.peers) state[layout.reach(peer)] = CONNECTED
    }
    if (state[layout.cut] === 1) pairs &= ~this.#pairsAcross
    state[layout.pairs] = pairs
    // What may still be had is bounded by the pairs that are left.
    state[layout.wrongly] = Math.min(state[layout.wrongly]!, bitsOf(pairs))
    return state
  }

  #inputOf(event: Taken): Input {
    switch (event.type) {
      case 'receive': {
        const { tag, message } = this.messages.get(event.message)
        if (tag === undefined) return { type: 'witness-answer', answer: message }
        return { type: 'receive', from: this.#run.runners[event.from]!.peer, tag, message }
      }
      case 'suspect':
        return { type: 'suspect', member: this.names[event.of] as MemberId }
      case 'timer':
        return { type: 'tick' }
      case 'tell':
        return { type: 'witness', token: event.token }
      case 'act': {
        const { by, act, index } = event
        if (act === 'close' || act === 'leave' || act === 'fork') return { type: act }
        const payload = new TextEncoder().encode(`${this.names[by]}/${act}`)
        return { type: 'multicast', ref: index + 1, kind: act, payload }
      }
    }
  }

  #isSending(state: Int32Array, from: number): boolean {
    for (let to = 0; to < this.layout.actors; to++) if (state[this.layout.link(from, to)] !== 0) return true
    return false
  }
}

type Then = (event: Event, next: Int32Array, broken: string | undefined) => void

const BEYOND = 99

function bitsOf(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

function pairsAcross(layout: Layout, cutOff: readonly number[]): number {
  let bits = 0
  for (let by = 0; by < layout.peers; by++) {
    for (let of = 0; of < layout.peers; of++) {
      if (cutOff.includes(by) !== cutOff.includes(of)) bits |= layout.pair(by, of)
    }
  }
  return bits
}

function viewOf({ state }: Core): [string, number][] {
  return state.current === undefined ? [] : [[state.current.view.lineage, state.current.view.number]]
}
