import type { Config } from '../base/config.ts'
import type { Chaos } from './chaos.ts'
import type { Arsenal, Fault } from './faults.ts'
import { Random } from './random.ts'

/** In two of three runs windows are so small that they close, and applications hold little unread. */
export function smallWindows(seed: number): Partial<Config> {
  const random = new Random(seed, 'windows')
  if (random.chance(0.35)) return {}
  return {
    windowMessages: random.chance(0.1) ? random.whole(1, 3) : random.whole(4, 64),
    windowBytes: random.whole(1_024, 16 * 1024),
    consumerQueueBytesMax: random.whole(1_024, 16 * 1024),
    // Longer than what is no fault takes, and short enough to be seen.
    windowStallMs: random.whole(5_000, 9_000),
  }
}

const SLOW_MS = [500, 6_000] as const
/** Longer than a window may be held closed, by so much. */
const STALLED_MS = [1_000, 8_000] as const

const FLOWS: readonly Fault[] = [
  { name: 'slow reader', weight: 6, from: 'light', strike: (chaos) => slowReader(chaos) },
  { name: 'reader that stops for a while', weight: 5, from: 'light', strike: (chaos) => stoppedReader(chaos, SLOW_MS) },
  { name: 'reader that reads no more', weight: 3, from: 'default', strike: readsNoMore },
  { name: 'slow links for all', weight: 3, from: 'default', strike: slowForAll },
  { name: 'stops in a stream', weight: 4, from: 'default', strike: stopsInStream },
]

/** What closes windows. They have randomness of their own: the others stay as they are. */
export const FLOW_FAULTS: Arsenal = {
  faults: FLOWS,
  strikes: { light: [0, 2], default: [0, 3], hard: [1, 5] },
}

export const flowNames: readonly string[] = [
  ...FLOWS.map(({ name }) => name),
  'large value',
  'bulk value',
  'value taken back',
  'burst beyond the window',
]

function slowReader(chaos: Chaos): boolean {
  return chaos.member((peer) => {
    peer.consumer.read('slow')
    chaos.later(chaos.random.between(...SLOW_MS), () => peer.consumer.read('keen'))
  })
}

function stoppedReader(chaos: Chaos, [least, most]: readonly [number, number]): boolean {
  return chaos.member((peer) => {
    peer.consumer.read('stopped')
    chaos.later(chaos.random.between(least, most), () => peer.consumer.read('keen'))
  })
}

/** Until others have had to give it up. */
function readsNoMore(chaos: Chaos): boolean {
  const { windowStallMs } = chaos.world.options.config
  return stoppedReader(chaos, [windowStallMs + STALLED_MS[0], windowStallMs + STALLED_MS[1]])
}

function slowForAll(chaos: Chaos): boolean {
  const { world, random } = chaos
  const members = chaos.members()
  const extraMs = random.between(100, 600)
  for (const { id } of members) world.network.slow(id, extraMs)
  chaos.later(random.between(1_000, 5_000), () => {
    for (const { id } of members) world.network.slow(id, 0)
  })
  return members.length > 0
}

/** One that is sending a value in parts is frozen, or gone. */
function stopsInStream(chaos: Chaos): boolean {
  const { random } = chaos
  const sending = chaos.members().filter((peer) => peer.isSending)
  const peer = random.pick(sending)
  if (peer === undefined) return false
  if (random.chance(0.5) && chaos.mayKill(peer)) chaos.vanish(peer)
  else {
    peer.freeze()
    chaos.later(random.between(300, 5_000), () => peer.wake())
  }
  return true
}
