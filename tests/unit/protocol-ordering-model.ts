import type { CastKind } from '../../peer/base/cast-kind.ts'
import { heldOrder, newOrderLog, storeOrder } from '../../peer/ordering/abcast.ts'
import { advance, covers, increaseOf } from '../../peer/ordering/cbcast.ts'
import { deliverComplete, deliverCut } from '../../peer/ordering/delivery.ts'
import { entryAt, type MessageLog, newStream, received, store } from '../../peer/ordering/message-log.ts'
import { type Entry, encodeEntry } from '../../peer/wire/entry.ts'

/**
 * Members of one view over a network that reorders across streams, driven step by step; and beside them an oracle that
 * knows causality by sets of names, without any vector.
 */

/** What the oracle knows of one multicast: all that it follows, by Lamport's happened-before, all kinds counted. */
export interface Known {
  readonly name: string
  readonly sender: number
  readonly kind: CastKind
  readonly past: ReadonlySet<string>
  /** The number of its last entry. */
  readonly last: number
  /** What its value looks like whole. */
  readonly value: string
}

export interface Delivery {
  readonly name: string
  readonly order: number | undefined
}

export interface Member {
  readonly log: MessageLog
  readonly delivered: Delivery[]
  /** Names in this member's past: what it sent, delivered, and what that follows. */
  readonly past: Set<string>
  /** How far each stream and the order log have come over the network. */
  readonly arrived: number[]
  orderArrived: number
  sent: number
  /** Parts that were sent of a value under way, and how many there are to be. */
  parts: number
  partsOf: number
}

export type Step =
  /** One in one piece; it may stand between the parts of another. */
  | { readonly what: 'cast'; readonly member: number; readonly kind: CastKind }
  /** The first part of a value of which there are to be so many, unless one is under way. */
  | { readonly what: 'begin'; readonly member: number; readonly parts: number }
  | { readonly what: 'part'; readonly member: number }
  /** The rest of the parts, and the entry that is the multicast's place. */
  | { readonly what: 'finish'; readonly member: number; readonly kind: CastKind }
  /** The value of which there were parts is not going on. */
  | { readonly what: 'drop'; readonly member: number }
  | { readonly what: 'arrive'; readonly member: number; readonly from: number }
  | { readonly what: 'order'; readonly member: number; readonly from: number }

/** Each name takes as many bytes, each part one. */
const NAME_BYTES = 8
const PART = Uint8Array.of(126)

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export class OrderingModel {
  readonly members: Member[]
  readonly known = new Map<string, Known>()

  constructor(size: number) {
    this.members = Array.from({ length: size }, () => ({
      log: {
        streams: Array.from({ length: size }, () => newStream(size)),
        order: newOrderLog(),
        past: new Array<number>(size).fill(0),
        wedged: false,
        valueBytesMax: 1_000,
      },
      delivered: [],
      past: new Set<string>(),
      arrived: new Array<number>(size).fill(0),
      orderArrived: 0,
      sent: 0,
      parts: 0,
      partsOf: 0,
    }))
  }

  step(step: Step): void {
    const rank = step.member % this.members.length
    const from = 'from' in step ? step.from % this.members.length : 0
    if (step.what === 'cast') this.#cast(rank, step.kind, 0)
    else if (step.what === 'begin') this.#begin(rank, step.parts)
    else if (step.what === 'part') this.#part(rank, 1)
    else if (step.what === 'finish') this.#finish(rank, step.kind)
    else if (step.what === 'drop') this.#drop(rank)
    else if (step.what === 'arrive') this.#arrive(rank, from)
    else this.#orderArrives(rank)
    this.#run(rank)
  }

  /** Everything sent comes everywhere. */
  settle(): void {
    for (let round = 0; round < 3; round++) {
      for (const [rank, member] of this.members.entries()) {
        for (const [from, other] of this.members.entries()) {
          while (member.arrived[from]! < received(other.log.streams[from]!)) this.#arrive(rank, from)
        }
        while (member.orderArrived < heldOrder(this.members[0]!.log.order)) this.#orderArrives(rank)
        this.#run(rank)
      }
    }
  }

  /**
   * Wedges these members, who keep only what they and the other survivors hold: the cut is the most that any of them has, and
   * what they lack of it comes. Returns the cut.
   */
  wedge(survivors: readonly number[]): { readonly cut: number[]; readonly orderCut: number } {
    const logs = survivors.map((rank) => this.members[rank]!.log)
    for (const log of logs) log.wedged = true
    const cut = this.members.map((_, rank) => Math.max(...logs.map((log) => log.streams[rank]!.have)))
    const orderCut = Math.max(...logs.map((log) => log.order.length))
    for (const log of logs) {
      for (const source of logs) copy(source, log, cut, orderCut)
    }
    return { cut, orderCut }
  }

  /** Ends the view for these members. Returns the cut. */
  end(survivors: readonly number[]): number[] {
    const { cut, orderCut } = this.wedge(survivors)
    for (const rank of survivors) {
      const member = this.members[rank]!
      deliverCut(member.log, cut, orderCut, ({ payload, order }) => this.#handOut(member, payload, order))
    }
    return cut
  }

  #cast(rank: number, kind: CastKind, parts: number): boolean {
    const member = this.members[rank]!
    const { log } = member
    if (kind !== 'fifo' && !covers((other) => log.streams[other]!.delivered, log.past, rank)) return false
    const name = `${rank}#${++member.sent}`
    const stream = log.streams[rank]!
    const increase = increaseOf(stream.vector, log.past, rank)
    const text = name.padEnd(NAME_BYTES, '.')
    this.#append(rank, { type: 'cast', kind, increase, hasParts: parts > 0, payload: encoder.encode(text) })
    const value = '~'.repeat(parts) + text
    this.known.set(name, { name, sender: rank, kind, past: new Set(member.past), last: received(stream), value })
    member.past.add(name)
    return true
  }

  #begin(rank: number, parts: number): void {
    const member = this.members[rank]!
    if (member.partsOf > 0) return
    member.partsOf = parts
    this.#part(rank, 1)
  }

  #part(rank: number, most: number): void {
    const member = this.members[rank]!
    for (let left = most; left > 0 && member.parts < member.partsOf; left--) {
      const total = member.parts++ === 0 ? member.partsOf + NAME_BYTES : 0
      this.#append(rank, { type: 'part', total, payload: PART })
    }
  }

  #finish(rank: number, kind: CastKind): void {
    const member = this.members[rank]!
    if (member.partsOf === 0) return
    this.#part(rank, member.partsOf)
    if (this.#cast(rank, kind, member.partsOf)) member.parts = member.partsOf = 0
  }

  #drop(rank: number): void {
    const member = this.members[rank]!
    if (member.partsOf === 0) return
    this.#append(rank, { type: 'drop' })
    member.parts = member.partsOf = 0
  }

  #append(rank: number, entry: Entry): void {
    const member = this.members[rank]!
    const stream = member.log.streams[rank]!
    const bytes = encodeEntry(entry, this.members.length)
    if (!store(member.log, rank, received(stream) + 1, bytes)) throw new Error(`refused: ${JSON.stringify(entry)}`)
    member.arrived[rank] = received(stream)
  }

  #arrive(rank: number, from: number): void {
    const member = this.members[rank]!
    const entry = entryAt(this.members[from]!.log.streams[from]!, member.arrived[from]! + 1)
    if (rank === from || entry === undefined) return
    if (!store(member.log, from, ++member.arrived[from]!, entry.bytes)) throw new Error(`refused one of ${from}`)
  }

  #orderArrives(rank: number): void {
    const member = this.members[rank]!
    const entry = this.members[0]!.log.order.entries[member.orderArrived]
    if (rank === 0 || entry === undefined) return
    storeOrder(member.log.order, ++member.orderArrived, entry)
  }

  /** What the engine's data path does at an unwedged member. */
  #run(rank: number): void {
    const member = this.members[rank]!
    const { log } = member
    const totals = advance(log)
    if (rank === 0) {
      for (const entry of totals) storeOrder(log.order, heldOrder(log.order) + 1, entry)
      member.orderArrived = heldOrder(log.order)
    }
    log.order.length = heldOrder(log.order)
    deliverComplete(log, ({ payload, order }) => this.#handOut(member, payload, order))
  }

  #handOut(member: Member, payload: Uint8Array, order: number | undefined): void {
    const value = decoder.decode(payload)
    const name = value.replace(/^~*/, '').replace(/\.*$/, '')
    if (value !== this.known.get(name)?.value) throw new Error(`${value} was never sent`)
    member.delivered.push({ name, order })
    member.past.add(name)
    for (const before of this.known.get(name)!.past) member.past.add(before)
  }
}

/** Gives `to` what `source` holds up to the cut. */
function copy(source: MessageLog, to: MessageLog, cut: readonly number[], orderCut: number): void {
  for (const [rank, stream] of source.streams.entries()) {
    for (let number = 1; number <= Math.min(cut[rank]!, received(stream)); number++) {
      store(to, rank, number, entryAt(stream, number)!.bytes)
    }
  }
  for (let index = 1; index <= Math.min(orderCut, heldOrder(source.order)); index++) {
    storeOrder(to.order, index, source.order.entries[index - 1]!)
  }
}
