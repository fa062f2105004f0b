import type { Input } from '../../peer/engine/io.ts'
import { type Event, numberOf, type Taken } from './events.ts'
import { BROKEN, CONNECTED, type Layout, PARTED } from './layout.ts'
import type { LocalStates, Step } from './local-states.ts'
import type { Messages } from './messages.ts'
import type { Scenario } from './scenario.ts'
import type { Sequences } from './sequences.ts'
import type { WitnessStates } from './witness-states.ts'

/** What states are made of. */
export interface Parts {
  readonly scenario: Scenario
  readonly layout: Layout
  readonly locals: LocalStates
  readonly queues: Sequences
  readonly messages: Messages
  readonly witness: WitnessStates
  /** Of the peers, and of the witness. */
  readonly names: readonly string[]
}

/** Called with an event, the state it leads to (reused: to be copied), and what an engine threw, if one did. */
export type Then = (event: Event, next: Int32Array, broken: string | undefined) => void

/** One state, in which something happens: what follows from an engine's step, and from a link that is lost. */
export class Row {
  readonly state: Int32Array
  readonly #parts: Parts
  /** Bits of the pairs that the cut would part. */
  readonly #pairsAcross: number

  constructor(parts: Parts) {
    this.#parts = parts
    this.state = new Int32Array(parts.layout.width)
    this.#pairsAcross = pairsAcross(parts)
  }

  /** Begins anew from a state. */
  set(state: Int32Array): Int32Array {
    this.state.set(state)
    return this.state
  }

  /** Done: tells the event. */
  tell(event: Event, then: Then, broken?: string): void {
    then(event, broken === undefined ? this.tidy() : this.state, broken)
  }

  /** Lets a peer take an input, and tells the event. */
  take(by: number, event: Taken, input: () => Input, elapsedMs: () => number, then: Then): void {
    this.tell(event, then, this.step(by, numberOf(event), input, elapsedMs))
  }

  /** Lets a peer take an input that has this number; what its engine threw, if it did. */
  step(by: number, number: number, input: () => Input, elapsedMs: () => number): string | undefined {
    const { locals, names } = this.#parts
    const step = locals.step(this.state[by]!, number, input, elapsedMs)
    if (step.broken !== undefined) return `${names[by]} ${step.broken}`
    this.#apply(by, step)
    return undefined
  }

  send(from: number, to: number, message: number): void {
    const { layout, queues } = this.#parts
    const { state } = this
    const isToWitness = to === layout.peers
    if (isToWitness && state[layout.reach(from)] !== CONNECTED) return
    if (!isToWitness && from !== layout.peers && this.isAcross(from, to)) return
    const link = layout.link(from, to)
    state[link] = queues.push(state[link]!, message)
  }

  isAcross(a: number, b: number): boolean {
    const { layout, scenario } = this.#parts
    return this.state[layout.cut] === PARTED && scenario.cutOff.includes(a) !== scenario.cutOff.includes(b)
  }

  /** A link breaks, what is on its way is lost, and another takes its place; or, after a cut, there is one again. */
  replaceLink(a: number, b: number, peerOf: (peer: number) => Input & { type: 'link' }): string | undefined {
    const { layout, locals } = this.#parts
    this.state[layout.link(a, b)] = 0
    this.state[layout.link(b, a)] = 0
    for (const [peer, end] of [[a, b] as const, [b, a] as const]) {
      for (const up of [false, true]) {
        if (locals.get(this.state[peer]!).core === undefined) continue
        const input = (): Input => ({ ...peerOf(end), up })
        const broken = this.step(peer, (up ? 56 : 48) + end, input, () => 0)
        if (broken !== undefined) return broken
      }
    }
    return undefined
  }

  disconnect(peer: number): void {
    const { layout } = this.#parts
    this.state[layout.reach(peer)] = BROKEN
    this.state[layout.link(peer, layout.peers)] = 0
    this.state[layout.link(layout.peers, peer)] = 0
  }

  /** Makes one of states that differ in nothing that can still matter. */
  tidy(): Int32Array {
    const { layout, scenario, locals } = this.#parts
    const { state } = this
    // A state that is not followed has no use for what might still go wrong.
    const isSpent = state[layout.wrongly] === 0 || state[layout.ballots]! > scenario.ballots
    let pairs = isSpent ? 0 : state[layout.pairs]!
    for (let peer = 0; peer < layout.peers; peer++) {
      pairs &= ~layout.pair(peer, peer)
      if (locals.get(state[peer]!).standing === 'live') continue
      for (let other = 0; other < layout.actors; other++) state[layout.link(other, peer)] = 0
      for (let other = 0; other < layout.peers; other++) pairs &= ~layout.pair(peer, other) & ~layout.pair(other, peer)
      if (layout.actors > layout.peers) state[layout.reach(peer)] = CONNECTED
    }
    if (state[layout.cut] === PARTED && !scenario.heals) pairs &= ~this.#pairsAcross
    state[layout.pairs] = pairs
    // What may still be had is bounded by the pairs that are left.
    state[layout.wrongly] = Math.min(state[layout.wrongly]!, bitsOf(pairs))
    return state
  }

  #apply(by: number, step: Step): void {
    const { ballots } = this.#parts.layout
    this.state[by] = step.next
    for (const { to, message } of step.sends) this.send(by, to, message)
    this.state[ballots] = step.beyond ? BEYOND : this.state[ballots]! + step.ballots
  }
}

const BEYOND = 99

function bitsOf(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

function pairsAcross({ layout, scenario: { cutOff } }: Parts): number {
  let bits = 0
  for (let by = 0; by < layout.peers; by++) {
    for (let of = 0; of < layout.peers; of++) {
      if (cutOff.includes(by) !== cutOff.includes(of)) bits |= layout.pair(by, of)
    }
  }
  return bits
}
