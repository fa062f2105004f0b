import type { PeerId } from '../base/ids.ts'
import type { Chaos } from './chaos.ts'
import type { SimPeer } from './peer.ts'
import { isEldest } from './traps.ts'

/** The steps around which a member falls silent. */
export const SILENCED_AT = ['prepare', 'promise', 'accept', 'accepted', 'decide', 'order', 'entries'] as const

/** `muted`: what it sends is lost, until the links break; `held back`: it arrives late. */
type Silence = 'muted' | 'held back'

const MUTED_MS = [30, 300] as const
const HELD_BACK_MS = [50, 2_500] as const

/** Sets a trap at which a member falls silent towards one or more others, and gives the group a reason to get there. */
export function silenceAtStep(chaos: Chaos, silence: Silence): boolean {
  const { random, world } = chaos
  const kind = random.pick(SILENCED_AT)!
  const eldestOnly = kind === 'order' || random.chance(0.4)
  chaos.set({
    kind,
    moment: random.pick(['sent', 'received', 'handled'] as const)!,
    nth: random.whole(1, 4),
    who: (peer) => !eldestOnly || isEldest(peer),
    strike: (peer, other) => {
      world.hit(`${silence} at ${kind}`)
      if (silence === 'muted') mute(chaos, peer, other)
      else holdBack(chaos, peer)
      if (random.chance(0.6)) chaos.later(random.between(0, 100), () => suspectBy(chaos, peer))
    },
  })
  return provoke(chaos)
}

function mute(chaos: Chaos, peer: SimPeer, confidant: PeerId): void {
  const { random, world } = chaos
  // One that still hears it may be the only one that knows.
  const spared = random.chance(0.4) ? confidant : undefined
  const others = targets(chaos, peer).filter((other) => other.id !== spared)
  for (const other of others) world.network.mute(peer.id, other.id)
  const heir = world.living().find(({ id }) => id === spared)
  if (heir !== undefined)
    chaos.later(random.between(5, 60), () => heir.cast(random.chance(0.7) ? 'total' : 'causal', 30))
  chaos.later(random.between(...MUTED_MS), () => {
    if (random.chance(0.3) && die(chaos, peer)) {
      if (heir !== undefined && random.chance(0.6)) die(chaos, heir)
    } else for (const other of others) world.network.break(peer.id, other.id, 200)
  })
}

function holdBack(chaos: Chaos, peer: SimPeer): void {
  const { random, world } = chaos
  const others = targets(chaos, peer)
  for (const other of others) world.network.cut(peer.id, other.id)
  chaos.later(random.between(...HELD_BACK_MS), () => {
    for (const other of others) world.network.mend(peer.id, other.id)
  })
}

/** One other, or all. */
function targets({ random, world }: Chaos, peer: SimPeer): SimPeer[] {
  const others = world.living().filter((other) => other !== peer)
  return random.chance(0.4) ? random.shuffled(others).slice(0, 1) : others
}

function die(chaos: Chaos, peer: SimPeer): boolean {
  if (!peer.alive || !chaos.mayKill(peer)) return false
  chaos.vanish(peer)
  return true
}

/** The next in rank, or anyone, takes the peer for failed: most likely a second coordinator. */
function suspectBy({ random, world }: Chaos, peer: SimPeer): void {
  const { view } = peer
  if (view === undefined) return
  const others = world.living().filter((other) => other !== peer && view.members.some(({ id }) => id === other.self))
  const rank = (other: SimPeer) => view.members.findIndex(({ id }) => id === other.self)
  const byRank = others.sort((a, b) => rank(a) - rank(b))
  const witness = random.chance(0.6) ? byRank[0] : random.pick(byRank)
  witness?.input({ type: 'suspect', member: peer.self })
}

/** Most often a view change; entries and orders come by themselves. */
function provoke(chaos: Chaos): boolean {
  const reasons = [
    () => chaos.pair((a, b) => a.input({ type: 'suspect', member: b.self })),
    () => chaos.kill((peer) => chaos.vanish(peer)),
    () => chaos.joins(1),
    () => chaos.member((peer) => peer.leave()),
    () => true,
    () => true,
  ]
  return chaos.random.pick(reasons)!()
}
