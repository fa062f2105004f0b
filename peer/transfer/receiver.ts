/**
 * State transfer, the taking side.
 * Purpose: puts the chunks of one state together.
 * Requires: chunks of one boundary from one provider; they may repeat or be lost, not change.
 * Guarantees: never hands out half a state (ST3); takes no more than the first chunk announced.
 * Source: Birman and Joseph, Exploiting Virtual Synchrony in Distributed Systems (SOSP 1987), section 3.2.
 */
import type { MemberId } from '../base/ids.ts'

export interface Incoming {
  readonly boundary: number
  readonly provider: MemberId | undefined
  chunks: Uint8Array[]
  receivedBytes: number
  /** undefined before the first chunk. */
  totalBytes: number | undefined
  /** Handed to the application, which is loading it. */
  loading: boolean
  /** When the provider is asked, if nothing comes. */
  askAtMs: number
}

export function newIncoming(boundary: number, provider: MemberId | undefined, askAtMs: number): Incoming {
  return { boundary, provider, chunks: [], receivedBytes: 0, totalBytes: undefined, loading: false, askAtMs }
}

/** Takes the next chunk; others are ignored. False for one that cannot be. */
export function takeChunk(incoming: Incoming, offset: number, total: number, bytes: Uint8Array): boolean {
  if (total !== (incoming.totalBytes ?? total) || offset + bytes.length > total) return false
  if (offset !== incoming.receivedBytes) return true
  if (bytes.length === 0 && total > 0) return false
  incoming.totalBytes = total
  if (bytes.length > 0) incoming.chunks.push(bytes)
  incoming.receivedBytes += bytes.length
  return true
}

/** The whole state, once it is there. */
export function wholeState(incoming: Incoming): Uint8Array | undefined {
  if (incoming.totalBytes === undefined || incoming.receivedBytes < incoming.totalBytes) return undefined
  const state = new Uint8Array(incoming.totalBytes)
  let at = 0
  for (const chunk of incoming.chunks) {
    state.set(chunk, at)
    at += chunk.length
  }
  return state
}
