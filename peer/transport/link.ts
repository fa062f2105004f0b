import SimplePeer, { type Signal } from 'simple-peer/simplepeer.min.js'
import type { LinkSignal } from './link-signals.ts'
import { LOW_BYTES, SendQueue } from './send-queue.ts'

export interface LinkOptions {
  /** Number of the connection; every signal of it carries this. */
  readonly epoch: number
  readonly initiator: boolean
  readonly iceServers: readonly RTCIceServer[]
  /** A WebRTC implementation, where the host has none. */
  readonly wrtc: unknown
}

/** None of these is called from inside a call of the link's own methods, and none after `destroy`. */
export interface LinkListener {
  /** To be handed to the link's other end. */
  signal(signal: LinkSignal): void
  /** The channel is open: frames can be sent. */
  open(): void
  frame(frame: Uint8Array): void
  /** The connection broke, or came to nothing. Last call. */
  closed(): void
}

/** What the browser measured of a link. */
interface Measured {
  readonly roundTripMs: number | undefined
  readonly relayed: boolean
}

/** Candidates taken from the other end of one link. */
const CANDIDATES_MAX = 256
/** How old the browser's figures may be before they are asked for again. */
const MEASURE_EVERY_MS = 1_000
/** How far the last flush of a closing page fills the channel; at 16 MiB it would fail. */
const FLUSH_BYTES = 8 * 1024 * 1024

/** One connection to one peer: a simple-peer of its own, never used again once it closed. */
export class Link {
  readonly epoch: number
  readonly #peer: SimplePeer
  readonly #listener: LinkListener
  #queue: SendQueue | undefined
  #described = false
  #candidates = 0
  #over = false
  #destroyed = false
  #measured: Measured = { roundTripMs: undefined, relayed: false }
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor({ epoch, initiator, iceServers, wrtc }: LinkOptions, listener: LinkListener) {
    this.epoch = epoch
    this.#listener = listener
    this.#peer = new SimplePeer({ initiator, config: { iceServers: [...iceServers] }, wrtc })
    this.#peer.on('signal', (signal) => this.#emitSignal(signal))
    this.#peer.on('connect', () => this.#open())
    this.#peer.on('data', (bytes) => this.#receive(bytes))
    // ICE `disconnected` is not told: a process that is stopped for ten seconds shows it after six, and comes back. Own
    // heartbeats decide, and a link that stays silent closes.
    // Every error is followed by `close`, and some closings come without one: `close` decides.
    this.#peer.on('error', () => {})
    this.#peer.on('close', () => this.#closed())
  }

  /** Whether this end ended it: what it received and did not hand on yet counts no more. */
  get isDestroyed(): boolean {
    return this.#destroyed
  }

  /** Bytes handed over and not yet sent. */
  get bytesQueued(): number {
    return this.#queue?.bytes ?? 0
  }

  /** What the browser measured last; asks it again for the next time. */
  measure(): Measured {
    const nowMs = performance.now()
    if (this.#queue !== undefined && !this.#over && nowMs - this.#measuredAtMs > MEASURE_EVERY_MS) {
      this.#measuredAtMs = nowMs
      this.#peer.getStats((_error, reports = []) => {
        this.#measured = readMeasured(reports)
      })
    }
    return this.#measured
  }

  /** Takes a signal of this link's epoch. What WebRTC refuses to read is dropped. */
  signal(signal: LinkSignal): void {
    if (this.#over || signal.type === 'please') return
    try {
      if (signal.type === 'candidate') {
        if (++this.#candidates > CANDIDATES_MAX) return
        this.#peer.signal({ type: 'candidate', candidate: signal.candidate })
      } else if (!this.#described) {
        // A second description would end the connection.
        this.#described = true
        this.#peer.signal({ type: signal.type, sdp: signal.sdp })
      }
    } catch {
      // The other end sent what is no description or candidate: without them the attempt runs out of time.
    }
  }

  send(frame: Uint8Array): void {
    this.#guard((queue) => queue.push(frame))
  }

  /** Hands the channel all that it can hold without failing. */
  flush(): void {
    this.#guard((queue) => queue.drain(FLUSH_BYTES))
  }

  /** Ends the connection; the listener hears nothing more. */
  destroy(): void {
    if (this.#over) return
    this.#over = true
    this.#destroyed = true
    this.#peer.destroy()
  }

  #emitSignal(signal: Signal): void {
    if (this.#over) return
    const { epoch } = this
    if (signal.type === 'candidate') this.#listener.signal({ type: 'candidate', epoch, candidate: signal.candidate })
    if (signal.type === 'offer' || signal.type === 'answer') {
      this.#listener.signal({ type: signal.type, epoch, sdp: signal.sdp })
    }
  }

  #open(): void {
    const channel = this.#peer._channel
    if (this.#over || this.#queue !== undefined || channel === null) return
    const queue = new SendQueue({
      get bufferedAmount() {
        return channel.bufferedAmount
      },
      send: (bytes) => this.#peer.send(bytes),
    })
    this.#queue = queue
    channel.bufferedAmountLowThreshold = LOW_BYTES
    channel.addEventListener('bufferedamountlow', () => this.#guard((open) => open.drain()))
    this.#listener.open()
  }

  #receive(bytes: Uint8Array): void {
    if (this.#over) return
    // The channel may speak before simple-peer says that it is connected.
    this.#open()
    // A plain view of what simple-peer wraps in a Buffer of its own.
    this.#listener.frame(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  }

  #closed(): void {
    if (this.#over) return
    this.#over = true
    this.#listener.closed()
  }

  /** A channel that closes refuses to send before it says so: the link is over then, and `close` tells. */
  #guard(use: (queue: SendQueue) => void): void {
    if (this.#queue === undefined || this.#over) return
    try {
      use(this.#queue)
    } catch {
      this.#peer.destroy()
    }
  }
}

/** The round trip and the way of the path that the connection uses, from the browser's statistics. */
function readMeasured(reports: readonly unknown[]): Measured {
  const found = reports as readonly Report[]
  const transport = found.find((report) => report.type === 'transport' && report.selectedCandidatePairId !== undefined)
  const pair =
    transport === undefined
      ? found.find((report) => report.type === 'candidate-pair' && report.selected === true)
      : found.find((report) => report.id === transport.selectedCandidatePairId)
  const roundTripS = pair?.currentRoundTripTime
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId]
  return {
    roundTripMs: roundTripS === undefined ? undefined : roundTripS * 1_000,
    relayed: found.some((report) => ends.includes(report.id) && report.candidateType === 'relay'),
  }
}

/** The fields used of an entry of RTCStatsReport, of whatever type. */
interface Report {
  readonly id: string
  readonly type: string
  readonly selectedCandidatePairId?: string
  readonly selected?: boolean
  readonly currentRoundTripTime?: number
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: string
}
