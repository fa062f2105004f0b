import { Random } from '../../peer/simulator/random.ts'
import type { Name } from './side.ts'

/** How long a frame takes at least. */
export const DELAY_MIN_MS = 15
const SPREAD_MS = 30
const NOTICE_MIN_MS = 120
const NOTICE_SPREAD_MS = 320

/**
 * How long what one sends the other takes, in ms. It depends on the seed and the two names only, so that both sides of a
 * scenario have the same network, whatever travels over it.
 */
export function delayMs(seed: number, from: Name, to: Name): number {
  return Math.round(DELAY_MIN_MS + new Random(seed, `delay ${from} ${to}`).unit() * SPREAD_MS)
}

/**
 * When the others see that the links to one that crashed are gone: one after the other, in an order that depends on the seed.
 * In ms after the crash, by name.
 */
export function noticesMs(seed: number, crashed: Name, others: readonly Name[]): ReadonlyMap<Name, number> {
  const order = new Random(seed, `notice ${crashed}`).shuffled(others)
  return new Map(
    order.map((name, index) => [name, NOTICE_MIN_MS + (NOTICE_SPREAD_MS * index) / Math.max(order.length - 1, 1)]),
  )
}
