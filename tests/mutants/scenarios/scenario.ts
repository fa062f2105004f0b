import type { PeerId } from '../../../peer/base/ids.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Script } from '../../../peer/simulator/script.ts'
import { setTrap } from '../../../peer/simulator/traps.ts'
import type { WorldOptions } from '../../../peer/simulator/world.ts'

/** A run moved by hand to a place that random seeds seldom reach. What it leaves broken is healed after it, and must settle. */
export interface Scenario {
  readonly name: string
  readonly options?: Partial<WorldOptions>
  /** Worlds to play it in, where chance has a say; default: one. */
  readonly seeds?: readonly number[]
  /** Throws a `Breach` when it sees a rule broken itself; the rest is for the checkers. */
  act(script: Script): void
}

type Five = [SimPeer, SimPeer, SimPeer, SimPeer, SimPeer]

/** A group of the first `count` of these, by rank, each with state. */
export function group(script: Script, count: 1 | 2 | 3 | 4 | 5): Five {
  return script.group(count) as Five
}

/** Nothing gets from the first to the others. */
export function mute({ world }: Script, from: SimPeer, ...to: readonly SimPeer[]): void {
  for (const other of to) world.network.cut(from.id, other.id)
}

/** What waited for the first's voice comes. */
export function unmute({ world }: Script, from: SimPeer, ...to: readonly SimPeer[]): void {
  for (const other of to) world.network.mend(from.id, other.id)
}

/** Nothing gets from the first to the others or back. */
export function part(script: Script, one: SimPeer, ...others: readonly SimPeer[]): void {
  mute(script, one, ...others)
  for (const other of others) mute(script, other, one)
}

/** What is on its way between the two is lost, and the link comes back. */
export function lose(script: Script, from: SimPeer, to: SimPeer): void {
  script.world.network.break(from.id, to.id)
  unmute(script, from, to)
}

/** The first takes the others for failed. */
export function suspect(one: SimPeer, ...others: readonly SimPeer[]): void {
  for (const other of others) one.input({ type: 'suspect', member: other.self })
}

/** Does something right after the peer has handled its nth message of this kind from now on, before any answer leaves. */
export function onceHandled({ world }: Script, kind: string, at: SimPeer, nth: number, strike: () => void): void {
  setTrap(world, { kind, moment: 'handled', nth, who: (peer) => peer === at, strike })
}

/** Crashes at once; the others see their links close. */
export function crash(...peers: readonly SimPeer[]): void {
  for (const peer of peers) peer.crash(() => 0)
}

/** Waits until the link between the two stands. */
export function linked(script: Script, a: PeerId, b: PeerId): void {
  script.until(`${a} and ${b} are linked`, () => script.world.network.linked(a, b))
}
