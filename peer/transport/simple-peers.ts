import SimplePeer, { type Signal } from 'simple-peer/simplepeer.min.js'
import type { Connect, Connection, ConnectionListener, ConnectionSignal, Measured } from './connection.ts'
import { LOW_BYTES } from './send-queue.ts'

export interface SimplePeerOptions {
  readonly iceServers: readonly RTCIceServer[]
  /** A WebRTC implementation, where the host has none. */
  readonly wrtc: unknown
}

/** Connections of this thread, made by simple-peer. `options` is asked before each. */
export function simplePeers(options: () => SimplePeerOptions): Connect {
  return (initiator, listener) => new SimplePeerConnection(makePeer(initiator, options()), listener)
}

/** One simple-peer, whose errors are left to its `close`. */
export function makePeer(initiator: boolean, { iceServers, wrtc }: SimplePeerOptions): SimplePeer {
  const peer = new SimplePeer({ initiator, config: { iceServers: [...iceServers] }, wrtc })
  // ICE `disconnected` is not told: a process that is stopped for ten seconds shows it after six, and comes back. Own
  // heartbeats decide, and a link that stays silent closes.
  // Every error is followed by `close`, and some closings come without one: `close` decides.
  peer.on('error', () => {})
  return peer
}

/** Hands on what a simple-peer wants its other end to know; it says more than that. */
export function onSignal(peer: SimplePeer, hand: ConnectionListener['signal']): void {
  peer.on('signal', (signal: Signal) => {
    if (signal.type === 'candidate') hand({ type: 'candidate', candidate: signal.candidate })
    if (signal.type === 'offer' || signal.type === 'answer') hand({ type: signal.type, sdp: signal.sdp })
  })
}

/** May throw at a signal that WebRTC refuses to read. */
export function giveSignal(peer: SimplePeer, signal: ConnectionSignal): void {
  if (signal.type === 'candidate') peer.signal({ type: 'candidate', candidate: signal.candidate })
  else peer.signal({ type: signal.type, sdp: signal.sdp })
}

/** The round trip and the way of the path that the connection uses. */
export function measurePeer(peer: SimplePeer, done: (measured: Measured) => void): void {
  peer.getStats((_error, reports = []) => done(readMeasured(reports)))
}

class SimplePeerConnection implements Connection {
  readonly #peer: SimplePeer
  readonly #listener: ConnectionListener
  #isOpen = false

  constructor(peer: SimplePeer, listener: ConnectionListener) {
    this.#peer = peer
    this.#listener = listener
    onSignal(peer, (signal) => listener.signal(signal))
    // simple-peer says that it is connected only when it has found the path in the browser's statistics.
    if (peer._channel !== null) this.#watch(peer._channel)
    else peer._pc.addEventListener('datachannel', ({ channel }) => this.#watch(channel))
    peer.on('close', () => listener.closed())
  }

  signal(signal: ConnectionSignal): void {
    giveSignal(this.#peer, signal)
  }

  measure(done: (measured: Measured) => void): void {
    measurePeer(this.#peer, done)
  }

  destroy(): void {
    this.#peer.destroy()
  }

  #watch(channel: RTCDataChannel): void {
    // Past simple-peer's stream, which hands on what it is given one turn later. The channel may speak before it says that it is open.
    channel.onmessage = ({ data }) => {
      this.#open(channel)
      this.#listener.data(data instanceof ArrayBuffer ? new Uint8Array(data) : NO_FRAME)
    }
    channel.addEventListener('open', () => this.#open(channel))
  }

  #open(channel: RTCDataChannel): void {
    if (this.#isOpen) return
    this.#isOpen = true
    channel.bufferedAmountLowThreshold = LOW_BYTES
    channel.addEventListener('bufferedamountlow', () => this.#listener.low())
    this.#listener.open({
      get bufferedAmount() {
        return channel.bufferedAmount
      },
      send: (bytes) => channel.send(bytes as Uint8Array<ArrayBuffer>),
    })
  }
}

/** What a text counts as: our other ends send none. */
const NO_FRAME = new Uint8Array()

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
