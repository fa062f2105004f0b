import type { PeerId } from '../base/ids.ts'
import { sentBetween } from './messages.ts'
import type { SimPeer } from './peer.ts'
import { standing } from './settle.ts'
import { setTrap, type Trap } from './traps.ts'
import { World, type WorldOptions } from './world.ts'

/** How long a frame takes in a scripted world, unless told otherwise: far less than any timer of the protocols. */
export const HOP_MS = 10

/** A world moved by hand, for exact tests. Every wait has a deadline in virtual time and throws when it is missed. */
export class Script {
  readonly world: World

  constructor(options: Partial<WorldOptions> = {}) {
    this.world = new World({ fixedDelayMs: HOP_MS, watchMessages: true, ...options })
  }

  /** Starts this many peers one after the other, and waits until all are in one view, in order of arrival, with state. */
  group(count: number): SimPeer[] {
    const peers: SimPeer[] = []
    for (let i = 0; i < count; i++) {
      peers.push(this.world.start())
      this.until('the group is complete', () => this.inOneView(peers))
    }
    this.quiet()
    return peers
  }

  /** Waits until the condition holds. */
  until(what: string, condition: () => boolean, withinMs = 30_000): void {
    const startedAt = this.world.now
    if (this.world.runUntil(condition, withinMs)) return
    const [violation] = this.world.violations
    throw new Error(
      violation === undefined
        ? `waited from ${startedAt} to ${this.world.now} in vain until ${what}`
        : `${violation.rule} broken before ${what}: ${violation.evidence}`,
    )
  }

  /** Lets time pass. */
  run(forMs: number): void {
    this.world.run(forMs)
    const [violation] = this.world.violations
    if (violation !== undefined) throw new Error(`${violation.rule} broken: ${violation.evidence}`)
  }

  /** Waits until all that live have settled in one view, or blocked. */
  settle(withinMs = 60_000): 'one view' | 'blocked' | 'nobody' {
    this.until('everything has settled', () => standing(this.world).end !== 'unsettled', withinMs)
    const { end } = standing(this.world)
    if (end === 'unsettled') throw new Error('settled and then did not')
    return end
  }

  /** Whether exactly these peers, in this order, are in one view, each of them with state. */
  inOneView(peers: readonly SimPeer[]): boolean {
    const ids = peers.map(({ self }) => self).join()
    return peers.every((peer) => peer.ready && peer.view?.members.map(({ id }) => id).join() === ids)
  }

  /** Sets a trap that crashes whom it catches, unless it strikes in another way. */
  crashAt(trap: Omit<Trap, 'strike' | 'who'> & Partial<Trap>): () => void {
    return setTrap(this.world, {
      who: () => true,
      strike: (peer) => peer.crash(() => 0),
      ...trap,
    })
  }

  /** When a message of the kind was first handled by the peer, from now on; undefined until then. */
  firstHandled(kind: string, at: PeerId): { readonly atMs: number | undefined } {
    const seen: { atMs: number | undefined } = { atMs: undefined }
    const remove = this.world.messages.watch((sighting) => {
      if (sighting.kind !== kind || sighting.to !== at || sighting.moment !== 'handled') return
      seen.atMs = this.world.now
      remove()
    })
    return seen
  }

  /** What is sent while `act` runs, by kind. */
  sentDuring(act: () => void): Map<string, number> {
    const before = this.world.messages.counts()
    act()
    return sentBetween(before, this.world.messages.counts())
  }

  /** Waits until every receipt is settled. */
  quiet(): void {
    this.until('all receipts settled', () =>
      this.world.living().every((peer) => peer.application.unsettled().length === 0),
    )
  }
}
