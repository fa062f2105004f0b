/**
 * Round trips: how long the answers of one peer take over the direct link.
 * Purpose: an estimate that follows what is observed, for timeouts and for the choice of ways.
 * Requires: `pinged` at each ping over the direct link, `ponged` at each pong that came over it, by the same clock;
 *   `unawait` when that clock may have jumped or the link was lost meanwhile.
 * Guarantees: only the answer to the last ping counts, and none that would be negative; the timeout grows at once with one
 *   late answer and comes down over several (FD2).
 * Source: Jacobson and Karels, Congestion Avoidance and Control (SIGCOMM 1988); RFC 6298, section 2.
 */

export interface RoundTrip {
  /** undefined: never measured. */
  smoothedMs: number | undefined
  variationMs: number
  /** When the direct link was last pinged, in whole ms: what the pong gives back. */
  pingedAtMs: number
  /** The ping whose pong has not come; undefined: none is awaited. */
  awaitedMs: number | undefined
}

/** Shares of a new observation in the mean and in its variation. */
const MEAN_SHARE = 1 / 8
const VARIATION_SHARE = 1 / 4
const VARIATIONS = 4
/** Where nothing varies, an answer is still given this much. */
const GRAIN_MS = 100
/** However late answers were, timeouts grow by no more. */
export const TIMEOUT_MAX_MS = 10_000
/** For how many intervals a pong is waited for before the link is pinged again. */
const PATIENCE = 5

export function newRoundTrip(now: number): RoundTrip {
  return { smoothedMs: undefined, variationMs: 0, pingedAtMs: Math.floor(now), awaitedMs: undefined }
}

export function isPingDue({ pingedAtMs, awaitedMs }: RoundTrip, now: number, intervalMs: number): boolean {
  return now >= pingedAtMs + (awaitedMs === undefined ? intervalMs : PATIENCE * intervalMs)
}

/** A ping leaves; what it carries. */
export function pinged(trip: RoundTrip, now: number): number {
  trip.pingedAtMs = Math.floor(now)
  trip.awaitedMs = trip.pingedAtMs
  return trip.pingedAtMs
}

export function ponged(trip: RoundTrip, sentAt: number, now: number): void {
  if (sentAt !== trip.awaitedMs) return
  trip.awaitedMs = undefined
  if (now >= sentAt) observe(trip, now - sentAt)
}

/** What comes now says nothing about the link. */
export function unawait(trip: RoundTrip): void {
  trip.awaitedMs = undefined
}

/** Within what time an answer over the direct link may be expected; 0 while nothing is known. */
export function timeoutMs({ smoothedMs, variationMs }: RoundTrip): number {
  if (smoothedMs === undefined) return 0
  return Math.min(TIMEOUT_MAX_MS, smoothedMs + Math.max(GRAIN_MS, VARIATIONS * variationMs))
}

function observe(trip: RoundTrip, observedMs: number): void {
  if (trip.smoothedMs === undefined) {
    trip.smoothedMs = observedMs
    trip.variationMs = observedMs / 2
    return
  }
  trip.variationMs += VARIATION_SHARE * (Math.abs(trip.smoothedMs - observedMs) - trip.variationMs)
  trip.smoothedMs += MEAN_SHARE * (observedMs - trip.smoothedMs)
}
