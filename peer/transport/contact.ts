import type { PeerId } from '../base/ids.ts'
import type { Connect } from './connection.ts'
import { Link } from './link.ts'
import type { LinkSignal } from './link-signals.ts'
import type { Notices } from './notices.ts'
import type { LinkInfo, TransportListener } from './transport.ts'

/** Timeouts of the WebRTC transport, in milliseconds. */
export interface WebrtcTimes {
  /** A connection that is not open after this is given up, and another is tried. Default 8,000. */
  readonly connectTimeoutMs: number
  /** The wait before the first new try; it doubles from try to try. Default 200. */
  readonly retryMinMs: number
  /** The longest wait between two tries. Default 5,000. */
  readonly retryMaxMs: number
  /** After a link that lasted this long, waits start at `retryMinMs` again. Default 5,000. */
  readonly steadyMs: number
  /**
   * How long a connection that the other end asked for stays without being wanted here; and how long after its end, or
   * after `unwant`, the other end is refused. Default 10,000.
   */
  readonly guestMs: number
}

/** What a contact needs of the transport it belongs to. */
export interface Surroundings {
  readonly self: PeerId
  /** Whether this peer had no transport before: the other end holds no link to an earlier one. */
  readonly isFirst: boolean
  readonly times: WebrtcTimes
  readonly connect: Connect
  readonly notices: Notices
  listener(): TransportListener
  signal(to: PeerId, signal: LinkSignal): void
  /** A number above all that this transport gave a connection before. */
  nextEpoch(): number
  forget(peer: PeerId): void
}

type Timer = ReturnType<typeof setTimeout>

type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting'; readonly timer: Timer }
  | { readonly name: 'connecting'; readonly link: Link; readonly timer: Timer }
  | { readonly name: 'up'; readonly link: Link; readonly sinceMs: number }

/**
 * One other peer, over all connections with it. The end with the smaller id offers, under epochs that rise; the other
 * end asks it to. A connection that broke is followed by another as long as the peer is wanted.
 */
export class Contact {
  readonly #peer: PeerId
  readonly #around: Surroundings
  readonly #initiator: boolean
  #phase: Phase = { name: 'idle' }
  #wanted = false
  #refused = false
  /** Of the newest connection, open or over: signals below it are stale. */
  #epoch = 0
  /** Tries since the last link that lasted. */
  #tries = 0
  #guestTimer: Timer | undefined

  constructor(peer: PeerId, around: Surroundings) {
    this.#peer = peer
    this.#around = around
    this.#initiator = around.self < peer
    this.#leaveSoon()
  }

  /** Whether only the other end has asked for a connection. */
  get isGuest(): boolean {
    return !this.#wanted && !this.#refused
  }

  want(): void {
    this.#wanted = true
    this.#refused = false
    clearTimeout(this.#guestTimer)
    if (this.#phase.name === 'waiting') {
      clearTimeout(this.#phase.timer)
      this.#tries = 0
      this.#try()
    } else if (this.#phase.name === 'idle') this.#try()
  }

  unwant(): void {
    if (!this.#wanted) return
    this.#wanted = false
    this.#refuse()
  }

  reset(): void {
    if (this.#phase.name === 'connecting' || this.#phase.name === 'up') this.#lose()
  }

  send(frame: Uint8Array): void {
    if (this.#phase.name === 'up') this.#phase.link.send(frame)
  }

  get isBusy(): boolean {
    return this.#phase.name === 'up' && this.#phase.link.isBusy
  }

  signal(signal: LinkSignal): void {
    if (this.#refused) return
    if (signal.type === 'offer') this.#offered(signal)
    else if (signal.type === 'please') this.#asked(signal.epoch)
    else if (this.#link?.epoch === signal.epoch && (signal.type === 'candidate' || this.#initiator)) {
      this.#link.signal(signal)
    }
  }

  /** Undefined for one that is neither wanted nor connected. */
  info(): LinkInfo | undefined {
    const link = this.#link
    if (link === undefined && !this.#wanted) return undefined
    const measured = link?.measure()
    return {
      peer: this.#peer,
      state: this.#phase.name !== 'up' ? 'connecting' : measured?.relayed ? 'relayed' : 'direct',
      roundTripMs: measured?.roundTripMs,
      bytesQueued: link?.bytesQueued ?? 0,
    }
  }

  /** Sends what the channel can hold, then ends all. */
  close(): void {
    if (this.#phase.name === 'up') this.#phase.link.flush()
    this.#drop()
    clearTimeout(this.#guestTimer)
  }

  get #link(): Link | undefined {
    return this.#phase.name === 'connecting' || this.#phase.name === 'up' ? this.#phase.link : undefined
  }

  #offered(offer: LinkSignal): void {
    if (this.#initiator || offer.epoch <= this.#epoch) return
    this.#drop()
    this.#connect(offer.epoch).signal(offer)
  }

  /** The other end has no link after that epoch; if this end thinks it has, that one is dead. */
  #asked(epoch: number): void {
    if (!this.#initiator || (this.#link !== undefined && this.#link.epoch > epoch)) return
    this.#drop()
    this.#connect(this.#around.nextEpoch())
  }

  #try(): void {
    if (this.#initiator) {
      this.#connect(this.#around.nextEpoch())
      return
    }
    // One that has had no connection yet, and is not this peer's first, knows no epoch: whatever the other end holds is dead.
    const epoch = this.#epoch === 0 && !this.#around.isFirst ? Number.MAX_SAFE_INTEGER : this.#epoch
    this.#around.signal(this.#peer, { type: 'please', epoch })
    this.#tryLater()
  }

  #tryLater(): void {
    const { retryMinMs, retryMaxMs } = this.#around.times
    const waitMs = Math.min(retryMaxMs, retryMinMs * 2 ** this.#tries++)
    // Spread, so that many who lost the same peer do not come back at once.
    this.#phase = { name: 'waiting', timer: setTimeout(() => this.#try(), waitMs * (0.75 + Math.random() / 2)) }
  }

  #connect(epoch: number): Link {
    if (this.#phase.name === 'waiting') clearTimeout(this.#phase.timer)
    const { connect, notices, times } = this.#around
    const link = new Link(
      { epoch, initiator: this.#initiator, connect },
      {
        signal: (signal) => this.#around.signal(this.#peer, signal),
        open: () => this.#opened(link),
        frame: (frame) => notices.add(() => link.isDestroyed || this.#around.listener().frame(this.#peer, frame)),
        drained: () => notices.add(() => link.isDestroyed || this.#around.listener().drained?.(this.#peer)),
        closed: () => this.#lose(),
      },
    )
    this.#epoch = epoch
    this.#phase = { name: 'connecting', link, timer: setTimeout(() => this.#lose(), times.connectTimeoutMs) }
    return link
  }

  #opened(link: Link): void {
    if (this.#phase.name !== 'connecting') return
    clearTimeout(this.#phase.timer)
    this.#phase = { name: 'up', link, sinceMs: performance.now() }
    this.#around.notices.add(() => this.#around.listener().up(this.#peer))
  }

  /** The connection is over; another follows if the peer is wanted. */
  #lose(): void {
    this.#drop()
    if (this.#wanted) this.#tryLater()
  }

  /** Ends the connection, if there is one, and whatever was planned. */
  #drop(): void {
    const phase = this.#phase
    this.#phase = { name: 'idle' }
    if (phase.name === 'waiting' || phase.name === 'connecting') clearTimeout(phase.timer)
    if (phase.name === 'connecting' || phase.name === 'up') phase.link.destroy()
    if (phase.name !== 'up') return
    if (performance.now() - phase.sinceMs >= this.#around.times.steadyMs) this.#tries = 0
    this.#around.notices.add(() => this.#around.listener().down(this.#peer))
  }

  #refuse(): void {
    this.#drop()
    this.#refused = true
    this.#leaveSoon()
  }

  /** A guest stays for a while, then is refused for a while, then is a stranger again. */
  #leaveSoon(): void {
    const end = (): void => (this.#refused ? this.#around.forget(this.#peer) : this.#refuse())
    this.#guestTimer = setTimeout(end, this.#around.times.guestMs)
  }
}
