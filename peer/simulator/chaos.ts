import type { Arsenal, Severity } from './faults.ts'
import type { SimPeer } from './peer.ts'
import type { Random } from './random.ts'
import { isEldest, setTrap, type Trap } from './traps.ts'
import type { World } from './world.ts'

/** Kinds of messages at which traps are set: every step of a view change, a join and a state transfer. */
const TRAPPED = [
  'join',
  'prepare',
  'promise',
  'fill',
  'filled',
  'accept',
  'accepted',
  'decide',
  'chunk',
  'leave',
  'grant',
  'entries',
  'order',
] as const

const LEVEL = { none: 0, light: 1, default: 2, hard: 3 } as const

/** Strikes a world at random times until it is told to stop. */
export class Chaos {
  readonly world: World
  readonly random: Random
  readonly #peersMax: number
  readonly #traps: (() => void)[] = []
  #stopped = false

  /** `stream`: its own randomness; `peersMax`: processes that may be started in all. */
  constructor(world: World, stream: string, peersMax: number) {
    this.world = world
    this.random = world.random(stream)
    this.#peersMax = peersMax
  }

  /** Schedules the run's faults over the time from now on. */
  schedule(arsenal: Arsenal, severity: Severity, forMs: number): void {
    if (severity === 'none') return
    const faults = arsenal.faults.filter(({ from }) => LEVEL[from] <= LEVEL[severity])
    const [least, most] = arsenal.strikes[severity]
    let at = 0
    for (let i = this.random.whole(least, most); i > 0; i--) {
      // Now and then several come close together.
      at = this.random.chance(0.35) ? at + this.random.between(0, 400) : this.random.between(500, forMs)
      const fault = this.random.weighted(faults)
      this.world.scheduler.after(at, () => {
        if (!this.#stopped && fault.strike(this)) this.world.hit(fault.name)
      })
    }
  }

  /** Ends all faults: cuts are mended, the frozen wake, the server is back. */
  heal(): void {
    this.#stopped = true
    for (const remove of this.#traps) remove()
    this.world.network.heal()
    this.world.introducer.back()
    for (const peer of this.world.living()) {
      peer.wake()
      peer.process.throttle(0)
      peer.savesFail = false
      peer.consumer.read('keen')
    }
  }

  kill(how: (peer: SimPeer) => void): boolean {
    return this.member((peer) => {
      if (!this.mayKill(peer)) return false
      if (isEldest(peer)) this.world.hit('crash of the eldest')
      how(peer)
      return true
    })
  }

  /** The process is gone and its links close at once. */
  vanish(peer: SimPeer): void {
    peer.crash(() => this.random.between(10, 60))
  }

  /** `strike` may say that it did not. */
  member(strike: (peer: SimPeer) => unknown): boolean {
    const peer = this.random.pick(this.members())
    return peer !== undefined && strike(peer) !== false
  }

  pair(strike: (a: SimPeer, b: SimPeer) => void): boolean {
    const [a, b] = this.random.shuffled(this.members())
    if (a === undefined || b === undefined) return false
    strike(a, b)
    return true
  }

  /** Sets a trap at a step and gives the group a reason to get there. */
  trap(): boolean {
    const kind = this.random.pick(TRAPPED)!
    const eldestOnly = this.random.chance(0.3)
    this.set({
      kind,
      moment: this.random.pick(['sent', 'received', 'handled'] as const)!,
      nth: this.random.whole(1, 4),
      who: (peer) => !eldestOnly || isEldest(peer),
      strike: (peer) => {
        if (!this.mayKill(peer)) return
        this.world.hit(`crash at ${kind}`)
        if (isEldest(peer)) this.world.hit('crash of the eldest')
        if (this.random.chance(0.5)) peer.crash()
        else this.vanish(peer)
      },
    })
    const reasons = [
      () => this.joins(1),
      () => this.member((peer) => peer.leave()),
      () => this.kill((peer) => this.vanish(peer)),
      () => this.kill((peer) => peer.close()),
    ]
    return this.random.pick(reasons)!()
  }

  /** Sets a trap that goes when the chaos ends. */
  set(trap: Trap): void {
    this.#traps.push(setTrap(this.world, trap))
  }

  leaveAndCrash(): boolean {
    if (!this.member((peer) => peer.leave())) return false
    this.later(this.random.between(0, 300), () => this.kill((peer) => this.vanish(peer)))
    return true
  }

  /** Starts a process, if there may be one more. */
  start(): SimPeer | undefined {
    return this.world.peers.length < this.#peersMax ? this.world.start() : undefined
  }

  joins(count: number): boolean {
    const room = Math.min(count, this.#peersMax - this.world.peers.length)
    for (let i = 0; i < room; i++) this.later(this.random.between(0, 50), () => this.world.start())
    return room > 0
  }

  vanishingJoins(): boolean {
    const count = this.random.whole(1, 4)
    for (let i = 0; i < count; i++) {
      const peer = this.world.start()
      this.later(this.random.between(50, 1_500), () => {
        if (this.random.chance(0.5)) peer.crash()
        else this.vanish(peer)
      })
    }
    return true
  }

  freeze(forMs: number): boolean {
    return this.member((peer) => {
      peer.freeze()
      this.later(forMs, () => peer.wake())
      // The browser itself gives up the links of a stopped process.
      if (forMs < 15_700) return
      this.later(15_700, () => {
        for (const other of this.world.living()) if (other !== peer) this.world.network.break(peer.id, other.id)
      })
    })
  }

  throttle(): boolean {
    return this.member((peer) => {
      peer.process.throttle(1_000)
      this.later(this.random.between(3_000, 15_000), () => peer.process.throttle(0))
    })
  }

  /** A member's clock runs ahead by up to five minutes, at once. */
  jump(): boolean {
    return this.member((peer) => {
      peer.jump(this.random.chance(0.5) ? this.random.between(500, 10_000) : this.random.between(10_000, 300_000))
    })
  }

  cut(bothWays: boolean): boolean {
    return this.pair((a, b) => {
      const { network } = this.world
      const ways = bothWays
        ? ([
            [a, b],
            [b, a],
          ] as const)
        : ([[a, b]] as const)
      for (const [from, to] of ways) network.cut(from.id, to.id)
      this.later(this.#outageMs(), () => {
        for (const [from, to] of ways) network.mend(from.id, to.id)
      })
    })
  }

  /** `outageMs`: how long it lasts; default: as long as any outage. */
  partition(outageMs?: readonly [number, number]): boolean {
    const members = this.random.shuffled(this.members())
    if (members.length < 2) return false
    const split = this.random.whole(1, members.length - 1)
    const ways = members
      .slice(0, split)
      .flatMap((a) => members.slice(split).flatMap((b) => [[a.id, b.id] as const, [b.id, a.id] as const]))
    for (const [from, to] of ways) this.world.network.cut(from, to)
    this.later(outageMs === undefined ? this.#outageMs() : this.random.between(...outageMs), () => {
      for (const [from, to] of ways) this.world.network.mend(from, to)
    })
    return true
  }

  slow(): boolean {
    return this.member((peer) => {
      this.world.network.slow(peer.id, this.random.between(50, 800))
      this.later(this.random.between(2_000, 10_000), () => this.world.network.slow(peer.id, 0))
    })
  }

  serverAway(): boolean {
    if (!this.world.introducer.up) return false
    this.world.introducer.down()
    this.later(this.random.between(500, 12_000), () => this.world.introducer.back())
    return true
  }

  failingSaves(): boolean {
    return this.member((peer) => {
      peer.savesFail = true
      this.later(this.random.between(2_000, 6_000), () => {
        peer.savesFail = false
      })
      this.joins(1)
    })
  }

  members(): SimPeer[] {
    return this.world.living().filter((peer) => peer.view !== undefined)
  }

  #outageMs(): number {
    return this.random.chance(0.4) ? this.random.between(300, 4_000) : this.random.between(4_000, 22_000)
  }

  /** Most deaths leave a quorum of the view, or little would be left to see. */
  mayKill(peer: SimPeer): boolean {
    const { view } = peer
    if (view === undefined || this.random.chance(0.05)) return true
    const left = view.members.filter(({ id }) => id !== peer.self && this.members().some((other) => other.self === id))
    if (left.length * 2 === view.members.length) return left[0]?.id === view.members[0]?.id
    return left.length * 2 > view.members.length
  }

  later(delayMs: number, run: () => void): void {
    this.world.scheduler.after(delayMs, () => {
      if (!this.#stopped) run()
    })
  }
}
