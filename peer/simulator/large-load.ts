import type { CastKind } from '../base/cast-kind.ts'
import type { Config } from '../base/config.ts'
import type { SimPeer } from './peer.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

export interface LargeLoadOptions {
  /** How often somebody sends a large value, or more small ones at once than the window holds. */
  readonly rounds: number
  /** The time over which they are spread, from now on. */
  readonly forMs: number
}

const KINDS: readonly CastKind[] = ['fifo', 'causal', 'total']
/** Of a value, in windows. */
const WINDOWS_MAX = 8
/** Of all values of a run together: each window takes a round trip. */
const WINDOWS_IN_ALL = 50
/** With windows of many messages a burst would only take time. */
const BURST_MAX = 120
const SMALL_BYTES = 40

/** Values much larger than the window, in their order or as bulk, some taken back on their way, and bursts. */
export class LargeLoad {
  readonly #world: World
  readonly #random: Random
  #windowsLeft = WINDOWS_IN_ALL

  constructor(world: World, { rounds, forMs }: LargeLoadOptions) {
    this.#world = world
    this.#random = world.random('large load')
    for (let i = 0; i < rounds; i++) world.scheduler.after(this.#random.between(0, forMs), () => this.#round())
  }

  #round(): void {
    const peer = this.#random.pick(this.#world.living().filter(({ ready }) => ready))
    if (peer === undefined) return
    if (this.#random.chance(0.25)) this.#burst(peer)
    else this.#value(peer)
  }

  #burst(peer: SimPeer): void {
    const { windowMessages } = this.#world.options.config
    const count = Math.min(BURST_MAX, Math.ceil(windowMessages * this.#random.between(1, 3)))
    this.#world.hit('burst beyond the window')
    for (let i = 0; i < count; i++) peer.cast(this.#random.pick(KINDS)!, SMALL_BYTES)
  }

  #value(peer: SimPeer): void {
    const { config } = this.#world.options
    const windows = Math.min(this.#windowsLeft, this.#random.between(0.5, WINDOWS_MAX))
    const bytes = Math.max(config.fragmentBytes + 1, Math.round(windows * windowOf(config)))
    this.#windowsLeft = Math.max(0, this.#windowsLeft - windows)
    const isBulk = this.#random.chance(0.5)
    const receipt = peer.cast(this.#random.pick(KINDS)!, bytes, isBulk)
    if (receipt === undefined) return
    this.#world.hit(isBulk ? 'bulk value' : 'large value')
    // What others of it overtake, or have to wait for.
    if (this.#random.chance(0.5)) peer.cast(this.#random.pick(KINDS)!, SMALL_BYTES)
    if (!this.#random.chance(0.3)) return
    this.#world.hit('value taken back')
    this.#world.scheduler.after(this.#random.between(0, 1_000), () => peer.cancel(receipt))
  }
}

/** What is under way of a large value at a time. */
function windowOf({ windowBytes, windowMessages, fragmentBytes }: Config): number {
  return Math.min(windowBytes, windowMessages * fragmentBytes, 64 * 1024)
}
