import type { PeerId } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Transport } from '../transport/transport.ts'

export interface WishesOptions {
  readonly self: PeerId
  readonly clock: Clock
  readonly transport: Pick<Transport, 'want' | 'unwant' | 'reset' | 'links'>
  /** All peers that some group of this peer needs a link to. */
  needed(): Iterable<PeerId>
}

/** Which links this peer wants: those its groups need, and for a while those that they have just lost. */
export class Wishes {
  readonly #options: WishesOptions
  readonly #wanted = new Set<PeerId>()
  /** Peers that may come back, or still have something to receive, each with the time until when. */
  readonly #kept = new Map<PeerId, { readonly until: number; readonly cancel: () => void }>()
  #closed = false

  constructor(options: WishesOptions) {
    this.#options = options
  }

  /** Goes on wanting a peer for `forMs`, though nobody may need it. */
  keep(peer: PeerId, forMs: number): void {
    if (this.#closed) return
    const { clock } = this.#options
    const until = clock.now() + forMs
    const before = this.#kept.get(peer)
    if (before !== undefined && until <= before.until) return
    before?.cancel()
    const cancel = clock.at(until, () => {
      this.#kept.delete(peer)
      this.settle()
    })
    this.#kept.set(peer, { until, cancel })
  }

  /** A peer is in the server's reach again: what was tried while it, or this peer, was not has come to nothing. */
  retry(peer: PeerId): void {
    const { transport } = this.#options
    if (!this.#wanted.has(peer) || transport.links().find((link) => link.peer === peer)?.state !== 'connecting') return
    transport.reset(peer)
    transport.want(peer)
  }

  /** Tells the transport what changed. */
  settle(): void {
    if (this.#closed) return
    const { self, transport, needed } = this.#options
    const wanted = new Set([...needed(), ...this.#kept.keys()])
    wanted.delete(self)
    for (const peer of [...this.#wanted]) if (!wanted.has(peer)) this.#unwant(peer)
    for (const peer of wanted) {
      if (this.#wanted.has(peer)) continue
      this.#wanted.add(peer)
      transport.want(peer)
    }
  }

  /** Leaves no timer behind, which would keep a program of Node from ending. */
  close(): void {
    this.#closed = true
    for (const { cancel } of this.#kept.values()) cancel()
    this.#wanted.clear()
    this.#kept.clear()
  }

  #unwant(peer: PeerId): void {
    this.#wanted.delete(peer)
    this.#options.transport.unwant(peer)
  }
}
