import { LockStep } from './lock-step.ts'
import type { Order } from './orders.ts'
import { PlainGroup } from './plain-group.ts'
import type { LabScript, Rule } from './script-language.ts'
import {
  type Delivered,
  type LabEvent,
  type Name,
  nameOf,
  type Side,
  type SideListener,
  type SideOptions,
  type System,
} from './side.ts'
import { VirtualSynchrony } from './virtual-synchrony.ts'

/** What an application does beyond what a script says. One object for all members of a side. */
export interface Program {
  deliver?(at: Name, message: Delivered): void
  letter?(at: Name, from: Name, value: string): void
  view?(at: Name, members: readonly Name[]): void
  /** What this member shows. */
  state?(at: Name): string
}

/** What is left when a run is over, or so far. */
export interface Outcome {
  /** All that ever took part. */
  readonly names: readonly Name[]
  /** Those that still run. */
  readonly alive: readonly Name[]
  /** What each has delivered, what it loaded included. */
  log(name: Name): readonly Delivered[]
  /** What each got from outside the group. */
  letters(name: Name): readonly { readonly from: Name; readonly value: string; readonly atMs: number }[]
  /** Whom each takes for the members. */
  members(name: Name): readonly Name[]
  /** What each shows. */
  state(name: Name): string
  /** What was multicast, and when it was asked for. */
  readonly sent: readonly { readonly who: Name; readonly value: string; readonly atMs: number }[]
  readonly notes: readonly { readonly who: Name; readonly text: string }[]
  readonly framesSent: number
  readonly events: readonly LabEvent[]
}

export interface RunOptions extends SideOptions {
  readonly system: System
  readonly script: LabScript
  /** Makes the application of all members. */
  readonly program?: (side: Side) => Program
  /** What a member shows, where no program says so: made of what it has delivered. */
  readonly state?: (log: readonly Delivered[], name: Name) => string
}

/** So many answers by the rules of a script, and its members answer each other for ever. */
const ANSWERS_MAX = 400
const DRAWN_MAX = 6_000

/** One side of a scenario under way: follows the script, answers as its rules say, and keeps what came of it. */
export class Run implements Outcome {
  readonly side: Side
  readonly #options: RunOptions
  readonly #program: Program
  readonly #letters = new Map<Name, { from: Name; value: string; atMs: number }[]>()
  readonly #members = new Map<Name, readonly Name[]>()
  readonly sent: { who: Name; value: string; atMs: number }[] = []
  readonly notes: { who: Name; text: string }[] = []
  readonly events: LabEvent[] = []
  #answers = 0

  constructor(options: RunOptions) {
    this.#options = options
    // A side tells of its first views before the program is there.
    let program: Program | undefined
    this.side = createSide(
      options,
      this.#listener(() => program),
    )
    program = options.program?.(this.side) ?? {}
    this.#program = program
    for (const [name, members] of this.#members) program.view?.(name, members)
    for (const { atMs, order } of options.script.orders) this.side.at(atMs, () => this.#do(order))
  }

  get now(): number {
    return this.side.now
  }

  get names(): readonly Name[] {
    return this.side.names
  }

  get alive(): readonly Name[] {
    return this.names.filter((name) => this.side.isAlive(name))
  }

  get framesSent(): number {
    return this.side.framesSent
  }

  log(name: Name): readonly Delivered[] {
    return this.side.log(name)
  }

  letters(name: Name): readonly { readonly from: Name; readonly value: string; readonly atMs: number }[] {
    return this.#letters.get(name) ?? []
  }

  members(name: Name): readonly Name[] {
    return this.#members.get(name) ?? []
  }

  state(name: Name): string {
    return this.#program.state?.(name) ?? (this.#options.state ?? listed)(this.log(name), name)
  }

  run(untilMs: number): void {
    this.side.run(untilMs)
  }

  /** Does it at that time, or as soon as the simulation gets to it. */
  order(order: Order, atMs: number): void {
    this.side.at(atMs, () => this.#do(order))
  }

  #listener(program: () => Program | undefined): SideListener {
    return {
      deliver: (at, message) => {
        this.#react('delivered', at, message.value)
        this.#soon(() => program()?.deliver?.(at, message))
      },
      stable: (at, value) => this.#react('stable', at, value),
      letter: (at, from, value) => {
        const letters = this.#letters.get(at) ?? []
        this.#letters.set(at, [...letters, { from, value, atMs: this.now }])
        this.#react('delivered', at, value)
        this.#soon(() => program()?.letter?.(at, from, value))
      },
      view: (at, members) => {
        this.#members.set(at, members)
        // In its place among the deliveries.
        if (program() !== undefined) this.#soon(() => program()?.view?.(at, members))
      },
      event: (event) => {
        if (this.events.length < DRAWN_MAX) this.events.push(event)
        if (event.event === 'wedged') this.#react('wedged', nameOf(event.peer), undefined)
        if (event.event === 'note') this.notes.push({ who: nameOf(event.peer), text: event.text })
      },
    }
  }

  #react(when: Rule['when'], at: Name, value: string | undefined): void {
    for (const rule of this.#options.script.rules) {
      if (rule.when === when && rule.who === at && rule.value === value) this.#answer(at, rule.order)
    }
  }

  #answer(at: Name, order: Order): void {
    this.#answers++
    if (this.#answers <= ANSWERS_MAX) this.#soon(() => this.#do(order))
    if (this.#answers === ANSWERS_MAX + 1) {
      this.#soon(() => this.side.note(at, `more than ${ANSWERS_MAX} answers: no more`, true))
    }
  }

  /** In an event of its own: an application's answer is no part of what it answers. */
  #soon(run: () => void): void {
    this.side.at(this.now, run)
  }

  #do(order: Order): void {
    const { side } = this
    switch (order.do) {
      case 'cast':
        return this.#cast(order)
      case 'tell':
        return side.tell(order.who, order.to, order.value)
      case 'note':
        if (side.isAlive(order.who)) side.note(order.who, order.value)
        return
      case 'join':
      case 'leave':
      case 'crash':
        return side[order.do](order.who)
      case 'freeze':
        return side.freeze(order.who, order.ms)
      case 'cut':
      case 'mend':
        return side[order.do](order.who, order.to)
      case 'lose':
      case 'delay':
        return side[order.do](order.who, order.to, order.ms)
      case 'part':
        return this.#part(order.sides)
      case 'heal':
        for (const a of side.names) for (const b of side.names) if (a < b) side.mend(a, b)
        return
    }
  }

  #cast({ kind, who, value }: Order & { do: 'cast' }): void {
    const { side } = this
    this.sent.push({ who, value, atMs: side.now })
    if (!side.cast(kind, who, value) && side.isAlive(who)) {
      side.note(who, `${who} cannot send “${value}”: it is not a member, or stands still`, true)
    }
  }

  #part(sides: readonly (readonly Name[])[]): void {
    for (const [index, here] of sides.entries()) {
      for (const there of sides.slice(index + 1)) {
        for (const a of here) for (const b of there) this.side.cut(a, b)
      }
    }
  }
}

function createSide(options: RunOptions, listener: SideListener): Side {
  switch (options.system) {
    case 'plain':
      return new PlainGroup(options, listener)
    case 'lock-step':
      return new LockStep(options, listener)
    case 'tutti':
      return new VirtualSynchrony(options, listener)
  }
}

/** All that was delivered, in its order. */
function listed(log: readonly Delivered[]): string {
  return log.length === 0 ? 'nothing yet' : log.map(({ value }) => value).join(', ')
}
