import { delayMs } from './delays.ts'
import type { LinkState, Name } from './side.ts'

/** A link that takes so long counts as slow: none does of itself. */
const SLOW_MS = 100

/** What has been ordered of the links between people: which are cut, and how long what goes over them takes. */
export class Links {
  readonly #seed: number
  readonly #cuts = new Set<string>()
  readonly #delays = new Map<string, number>()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Which ways of the link are to be cut: both, or none if it is cut already. */
  cut(a: Name, b: Name): readonly Way[] {
    return bothWays(a, b).filter((way) => !this.#cuts.has(keyOf(way)) && this.#cuts.add(keyOf(way)))
  }

  /** Which ways of the link are to be mended. */
  mend(a: Name, b: Name): readonly Way[] {
    return bothWays(a, b).filter((way) => this.#cuts.delete(keyOf(way)))
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#delays.set(keyOf([from, to]), ms)
  }

  /** How long what one sends the other takes. */
  delayMs(from: Name, to: Name): number {
    return this.#delays.get(keyOf([from, to])) ?? delayMs(this.#seed, from, to)
  }

  state(a: Name, b: Name): LinkState {
    if (this.#cuts.has(keyOf([a, b]))) return 'cut'
    return bothWays(a, b).some(([from, to]) => this.delayMs(from, to) >= SLOW_MS) ? 'slow' : 'fine'
  }
}

/** One direction of a link. */
export type Way = readonly [from: Name, to: Name]

export function bothWays(a: Name, b: Name): readonly Way[] {
  return [
    [a, b],
    [b, a],
  ]
}

function keyOf([from, to]: Way): string {
  return `${from} ${to}`
}
