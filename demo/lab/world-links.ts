import type { PeerId } from '../../peer/index.ts'
import type { World } from '../../peer/simulator/world.ts'
import { DELAY_MIN_MS } from './delays.ts'
import { bothWays, Links, type Way } from './links.ts'
import type { LinkState, Name } from './side.ts'

/** The links of the simulated world, by people's names. They get their delays when they come up. */
export class WorldLinks {
  readonly #world: World
  readonly #links: Links
  readonly #idOf: (name: Name) => PeerId | undefined
  /** Ways of links that are not up yet, or were never given their delay. */
  #unshaped: Way[] = []

  constructor(world: World, idOf: (name: Name) => PeerId | undefined) {
    this.#world = world
    this.#links = new Links(world.options.seed)
    this.#idOf = idOf
  }

  state(a: Name, b: Name): LinkState {
    return this.#links.state(a, b)
  }

  /** The newcomer will have links with these. */
  expect(newcomer: Name, others: readonly Name[]): void {
    this.#unshaped.push(...others.flatMap((other) => bothWays(newcomer, other)))
  }

  /** Gives those that have come up their delays. */
  shape(): void {
    if (this.#unshaped.length === 0) return
    this.#unshaped = this.#unshaped.filter(([from, to]) => {
      this.#shape(from, to)
      const [one, other] = [this.#idOf(from), this.#idOf(to)]
      return one === undefined || other === undefined || !this.#world.network.linked(one, other)
    })
  }

  cut(a: Name, b: Name): void {
    if (this.#idOf(a) === undefined || this.#idOf(b) === undefined) return
    for (const [from, to] of this.#links.cut(a, b)) this.#world.network.cut(this.#idOf(from)!, this.#idOf(to)!)
  }

  mend(a: Name, b: Name): void {
    for (const [from, to] of this.#links.mend(a, b)) this.#world.network.mend(this.#idOf(from)!, this.#idOf(to)!)
  }

  lose(from: Name, to: Name, forMs: number): void {
    const { network, scheduler } = this.#world
    const [one, other] = [this.#idOf(from), this.#idOf(to)]
    if (one === undefined || other === undefined) return
    network.mute(one, other)
    scheduler.after(forMs, () => network.break(one, other, 0))
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#links.delay(from, to, ms)
    this.#shape(from, to)
  }

  #shape(from: Name, to: Name): void {
    const [one, other] = [this.#idOf(from), this.#idOf(to)]
    if (one === undefined || other === undefined) return
    this.#world.network.delayed(one, other, Math.max(0, this.#links.delayMs(from, to) - DELAY_MIN_MS))
  }
}
