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
  readonly scribe = new Scribe()
  #number = 1
  #people: Person[] = []
  #casts: Cast[] = []
  readonly #order: Cast[] = []
  #joined = 0

  constructor() {
    for (let i = 0; i < 3; i++) this.#people.push(this.#newcomer(true))
    this.#install()
  }

  act(pick: number): void {
    const person = this.#people[pick % this.#people.length]
    if (person === undefined) return
    const choice = Math.floor(pick / 7) % 12
    if (choice < 3) this.#send(person, KINDS[choice] ?? 'fifo')
    else if (choice < 11) this.#deliverSome(person, Math.floor(pick / 91))
    else if (pick % 5 === 0) this.changeView(Math.floor(pick / 91))
  }

  /** One may leave, or crash before it got the rest; the others get it; then one may join. */
  changeView(pick: number): void {
    for (const cast of this.#casts) this.#place(cast)
    const goes = this.#people.length > 2 ? this.#people[pick % this.#people.length] : undefined
    if (goes !== undefined && pick % 3 === 1) this.#remove(goes, { event: 'crash' })
    for (const person of this.#people) while (this.#deliverSome(person, pick));
    if (goes !== undefined && pick % 3 === 2) this.#remove(goes, { event: 'left', reason: 'left' })
    if (pick % 2 === 0 && this.#people.length < MEMBERS_MAX && this.#people.every(({ hasState }) => hasState)) {
      this.#people.push(this.#newcomer(false))
    }
    this.#install()
  }

  #newcomer(hasState: boolean): Person {
    return { id: `p${this.#joined++}.1`, delivered: new Set(), past: new Set(), hasState }
  }

  #remove(person: Person, end: { event: 'crash' } | { event: 'left'; reason: string }): void {
    this.#people = this.#people.filter((other) => other !== person)
    this.scribe.write(person.id, end)
  }

  #install(): void {
    const newest = this.#people.at(-1)
    this.#casts = []
    this.#order.length = 0
    for (const person of this.#people) {
      person.delivered.clear()
      person.past.clear()
    }
    this.scribe.view(this.#number, ...this.#people.map(({ id }) => id))
    if (newest !== undefined && !newest.hasState) {
      this.scribe.transfer(this.#people[0]?.id ?? '', newest.id, `state ${this.#number}`)
      newest.hasState = true
    }
    this.#number++
  }

  #send(person: Person, kind: Kind): void {
    const isHeldBack = [...person.past].some((cast) => cast.from !== person.id && !person.delivered.has(cast))
    if (isHeldBack && kind !== 'fifo') return
    const id = this.scribe.cast(person.id, kind)
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
