import type { CastKind } from '../base/cast-kind.ts'
import type { SimPeer } from './peer.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

export interface WorkloadOptions {
  /** Multicasts in all, replies included. */
  readonly multicasts: number
  /** The time over which they are spread, from now on. */
  readonly forMs: number
  /** How likely a delivery is answered by a multicast from inside its handler. */
  readonly replyChance: number
  readonly kinds: readonly { readonly kind: CastKind; readonly weight: number }[]
}

/** Members multicast at random: now and then, in bursts, and in answer to what they deliver. */
export class Workload {
  readonly #world: World
  readonly #random: Random
  readonly #options: WorkloadOptions
  readonly #busy = new Set<SimPeer>()
  #left: number
  #answering = true

  constructor(world: World, options: WorkloadOptions) {
    this.#world = world
    this.#random = world.random('workload')
    this.#options = options
    this.#left = options.multicasts
    const { forMs, multicasts } = options
    const rounds = Math.ceil(multicasts / 3)
    for (let i = 0; i < rounds; i++) world.scheduler.after(this.#random.between(0, forMs), () => this.#round())
    world.scheduler.after(forMs, () => {
      this.#answering = false
    })
  }

  #round(): void {
    const peer = this.#random.pick(this.#world.living().filter((candidate) => candidate.ready))
    if (peer === undefined) return
    const burst = this.#random.chance(0.1) ? this.#random.whole(5, 20) : this.#random.whole(1, 2)
    for (let i = 0; i < burst; i++) this.#cast(peer)
    this.#answer(peer)
  }

  #cast(peer: SimPeer): void {
    if (this.#left === 0) return
    const receipt = peer.cast(this.#random.weighted(this.#options.kinds).kind, this.#size())
    if (receipt === undefined) return
    this.#left--
    if (this.#random.chance(0.03)) peer.cancel(receipt)
  }

  /** From its first multicast on, a peer also replies from inside its handlers. */
  #answer(peer: SimPeer): void {
    if (this.#busy.has(peer)) return
    this.#busy.add(peer)
    peer.onDeliver = () => {
      if (this.#answering && this.#random.chance(this.#options.replyChance)) this.#cast(peer)
    }
  }

  #size(): number {
    const { fragmentBytes } = this.#world.options.config
    if (this.#random.chance(0.05)) return fragmentBytes * this.#random.whole(1, 4) + this.#random.int(3) - 1
    return this.#random.chance(0.2) ? this.#random.int(1_000) : this.#random.int(60)
  }
}
