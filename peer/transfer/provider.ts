/**
 * State transfer, the giving side.
 * Purpose: one saved state, as of one boundary between views, in chunks to each member that waits for it.
 * Requires: saved exactly where the view `boundary` begins (ST1); chunks and acknowledgements may be lost with a link.
 * Guarantees: no receiver has more than `chunksInFlight` chunks under way, and on a slow link only as many as pass in about
 *   a second, so that messages and heartbeats get through between them (ST4); what is not acknowledged is sent again.
 * Source: Birman and Joseph, Exploiting Virtual Synchrony in Distributed Systems (SOSP 1987), section 3.2.
 */
import type { Config } from '../base/config.ts'
import type { MemberId } from '../base/ids.ts'

export interface Outgoing {
  readonly boundary: number
  /** undefined until the application has saved it. */
  state: Uint8Array | undefined
  saveBeforeMs: number
  readonly receivers: Map<MemberId, Receiver>
}

interface Receiver {
  acked: number
  sent: number
  /** The first chunk has left, which an empty state needs too. */
  begun: boolean
  /** Chunks that may be under way: see `adapt`. */
  window: number
  /** The least that a chunk has taken until it was acknowledged. */
  leastMs: number
  /** What was sent and not acknowledged: where each chunk ends, and when it left. */
  underWay: { readonly end: number; readonly sentAtMs: number }[]
  /** Repetitions without an answer. */
  inVain: number
  retryAtMs: number
}

/** Chunks that may be under way before anything is known of the link. */
const WINDOW_AT_FIRST = 4
/** Chunks that may wait on the way for each other: fewer, and the window grows; more, and it shrinks. */
const QUEUED_LEAST = 1
const QUEUED_MOST = 2
/** The finest time that every browser's clock can tell. */
const CLOCK_MS = 1
/** A chunk that takes longer than this is on a link, or at a member, that has to be spared: the window halves. */
const SLOW_MS = 1000
/** Waiting for an answer at most doubles this often. */
const DOUBLINGS_MAX = 5

export interface Chunk {
  readonly offset: number
  readonly bytes: Uint8Array
}

export function newOutgoing(boundary: number, receivers: readonly MemberId[], saveBeforeMs: number): Outgoing {
  const progress = receivers.map((member) => [member, newReceiver()] as const)
  return { boundary, state: undefined, saveBeforeMs, receivers: new Map(progress) }
}

/** The chunks that may leave now for a receiver. Empty while the state is not saved. */
export function nextChunks(outgoing: Outgoing, to: MemberId, now: number, config: Config): Chunk[] {
  const receiver = outgoing.receivers.get(to)
  const { state } = outgoing
  if (receiver === undefined || state === undefined) return []
  const chunks: Chunk[] = []
  const window = receiver.inVain > 0 ? 1 : Math.min(receiver.window, config.chunksInFlight)
  const end = Math.min(state.length, receiver.acked + window * config.chunkBytes)
  while (receiver.sent < end || !receiver.begun) {
    const bytes = state.subarray(receiver.sent, Math.min(state.length, receiver.sent + config.chunkBytes))
    chunks.push({ offset: receiver.sent, bytes })
    receiver.sent += bytes.length
    receiver.begun = true
    receiver.underWay.push({ end: receiver.sent, sentAtMs: now })
  }
  if (chunks.length > 0) wait(receiver, now, config)
  return chunks
}

/** Notes what a receiver has. True when it has everything. */
export function acknowledge(outgoing: Outgoing, from: MemberId, bytes: number, now: number, config: Config): boolean {
  const receiver = outgoing.receivers.get(from)
  if (receiver === undefined || outgoing.state === undefined || bytes > outgoing.state.length) return false
  if (bytes > receiver.acked) {
    receiver.acked = bytes
    receiver.sent = Math.max(receiver.sent, bytes)
    adapt(receiver, now, config)
    receiver.inVain = 0
    wait(receiver, now, config)
  }
  return receiver.acked === outgoing.state.length
}

/** A receiver's link is new: what was under way may be lost, and is sent again at once. */
export function hurry(outgoing: Outgoing, to: MemberId, now: number): void {
  const receiver = outgoing.receivers.get(to)
  if (receiver !== undefined) receiver.retryAtMs = now
}

/**
 * Receivers that have been silent for too long start again from what they acknowledged, with one chunk: links lose nothing
 * while they last, so silence means a slow link more often than a loss.
 */
export function rewind(outgoing: Outgoing, now: number): MemberId[] {
  const silent: MemberId[] = []
  if (outgoing.state === undefined) return silent
  for (const [member, receiver] of outgoing.receivers) {
    if (now < receiver.retryAtMs) continue
    receiver.sent = receiver.acked
    receiver.begun = false
    receiver.underWay = []
    receiver.inVain++
    silent.push(member)
  }
  return silent
}

/** When something is due. */
export function outgoingDeadline(outgoing: Outgoing): number {
  if (outgoing.state === undefined) return outgoing.saveBeforeMs
  let at = Number.POSITIVE_INFINITY
  for (const receiver of outgoing.receivers.values()) at = Math.min(at, receiver.retryAtMs)
  return at
}

function newReceiver(): Receiver {
  return {
    acked: 0,
    sent: 0,
    begun: false,
    window: WINDOW_AT_FIRST,
    leastMs: Number.POSITIVE_INFINITY,
    underWay: [],
    inVain: 0,
    retryAtMs: 0,
  }
}

/**
 * The window follows the time that chunks take. What one takes beyond the least that any took, it waited behind others: on a
 * link, or for a processor that the group's own messages need too. So few are kept waiting, which loses little of the rate
 * and keeps the others' messages quick. Source: Brakmo, Peterson, "TCP Vegas: End to End Congestion Avoidance on a Global
 * Internet", IEEE JSAC 13(8), 1995, section III.B.
 */
function adapt(receiver: Receiver, now: number, config: Config): void {
  const done = receiver.underWay.filter(({ end }) => end <= receiver.acked)
  receiver.underWay = receiver.underWay.filter(({ end }) => end > receiver.acked)
  const last = done.at(-1)
  if (last === undefined) return
  const tookMs = Math.max(CLOCK_MS, now - last.sentAtMs)
  receiver.leastMs = Math.min(receiver.leastMs, tookMs)
  const queued = receiver.window * (1 - receiver.leastMs / tookMs)
  if (tookMs > SLOW_MS) receiver.window = Math.max(1, receiver.window >> 1)
  else if (queued < QUEUED_LEAST) receiver.window = Math.min(config.chunksInFlight, receiver.window + done.length)
  else if (queued > QUEUED_MOST) receiver.window--
}

function wait(receiver: Receiver, now: number, config: Config): void {
  receiver.retryAtMs = now + config.suspectAfterHintMs * 2 ** Math.min(receiver.inVain, DOUBLINGS_MAX)
}
