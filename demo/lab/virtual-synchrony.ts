import type { CastKind, MemberId, TraceEvent } from '../../peer/index.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { World } from '../../peer/simulator/world.ts'
import { Casts } from './casts.ts'
import { DELAY_MIN_MS } from './delays.ts'
import { LAB_CONFIG } from './lab-config.ts'
import { Letters } from './letters.ts'
import type { Delivered, LabEvent, LabEventBody, LinkState, Name, Side, SideListener, SideOptions } from './side.ts'
import { TraceNames } from './trace-names.ts'
import { WorldLinks } from './world-links.ts'

const FORMED_WITHIN_MS = 30_000
const CAST_BYTES = 24
/** When the others see that the links to one that crashed are gone. The server says so earlier. */
const CRASH_NOTICE_MS = 300

/** A group of Tutti: the shipping engine at every member, over the simulated network. */
export class VirtualSynchrony implements Side {
  readonly names: Name[] = []
  readonly world: World
  readonly #listener: SideListener
  readonly #letters: Letters
  readonly #startMs: number
  readonly #framesBefore: number
  readonly #logs = new Map<Name, Delivered[]>()
  /** What a provider had delivered when it saved, by the digest of what it saved. */
  readonly #saved = new Map<string, readonly Delivered[]>()
  readonly #casts = new Casts()
  readonly #people = new TraceNames(this.names, (id, replayOf) =>
    this.#casts.valueOf(id, replayOf && this.world.originOf(replayOf)),
  )
  readonly #wedged = new Set<Name>()
  readonly #links: WorldLinks
  #traced = 0

  constructor(options: SideOptions, listener: SideListener) {
    this.#listener = listener
    const { seed, members, bytesPerMs, stateBytes = 0, forks = false } = options
    this.world = new World({
      seed,
      config: LAB_CONFIG,
      fixedDelayMs: DELAY_MIN_MS,
      bytesPerMs,
      statePaddedBytes: stateBytes,
      forks,
      onMerge: forks ? 'replay' : 'adopt',
    })
    this.#links = new WorldLinks(this.world, (name) => this.#peer(name)?.id)
    for (const name of members) this.#form(name)
    this.world.run(Math.ceil(this.world.now + 100) - this.world.now)
    this.#startMs = this.world.now
    this.#framesBefore = this.world.network.framesSent
    this.#letters = new Letters({
      seed,
      scheduler: this.world.scheduler,
      names: () => this.names,
      isAlive: (name) => this.isAlive(name),
      sent: (from, to, id, value) => this.#event(from, { event: 'plain-send', id, to: [this.#memberOf(to)], value }),
      arrived: (at, from, id, value) => {
        this.#event(at, { event: 'plain-receive', id, from: this.#memberOf(from), value })
        this.#listener.letter(at, from, value)
      },
    })
    this.#begin()
  }

  get now(): number {
    return this.world.now - this.#startMs
  }

  get framesSent(): number {
    return this.world.network.framesSent - this.#framesBefore
  }

  get broken(): string | undefined {
    const [violation] = this.world.violations
    return violation && `${violation.rule}, ${violation.evidence}`
  }

  isAlive(name: Name): boolean {
    return this.#peer(name)?.alive === true
  }

  linkState(a: Name, b: Name): LinkState {
    return this.#links.state(a, b)
  }

  log(name: Name): readonly Delivered[] {
    return this.#logs.get(name) ?? []
  }

  cast(kind: CastKind, from: Name, value: string): boolean {
    const receipt = this.#peer(from)?.cast(kind, CAST_BYTES)
    if (receipt === undefined) return false
    this.#casts.add({ by: from, value, receipt })
    return true
  }

  tell(from: Name, to: Name, value: string): void {
    this.#letters.tell(from, to, value)
  }

  note(who: Name, text: string, isBad = false): void {
    if (this.#peer(who) !== undefined) this.#event(who, { event: 'note', text, isBad })
  }

  join(name: Name): void {
    if (!this.names.includes(name)) this.#start(name)
  }

  leave(name: Name): void {
    this.#peer(name)?.leave()
  }

  crash(name: Name): void {
    this.#peer(name)?.crash(() => CRASH_NOTICE_MS)
  }

  freeze(name: Name, forMs: number): void {
    const peer = this.#peer(name)
    peer?.freeze()
    this.world.scheduler.after(forMs, () => peer?.wake())
  }

  cut(a: Name, b: Name): void {
    this.#links.cut(a, b)
  }

  mend(a: Name, b: Name): void {
    this.#links.mend(a, b)
  }

  lose(from: Name, to: Name, forMs: number): void {
    this.#links.lose(from, to, forMs)
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#links.delay(from, to, ms)
  }

  run(untilMs: number): void {
    this.world.runUntil(() => this.#look(), untilMs - this.now)
  }

  at(ms: number, run: () => void): void {
    this.world.scheduler.at(ms + this.#startMs, run)
  }

  /** Starts one more and waits until it is in, so that ranks follow the names. */
  #form(name: Name): void {
    this.#start(name)
    const { peers } = this.world
    const formed = this.world.runUntil(
      () => peers.every(({ ready, view }) => ready && view?.members.length === peers.length),
      FORMED_WITHIN_MS,
    )
    if (!formed) throw new Error(`the group could not be formed: ${name} is not in after ${FORMED_WITHIN_MS} ms`)
  }

  #start(name: Name): void {
    this.#links.expect(name, this.names)
    this.names.push(name)
    this.#logs.set(name, [])
    this.world.start()
  }

  /** What was before the scenario is not shown; it begins with the view that all are in. */
  #begin(): void {
    this.#links.shape()
    this.#traced = this.world.trace.length
    for (const name of this.names) {
      const last = this.world.trace.findLast(
        (event) => event.event === 'install' && this.#people.nameOf(event.peer) === name,
      )
      if (last !== undefined) this.#take({ ...last, t: this.world.now })
    }
  }

  /** After each event of the simulation: what the members have traced, and what has changed besides. */
  #look(): boolean {
    this.#links.shape()
    const { trace } = this.world
    while (this.#traced < trace.length) this.#take(trace[this.#traced++]!)
    this.#lookAtWedges()
    this.#lookAtReceipts()
    return false
  }

  #take(event: TraceEvent): void {
    const at = this.#people.nameOf(event.peer)
    this.#event(at, this.#people.renamed(event), event.t, event.peer)
    switch (event.event) {
      case 'install':
        this.#wedged.delete(at)
        return this.#listener.view(
          at,
          event.members.map((member) => this.#people.nameOf(member)),
        )
      case 'deliver':
        if (event.purpose !== undefined && event.purpose !== 'message') return
        return this.#deliver(at, event)
      case 'state-saved':
        this.#saved.set(event.digest, [...this.log(at)])
        return
      case 'state-loaded':
        this.#logs.set(at, [...(this.#saved.get(event.digest) ?? [])])
        return
      default:
    }
  }

  #deliver(at: Name, event: TraceEvent & { event: 'deliver' }): void {
    const message: Delivered = {
      from: this.#people.nameOf(event.from),
      value: this.#casts.valueOf(event.id) ?? '',
      kind: event.kind,
      atMs: event.t - this.#startMs,
    }
    this.#logs.get(at)?.push(message)
    this.#listener.deliver(at, message)
  }

  #lookAtWedges(): void {
    for (const [index, peer] of this.world.peers.entries()) {
      const name = this.names[index]!
      const isWedged = peer.alive && peer.membership.runtime.engine.core.state.current?.log.wedged === true
      if (isWedged && !this.#wedged.has(name)) {
        this.#wedged.add(name)
        this.#event(name, { event: 'wedged' })
      }
    }
  }

  #lookAtReceipts(): void {
    for (const { by, value, receipt } of this.#casts.takeSettled()) {
      if (receipt.stable) this.#listener.stable(by, value)
      else if (receipt.fate === 'not-sent') this.note(by, `${by} is told that “${value}” was not sent`, true)
    }
  }

  #event(name: Name, body: LabEventBody, t = this.world.now, member = this.#peer(name)!.self): void {
    const peer = this.#people.member(member)
    this.#listener.event({ t: t - this.#startMs, peer, group: 'tutti', ...body } as LabEvent)
  }

  #peer(name: Name): SimPeer | undefined {
    return this.world.peers[this.names.indexOf(name)]
  }

  /** What the member of this name is called now: `c.2`, if it is there for the second time. */
  #memberOf(name: Name): MemberId {
    return this.#people.member(this.#peer(name)!.self)
  }
}
