/**
 * FBCAST: each sender's multicasts in the order sent.
 * Purpose: the order that all others build on: a stream is delivered from its front, nothing else first.
 * Requires: a stream without gaps.
 * Guarantees: OR1 for all kinds; an fbcast waits for nothing but its own sender's earlier messages (OR6); a value that comes
 *   in parts is delivered whole, at the place of its last entry (FL3).
 * Source: Birman and Joseph, Exploiting Virtual Synchrony (SOSP 1987), section 3.1.
 */
import { type Assembly, type Cast, entryAt, type LogEntry, type Stream } from './message-log.ts'

/** The multicast at the front of a stream, if it is held up to `limit`. Parts of a value before it are put together in passing. */
export function front(stream: Stream, limit: number): Cast | undefined {
  while (stream.delivered < limit) {
    const entry = entryAt(stream, stream.delivered + 1)
    if (entry === undefined || entry.cast !== undefined) return entry?.cast
    assemble(stream, entry)
    stream.delivered++
  }
  return undefined
}

/** Takes the front multicast off: its value. One in one piece is not copied. */
export function take(stream: Stream, cast: Cast): Uint8Array {
  const { bytes, payloadAt } = entryAt(stream, ++stream.delivered)!
  const last = bytes.subarray(payloadAt)
  if (!cast.hasParts) return last
  const { total, pieces } = stream.assembly!
  stream.assembly = undefined
  if (cast.whole !== undefined) return cast.whole
  const whole = new Uint8Array(total)
  let at = 0
  for (const piece of [...pieces, last]) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function assemble(stream: Stream, { bytes, payloadAt, total, isDrop }: LogEntry): void {
  if (isDrop) {
    stream.assembly = undefined
    return
  }
  if (total > 0) stream.assembly = newAssembly(total)
  const piece = bytes.subarray(payloadAt)
  const assembly = stream.assembly!
  assembly.pieces.push(piece)
  assembly.bytes += piece.length
}

function newAssembly(total: number): Assembly {
  return { total, bytes: 0, pieces: [], toldBytes: 0 }
}
