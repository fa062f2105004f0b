import type { Scenario } from './scenario.ts'

/**
 * Where what stands in a row of whole numbers: the local state of each peer, and behind them of the witness, if there is
 * one; the queue of each link; then counts and marks.
 */
export class Layout {
  readonly peers: number
  /** Peers and the witness. */
  readonly actors: number
  readonly width: number
  /** Wrong suspicions that are still to be had, a bit each (`pair`). */
  readonly pairs: number
  /** How many of them may be. */
  readonly wrongly: number
  /** Acts done, a bit each. */
  readonly acts: number
  readonly crashes: number
  readonly timers: number
  readonly ballots: number
  readonly breaks: number
  /** WHOLE, PARTED or HEALED. */
  readonly cut: number
  readonly restarts: number
  readonly disconnects: number
  readonly #reach: number

  constructor({ members, joiners, strangers, witness }: Scenario) {
    this.peers = members + joiners + strangers
    this.actors = this.peers + (witness === undefined ? 0 : 1)
    let next = this.actors + this.actors * this.actors
    this.pairs = next++
    this.wrongly = next++
    this.acts = next++
    this.crashes = next++
    this.timers = next++
    this.ballots = next++
    this.breaks = next++
    this.cut = next++
    this.restarts = next++
    this.disconnects = next++
    this.#reach = next
    this.width = next + (witness === undefined ? 0 : this.peers)
  }

  link(from: number, to: number): number {
    return this.actors + from * this.actors + to
  }

  pair(by: number, of: number): number {
    return 1 << (by * this.peers + of)
  }

  /** How the peer stands to the witness. */
  reach(peer: number): number {
    return this.#reach + peer
  }
}

/** A peer's connection to the witness: it stands; it broke and the peer does not know; the peer knows that it has none. */
export const CONNECTED = 0
export const BROKEN = 1
export const NONE = 2

/** Whether there was a cut: one group; two sides; healed. */
export const WHOLE = 0
export const PARTED = 1
export const HEALED = 2
