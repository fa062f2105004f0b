import type { CastKind } from '../base/cast-kind.ts'
import type { MessageId } from '../base/ids.ts'
import type { SimReceipt } from './application.ts'
import type { SimPeer } from './peer.ts'
import { standing } from './settle.ts'
import { World } from './world.ts'

export interface PartitionsResult {
  readonly world: World
  /** What is wrong with it, for people; undefined: all is well. */
  readonly wrong: string | undefined
}

const SETTLE_WITHIN_MS = 90_000
const CAST_EVERY_MS = 200

/**
 * A group that falls apart again and again, all parts going on and multicasting, and comes together in the end; nobody
 * crashes. Every multicast must then be in everyone's state exactly once, but for those whose sender was told otherwise.
 */
export function partitions(seed: number, onMerge: 'replay' | 'reconcile'): PartitionsResult {
  const world = new World({ seed, forks: true, onMerge, witness: seed % 2 === 0 })
  const random = world.random('partitions')
  const receipts: SimReceipt[] = []
  const load = (forMs: number): void => {
    for (let passedMs = 0; passedMs < forMs; passedMs += CAST_EVERY_MS) {
      for (const peer of world.living()) {
        const receipt = peer.cast(random.pick<CastKind>(['causal', 'total', 'fifo'])!, random.whole(1, 60))
        if (receipt !== undefined) receipts.push(receipt)
      }
      world.run(CAST_EVERY_MS)
    }
  }
  for (let count = random.whole(2, 7); count > 0; count--) world.start()
  world.run(6_000)
  for (let count = random.whole(1, 4); count > 0; count--) {
    const peers = random.shuffled(world.living())
    const size = random.whole(1, peers.length - 1)
    const mend = cutBetween(world, peers.slice(0, size), peers.slice(size))
    load(random.between(8_000, 30_000))
    mend()
    load(random.between(0, 6_000))
  }
  const settles = (): boolean => world.runUntil(() => standing(world).end === 'one view', SETTLE_WITHIN_MS)
  settles()
  // What is sent again, or made into one, is on its way still.
  world.run(2_000)
  const isSettled = settles()
  return { world, wrong: isSettled ? wrongIn(world, receipts) : JSON.stringify(standing(world)) }
}

/** Cuts all links between the two sides; the returned function mends them. */
export function cutBetween(world: World, some: readonly SimPeer[], others: readonly SimPeer[]): () => void {
  const ways = some.flatMap((a) => others.flatMap((b) => [[a.id, b.id] as const, [b.id, a.id] as const]))
  for (const [from, to] of ways) world.network.cut(from, to)
  return () => {
    for (const [from, to] of ways) world.network.mend(from, to)
  }
}

function wrongIn(world: World, receipts: readonly SimReceipt[]): string | undefined {
  const [violation] = world.violations
  if (violation !== undefined) return `${violation.rule}: ${violation.evidence}`
  for (const peer of world.living()) {
    const times = timesIn(world, peer)
    for (const [id, count] of times) if (count > 1) return `${peer.self} has ${id} ${count} times`
    for (const { id, fate } of receipts) {
      if (id === undefined || fate === 'unknown') continue
      const isThere = times.has(id)
      if (isThere !== (fate !== 'not-sent'))
        return `${peer.self} ${isThere ? 'has' : 'lacks'} ${id}, fate ${fate ?? 'none'}`
    }
  }
  return undefined
}

/** How often the state of a peer holds each multicast, by itself or as a repetition. */
function timesIn(world: World, peer: SimPeer): Map<MessageId, number> {
  const times = new Map<MessageId, number>()
  for (const id of peer.application.ids) {
    const origin = world.originOf(id)
    times.set(origin, (times.get(origin) ?? 0) + 1)
  }
  return times
}
