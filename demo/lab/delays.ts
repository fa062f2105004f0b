import { Random } from '../../peer/simulator/random.ts'
import type { Name } from './side.ts'

/** How long a frame takes at least. */
export const DELAY_MIN_MS = 15
const SPREAD_MS = 30

/**
 * How long what one sends the other takes, in ms. It depends on the seed and the two names only, so that both sides of a
 * scenario have the same network, whatever travels over it.
 */
export function delayMs(seed: number, from: Name, to: Name): number {
  return Math.round(DELAY_MIN_MS + new Random(seed, `delay ${from} ${to}`).unit() * SPREAD_MS)
}

/** When the others see that the links to one that crashed are gone: each at a time of its own. */
export function noticeMs(seed: number, crashed: Name, at: Name): number {
  return Math.round(150 + new Random(seed, `notice ${crashed} ${at}`).unit() * 250)
}
