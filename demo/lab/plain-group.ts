import type { CastKind } from '../../peer/index.ts'
import { Letters } from './letters.ts'
import { PlainProcesses } from './plain-processes.ts'
import {
  type Delivered,
  type LabEvent,
  type LabEventBody,
  memberOf,
  type Name,
  type Side,
  type SideListener,
  type SideOptions,
} from './side.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What plain members say to each other. */
export type Frame =
  | { readonly type: 'message'; readonly id: string; readonly value: string; readonly kind: CastKind }
  | { readonly type: 'hello' }
  | { readonly type: 'bye' }
  | { readonly type: 'state'; readonly log: readonly Delivered[]; readonly padding: string }
  | { readonly type: 'ask'; readonly id: string; readonly value: string; readonly kind: CastKind }
  | { readonly type: 'got'; readonly id: string }

interface Member {
  readonly name: Name
  readonly log: Delivered[]
  /** Whom it takes for the members: those it has heard of and has not seen go. */
  known: readonly Name[]
  sent: number
  /** It has joined and still waits for somebody's state. */
  isWaiting: boolean
}

/**
 * Members without virtual synchrony: a multicast is a send to each that one happens to know, what comes in is handed on at
 * once, who is a member is everybody's own opinion, and who joins is given a state by the first it meets.
 */
export class PlainGroup extends PlainProcesses implements Side {
  readonly broken = undefined
  readonly #options: SideOptions
  readonly #listener: SideListener
  readonly #letters: Letters
  readonly #members = new Map<Name, Member>()

  constructor(options: SideOptions, listener: SideListener) {
    super(options)
    this.#options = options
    this.#listener = listener
    this.#letters = new Letters({
      seed: options.seed,
      scheduler: this.scheduler,
      names: () => this.names,
      isAlive: (name) => this.isAlive(name),
      sent: (from, to, id, value) => this.event(from, { event: 'plain-send', id, to: [memberOf(to)], value }),
      arrived: (at, from, id, value) => {
        this.event(at, { event: 'plain-receive', id, from: memberOf(from), value })
        listener.letter(at, from, value)
      },
    })
    for (const name of options.members) this.#add(name)
    this.settle()
    for (const name of options.members) this.#learn(this.#members.get(name)!, options.members)
  }

  log(name: Name): readonly Delivered[] {
    return this.#members.get(name)?.log ?? []
  }

  cast(kind: CastKind, from: Name, value: string): boolean {
    if (!this.isAwake(from)) return false
    this.multicast(from, `${from}/${++this.#members.get(from)!.sent}`, value, kind)
    return true
  }

  tell(from: Name, to: Name, value: string): void {
    this.#letters.tell(from, to, value)
  }

  note(who: Name, text: string, isBad = false): void {
    this.event(who, { event: 'note', text, isBad })
  }

  join(name: Name): void {
    if (!this.#members.has(name)) this.#learn(this.#add(name), [name])
  }

  leave(name: Name): void {
    this.turn(name, () => {
      for (const other of this.known(name)) this.say(name, other, { type: 'bye' })
      this.scheduler.after(0, () => this.#stop(name, { event: 'left', reason: 'left' }, true))
    })
  }

  crash(name: Name): void {
    this.#stop(name, { event: 'crash' }, false)
  }

  /** Sends to each that this member knows, and delivers here. */
  protected multicast(by: Name, id: string, value: string, kind: CastKind, from: Name = by): void {
    const to = this.known(by).filter((name) => name !== by)
    this.event(by, { event: 'plain-send', id, to: to.map(memberOf), value })
    this.#deliver(by, { from, value, kind, atMs: this.now })
    for (const name of to) this.say(by, name, { type: 'message', id, value, kind })
  }

  protected known(name: Name): readonly Name[] {
    return this.#members.get(name)?.known ?? []
  }

  protected say(from: Name, to: Name, frame: Frame): void {
    this.send(from, to, encoder.encode(JSON.stringify(frame)))
  }

  protected event(name: Name, body: LabEventBody): void {
    this.#listener.event({ t: this.now, peer: memberOf(name), group: 'plain', ...body } as LabEvent)
  }

  protected handle(at: Name, from: Name, frame: Frame): void {
    const member = this.#members.get(at)!
    switch (frame.type) {
      case 'message':
        this.event(at, { event: 'plain-receive', id: frame.id, from: memberOf(from), value: frame.value })
        return this.#deliver(at, { from, value: frame.value, kind: frame.kind, atMs: this.now })
      case 'hello':
        return this.#welcome(member, from)
      case 'bye':
        return this.gone(at, from)
      case 'state':
        return this.#load(member, frame.log)
      default:
    }
  }

  protected override received(at: Name, from: Name, bytes: Uint8Array): void {
    this.handle(at, from, JSON.parse(decoder.decode(bytes)) as Frame)
  }

  /** Whoever was there first is known to a newcomer at once, and hears of it from it. */
  protected override up(at: Name, other: Name): void {
    const { members } = this.#options
    const member = this.#members.get(at)!
    const wasFirst = this.names.indexOf(other) < this.names.indexOf(at)
    if (members.includes(at) || !wasFirst || member.known.includes(other)) return
    this.#learn(member, [...member.known, other])
    this.say(at, other, { type: 'hello' })
  }

  protected override gone(at: Name, other: Name): void {
    const member = this.#members.get(at)!
    if (!member.known.includes(other)) return
    this.#learn(
      member,
      member.known.filter((name) => name !== other),
    )
  }

  #deliver(at: Name, message: Delivered): void {
    this.#members.get(at)?.log.push(message)
    this.#listener.deliver(at, message)
  }

  /** Each that hears of a newcomer adds it to its own list; the first on that list gives it what it has. */
  #welcome(member: Member, newcomer: Name): void {
    const isProvider = member.known[0] === member.name && !member.isWaiting
    if (!member.known.includes(newcomer)) this.#learn(member, [...member.known, newcomer])
    if (!isProvider) return
    this.note(member.name, `${member.name} gives ${newcomer} its state`)
    this.say(member.name, newcomer, {
      type: 'state',
      log: member.log,
      padding: ' '.repeat(this.#options.stateBytes ?? 0),
    })
  }

  /** What came before the state came is kept behind it: nothing says what the state has of it. */
  #load(member: Member, log: readonly Delivered[]): void {
    if (!member.isWaiting) return
    member.isWaiting = false
    member.log.unshift(...log)
    this.note(member.name, `${member.name} takes the state`)
  }

  #learn(member: Member, known: readonly Name[]): void {
    member.known = known
    this.note(member.name, `${member.name} knows ${known.join(' ')}`)
    this.#listener.view(member.name, known)
  }

  #add(name: Name): Member {
    const isWaiting = !this.#options.members.includes(name)
    const member: Member = { name, log: [], known: [], sent: 0, isWaiting }
    this.#members.set(name, member)
    this.start(name)
    return member
  }

  #stop(name: Name, event: LabEventBody, isFlushed: boolean): void {
    if (!this.isAlive(name)) return
    this.event(name, event)
    this.end(name, isFlushed)
  }
}
