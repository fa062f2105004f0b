import type { PeerId } from '../base/ids.ts'
import { heldOrder, letOrderGo, storeOrder } from '../ordering/abcast.ts'
import { advance } from '../ordering/cbcast.ts'
import { type Delivered, deliverComplete } from '../ordering/delivery.ts'
import { entryAt, type LogEntry, letGo, received, store } from '../ordering/message-log.ts'
import { lowest, type Told } from '../ordering/stability.ts'
import { ORDER_MAX } from '../wire/codec.ts'
import type { Message, OrderEntry } from '../wire/messages.ts'
import { bad, broadcast, idOf, tell } from './core.ts'
import { isFull, isWindowOpen, noteAdvance, noteWindow } from './flow.ts'
import { driveReconciling, noteDelivered } from './reconciling.ts'
import { noteProgress, sendStatus, wantPull } from './repair.ts'
import { sendNext } from './sending.ts'
import type { Core, CurrentView } from './state.ts'

/**
 * The way of a multicast. Out: queue -> wedge check -> window -> stamp -> log -> encode once -> send.
 * In: view filter (engine) -> log -> causal -> total -> deliver.
 */

/** Bytes of entries in one message, roughly. */
const MESSAGE_BYTES = 32 * 1024

/** Runs the data path until nothing moves: completes, orders, delivers, lets go, and stamps what may now be sent. */
export function runDataPath(core: Core, current: CurrentView): void {
  const { log, rank } = current
  const { order } = log
  const hand = (delivered: Delivered): void => handOut(core, current, delivered)
  do {
    if (!log.wedged) {
      const totals = advance(log)
      if (rank === 0) sequence(current, totals)
      order.length = heldOrder(order)
    }
    deliverComplete(log, hand)
    noteStability(core, current)
  } while (pump(core, current))
  noteWindow(core, current)
  tellValues(core, current)
  if (isFull(core) !== core.state.toldFull) sendStatus(core, current)
  const hasSent = tellEntries(core, current)
  tellOrder(core, current)
  noteProgress(core, current, hasSent)
}

/** Hands a delivered multicast to the application. */
export function handOut(core: Core, current: CurrentView, delivered: Delivered): void {
  const { rank, cast, payload, last, order } = delivered
  const from = current.view.members[rank]!
  const { kind, purpose, seq, ref } = cast
  // What was stable before it was delivered can go only now.
  if (last <= current.stable[rank]! || order !== undefined) current.unsettled.add(rank)
  tell(core, { type: 'deliver', id: idOf(current, rank, seq), kind, purpose, payload, from, ref, seq, last, order })
  if (purpose !== 'message') noteDelivered(core, current, delivered)
}

/** Takes entries of a stream, from its sender or from anyone who was asked. `by`: the rank of whoever tells them. */
export function onEntries(core: Core, current: CurrentView, from: PeerId, by: number, message: Of<'entries'>): void {
  const { rank = by, first, entries } = message
  const { log } = current
  const stream = log.streams[rank]
  if (stream === undefined) return bad(core, from, 'entries of a stream that the view does not have')
  if (rank === current.rank) {
    if (first + entries.length - 1 > received(stream)) bad(core, from, 'entries that this member never sent')
    return
  }
  current.unsettled.add(rank)
  const before = received(stream)
  for (let i = 0; i < entries.length; i++) {
    if (!store(log, rank, first + i, entries[i]!)) return bad(core, from, 'an entry that is none')
  }
  for (let number = before + 1; number <= received(stream); number++) {
    current.untoldBytes += entryAt(stream, number)!.bytes.length
  }
  if (stream.vector[current.rank]! > received(log.streams[current.rank]!)) {
    bad(core, from, 'an entry that follows what this member never sent')
  }
  // Its sender may know sooner than this member what others have: more than its window is never kept for it.
  current.stable[rank] = Math.max(current.stable[rank]!, Math.min(message.stable, stream.have))
  if (stream.ahead.size > 0) wantPull(core, current)
}

/** Takes entries of the order log. Only their place counts, not the way they came. */
export function onOrder(core: Core, current: CurrentView, from: PeerId, message: Of<'order'>): void {
  const { order } = current.log
  for (let i = 0; i < message.entries.length; i++) {
    const entry = message.entries[i]!
    if (entry.rank >= current.members.length) return bad(core, from, 'order of a stream that the view does not have')
    storeOrder(order, message.first + i, entry)
  }
  if (order.ahead.size > 0) wantPull(core, current)
}

/** Lets go of what every member has, and tells this member's receipts. */
function noteStability(core: Core, current: CurrentView): void {
  const { log, unsettled, stable, members, rank: self } = current
  if (unsettled.size === 0) return
  for (const rank of unsettled) {
    const stream = log.streams[rank]!
    stable[rank] = Math.max(
      stable[rank]!,
      lowest(members, self, stream.have, (member) => member.have[rank]!),
    )
    const gone = letGo(stream, stable[rank]!)
    if (rank === self) tellStable(core, gone)
  }
  unsettled.clear()
  current.orderStable = lowest(members, self, log.order.done, (member) => member.orderLength)
  letOrderGo(log.order, current.orderStable)
}

/** Tells the receipts of this member's own. */
export function tellStable(core: Core, entries: readonly LogEntry[]): void {
  for (const { cast } of entries) if (cast?.ref !== undefined) tell(core, { type: 'stable', ref: cast.ref })
}

/** Takes what a member says that it has. */
export function onCounts(core: Core, current: CurrentView, rank: number, { have, orderLength }: Told): void {
  const { log, stable, members, unsettled } = current
  const member = members[rank]!
  let lacks = orderLength > heldOrder(log.order)
  for (let stream = 0; stream < have.length; stream++) {
    const now = have[stream]!
    const before = member.have[stream]!
    if (now > received(log.streams[stream]!)) lacks = true
    if (now <= before) continue
    member.have[stream] = now
    // What it sends says nothing of what it takes.
    if (stream !== rank) noteAdvance(core, current, rank)
    if (before <= stable[stream]!) unsettled.add(stream)
  }
  if (orderLength > member.orderLength) {
    member.orderLength = orderLength
    unsettled.add(0)
  }
  if (lacks) wantPull(core, current)
}

/** Takes what can be had from a member. */
export function onHeld(core: Core, current: CurrentView, rank: number, { held, heldOrder: order }: Of<'status'>): void {
  const { log, members } = current
  const member = members[rank]!
  let lacks = order > heldOrder(log.order)
  for (let stream = 0; stream < held.length; stream++) {
    member.held[stream] = Math.max(member.held[stream]!, held[stream]!)
    if (held[stream]! > received(log.streams[stream]!)) lacks = true
  }
  member.heldOrder = Math.max(member.heldOrder, order)
  if (lacks) wantPull(core, current)
}

/** The sequencer gives places: its own ABCASTs as they are sent, others' as they become complete. */
function sequence({ log: { order } }: CurrentView, totals: readonly OrderEntry[]): void {
  for (const entry of totals) storeOrder(order, heldOrder(order) + 1, entry)
}

/** Tells the others what was stamped in this turn. True if anything was. */
function tellEntries(core: Core, current: CurrentView): boolean {
  const stream = current.log.streams[current.rank]!
  const { base: stable } = stream
  const end = received(stream)
  // Alone, what was sent is stable at once.
  current.entriesTold = Math.max(current.entriesTold, stream.base)
  if (current.entriesTold === end) return false
  current.entriesToldAtMs = core.now
  while (current.entriesTold < end) {
    const first = current.entriesTold + 1
    const entries: Uint8Array[] = []
    for (let bytes = 0; current.entriesTold < end && bytes < MESSAGE_BYTES; ) {
      const entry = entryAt(stream, ++current.entriesTold)!.bytes
      entries.push(entry)
      bytes += entry.length
    }
    broadcast(core, current, { kind: 'entries', rank: undefined, first, stable, entries })
  }
  return true
}

/** Tells the others what was ordered in this turn. */
function tellOrder(core: Core, current: CurrentView): void {
  const { order } = current.log
  if (current.rank !== 0) return
  current.orderTold = Math.max(current.orderTold, order.base)
  while (current.orderTold < order.length) {
    const end = Math.min(order.length, current.orderTold + ORDER_MAX)
    const entries = order.entries.slice(current.orderTold - order.base, end - order.base)
    broadcast(core, current, { kind: 'order', first: current.orderTold + 1, entries })
    current.orderTold = end
  }
}

/** Tells the application how far large values are: others' by what came, its own by what everybody has. */
function tellValues(core: Core, current: CurrentView): void {
  const { log, view, rank: self, sending } = current
  for (let rank = 0; rank < log.streams.length; rank++) {
    const { assembly, bytes: buffered } = log.streams[rank]!
    if (assembly === undefined) continue
    const isOwn = rank === self
    const bytes = isOwn ? Math.max(0, assembly.bytes - buffered) : assembly.bytes
    if (bytes <= assembly.toldBytes) continue
    assembly.toldBytes = bytes
    const { total } = assembly
    const ref = isOwn ? sending?.ref : undefined
    tell(core, { type: 'value-progress', from: view.members[rank]!, ref, bytes, total })
  }
}

/** Stamps what waits and may leave. True if something did. */
function pump(core: Core, current: CurrentView): boolean {
  const { state } = core
  if (current.log.wedged || state.blocked || !state.withState) return false
  let stamped = driveReconciling(core, current)
  while (current.pausedBy === undefined && isWindowOpen(core, current) && sendNext(core, current)) stamped = true
  if (stamped) current.unsettled.add(current.rank)
  return stamped
}

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>
