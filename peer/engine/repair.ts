import type { PeerId } from '../base/ids.ts'
import { heldOrder, orderAt } from '../ordering/abcast.ts'
import { entryAt, received } from '../ordering/message-log.ts'
import { ORDER_MAX } from '../wire/codec.ts'
import type { Message, OrderEntry, Range } from '../wire/messages.ts'
import { broadcast, count, isSuspected, send } from './core.ts'
import { isFull, stallsOf } from './flow.ts'
import { wantsFork } from './forking.ts'
import { isUsable, routeNotes } from './routing.ts'
import type { Core, CurrentView, Fill } from './state.ts'

/**
 * Repair: statuses show what is missing, and a member pulls it from anyone who has it. The only reliability there is:
 * links may break, be replaced, or relay.
 */

/** Bytes of entries in one message, and in the answer to one pull. */
const MESSAGE_BYTES = 32 * 1024
const ANSWER_BYTES = 1024 * 1024
/** How long an answer may be on its way before it is given again. */
const UNDER_WAY_MS = 10_000
/** Pulls that nothing came of wait longer and longer: the wait doubles at most this often. */
const DOUBLINGS_MAX = 5
/** How often what came is told while a window's worth of it comes. */
const ACKS_A_WINDOW = 16

/** Something is missing: if it still is in a while, it is pulled. */
export function wantPull(core: Core, current: CurrentView): void {
  current.pullAtMs = Math.min(current.pullAtMs, core.now + core.config.pullAfterMs)
}

/**
 * News for the others go out soon, so that messages become stable: with what is sent anyway (`hasSent`), when they have become
 * much, or by themselves after a while.
 */
export function noteProgress(core: Core, current: CurrentView, hasSent: boolean): void {
  const progress = progressOf(current)
  if (progress === current.toldProgress || current.members.length === 1) return
  const { windowMessages, windowBytes, statusDelayMs } = core.config
  const isMuch =
    current.untoldBytes * ACKS_A_WINDOW >= windowBytes ||
    (progress - current.toldProgress) * ACKS_A_WINDOW >= windowMessages
  if (isMuch || (hasSent && core.now >= current.toldAtMs + statusDelayMs / 2)) tellHave(core, current)
  else current.haveAtMs = Math.min(current.haveAtMs, core.now + statusDelayMs)
}

/** Tells the others what was delivered here. */
export function tellHave(core: Core, current: CurrentView): void {
  broadcast(core, current, { kind: 'have', have: toldOf(current), orderLength: current.log.order.done })
  noteTold(core, current)
}

export function sendStatus(core: Core, current: CurrentView): void {
  broadcast(core, current, statusOf(core, current))
  if (isFull(core) && !core.state.toldFull) count(core, 'consumer-full')
  core.state.toldFull = isFull(core)
  noteTold(core, current)
  core.state.statusAtMs = Number.POSITIVE_INFINITY
  core.state.heartbeatAtMs = core.now + core.config.heartbeatIntervalMs
}

function noteTold(core: Core, current: CurrentView): void {
  current.toldProgress = progressOf(current)
  current.untoldBytes = 0
  current.toldAtMs = core.now
  current.haveAtMs = Number.POSITIVE_INFINITY
}

export function statusOf(core: Core, current: CurrentView): Extract<Message, { kind: 'status' }> {
  const { state } = core
  const { log, members, rank } = current
  return {
    kind: 'status',
    have: toldOf(current),
    orderLength: log.order.done,
    held: log.streams.map(received),
    heldOrder: heldOrder(log.order),
    wedged: log.wedged ? Math.max(1, current.acceptor.promised) : 0,
    withState: state.withState,
    leaving: members[rank]!.leaving,
    needsState: members[rank]!.needsState,
    blocked: state.blocked,
    forks: wantsFork(core, current),
    full: isFull(core),
    stalls: stallsOf(current),
    suspects: members.flatMap((member, other) => (other !== rank && isSuspected(core, member) ? [other] : [])),
    proxies: [...current.proxies.keys()],
    routes: routeNotes(core, current),
  }
}

/** Pulls all that is known to be missing, each stream from its sender, or else from one who has most of it. */
export function pullMissing(core: Core, current: CurrentView): void {
  current.pullAtMs = Number.POSITIVE_INFINITY
  const ends = current.log.streams.map((_, rank) => knownEnd(current, rank))
  const orderEnd = highest(
    current.members.map(({ orderLength, heldOrder }) => Math.max(orderLength, heldOrder)),
    current.log.order.ahead.keys(),
  )
  const sources = ends.map((end, rank) => sourceOf(core, current, (member) => heldBy(member, rank) >= end, rank))
  sources.push(sourceOf(core, current, (member) => Math.max(member.orderLength, member.heldOrder) >= orderEnd, 0))
  const stuck = stuckEnds(current, ends, orderEnd, true)
  if (stuck === undefined) {
    current.pulled.clear()
    current.pullsInVain = 0
    return
  }
  const hasAsked = pull(core, current, stuck.ends, stuck.orderEnd, sources)
  const { retryMs, pullAfterMs } = core.config
  current.pullAtMs = core.now + (hasAsked ? retryMs * 2 ** Math.min(current.pullsInVain, DOUBLINGS_MAX) : pullAfterMs)
  current.pullsInVain = hasAsked ? current.pullsInVain + 1 : 0
}

/** Fetches what a coordinator asked for, anew if it is asked again and nothing of it came meanwhile. */
export function pullFill(core: Core, current: CurrentView, { cut, orderCut, sources }: Fill, isNew: boolean): void {
  const stuck = stuckEnds(current, cut, orderCut, false)
  const asked = isNew ? { ends: cut, orderEnd: orderCut } : stuck
  if (asked !== undefined && pull(core, current, asked.ends, asked.orderEnd, sources)) count(core, 'fill-pulled')
}

/**
 * Of what is missing, that of which nothing has come since this was last asked: the answer to a pull, or what is sent anyway,
 * may take long on a slow link, and another pull would only put a second one behind it. undefined: nothing is missing.
 * `waits`: what is known only from statuses, which overtake data, is given some time first.
 */
function stuckEnds(
  current: CurrentView,
  ends: readonly number[],
  orderEnd: number,
  waits: boolean,
): { readonly ends: readonly number[]; readonly orderEnd: number } | undefined {
  const { streams, order } = current.log
  let isMissing = false
  /** Up to where to ask: 0 for what is coming. */
  const stuckEnd = (stream: number, end: number, held: number, hasGap: boolean): number => {
    if (end <= held) {
      current.pulled.delete(stream)
      return 0
    }
    isMissing = true
    const before = current.pulled.get(stream)
    current.pulled.set(stream, held)
    if (before === undefined) return waits && !hasGap ? 0 : end
    return held > before ? 0 : end
  }
  const stuck = ends.map((end, rank) => stuckEnd(rank, end, received(streams[rank]!), streams[rank]!.ahead.size > 0))
  const stuckOrder = stuckEnd(streams.length, orderEnd, heldOrder(order), order.ahead.size > 0)
  return isMissing ? { ends: stuck, orderEnd: stuckOrder } : undefined
}

/** Answers a pull with what is held of it. */
export function onPull(
  core: Core,
  current: CurrentView,
  from: PeerId,
  message: Extract<Message, { kind: 'pull' }>,
): void {
  let budget = ANSWER_BYTES
  for (const { rank, first, last } of message.ranges) {
    const stream = current.log.streams[rank]
    if (stream === undefined) continue
    const end = Math.min(last, received(stream))
    const begin = Math.max(first, stream.base + 1, underWayTo(core, current, from, rank, first) + 1)
    for (let number = begin; number <= end && budget > 0; ) {
      const entries: Uint8Array[] = []
      const start = number
      for (let bytes = 0; number <= end && bytes < MESSAGE_BYTES; number++) {
        const entry = entryAt(stream, number)!
        entries.push(entry.bytes)
        bytes += entry.bytes.length
        budget -= entry.bytes.length
      }
      send(core, from, { kind: 'entries', rank, first: start, stable: current.stable[rank]!, entries })
      current.answered.set(`${from}/${rank}`, { first, last: number - 1, sentAtMs: core.now })
    }
  }
  sendOrder(core, current, from, message.orderFirst, message.orderLast)
}

/**
 * Up to where an earlier answer, or what this member has sent anyway, may still be on its way over the same link: a link loses
 * nothing while it lasts, and a slow one would only get further behind.
 */
function underWayTo(core: Core, current: CurrentView, to: PeerId, rank: number, first: number): number {
  if (!isUsable(core, to)) return 0
  const isTold = rank === current.rank && first > (current.toldBeforeLink.get(to) ?? 0)
  if (isTold && core.now - current.entriesToldAtMs <= UNDER_WAY_MS) return current.entriesTold
  const answer = current.answered.get(`${to}/${rank}`)
  if (answer === undefined || core.now - answer.sentAtMs > UNDER_WAY_MS) return 0
  return first >= answer.first ? answer.last : 0
}

/** What was in flight on a broken link may be lost: it is answered anew. */
export function forgetAnswers(current: CurrentView, peer: PeerId): void {
  for (const key of current.answered.keys()) if (key.startsWith(`${peer}/`)) current.answered.delete(key)
  current.toldBeforeLink.set(peer, current.entriesTold)
}

function sendOrder(core: Core, current: CurrentView, to: PeerId, first: number, last: number): void {
  const { order } = current.log
  if (first === 0) return
  const entries: OrderEntry[] = []
  const start = Math.max(first, order.base + 1)
  const end = Math.min(last, heldOrder(order), start + ORDER_MAX - 1)
  for (let index = start; index <= end; index++) entries.push(orderAt(order, index)!)
  if (entries.length > 0) send(core, to, { kind: 'order', first: start, entries })
}

/** Asks each source for what is missing up to these ends. True if something was asked for. */
function pull(
  core: Core,
  current: CurrentView,
  ends: readonly number[],
  orderEnd: number,
  sources: readonly (number | undefined)[],
): boolean {
  const ranges = new Map<number, Range[]>()
  for (const [rank, stream] of current.log.streams.entries()) {
    const source = sources[rank]
    if (ends[rank]! <= received(stream) || source === undefined || source === current.rank) continue
    const list = ranges.get(source) ?? []
    list.push({ rank, first: received(stream) + 1, last: ends[rank]! })
    ranges.set(source, list)
  }
  const orderSource = sources.at(-1)
  const orderFirst = heldOrder(current.log.order) + 1
  const orderIsMissing = orderEnd >= orderFirst && orderSource !== undefined && orderSource !== current.rank
  if (orderIsMissing && !ranges.has(orderSource)) ranges.set(orderSource, [])
  for (const [source, list] of ranges) {
    const order =
      orderIsMissing && source === orderSource ? { orderFirst, orderLast: orderEnd } : { orderFirst: 0, orderLast: 0 }
    send(core, current.members[source]!.peer, { kind: 'pull', ranges: list, ...order })
    count(core, 'pull')
  }
  return ranges.size > 0
}

/** The highest entry of a stream that anybody is known to have. */
function knownEnd(current: CurrentView, rank: number): number {
  return highest(
    current.members.map((member) => heldBy(member, rank)),
    current.log.streams[rank]!.ahead.keys(),
  )
}

/** How much of a stream can be had from a member, as far as it told. */
function heldBy({ have, held }: CurrentView['members'][number], rank: number): number {
  return Math.max(have[rank]!, held[rank]!)
}

function highest(...lists: Iterable<number>[]): number {
  let end = 0
  for (const list of lists) for (const number of list) end = Math.max(end, number)
  return end
}

function sourceOf(
  core: Core,
  current: CurrentView,
  has: (member: CurrentView['members'][number]) => boolean,
  preferred: number,
): number | undefined {
  const usable = (rank: number) => {
    const member = current.members[rank]!
    return rank !== current.rank && !member.departed && !isSuspected(core, member)
  }
  if (usable(preferred) && current.pullsInVain % 2 === 0) return preferred
  const ranks = current.members.map((_, rank) => rank).filter(usable)
  const holders = ranks.filter((rank) => has(current.members[rank]!))
  return (holders.length > 0 ? holders : ranks)[(current.pullsInVain >> 1) % Math.max(1, holders.length)] ?? ranks[0]
}

/** What a member tells of each stream: what it has delivered, and that it has sent what is its own. */
function toldOf({ log, rank: self }: CurrentView): number[] {
  return log.streams.map((stream, rank) => (rank === self ? stream.have : stream.delivered))
}

/** The sum of all that. */
function progressOf({ log, rank: self }: CurrentView): number {
  return log.streams.reduce(
    (sum, { have, delivered }, rank) => sum + (rank === self ? have : delivered),
    log.order.done,
  )
}
