/**
 * State transfer, the giving side.
 * Purpose: one saved state, as of one boundary between views, in chunks to each member that waits for it.
 * Requires: saved exactly where the view `boundary` begins (ST1); chunks and acknowledgements may be lost with a link.
 * Guarantees: no receiver has more than `chunksInFlight` chunks under way (ST4); what is not acknowledged is sent again.
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
  retryAtMs: number
}

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
  const end = Math.min(state.length, receiver.acked + config.chunksInFlight * config.chunkBytes)
  while (receiver.sent < end || !receiver.begun) {
    const bytes = state.subarray(receiver.sent, Math.min(state.length, receiver.sent + config.chunkBytes))
    chunks.push({ offset: receiver.sent, bytes })
    receiver.sent += bytes.length
    receiver.begun = true
  }
  if (chunks.length > 0) receiver.retryAtMs = now + config.retryMs
  return chunks
}

/** Notes what a receiver has. True when it has everything. */
export function acknowledge(outgoing: Outgoing, from: MemberId, bytes: number, now: number, config: Config): boolean {
  const receiver = outgoing.receivers.get(from)
  if (receiver === undefined || outgoing.state === undefined || bytes > outgoing.state.length) return false
  if (bytes > receiver.acked) {
    receiver.acked = bytes
    receiver.retryAtMs = now + config.retryMs
  }
  return receiver.acked === outgoing.state.length
}

/** Receivers that have been silent for too long start again from what they acknowledged. */
export function rewind(outgoing: Outgoing, now: number): MemberId[] {
  const silent: MemberId[] = []
  if (outgoing.state === undefined) return silent
  for (const [member, receiver] of outgoing.receivers) {
    if (now < receiver.retryAtMs) continue
    receiver.sent = receiver.acked
    receiver.begun = false
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
  return { acked: 0, sent: 0, begun: false, retryAtMs: 0 }
}
