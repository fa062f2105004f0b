import { SIGNAL_BYTES_MAX } from './protocol.ts'

/** What one peer may ask of the server. Far above what a page needs, so that only faults and floods meet them. */
export interface Limits {
  /** Rooms that one peer is in at a time. */
  readonly roomsPerPeer: number
  /** Peers in one room. */
  readonly peersPerRoom: number
  /** Bytes of one offer, answer or candidate, as JSON. */
  readonly signalBytesMax: number
  /** Requests of one connection, on average. */
  readonly requestsPerSecond: number
  /** Requests of one connection at once, after a silence. */
  readonly requestsAtOnce: number
  /**
   * Bytes that one connection signals to others, or says to a witness and hears from it, on average: what is not read
   * in time waits in the server.
   */
  readonly signalBytesPerSecond: number
  /** The same at once, after a silence. */
  readonly signalBytesAtOnce: number
  /** Ids whose owner is remembered, those of connected peers not counted. */
  readonly idsKept: number
  /** How long the owner of an id that is not connected is remembered, in ms. */
  readonly idKeptMs: number
}

export const DEFAULT_LIMITS: Limits = {
  roomsPerPeer: 64,
  peersPerRoom: 1_024,
  signalBytesMax: SIGNAL_BYTES_MAX,
  requestsPerSecond: 100,
  requestsAtOnce: 5_000,
  signalBytesPerSecond: 256 * 1024,
  signalBytesAtOnce: 8 * 1024 * 1024,
  idsKept: 100_000,
  idKeptMs: 600_000,
}

/** Lets `perSecond` of something pass on average, and up to `atOnce` after a silence. */
export class RateLimit {
  readonly #perSecond: number
  readonly #atOnce: number
  #left: number
  #atMs: number

  constructor(perSecond: number, atOnce: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#atOnce = atOnce
    this.#left = atOnce
    this.#atMs = nowMs
  }

  /** Whether `amount` more may pass at `nowMs`; then it has. */
  take(nowMs: number, amount = 1): boolean {
    const earned = (Math.max(0, nowMs - this.#atMs) / 1_000) * this.#perSecond
    this.#left = Math.min(this.#atOnce, this.#left + earned)
    this.#atMs = nowMs
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }
}

/** Bytes of `value` as JSON; undefined when it is none. Nothing that came over the wire is trusted to be shallow or plain. */
export function jsonBytes(value: unknown): number | undefined {
  return isPlain(value, DEPTH_MAX) ? Buffer.byteLength(JSON.stringify(value)) : undefined
}

const DEPTH_MAX = 16

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0) return false
  const prototype = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((part) => isPlain(part, depth - 1))
}
