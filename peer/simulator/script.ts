import type { PeerId } from '../base/ids.ts'
import type { SimReceipt } from './application.ts'
import { sentBetween } from './messages.ts'
import type { SimPeer } from './peer.ts'
import { standing } from './settle.ts'
import { setTrap, type Trap } from './traps.ts'
import { World, type WorldOptions } from './world.ts'

/** How long a frame takes in a scripted world, unless told otherwise: far less than any timer of the protocols. */
export const HOP_MS = 10

const KINDS = ['fifo', 'causal', 'total'] as const
const LOAD_BYTES = 40
const LOOK_EVERY_MS = 50

/** A steady stream of multicasts of all kinds, from every member that may send. */
export interface Load {
  /** Every receipt that it was given, with the peer that got it. */
  readonly receipts: { readonly by: SimPeer; readonly receipt: SimReceipt }[]
  stop(): void
}

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

  /** Waits until all that live have settled in one view, or blocked. Looks now and then: to look is expensive. */
  settle(withinMs = 60_000): 'one view' | 'blocked' | 'nobody' {
    const { world } = this
    const startedAt = world.now
    for (;;) {
      const found = standing(world)
      if (found.end !== 'unsettled') return found.end
      if (world.now >= startedAt + withinMs)
        throw new Error(`not settled from ${startedAt} to ${world.now}: ${found.why}`)
      this.run(LOOK_EVERY_MS)
    }
  }

  /** Whether exactly these peers, in this order, are in one view, each of them with state. */
  inOneView(peers: readonly SimPeer[]): boolean {
    return peers.every(({ ready, view }) => {
      if (!ready || view?.members.length !== peers.length) return false
      return view.members.every(({ id }, rank) => id === peers[rank]!.self)
    })
  }

  /** From now on each peer that is in a view and awake multicasts every so often, all three kinds in turn. */
  load(everyMs: number): Load {
    const { world } = this
    const receipts: Load['receipts'] = []
    let running = true
    let round = 0
    const beat = () => {
      if (!running) return
      const kind = KINDS[round++ % KINDS.length]!
      for (const by of world.living()) {
        const receipt = by.cast(kind, LOAD_BYTES)
        if (receipt !== undefined) receipts.push({ by, receipt })
      }
      world.scheduler.after(everyMs, beat)
    }
    beat()
    return { receipts, stop: () => (running = false) }
  }

  /** From now on nothing gets from one side to the other, either way; the returned function takes that back. */
  part(side: readonly SimPeer[], other: readonly SimPeer[]): () => void {
    const { network } = this.world
    const pairs = side.flatMap((a) => other.map((b) => [a.id, b.id] as const))
    const ways = [...pairs, ...pairs.map(([a, b]) => [b, a] as const)]
    for (const [from, to] of ways) network.cut(from, to)
    return () => {
      for (const [from, to] of ways) network.mend(from, to)
    }
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
