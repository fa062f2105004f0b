import { assert } from '../base/assert.ts'
import type { PeerId } from '../base/ids.ts'
import type { Links } from '../runtime/mux.ts'
import { createLink, type End, endOf, type Link, type LinkListener, otherEnd } from './link.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

export interface NetworkOptions {
  /** Every frame takes exactly this long and links come up at once; undefined: random delays. */
  readonly fixedDelayMs?: number
  readonly frameBytesMax: number
  /** What a link carries each way; undefined: any amount at once. */
  readonly bytesPerMs?: number
  /** Whether links can be set up now: the introducer carries the offers. */
  introducing(): boolean
}

/** Sees every frame: `sent` when it leaves, `received` before it is handled, `handled` right after. `epoch`: of the link. */
export type FrameObserver = (
  moment: 'sent' | 'received' | 'handled',
  from: PeerId,
  to: PeerId,
  frame: Uint8Array,
  epoch: number,
) => void

interface Attached {
  readonly listener: LinkListener
  /** Runs an input of this process: at once, later when it is frozen, never when it is dead. */
  readonly handle: (run: () => void) => void
}

/** How long a link that carries nothing in one direction takes to break. */
const BREAK_AFTER_MS = [3_000, 16_000] as const
const RETRY_MS = 400

/**
 * Links between pairs of peers. One link keeps order and loses nothing while it lasts; when it breaks, any suffix of
 * what is in flight is lost, each way, and the ends learn of it at different times. It is then set up again.
 */
export class Network {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #options: NetworkOptions
  readonly #attached = new Map<PeerId, Attached>()
  readonly #links = new Map<string, Link>()
  /** Extra delay of all that a slow peer sends or receives. */
  readonly #slowMs = new Map<PeerId, number>()
  observer: FrameObserver | undefined
  framesSent = 0
  bytesSent = 0
  framesLost = 0

  constructor(scheduler: Scheduler, random: Random, options: NetworkOptions) {
    this.#scheduler = scheduler
    this.#random = random
    this.#options = options
  }

  /** Joins a process to the network. */
  attach(peer: PeerId, listener: LinkListener, handle: (run: () => void) => void): Links {
    this.#attached.set(peer, { listener, handle })
    return {
      send: (to, frame) => this.#send(peer, to, frame),
      reset: (to) => {
        const link = this.#links.get(keyOf(peer, to))
        if (link?.up) this.#break(link, 0)
      },
      frameBytesMax: this.#options.frameBytesMax,
    }
  }

  /** Both want a link from now on. */
  introduce(a: PeerId, b: PeerId): void {
    const key = keyOf(a, b)
    if (a === b || this.#links.has(key)) return
    const link = createLink(a, b, () => this.#random.between(1, 40))
    this.#links.set(key, link)
    this.#connectIn(link, this.#setupMs())
  }

  /**
   * The process is gone. What it had in flight may be lost; the others see their links break after `noticeMs`.
   * `flushed`: it closed its links itself, and what it sent last arrives.
   */
  detach(peer: PeerId, noticeMs: () => number, flushed: boolean): void {
    this.#attached.delete(peer)
    for (const link of this.#linksOf(peer)) {
      const other = otherEnd(link, endOf(link, peer))
      if (!flushed) this.#loseSuffix(other)
      if (!link.up) continue
      const epoch = link.epoch
      this.#scheduler.after(noticeMs(), () => {
        if (link.up && link.epoch === epoch) this.#break(link, 0, flushed)
      })
    }
  }

  /** Breaks the link once; it is set up again. Its ends learn of it within `noticeMs`. */
  break(a: PeerId, b: PeerId, noticeMs = 1_500): void {
    const link = this.#links.get(keyOf(a, b))
    if (link?.up) this.#break(link, this.#random.between(0, noticeMs))
  }

  /** All that one sends to the other from now on is lost with the link: whoever mutes has to break it. */
  mute(from: PeerId, to: PeerId): void {
    const link = this.#links.get(keyOf(from, to))
    if (link?.up) endOf(link, to).muted = true
  }

  /** From now on nothing gets from one to the other; if that lasts, the link breaks. */
  cut(from: PeerId, to: PeerId): void {
    const link = this.#links.get(keyOf(from, to))
    if (link === undefined) return
    const end = endOf(link, to)
    end.cuts++
    const epoch = link.epoch
    this.#scheduler.after(this.#random.between(...BREAK_AFTER_MS), () => {
      if (link.up && link.epoch === epoch && end.cuts > 0) this.#break(link, this.#random.between(0, 2_000))
    })
  }

  /** Takes one cut back: what waited arrives, if the link still stands. */
  mend(from: PeerId, to: PeerId): void {
    const link = this.#links.get(keyOf(from, to))
    if (link === undefined) return
    this.#mend(link, endOf(link, to))
  }

  /** Keeps two peers from having a link at all. */
  bar(a: PeerId, b: PeerId): void {
    const link = this.#links.get(keyOf(a, b))
    if (link === undefined) return
    link.barred++
    if (link.up) this.#break(link, this.#random.between(0, 1_500))
  }

  unbar(a: PeerId, b: PeerId): void {
    const link = this.#links.get(keyOf(a, b))
    if (link !== undefined && link.barred > 0) link.barred--
  }

  /** Everything that the peer sends or receives takes this much longer; 0: no more. */
  slow(peer: PeerId, extraMs: number): void {
    this.#slowMs.set(peer, extraMs)
  }

  /** What goes from one to the other takes this much longer, where delays are fixed. */
  delayed(from: PeerId, to: PeerId, extraMs: number): void {
    const link = this.#links.get(keyOf(from, to))
    if (link !== undefined) endOf(link, to).extraMs = extraMs
  }

  /** Takes all cuts, bars and slowness back; links that are muted break. */
  heal(): void {
    this.#slowMs.clear()
    for (const link of this.#links.values()) {
      link.barred = 0
      if (link.up && link.ends.some((end) => end.muted)) this.#break(link, 0)
      for (const end of link.ends) while (end.cuts > 0) this.#mend(link, end)
    }
  }

  /** Whether a link between the two stands now, at both ends. */
  linked(a: PeerId, b: PeerId): boolean {
    const link = this.#links.get(keyOf(a, b))
    return link?.up === true && link.ends.every((end) => end.seenEpoch === link.epoch)
  }

  #mend(link: Link, end: End): void {
    if (end.cuts === 0 || --end.cuts > 0) return
    const from = otherEnd(link, end).peer
    for (const frame of end.stalled.splice(0)) this.#carry(link, from, end, frame)
  }

  #linksOf(peer: PeerId): Link[] {
    return [...this.#links.values()].filter((link) => link.ends.some((end) => end.peer === peer))
  }

  #setupMs(): number {
    if (this.#options.fixedDelayMs !== undefined) return 0
    return this.#random.chance(0.1) ? this.#random.between(500, 4_000) : this.#random.between(30, 300)
  }

  #connectIn(link: Link, delayMs: number): void {
    link.connect = this.#scheduler.after(delayMs, () => this.#connect(link))
  }

  #connect(link: Link): void {
    link.connect = undefined
    if (!link.ends.every((end) => this.#attached.has(end.peer))) return
    const possible = this.#options.introducing() && link.barred === 0 && link.ends.every((end) => end.cuts === 0)
    if (!possible) {
      this.#connectIn(link, RETRY_MS)
      return
    }
    link.epoch++
    link.up = true
    for (const end of link.ends) {
      end.upAtMs = this.#scheduler.now + (this.#options.fixedDelayMs === undefined ? this.#random.between(0, 60) : 0)
      end.lastArrivalMs = end.upAtMs
      end.busyUntilMs = 0
      const { epoch } = link
      end.up = this.#scheduler.at(end.upAtMs, () => {
        end.up = undefined
        const peer = otherEnd(link, end).peer
        this.#input(end.peer, (listener) => {
          end.seenEpoch = epoch
          listener.up(peer)
        })
      })
    }
  }

  #send(from: PeerId, to: PeerId, frame: Uint8Array): void {
    assert(frame.length > 0 && frame.length <= this.#options.frameBytesMax, 'a frame is not empty and fits')
    const link = this.#links.get(keyOf(from, to))
    if (link === undefined || !this.#attached.has(from)) return
    this.framesSent++
    this.bytesSent += frame.length
    const { seenEpoch } = endOf(link, from)
    const end = endOf(link, to)
    if (!link.up || seenEpoch !== link.epoch || end.muted) this.framesLost++
    else if (end.cuts > 0) end.stalled.push(frame)
    else this.#carry(link, from, end, frame)
    this.observer?.('sent', from, to, frame, seenEpoch)
  }

  #carry(link: Link, from: PeerId, end: End, frame: Uint8Array): void {
    const arrivesAt = this.#departure(end, frame.length) + this.#delayMs(from, end)
    end.lastArrivalMs = Math.max(end.lastArrivalMs, end.upAtMs, arrivesAt)
    const { epoch } = link
    const entry = this.#scheduler.at(end.lastArrivalMs, () => {
      end.inFlight.shift()
      this.#input(end.peer, (listener) => {
        if (end.seenEpoch !== epoch) return
        this.observer?.('received', from, end.peer, frame, epoch)
        if (!this.#attached.has(end.peer)) return
        listener.frame(from, frame)
        this.observer?.('handled', from, end.peer, frame, epoch)
      })
    })
    end.inFlight.push(entry)
  }

  /** When the last byte of a frame has left. */
  #departure(end: End, bytes: number): number {
    const { bytesPerMs } = this.#options
    if (bytesPerMs === undefined) return this.#scheduler.now
    end.busyUntilMs = Math.max(this.#scheduler.now, end.busyUntilMs) + bytes / bytesPerMs
    return end.busyUntilMs
  }

  #delayMs(from: PeerId, end: End): number {
    if (this.#options.fixedDelayMs !== undefined) return this.#options.fixedDelayMs + end.extraMs
    const slow = (this.#slowMs.get(from) ?? 0) + (this.#slowMs.get(end.peer) ?? 0)
    // Now and then a packet is lost underneath and comes by retransmission.
    const spike = this.#random.chance(0.01) ? this.#random.between(100, 600) : 0
    return end.delayMs * this.#random.between(0.5, 1.5) + slow * this.#random.between(0.5, 1) + spike
  }

  #break(link: Link, noticeSpreadMs: number, flushed = false): void {
    link.up = false
    let lastNoticeAtMs = this.#scheduler.now
    for (const end of link.ends) {
      this.framesLost += end.stalled.length
      end.stalled.length = 0
      end.muted = false
      const peer = otherEnd(link, end).peer
      if (end.up !== undefined) {
        end.up.cancelled = true
        end.up = undefined
        this.#lose(end, 0)
        continue
      }
      if (!flushed) this.#loseSuffix(end)
      const lastArrivalMs = end.inFlight[end.inFlight.length - 1]?.at ?? 0
      const noticeAtMs = Math.max(lastArrivalMs, this.#scheduler.now + this.#random.unit() * noticeSpreadMs)
      lastNoticeAtMs = Math.max(lastNoticeAtMs, noticeAtMs)
      this.#scheduler.at(noticeAtMs, () =>
        this.#input(end.peer, (listener) => {
          end.seenEpoch = 0
          listener.down(peer)
        }),
      )
    }
    this.#connectIn(link, lastNoticeAtMs - this.#scheduler.now + this.#setupMs())
  }

  #loseSuffix(end: End): void {
    this.#lose(end, this.#random.int(end.inFlight.length + 1))
  }

  #lose(end: End, kept: number): void {
    for (const entry of end.inFlight.splice(kept)) {
      entry.cancelled = true
      this.framesLost++
    }
  }

  #input(peer: PeerId, run: (listener: LinkListener) => void): void {
    const attached = this.#attached.get(peer)
    attached?.handle(() => run(attached.listener))
  }
}

function keyOf(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
