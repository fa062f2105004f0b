import type { CastPurpose } from '../base/cast-kind.ts'
import type { PeerId } from '../base/ids.ts'
import { heldOrder, letOrderGo, storeOrder } from '../ordering/abcast.ts'
import { advance, covers, increaseOf } from '../ordering/cbcast.ts'
import { type Delivered, deliverComplete } from '../ordering/delivery.ts'
import { letGo, received, store } from '../ordering/message-log.ts'
import { stablePrefix } from '../ordering/stability.ts'
import { encodeEntry } from '../wire/entry.ts'
import type { Message, OrderEntry, StatusMessage } from '../wire/messages.ts'
import { bad, broadcast, count, idOf, tell } from './core.ts'
import { driveReconciling, mayOvertake, noteDelivered } from './reconciling.ts'
import { noteProgress, wantPull } from './repair.ts'
import type { Core, CurrentView, Waiting } from './state.ts'

/**
 * The way of a multicast. Out: queue -> wedge check -> stamp -> log -> encode once -> send.
 * In: view filter (engine) -> log -> causal -> total -> deliver.
 */

/** Runs the data path until nothing moves: completes, orders, delivers, and stamps what may now be sent. */
export function runDataPath(core: Core, current: CurrentView): void {
  do {
    if (!current.log.wedged) {
      const totals = advance(current.log)
      if (current.rank === 0) sequence(current, totals)
      current.log.order.length = heldOrder(current.log.order)
    }
    deliverComplete(current.log, (delivered) => handOut(core, current, delivered))
  } while (pump(core, current))
  tellOrder(core, current)
  noteProgress(core, current)
}

/** Hands a delivered multicast to the application. */
export function handOut(core: Core, current: CurrentView, delivered: Delivered): void {
  const { rank, cast, payload, last, order } = delivered
  const ref = rank === current.rank ? current.sent.get(last)?.ref : undefined
  const from = current.view.members[rank]!
  const { kind, purpose, seq } = cast
  tell(core, { type: 'deliver', id: idOf(current, rank, seq), kind, purpose, payload, from, ref, last, order })
  if (purpose !== 'message') noteDelivered(core, current, delivered)
}

/** Takes entries of a stream, from its sender or from anyone who was asked. */
export function onEntries(core: Core, current: CurrentView, from: PeerId, message: Of<'entries'>): void {
  const { rank, first, entries } = message
  const stream = current.log.streams[rank]
  if (stream === undefined) return bad(core, from, 'entries of a stream that the view does not have')
  const last = first + entries.length - 1
  if (rank === current.rank) {
    if (last > received(stream)) bad(core, from, 'entries that this member never sent')
    return
  }
  for (const [index, bytes] of entries.entries()) {
    if (!store(stream, rank, first + index, bytes)) return bad(core, from, 'an entry that is none')
  }
  if (stream.vector[current.rank]! > received(current.log.streams[current.rank]!)) {
    bad(core, from, 'an entry that follows what this member never sent')
  }
  if (stream.ahead.size > 0) wantPull(core, current)
}

/** Takes entries of the order log. Only their place counts, not the way they came. */
export function onOrder(core: Core, current: CurrentView, from: PeerId, message: Of<'order'>): void {
  for (const [index, entry] of message.entries.entries()) {
    if (entry.rank >= current.members.length) return bad(core, from, 'order of a stream that the view does not have')
    storeOrder(current.log.order, message.first + index, entry)
  }
  if (current.log.order.ahead.size > 0) wantPull(core, current)
}

/** Lets go of what every member has, and tells this member's receipts. */
export function noteStability(core: Core, current: CurrentView): void {
  const { log, members } = current
  const own = { have: log.streams.map((stream) => stream.have), orderLength: log.order.length }
  const told = members.map((member, rank) => (rank === current.rank ? own : member))
  const stable = stablePrefix(told, log.streams.length)
  for (const [rank, stream] of log.streams.entries()) letGo(stream, stable.have[rank]!)
  letOrderGo(log.order, stable.orderLength)
  for (const [last, { ref }] of current.sent) {
    if (last > Math.min(stable.have[current.rank]!, log.streams[current.rank]!.delivered)) break
    current.sent.delete(last)
    tell(core, { type: 'stable', ref })
  }
}

export function onStatusCounts(core: Core, current: CurrentView, rank: number, message: StatusMessage): void {
  const member = current.members[rank]!
  member.have = message.have
  member.orderLength = message.orderLength
  const lacks = current.log.streams.some((stream, other) => message.have[other]! > received(stream))
  if (lacks || message.orderLength > heldOrder(current.log.order)) wantPull(core, current)
}

/** The sequencer gives places: its own ABCASTs as they are sent, others' as they become complete. */
function sequence(current: CurrentView, totals: readonly OrderEntry[]): void {
  const { order } = current.log
  for (const entry of totals) storeOrder(order, heldOrder(order) + 1, entry)
}

/** Tells the others what was ordered in this turn, in one message. */
function tellOrder(core: Core, current: CurrentView): void {
  const { order } = current.log
  if (current.rank !== 0 || current.orderTold >= order.length) return
  const entries = order.entries.slice(current.orderTold - order.base, order.length - order.base)
  broadcast(core, current, { kind: 'order', first: current.orderTold + 1, entries })
  current.orderTold = order.length
}

/** Stamps what waits and may leave. True if something did. */
function pump(core: Core, current: CurrentView): boolean {
  const { state } = core
  if (current.log.wedged || state.blocked || !state.withState) return false
  let stamped = driveReconciling(core, current)
  if (current.pausedBy !== undefined) return stamped
  for (let next = state.queue[0]; next !== undefined && mayLeave(current, next); next = state.queue[0]) {
    state.queue.shift()
    stamp(core, current, next)
    stamped = true
  }
  return stamped
}

/** A cbcast or abcast waits until all that this member knows of as its past is delivered here (OR6). */
export function mayLeave(current: CurrentView, { kind }: Pick<Waiting, 'kind'>): boolean {
  const { log, rank } = current
  return kind === 'fifo' ? mayOvertake(current) : covers((other) => log.streams[other]!.delivered, log.past, rank)
}

/** Gives a multicast its place in this member's stream, and sends it. */
export function stamp(
  core: Core,
  current: CurrentView,
  { ref, kind, payload }: Waiting,
  purpose: CastPurpose = 'message',
): void {
  const { log, rank } = current
  const stream = log.streams[rank]!
  const { fragmentBytes } = core.config
  const fragments = Math.max(1, Math.ceil(payload.length / fragmentBytes))
  const increase = increaseOf(stream.vector, log.past, rank)
  const id = idOf(current, rank, stream.seq + 1)
  tell(core, { type: 'stamped', ref, id, kind, purpose, bytes: payload.length })
  for (let index = 0; index < fragments; index++) {
    const piece = fragments === 1 ? payload : payload.subarray(index * fragmentBytes, (index + 1) * fragmentBytes)
    const entry = encodeEntry(
      index > 0
        ? { type: 'fragment', payload: piece }
        : { type: 'cast', kind, fragments, increase, payload: piece, ...(purpose !== 'message' && { purpose }) },
    )
    const number = received(stream) + 1
    store(stream, rank, number, entry)
    broadcast(core, current, { kind: 'entries', rank, first: number, entries: [entry] })
  }
  current.sent.set(received(stream), { ref, id })
  if (fragments > 1) count(core, 'fragmented')
}

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>
