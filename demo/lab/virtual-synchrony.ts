import {
  type CastKind,
  type Config,
  DEFAULT_CONFIG,
  type MemberId,
  type MessageId,
  type TraceEvent,
} from '../../peer/index.ts'
import type { SimReceipt } from '../../peer/simulator/application.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { World } from '../../peer/simulator/world.ts'
import { DELAY_MIN_MS, delayMs } from './delays.ts'
import { Letters } from './letters.ts'
import type { Delivered, LabEvent, LabEventBody, Name, Side, SideListener, SideOptions } from './side.ts'

/** Short enough that a view change fits on the screen beside the messages around it. */
const LAB_CONFIG: Config = {
  ...DEFAULT_CONFIG,
  heartbeatIntervalMs: 100,
  pingIntervalMs: 400,
  statusDelayMs: 20,
  suspectAfterHintMs: 250,
  suspectAfterMs: 900,
  probeTimeoutMs: 150,
  ownLatenessMs: 300,
  retryMs: 150,
  ballotRetryMs: 400,
  joinRetryMs: 200,
  pullAfterMs: 80,
  orphanMs: 2_000,
  witnessWaitMs: 100,
  witnessChangeMs: 600,
  forkAfterMs: 400,
  mergeTimeoutMs: 4_000,
  fateTimeoutMs: 3_000,
}

const FORMED_WITHIN_MS = 30_000
const CAST_BYTES = 24
/** When the others see that the links to one that crashed are gone. The server says so earlier. */
const CRASH_NOTICE_MS = 300

interface Cast {
  readonly by: Name
  readonly value: string
  readonly receipt: SimReceipt
}

/** A group of Tutti: the shipping engine at every member, over the simulated network. */
export class VirtualSynchrony implements Side {
  readonly names: Name[] = []
  readonly world: World
  readonly #options: SideOptions
  readonly #listener: SideListener
  readonly #letters: Letters
  readonly #startMs: number
  readonly #framesBefore: number
  readonly #logs = new Map<Name, Delivered[]>()
  /** What a provider had delivered when it saved, by the digest of what it saved. */
  readonly #saved = new Map<string, readonly Delivered[]>()
  readonly #values = new Map<MessageId, string>()
  readonly #wedged = new Set<Name>()
  readonly #delays = new Map<string, number>()
  readonly #cuts = new Set<string>()
  #casts: Cast[] = []
  /** Pairs whose link is not up yet, or was never given its delay. */
  #unshaped: (readonly [Name, Name])[] = []
  #traced = 0

  constructor(options: SideOptions, listener: SideListener) {
    this.#options = options
    this.#listener = listener
    const { seed, members, bytesPerMs, stateBytes = 0, forks = false, witness = true } = options
    this.world = new World({
      seed,
      config: LAB_CONFIG,
      fixedDelayMs: DELAY_MIN_MS,
      bytesPerMs,
      statePaddedBytes: stateBytes,
      witness,
      forks,
      onMerge: forks ? 'replay' : 'adopt',
    })
    for (const name of members) this.#form(name)
    this.world.run(Math.ceil(this.world.now + 100) - this.world.now)
    this.#startMs = this.world.now
    this.#framesBefore = this.world.network.framesSent
    this.#letters = new Letters({
      seed,
      scheduler: this.world.scheduler,
      isAlive: (name) => this.isAlive(name),
      sent: (from, to, id, value) =>
        this.#event(from, { event: 'plain-send', id, to: [this.#renamedMember(this.#peer(to)!.self)], value }),
      arrived: (at, from, id, value) => {
        this.#event(at, { event: 'plain-receive', id, from: this.#renamedMember(this.#peer(from)!.self), value })
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

  isAlive(name: Name): boolean {
    return this.#peer(name)?.alive === true
  }

  log(name: Name): readonly Delivered[] {
    return this.#logs.get(name) ?? []
  }

  cast(kind: CastKind, from: Name, value: string): boolean {
    const receipt = this.#peer(from)?.cast(kind, CAST_BYTES)
    if (receipt === undefined) return false
    this.#casts.push({ by: from, value, receipt })
    return true
  }

  tell(from: Name, to: Name, value: string): void {
    this.#letters.tell(from, to, value)
  }

  note(who: Name, text: string, isBad = false): void {
    this.#event(who, { event: 'note', text, isBad })
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
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (this.#cuts.has(`${from} ${to}`)) continue
      this.#cuts.add(`${from} ${to}`)
      this.#between(from, to, (one, other) => this.world.network.cut(one, other))
    }
  }

  mend(a: Name, b: Name): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!this.#cuts.delete(`${from} ${to}`)) continue
      this.#between(from, to, (one, other) => this.world.network.mend(one, other))
    }
  }

  lose(from: Name, to: Name, forMs: number): void {
    const { network, scheduler } = this.world
    this.#between(from, to, (one, other) => {
      network.mute(one, other)
      scheduler.after(forMs, () => network.break(one, other, 0))
    })
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#delays.set(`${from} ${to}`, ms)
    this.#shape(from, to)
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
    this.#unshaped.push(...this.names.flatMap((other) => [[name, other] as const, [other, name] as const]))
    this.names.push(name)
    this.#logs.set(name, [])
    this.world.start()
  }

  /** What was before the scenario is not shown; it begins with the view that all are in. */
  #begin(): void {
    this.#shapeAll()
    this.#traced = this.world.trace.length
    for (const name of this.names) {
      const last = this.world.trace.findLast((event) => event.event === 'install' && this.#nameOf(event.peer) === name)
      if (last !== undefined) this.#take({ ...last, t: this.world.now })
    }
  }

  /** After each event of the simulation: what the members have traced, and what has changed besides. */
  #look(): boolean {
    if (this.#unshaped.length > 0) this.#shapeAll()
    const { trace } = this.world
    while (this.#traced < trace.length) this.#take(trace[this.#traced++]!)
    this.#lookAtWedges()
    this.#lookAtReceipts()
    return false
  }

  #take(event: TraceEvent): void {
    const at = this.#nameOf(event.peer)
    this.#event(at, this.#renamed(event), event.t, event.peer)
    switch (event.event) {
      case 'install':
        this.#wedged.delete(at)
        return this.#listener.view(at, this.#namesOf(event.members))
      case 'deliver':
        if (event.purpose !== undefined && event.purpose !== 'message') return
        return this.#deliver(at, event)
      case 'state-saved':
        this.#saved.set(event.digest, [...this.log(at)])
        return
      case 'state-loaded': {
        const log = this.#saved.get(event.digest) ?? []
        this.#logs.set(at, [...log])
        return this.#listener.loaded(at, log)
      }
      default:
    }
  }

  #deliver(at: Name, event: TraceEvent & { event: 'deliver' }): void {
    const message: Delivered = {
      from: this.#nameOf(event.from),
      value: this.#values.get(event.id) ?? '',
      kind: event.kind,
      atMs: event.t - this.#startMs,
    }
    this.#logs.get(at)?.push(message)
    this.#listener.deliver(at, message)
  }

  /** The line with people's names, and what the multicast says. */
  #renamed(event: TraceEvent): LabEventBody {
    const { t: _t, peer: _peer, group: _group, ...body } = event
    switch (body.event) {
      case 'install':
        return { ...body, members: body.members.map((member) => this.#renamedMember(member)) }
      case 'multicast':
        return { ...body, ...this.#valueOf(body.id, body.replayOf), id: this.#renamedId(body.id) }
      case 'deliver': {
        const { id, from } = body
        return { ...body, ...this.#valueOf(id), id: this.#renamedId(id), from: this.#renamedMember(from) }
      }
      case 'fate':
        return { ...body, id: this.#renamedId(body.id) }
      case 'state-loaded':
        return { ...body, from: this.#renamedMember(body.from) }
      case 'suspect':
        return { ...body, of: this.#renamedMember(body.of) }
      default:
        return body
    }
  }

  #renamedMember(member: MemberId): MemberId {
    return `${this.#nameOf(member)}${member.slice(member.lastIndexOf('.'))}` as MemberId
  }

  #renamedId(id: MessageId): MessageId {
    const [lineage, number, sender, seq] = id.split('/')
    return [lineage, number, this.#renamedMember(sender as MemberId), seq].join('/') as MessageId
  }

  #valueOf(id: MessageId, replayOf?: MessageId): { value?: string } {
    const known = this.#values.get(id)
    const value =
      known ??
      this.#casts.find(({ receipt }) => receipt.id === id)?.value ??
      (replayOf && this.#values.get(this.world.originOf(replayOf)))
    if (value === undefined) return {}
    this.#values.set(id, value)
    return { value }
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
    const open = this.#casts.filter(({ receipt }) => !receipt.stable && receipt.fate === undefined)
    if (open.length === this.#casts.length) return
    const settled = this.#casts.filter(({ receipt }) => receipt.stable || receipt.fate !== undefined)
    this.#casts = open
    for (const { by, value, receipt } of settled) {
      if (receipt.stable) this.#listener.stable(by, value)
      else if (receipt.fate === 'not-sent') this.note(by, `${by} is told that “${value}” was not sent`, true)
    }
  }

  #event(name: Name, body: LabEventBody, t = this.world.now, member = this.#peer(name)?.self): void {
    const peer = this.#renamedMember(member!)
    this.#listener.event({ t: t - this.#startMs, peer, group: 'tutti', ...body } as LabEvent)
  }

  #shapeAll(): void {
    this.#unshaped = this.#unshaped.filter(([from, to]) => {
      this.#shape(from, to)
      const [one, other] = [this.#peer(from), this.#peer(to)]
      return one === undefined || other === undefined || !this.world.network.linked(one.id, other.id)
    })
  }

  #shape(from: Name, to: Name): void {
    const ms = this.#delays.get(`${from} ${to}`) ?? delayMs(this.#options.seed, from, to)
    this.#between(from, to, (one, other) => this.world.network.delayed(one, other, Math.max(0, ms - DELAY_MIN_MS)))
  }

  #between(from: Name, to: Name, act: (from: SimPeer['id'], to: SimPeer['id']) => void): void {
    const [one, other] = [this.#peer(from), this.#peer(to)]
    if (one !== undefined && other !== undefined && one !== other) act(one.id, other.id)
  }

  #peer(name: Name): SimPeer | undefined {
    return this.world.peers[this.names.indexOf(name)]
  }

  /** A member that comes back is the same to people: `p3.2` is who `p3.1` was. */
  #nameOf(member: string): Name {
    const peer = member.slice(0, member.lastIndexOf('.'))
    return this.names[this.world.peers.findIndex(({ id }) => id === peer)] ?? member
  }

  #namesOf(members: readonly string[]): Name[] {
    return members.map((member) => this.#nameOf(member))
  }
}
