import type { PeerId } from '../base/ids.ts'
import type { SignaledTransport } from '../client/local-runtime.ts'
import type { Clock } from '../runtime/clock.ts'
import { checkFrame, type LinkInfo, type TransportListener } from '../transport/transport.ts'
import { Lane, type LaneFault } from './lane.ts'

export interface FaultyTransportOptions {
  readonly inner: SignaledTransport
  readonly clock: Clock
  /** How long a link that is cut lasts before it breaks. */
  readonly brokenAfterMs: number
  /** What is wrong with the way to a peer now. */
  faultOf(peer: PeerId): LaneFault
}

/** Both ways of one link that is up. */
interface Path {
  readonly out: Lane
  readonly in: Lane
  /** Takes back the timer that breaks a link that is cut. */
  cancelBreak: (() => void) | undefined
}

/** As much as a data channel buffers before it is busy. */
const BUSY_BYTES = 1024 * 1024

/**
 * Another transport, with faults on its links. A link that is cut carries nothing, as over a severed wire: what is sent
 * waits, and goes on when it is mended in time; later than that the link breaks, and no other comes up.
 */
export class FaultyTransport implements SignaledTransport {
  readonly frameBytesMax: number
  readonly #options: FaultyTransportOptions
  readonly #inner: SignaledTransport
  readonly #paths = new Map<PeerId, Path>()
  readonly #wanted = new Set<PeerId>()
  /** Peers to whom no link can come up. */
  readonly #severed = new Set<PeerId>()
  #listener: TransportListener | undefined
  #closed = false

  constructor(options: FaultyTransportOptions) {
    this.#options = options
    this.#inner = options.inner
    this.frameBytesMax = options.inner.frameBytesMax
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#inner.listen({
      up: (peer) => this.#up(peer),
      down: (peer) => this.#down(peer),
      frame: (peer, frame) => this.#paths.get(peer)?.in.add(frame),
      drained: (peer) => this.#drained(peer),
    })
  }

  want(peer: PeerId): void {
    if (this.#closed) return
    this.#wanted.add(peer)
    if (this.#options.faultOf(peer).cut && !this.#paths.has(peer)) this.#severed.add(peer)
    if (!this.#severed.has(peer)) this.#inner.want(peer)
  }

  unwant(peer: PeerId): void {
    this.#wanted.delete(peer)
    this.#severed.delete(peer)
    this.#clear(peer)
    this.#inner.unwant(peer)
  }

  send(peer: PeerId, frame: Uint8Array): void {
    checkFrame(frame, this.frameBytesMax)
    this.#paths.get(peer)?.out.add(frame)
  }

  reset(peer: PeerId): void {
    this.#clear(peer)
    if (!this.#severed.has(peer)) this.#inner.reset(peer)
  }

  isBusy(peer: PeerId): boolean {
    const waitingBytes = this.#paths.get(peer)?.out.bytes ?? 0
    return waitingBytes >= BUSY_BYTES || this.#inner.isBusy?.(peer) === true
  }

  links(): readonly LinkInfo[] {
    const missing = [...this.#severed].filter((peer) => this.#wanted.has(peer))
    return [
      ...this.#inner.links().flatMap((link) => (missing.includes(link.peer) ? [] : this.#told(link))),
      ...missing.map((peer) => ({ peer, state: 'connecting' as const, roundTripMs: undefined, bytesQueued: 0 })),
    ]
  }

  /** Of a peer to whom nothing passes, signals do not either: they would bring a link up. */
  signal(from: PeerId, data: unknown): void {
    if (!this.#closed && !this.#options.faultOf(from).cut) this.#inner.signal?.(from, data)
  }

  close(): void {
    for (const { out } of this.#paths.values()) out.flush()
    this.end()
  }

  /** Ends all links; what waits is lost. */
  end(): void {
    this.#closed = true
    for (const peer of this.#paths.keys()) this.#clear(peer)
    this.#paths.clear()
    this.#wanted.clear()
    this.#severed.clear()
    this.#inner.close()
  }

  /** What is wrong with the way to this peer has changed. */
  changed(peer: PeerId): void {
    if (this.#closed) return
    const fault = this.#options.faultOf(peer)
    const path = this.#paths.get(peer)
    if (path !== undefined) this.#change(peer, path, fault)
    else if (fault.cut) this.#sever(peer)
    else if (this.#severed.delete(peer) && this.#wanted.has(peer)) this.#inner.want(peer)
  }

  #change(peer: PeerId, path: Path, fault: LaneFault): void {
    path.out.fault = fault
    path.in.fault = fault
    if (!fault.cut) {
      path.cancelBreak?.()
      path.cancelBreak = undefined
      return
    }
    const { clock, brokenAfterMs } = this.#options
    path.cancelBreak ??= clock.at(clock.now() + brokenAfterMs, () => this.#sever(peer))
  }

  #sever(peer: PeerId): void {
    this.#severed.add(peer)
    this.#clear(peer)
    this.#inner.unwant(peer)
  }

  #up(peer: PeerId): void {
    // The other end's doing: nothing comes of it.
    if (this.#severed.has(peer)) return this.#inner.unwant(peer)
    const { clock } = this.#options
    const fault = this.#options.faultOf(peer)
    const path: Path = {
      out: new Lane(
        clock,
        fault,
        (frame) => this.#inner.send(peer, frame),
        () => this.#drained(peer),
      ),
      in: new Lane(clock, fault, (frame) => this.#listener?.frame(peer, frame)),
      cancelBreak: undefined,
    }
    this.#paths.set(peer, path)
    this.#change(peer, path, fault)
    this.#listener?.up(peer)
  }

  #down(peer: PeerId): void {
    const path = this.#paths.get(peer)
    if (path === undefined) return
    // It had come when the link ended.
    path.in.flush()
    this.#clear(peer)
    this.#paths.delete(peer)
    this.#listener?.down(peer)
  }

  #drained(peer: PeerId): void {
    if (this.#paths.has(peer) && !this.isBusy(peer)) this.#listener?.drained?.(peer)
  }

  /** What is on its way over a link that ends is lost. */
  #clear(peer: PeerId): void {
    const path = this.#paths.get(peer)
    if (path === undefined) return
    path.out.clear()
    path.in.clear()
    path.cancelBreak?.()
    path.cancelBreak = undefined
  }

  #told(link: LinkInfo): LinkInfo {
    const path = this.#paths.get(link.peer)
    if (path === undefined) return link
    const { delayMs } = this.#options.faultOf(link.peer)
    const { roundTripMs } = link
    return {
      ...link,
      roundTripMs: roundTripMs === undefined ? undefined : roundTripMs + 2 * delayMs,
      bytesQueued: link.bytesQueued + path.out.bytes,
    }
  }
}
