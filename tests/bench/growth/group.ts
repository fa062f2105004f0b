import { DEFAULT_CONFIG } from '../../../peer/base/config.ts'
import type { PeerId } from '../../../peer/base/ids.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import { World } from '../../../peer/simulator/world.ts'

/** One-way delays: constant on each link, the same both ways, evenly spread over the links. */
export const DELAY_MS = { least: 10, most: 50 } as const

const GROUP_MAX = 1_024
const CONFIG = {
  ...DEFAULT_CONFIG,
  // One more than the largest size joins.
  membersMax: GROUP_MAX,
  // A crash is told by closed links and the server: it need not be waited for longer than that.
  suspectAfterHintMs: 500,
  probeTimeoutMs: 300,
}

/** A group of the shipping runtime in virtual time, without faults. */
export interface SimGroup {
  readonly world: World
  readonly members: readonly SimPeer[]
  delayMs(from: PeerId, to: PeerId): number
  /** Starts one more process, and returns it at once. */
  start(): SimPeer
}

/** Forms a group of this size, twice as many members at a time, as views let them in. */
export function formGroup(size: number, seed: number): SimGroup {
  const world = new World({ seed, fixedDelayMs: DELAY_MS.least, config: CONFIG })
  const random = world.random('delays')
  const extraMs = new Map<string, number>()
  const start = (count: number) => {
    const started = Array.from({ length: count }, () => world.start())
    // The server introduces them first: links have no delay before there are links.
    world.run(2 * DELAY_MS.least)
    for (const peer of started) {
      for (const other of world.peers.slice(0, world.peers.indexOf(peer))) {
        const extra = random.between(0, DELAY_MS.most - DELAY_MS.least)
        for (const [from, to] of [[peer.id, other.id] as const, [other.id, peer.id] as const]) {
          extraMs.set(`${from} ${to}`, extra)
          world.network.delayed(from, to, extra)
        }
      }
    }
    return started
  }
  for (let count = 1; ; count = Math.min(size, 2 * count)) {
    start(count - world.peers.length)
    waitFor(world, `${count} are in one view`, () => inOneView(world.peers))
    if (count === size) break
  }
  return {
    world,
    members: [...world.peers],
    delayMs: (from, to) => DELAY_MS.least + (extraMs.get(`${from} ${to}`) ?? 0),
    start: () => start(1)[0]!,
  }
}

/** Lets time pass until the condition holds; throws when a rule breaks, or it takes too long. */
export function waitFor(world: World, what: string, condition: () => boolean, withinMs = 60_000): void {
  const isThere = world.runUntil(condition, withinMs)
  const [violation] = world.violations
  if (violation !== undefined) throw new Error(`${violation.rule} broken: ${violation.evidence}`)
  if (!isThere) throw new Error(`at ${world.now} ms it is still not so that ${what}`)
}

/** Whether exactly these are in one view, each with its state. */
export function inOneView(peers: readonly SimPeer[]): boolean {
  const number = peers[0]?.view?.number
  return peers.every(({ ready, view }) => ready && view?.number === number && view?.members.length === peers.length)
}
