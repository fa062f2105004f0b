/**
 * FBCAST: each sender's multicasts in the order sent.
 * Purpose: the order that all others build on: a stream is delivered from its front, nothing else first.
 * Requires: a stream without gaps.
 * Guarantees: OR1 for all kinds; an fbcast waits for nothing but its own sender's earlier messages (OR6).
 * Source: Birman and Joseph, Exploiting Virtual Synchrony (SOSP 1987), section 3.1.
 */
import { type Cast, entryAt, type Stream } from './message-log.ts'

/** The multicast at the front of a stream, if all its entries are held up to `limit`. */
export function front(stream: Stream, limit: number): Cast | undefined {
  if (stream.delivered >= limit) return undefined
  const cast = entryAt(stream, stream.delivered + 1)?.cast
  return cast !== undefined && stream.delivered + cast.fragments <= limit ? cast : undefined
}

/** Takes the front multicast off: its value, its fragments put together. A value in one piece is not copied. */
export function take(stream: Stream, cast: Cast): Uint8Array {
  const first = stream.delivered + 1
  stream.delivered += cast.fragments
  if (cast.fragments === 1) return entryAt(stream, first)!.payload
  const pieces: Uint8Array[] = []
  for (let number = first; number <= stream.delivered; number++) pieces.push(entryAt(stream, number)!.payload)
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
