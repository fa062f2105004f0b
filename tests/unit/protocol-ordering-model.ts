import type { CastKind } from '../../peer/base/cast-kind.ts'
import { heldOrder, newOrderLog, storeOrder } from '../../peer/ordering/abcast.ts'
import { advance, covers, increaseOf } from '../../peer/ordering/cbcast.ts'
import { deliverComplete, deliverCut } from '../../peer/ordering/delivery.ts'
import { entryAt, type MessageLog, newStream, received, store } from '../../peer/ordering/message-log.ts'
import { encodeEntry } from '../../peer/wire/entry.ts'

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
}

export type Step =
  | { readonly what: 'cast'; readonly member: number; readonly kind: CastKind; readonly fragments: number }
  | { readonly what: 'arrive'; readonly member: number; readonly from: number }
  | { readonly what: 'order'; readonly member: number; readonly from: number }

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
      },
      delivered: [],
      past: new Set<string>(),
      arrived: new Array<number>(size).fill(0),
      orderArrived: 0,
      sent: 0,
    }))
  }

  step(step: Step): void {
    const rank = step.member % this.members.length
    const from = 'from' in step ? step.from % this.members.length : 0
    if (step.what === 'cast') this.#cast(rank, step.kind, step.fragments)
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
   * Ends the view for these members, who keep only what they and the other survivors hold: the cut is the most that any
   * of them has, and what they lack of it comes. Returns the cut.
   */
  end(survivors: readonly number[]): number[] {
    const logs = survivors.map((rank) => this.members[rank]!.log)
    for (const log of logs) log.wedged = true
    const cut = this.members.map((_, rank) => Math.max(...logs.map((log) => log.streams[rank]!.have)))
    const orderCut = Math.max(...logs.map((log) => log.order.length))
    for (const log of logs) {
      for (const source of logs) copy(source, log, cut, orderCut)
    }
    for (const rank of survivors) {
      const member = this.members[rank]!
      deliverCut(member.log, cut, orderCut, ({ payload, order }) => this.#handOut(member, payload, order))
    }
    return cut
  }

  #cast(rank: number, kind: CastKind, fragments: number): void {
    const member = this.members[rank]!
    const { log } = member
    if (kind !== 'fifo' && !covers((other) => log.streams[other]!.delivered, log.past, rank)) return
    const name = `${rank}#${++member.sent}`
    this.known.set(name, { name, sender: rank, kind, past: new Set(member.past) })
    member.past.add(name)
    const stream = log.streams[rank]!
    const increase = increaseOf(stream.vector, log.past, rank)
    for (let index = 0; index < fragments; index++) {
      const payload = encoder.encode(index === 0 ? name : '~')
      const entry = encodeEntry(
        index === 0 ? { type: 'cast', kind, fragments, increase, payload } : { type: 'fragment', payload },
      )
      store(stream, rank, received(stream) + 1, entry)
    }
    member.arrived[rank] = received(stream)
  }

  #arrive(rank: number, from: number): void {
    const member = this.members[rank]!
    const entry = entryAt(this.members[from]!.log.streams[from]!, member.arrived[from]! + 1)
    if (rank === from || entry === undefined) return
    store(member.log.streams[from]!, from, ++member.arrived[from]!, entry.bytes)
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
    const name = decoder.decode(payload).replaceAll('~', '')
    member.delivered.push({ name, order })
    member.past.add(name)
    for (const before of this.known.get(name)!.past) member.past.add(before)
  }
}

/** Gives `to` what `source` holds up to the cut. */
function copy(source: MessageLog, to: MessageLog, cut: readonly number[], orderCut: number): void {
  for (const [rank, stream] of source.streams.entries()) {
    for (let number = 1; number <= Math.min(cut[rank]!, received(stream)); number++) {
      store(to.streams[rank]!, rank, number, entryAt(stream, number)!.bytes)
    }
  }
  for (let index = 1; index <= Math.min(orderCut, heldOrder(source.order)); index++) {
    storeOrder(to.order, index, source.order.entries[index - 1]!)
  }
}
