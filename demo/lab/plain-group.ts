import type { CastKind, PeerId } from '../../peer/index.ts'
import { Network } from '../../peer/simulator/network.ts'
import { Random } from '../../peer/simulator/random.ts'
import { Scheduler } from '../../peer/simulator/scheduler.ts'
import { DELAY_MIN_MS, delayMs, noticesMs } from './delays.ts'
import { Letters } from './letters.ts'
import type { Delivered, LabEvent, LabEventBody, Name, Side, SideListener, SideOptions } from './side.ts'

const FRAME_BYTES_MAX = 64 * 1024
const SETUP_MS = 20
const NEVER_MS = 1e9
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What plain members say to each other. */
export type Frame =
  | { readonly type: 'message'; readonly id: string; readonly value: string; readonly kind: CastKind }
  | { readonly type: 'hello' }
  | { readonly type: 'bye' }
  | { readonly type: 'state'; readonly log: readonly Delivered[]; readonly padding: string }
  | { readonly type: 'ask'; readonly value: string; readonly kind: CastKind }
  | { readonly type: 'got'; readonly id: string }

interface Member {
  readonly name: Name
  readonly log: Delivered[]
  /** Whom it takes for the members: those it has heard of and has not seen go. */
  known: Name[]
  isAlive: boolean
  backlog: (() => void)[] | undefined
  sent: number
  /** It has joined and still waits for somebody's state. */
  isWaiting: boolean
}

/**
 * Members without virtual synchrony: a multicast is a send to each that one happens to know, what comes in is handed on at
 * once, who is a member is everybody's own opinion, and who joins is given a state by the first it meets. Links keep order and
 * lose nothing while they last, as data channels do.
 */
export class PlainGroup implements Side {
  readonly #options: SideOptions
  readonly #listener: SideListener
  readonly #scheduler = new Scheduler()
  readonly #network: Network
  readonly #letters: Letters
  readonly #members = new Map<Name, Member>()
  readonly #links = new Map<Name, ReturnType<Network['attach']>>()
  readonly #cuts = new Set<string>()
  readonly #delays = new Map<string, number>()
  #framesBefore = 0

  constructor(options: SideOptions, listener: SideListener) {
    this.#options = options
    this.#listener = listener
    const { seed, bytesPerMs } = options
    this.#network = new Network(this.#scheduler, new Random(seed, 'plain'), {
      fixedDelayMs: DELAY_MIN_MS,
      frameBytesMax: FRAME_BYTES_MAX,
      ...(bytesPerMs !== undefined && { bytesPerMs }),
      introducing: () => true,
    })
    this.#letters = new Letters({
      seed,
      scheduler: this.#scheduler,
      isAlive: (name) => this.isAlive(name),
      sent: (from, to, id, value) => this.event(from, { event: 'plain-send', id, to: [memberOf(to)], value }),
      arrived: (at, from, id, value) => {
        this.event(at, { event: 'plain-receive', id, from: memberOf(from), value })
        listener.letter(at, from, value)
      },
    })
    for (const name of options.members) this.#attach(name, false)
    this.#scheduler.run(SETUP_MS)
    for (const name of options.members) this.#learn(this.#members.get(name)!, [...options.members])
    this.#framesBefore = this.#network.framesSent
  }

  get now(): number {
    return this.#scheduler.now - SETUP_MS
  }

  get names(): readonly Name[] {
    return [...this.#members.keys()]
  }

  get framesSent(): number {
    return this.#network.framesSent - this.#framesBefore
  }

  isAlive(name: Name): boolean {
    return this.#members.get(name)?.isAlive === true
  }

  log(name: Name): readonly Delivered[] {
    return this.#members.get(name)?.log ?? []
  }

  cast(kind: CastKind, from: Name, value: string): boolean {
    const member = this.#members.get(from)
    if (member === undefined || !member.isAlive || member.backlog !== undefined) return false
    this.multicast(from, `${from}/${++member.sent}`, value, kind)
    return true
  }

  /** Sends to each that this member knows, and delivers here. */
  protected multicast(by: Name, id: string, value: string, kind: CastKind, from: Name = by): void {
    const to = this.known(by).filter((name) => name !== by)
    this.event(by, { event: 'plain-send', id, to: to.map(memberOf), value })
    this.deliver(by, { from, value, kind, atMs: this.now })
    for (const name of to) this.send(by, name, { type: 'message', id, value, kind })
  }

  tell(from: Name, to: Name, value: string): void {
    this.#letters.tell(from, to, value)
  }

  note(who: Name, text: string, isBad = false): void {
    this.event(who, { event: 'note', text, isBad })
  }

  join(name: Name): void {
    if (this.#members.has(name)) return
    const member = this.#attach(name, true)
    this.#learn(member, [name])
  }

  leave(name: Name): void {
    for (const other of this.known(name)) this.send(name, other, { type: 'bye' })
    this.#scheduler.after(0, () => this.#end(name, { event: 'left', reason: 'left' }, true))
  }

  crash(name: Name): void {
    this.#end(name, { event: 'crash' }, false)
  }

  freeze(name: Name, forMs: number): void {
    const member = this.#members.get(name)
    if (member === undefined || member.backlog !== undefined) return
    member.backlog = []
    this.#scheduler.after(forMs, () => {
      const waiting = member.backlog ?? []
      member.backlog = undefined
      for (const run of waiting) run()
    })
  }

  cut(a: Name, b: Name): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (this.#cuts.has(`${from} ${to}`)) continue
      this.#cuts.add(`${from} ${to}`)
      this.#network.cut(idOf(from), idOf(to))
    }
  }

  mend(a: Name, b: Name): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (this.#cuts.delete(`${from} ${to}`)) this.#network.mend(idOf(from), idOf(to))
    }
  }

  lose(from: Name, to: Name, forMs: number): void {
    this.#network.mute(idOf(from), idOf(to))
    this.#scheduler.after(forMs, () => this.#network.break(idOf(from), idOf(to), 0))
  }

  delay(from: Name, to: Name, ms: number): void {
    this.#delays.set(`${from} ${to}`, ms)
    this.#network.delayed(idOf(from), idOf(to), Math.max(0, ms - DELAY_MIN_MS))
  }

  run(untilMs: number): void {
    this.#scheduler.run(untilMs + SETUP_MS)
  }

  at(ms: number, run: () => void): void {
    this.#scheduler.at(ms + SETUP_MS, run)
  }

  protected known(name: Name): readonly Name[] {
    return this.#members.get(name)?.known ?? []
  }

  protected send(from: Name, to: Name, frame: Frame): void {
    if (from === to || !this.isAlive(from)) return
    this.#links.get(from)?.send(idOf(to), encoder.encode(JSON.stringify(frame)))
  }

  protected deliver(at: Name, message: Delivered): void {
    this.#members.get(at)?.log.push(message)
    this.#listener.deliver(at, message)
  }

  protected event(name: Name, body: LabEventBody): void {
    this.#listener.event({ t: this.now, peer: memberOf(name), group: 'plain', ...body } as LabEvent)
  }

  protected handle(at: Name, from: Name, frame: Frame): void {
    const member = this.#members.get(at)!
    switch (frame.type) {
      case 'message':
        this.event(at, { event: 'plain-receive', id: frame.id, from: memberOf(from), value: frame.value })
        return this.deliver(at, { from, value: frame.value, kind: frame.kind, atMs: this.now })
      case 'hello':
        return this.#welcome(member, from)
      case 'bye':
        return this.#forget(member, from)
      case 'state':
        return this.#load(member, frame.log)
      default:
    }
  }

  /** Each that hears of a newcomer adds it to its own list; the first on that list gives it what it has. */
  #welcome(member: Member, newcomer: Name): void {
    const isProvider = member.known[0] === member.name && !member.isWaiting
    if (!member.known.includes(newcomer)) this.#learn(member, [...member.known, newcomer])
    if (!isProvider) return
    const padding = ' '.repeat(Math.min(this.#options.stateBytes ?? 0, FRAME_BYTES_MAX / 2))
    this.note(member.name, `${member.name} gives ${newcomer} its state`)
    this.send(member.name, newcomer, { type: 'state', log: member.log, padding })
  }

  /** What came before the state came is kept behind it: nothing says what the state has of it. */
  #load(member: Member, log: readonly Delivered[]): void {
    if (!member.isWaiting) return
    member.isWaiting = false
    member.log.unshift(...log)
    this.note(member.name, `${member.name} takes the state`)
    this.#listener.loaded(member.name, member.log)
  }

  #forget(member: Member, gone: Name): void {
    if (member.known.includes(gone))
      this.#learn(
        member,
        member.known.filter((name) => name !== gone),
      )
  }

  #learn(member: Member, known: Name[]): void {
    member.known = known
    this.note(member.name, `${member.name} knows ${known.join(' ')}`)
    this.#listener.view(member.name, known)
  }

  #attach(name: Name, isNew: boolean): Member {
    const member: Member = { name, log: [], known: [], isAlive: true, backlog: undefined, sent: 0, isWaiting: isNew }
    const others = [...this.#members.values()].filter(({ isAlive }) => isAlive)
    this.#members.set(name, member)
    const listener = {
      up: (peer: PeerId) => {
        // Whoever was there first is known to the newcomer at once, and hears of it from it.
        if (isNew && !member.known.includes(peer) && others.some((other) => other.name === peer)) {
          this.#learn(member, [...member.known.filter((known) => known !== peer), peer])
          this.send(name, peer, { type: 'hello' })
        }
      },
      down: (peer: PeerId) => {
        if (!this.isAlive(peer)) this.#forget(member, peer)
      },
      frame: (peer: PeerId, bytes: Uint8Array) => this.handle(name, peer, JSON.parse(decoder.decode(bytes)) as Frame),
    }
    this.#links.set(
      name,
      this.#network.attach(idOf(name), listener, (run) => this.#turn(member, run)),
    )
    for (const other of others) {
      this.#network.introduce(idOf(name), idOf(other.name))
      for (const [from, to] of [
        [name, other.name],
        [other.name, name],
      ] as const) {
        this.delay(from, to, this.#delays.get(`${from} ${to}`) ?? delayMs(this.#options.seed, from, to))
      }
    }
    return member
  }

  /** Something reaches the member: now, when it goes on, or never. */
  #turn(member: Member, run: () => void): void {
    if (!member.isAlive) return
    if (member.backlog === undefined) run()
    else member.backlog.push(run)
  }

  #end(name: Name, event: LabEventBody, isFlushed: boolean): void {
    const member = this.#members.get(name)
    if (!member?.isAlive) return
    member.isAlive = false
    this.event(name, event)
    this.#network.detach(idOf(name), () => NEVER_MS, isFlushed)
    const others = this.names.filter((other) => other !== name && this.isAlive(other))
    for (const [other, afterMs] of noticesMs(this.#options.seed, name, others)) {
      const witness = this.#members.get(other)!
      this.#scheduler.after(afterMs, () => this.#turn(witness, () => this.#forget(witness, name)))
    }
  }
}

export function memberOf(name: Name): string {
  return `${name}.1`
}

function idOf(name: Name): PeerId {
  return name as PeerId
}
