/**
 * Purpose: random histories that keep every rule, for the tests of the checkers. Not a protocol: a hand that knows everything
 * picks what happens next among what is allowed.
 */

import { Scribe } from './scribe.ts'
import type { Kind } from './trace.ts'

/** Each number in turn picks one of the things that may happen next; the same numbers, the same history. */
export function randomHistory(picks: readonly number[]): Scribe {
  const world = new World()
  for (const pick of picks) world.act(pick)
  world.changeView(0)
  return world.scribe
}

/** The same with a group that falls apart, goes on as two lineages, and becomes one again, with everything sent again. */
export function randomSplit(picks: readonly number[]): Scribe {
  const world = new World()
  const third = Math.floor(picks.length / 3)
  for (const pick of picks.slice(0, third)) world.act(pick, 4)
  const fork = world.split(picks[third] ?? 0)
  for (const [index, pick] of picks.slice(third, 2 * third).entries()) (index % 2 === 0 ? world : fork).act(pick, 2)
  world.take(fork)
  for (const pick of picks.slice(2 * third)) world.act(pick)
  world.changeView(0)
  return world.scribe
}

interface Cast {
  readonly id: string
  readonly from: string
  readonly kind: Kind
  readonly causes: ReadonlySet<Cast>
}

interface Person {
  readonly id: string
  readonly delivered: Set<Cast>
  /** All that it has sent, delivered, or knows of as a cause of those. */
  readonly past: Set<Cast>
  hasState: boolean
}

const KINDS = ['causal', 'total', 'fifo'] as const
const MEMBERS_MAX = 6

class World {
  readonly scribe: Scribe
  readonly #lineage: string
  readonly #names: Iterator<number>
  #number: number
  #people: Person[]
  #casts: Cast[] = []
  #order: Cast[] = []
  /** What a fork's members multicast that the lineage which it left lacks. */
  readonly #unmerged: Cast[] = []

  constructor(parent?: World, lineage = 'L', people: Person[] = [], lacking: readonly Cast[] = []) {
    this.scribe = parent === undefined ? new Scribe() : parent.scribe
    this.#names = parent === undefined ? [...Array(1_000).keys()].values() : parent.#names
    this.#number = parent === undefined ? 1 : parent.#number
    this.#lineage = lineage
    this.#people = parent === undefined ? [0, 1, 2].map(() => this.#newcomer(true)) : people
    this.#unmerged.push(...lacking)
    this.#install()
  }

  /** Views keep at least so many members. */
  act(pick: number, atLeast = 2): void {
    const person = this.#people[pick % this.#people.length]
    if (person === undefined) return
    const choice = Math.floor(pick / 7) % 12
    if (choice < 3) this.#send(person, KINDS[choice] ?? 'fifo')
    else if (choice < 11) this.#deliverSome(person, Math.floor(pick / 91))
    else if (pick % 5 === 0) this.changeView(Math.floor(pick / 91), atLeast)
  }

  /** One may leave, or crash before it got the rest; the others get it; then one may join. */
  changeView(pick: number, atLeast = 2): void {
    for (const cast of this.#casts) this.#place(cast)
    const goes = this.#people.length > atLeast ? this.#people[pick % this.#people.length] : undefined
    if (goes !== undefined && pick % 3 === 1) this.#remove(goes, { event: 'crash' })
    for (const person of this.#people) while (this.#deliverSome(person, pick));
    if (goes !== undefined && pick % 3 === 2) this.#remove(goes, { event: 'left', reason: 'left' })
    if (pick % 2 === 0 && this.#people.length < MEMBERS_MAX && this.#people.every(({ hasState }) => hasState)) {
      this.#people.push(this.#newcomer(false))
    }
    this.#install()
  }

  /** A minority goes on as a fork. Each part has what it sent and what anyone in it delivered. */
  split(pick: number): World {
    for (const cast of this.#casts) this.#place(cast)
    const size = 1 + (pick % Math.max(1, Math.ceil(this.#people.length / 2) - 1))
    const away = this.#people.slice(-size)
    const stay = this.#people.slice(0, -size)
    for (const [from, to] of [[away, stay] as const, [stay, away] as const]) {
      for (const { id } of to) this.scribe.write(from[0]?.id ?? '', { event: 'suspect', of: id })
    }
    for (const { id } of away) this.scribe.write(id, { event: 'blocked' })
    const [casts, order] = [this.#casts, this.#order]
    const [theirs, ours] = [away, stay].map((people) => {
      this.#casts = casts.filter((cast) =>
        people.some((person) => person.id === cast.from || person.delivered.has(cast)),
      )
      this.#order = order.filter((cast) => this.#casts.includes(cast))
      for (const person of people) while (this.#deliverSome(person, pick));
      return this.#casts
    })
    const lineage = `${this.#lineage}~${this.#number - 1}.${stay.length}`
    const lacking = (theirs ?? []).filter((cast) => ours?.includes(cast) !== true)
    const fork = new World(this, lineage, away, lacking)
    for (const { id } of away) this.scribe.write(id, { event: 'unblocked' })
    this.#people = stay
    this.#install()
    return fork
  }

  /** The fork dissolves, and its members join here under new attempts. */
  take(fork: World): void {
    for (const cast of fork.#casts) fork.#place(cast)
    for (const person of fork.#people) while (fork.#deliverSome(person, 0));
    fork.#unmerged.push(...fork.#casts)
    for (const cast of this.#casts) this.#place(cast)
    for (const person of this.#people) while (this.#deliverSome(person, 0));
    const joiners = fork.#people.map(({ id }) => {
      const own = fork.#unmerged.filter(({ from }) => from === id)
      this.scribe.merge(
        id,
        this.#lineage,
        own.map((cast) => cast.id),
      )
      return { ...this.#newcomer(false), id: id.replace(/\.1$/, '.2'), own }
    })
    for (const joiner of joiners) {
      this.#people.push(joiner)
      this.#install()
      for (const { id, kind } of joiner.own) this.#send(joiner, kind, { replayOf: id })
      for (const cast of this.#casts) this.#place(cast)
      for (const person of this.#people) while (this.#deliverSome(person, 0));
    }
  }

  #newcomer(hasState: boolean): Person {
    return { id: `p${this.#names.next().value}.1`, delivered: new Set(), past: new Set(), hasState }
  }

  #remove(person: Person, end: { event: 'crash' } | { event: 'left'; reason: string }): void {
    this.#people = this.#people.filter((other) => other !== person)
    this.scribe.write(person.id, end)
  }

  #install(): void {
    const newest = this.#people.at(-1)
    this.#unmerged.push(...this.#casts)
    this.#casts = []
    this.#order = []
    for (const person of this.#people) {
      person.delivered.clear()
      person.past.clear()
    }
    const members = this.#people.map(({ id }) => id)
    for (const id of members) this.scribe.install(id, this.#number, members, this.#lineage)
    if (newest !== undefined && !newest.hasState) {
      this.scribe.transfer(this.#people[0]?.id ?? '', newest.id, `state ${this.#number}`)
      newest.hasState = true
    }
    this.#number++
  }

  #send(person: Person, kind: Kind, more: { replayOf?: string } = {}): void {
    const isHeldBack = [...person.past].some((cast) => cast.from !== person.id && !person.delivered.has(cast))
    if (isHeldBack && kind !== 'fifo') return
    const id = this.scribe.cast(person.id, kind, more)
    const cast: Cast = { id, from: person.id, kind, causes: new Set(person.past) }
    this.#casts.push(cast)
    person.past.add(cast)
  }

  /** The sequencer's part: a place for an ABCAST and, before it, for those that it follows. */
  #place(cast: Cast): void {
    if (cast.kind !== 'total' || this.#order.includes(cast)) return
    for (const cause of cast.causes) this.#place(cause)
    this.#order.push(cast)
  }

  #deliverSome(person: Person, pick: number): boolean {
    const allowed = this.#casts.filter((cast) => this.#mayDeliver(person, cast))
    const cast = allowed[pick % allowed.length]
    if (cast === undefined) return false
    this.#place(cast)
    this.scribe.deliver(cast.id, person.id)
    person.delivered.add(cast)
    person.past.add(cast)
    for (const cause of cast.causes) person.past.add(cause)
    return true
  }

  #mayDeliver(person: Person, cast: Cast): boolean {
    const { delivered } = person
    if (delivered.has(cast)) return false
    const isBound = (cause: Cast) => cast.kind !== 'fifo' || cause.from === cast.from
    for (const cause of cast.causes) if (isBound(cause) && !delivered.has(cause)) return false
    if (cast.kind !== 'total') return true
    const place = this.#order.indexOf(cast)
    if (place < 0) return this.#order.every((other) => delivered.has(other)) && !this.#causesUnplaced(cast)
    return this.#order.slice(0, place).every((other) => delivered.has(other))
  }

  #causesUnplaced(cast: Cast): boolean {
    return [...cast.causes].some((cause) => cause.kind === 'total' && !this.#order.includes(cause))
  }
}
