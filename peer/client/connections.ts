import type { PeerId } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import { Mux } from '../runtime/mux.ts'
import type { Transport } from '../transport/transport.ts'
import { Wishes } from './wishes.ts'

/** A transport, and where it takes the signals of other peers' transports, if it needs any. */
export type SignaledTransport = Transport & { signal?(from: PeerId, data: unknown): void }

export interface ConnectionsOptions {
  readonly self: PeerId
  readonly clock: Clock
  readonly transport: SignaledTransport
  /** All peers that some group of this peer needs a link to. */
  needed(): Iterable<PeerId>
  versionMismatch(peer: PeerId, version: number): void
}

/** All that links a peer to others, until it closes or its page is kept aside; a page that comes back makes it anew. */
export class Connections {
  readonly transport: SignaledTransport
  readonly mux: Mux
  readonly wishes: Wishes

  constructor({ self, clock, transport, needed, versionMismatch }: ConnectionsOptions) {
    this.transport = transport
    this.mux = new Mux({ links: transport, clock, versionMismatch })
    this.wishes = new Wishes({ self, clock, transport, needed })
    transport.listen({
      up: (peer) => this.mux.up(peer),
      down: (peer) => this.mux.down(peer),
      frame: (peer, frame) => this.mux.frame(peer, frame),
    })
  }

  /** Hands over what is gathered, then ends all links. */
  close(): void {
    this.mux.flush()
    this.wishes.close()
    this.transport.close()
  }
}
