import type { Input } from '../../peer/engine/io.ts'
import { CONNECTED, HEALED, NONE, PARTED, WHOLE } from './layout.ts'
import type { Parts, Row, Then } from './row.ts'
import { tokenOf } from './witness-states.ts'

/** All that may go wrong in a state, within the bounds of the scenario. */
export class Faults {
  readonly #parts: Parts
  readonly #row: Row
  readonly #suspect: (of: number) => Input
  readonly #link: (peer: number) => Input & { type: 'link' }

  /** `inputs`: how an engine is told of a suspicion, and of a link. */
  constructor(
    parts: Parts,
    row: Row,
    inputs: { suspect(of: number): Input; link(peer: number): Input & { type: 'link' } },
  ) {
    this.#parts = parts
    this.#row = row
    this.#suspect = inputs.suspect
    this.#link = inputs.link
  }

  expand(state: Int32Array, then: Then): void {
    const { layout, locals, scenario } = this.#parts
    for (let by = 0; by < layout.peers; by++) {
      const { standing, core, unsuspected } = locals.get(state[by]!)
      if (standing === 'gone') this.#losses(state, by, then)
      else this.#crash(state, by, then)
      if (core === undefined) continue
      for (let of = 0; of < layout.peers; of++) this.#suspicion(state, by, of, unsuspected, then)
      for (let other = by + 1; other < layout.peers; other++) this.#linkBreak(state, by, other, then)
      if (scenario.witness !== undefined) this.#disconnect(state, by, then)
    }
    this.#cut(state, then)
    this.#heal(state, then)
    this.#restart(state, then)
  }

  /** What one that is gone had sent may never arrive. */
  #losses(state: Int32Array, from: number, then: Then): void {
    const { layout } = this.#parts
    for (let by = 0; by < layout.actors; by++) {
      const link = layout.link(from, by)
      if (state[link] === 0) continue
      this.#row.set(state)[link] = 0
      this.#row.tell({ type: 'lose', by, from }, then)
    }
  }

  #crash(state: Int32Array, by: number, then: Then): void {
    const { layout, locals, scenario } = this.#parts
    if (state[layout.crashes]! >= scenario.crashes) return
    if (locals.get(state[by]!).standing === 'ended' && !this.#isSending(state, by)) return
    const next = this.#row.set(state)
    next[by] = locals.crashed(state[by]!)
    next[layout.crashes]!++
    this.#row.tell({ type: 'crash', by }, then)
  }

  #suspicion(state: Int32Array, by: number, of: number, unsuspected: number, then: Then): void {
    if ((unsuspected & (1 << of)) === 0) return
    const { layout, locals } = this.#parts
    const next = this.#row.set(state)
    const isWrong = locals.get(state[of]!).standing === 'live' && !this.#row.isAcross(by, of)
    const pair = layout.pair(by, of)
    if (isWrong && (state[layout.pairs]! & pair) === 0) return
    if (isWrong) {
      next[layout.pairs]! &= ~pair
      next[layout.wrongly]!--
    }
    this.#row.take(
      by,
      { type: 'suspect', by, of },
      () => this.#suspect(of),
      () => 0,
      then,
    )
  }

  #linkBreak(state: Int32Array, by: number, other: number, then: Then): void {
    const { layout, locals, scenario } = this.#parts
    if (state[layout.breaks]! >= scenario.linkBreaks || locals.get(state[other]!).core === undefined) return
    const next = this.#row.set(state)
    if (this.#row.isAcross(by, other)) return
    next[layout.breaks]!++
    this.#row.tell({ type: 'break', by, other }, then, this.#row.replaceLink(by, other, this.#link))
  }

  #cut(state: Int32Array, then: Then): void {
    const { layout, scenario } = this.#parts
    if (scenario.cutOff.length === 0 || state[layout.cut] !== WHOLE) return
    const next = this.#row.set(state)
    next[layout.cut] = PARTED
    for (const [a, b] of this.#across()) {
      next[layout.link(a, b)] = 0
      next[layout.link(b, a)] = 0
    }
    this.#row.tell({ type: 'cut', ranks: scenario.cutOff }, then)
  }

  #heal(state: Int32Array, then: Then): void {
    const { layout, scenario } = this.#parts
    if (!scenario.heals || state[layout.cut] !== PARTED) return
    this.#row.set(state)[layout.cut] = HEALED
    let broken: string | undefined
    for (const [a, b] of this.#across()) broken ??= this.#row.replaceLink(a, b, this.#link)
    this.#row.tell({ type: 'heal' }, then, broken)
  }

  /** Pairs of peers on different sides. */
  #across(): (readonly [number, number])[] {
    const { layout, scenario } = this.#parts
    const others = [...Array(layout.peers).keys()].filter((peer) => !scenario.cutOff.includes(peer))
    return others.flatMap((a) => scenario.cutOff.map((b) => [a, b] as const))
  }

  /** A connection to the witness breaks, or a member whose connection broke notices, or has one again. */
  #disconnect(state: Int32Array, by: number, then: Then): void {
    const { layout, scenario, witness } = this.#parts
    const next = this.#row.set(state)
    if (state[layout.reach(by)] === CONNECTED) {
      if (state[layout.disconnects]! >= scenario.witness!.disconnects) return
      next[layout.disconnects]!++
      this.#row.disconnect(by)
      this.#row.tell({ type: 'disconnect', by }, then)
      return
    }
    const isKnown = state[layout.reach(by)] === NONE
    next[layout.reach(by)] = isKnown ? CONNECTED : NONE
    const token = isKnown ? tokenOf(witness.get(state[layout.peers]!)) : undefined
    this.#row.take(
      by,
      { type: 'tell', by, token },
      () => ({ type: 'witness', token }),
      () => 0,
      then,
    )
  }

  #restart(state: Int32Array, then: Then): void {
    const { layout, scenario, witness } = this.#parts
    if (scenario.witness === undefined || state[layout.restarts]! >= scenario.witness.restarts) return
    const next = this.#row.set(state)
    next[layout.peers] = witness.restarted(state[layout.peers]!)
    next[layout.restarts]!++
    for (let peer = 0; peer < layout.peers; peer++) {
      if (next[layout.reach(peer)] === CONNECTED) this.#row.disconnect(peer)
    }
    this.#row.tell({ type: 'restart' }, then)
  }

  #isSending(state: Int32Array, from: number): boolean {
    const { layout } = this.#parts
    for (let to = 0; to < layout.actors; to++) if (state[layout.link(from, to)] !== 0) return true
    return false
  }
}
