import type { PeerId } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import { Membership } from '../runtime/membership.ts'
import { Mux } from '../runtime/mux.ts'
import type { LinkInfo, Transport } from '../transport/transport.ts'
import type { Connections, ConnectionsOptions, Runtime } from './connections.ts'
import type { MembershipPortOptions } from './membership-port.ts'
import { Wishes } from './wishes.ts'

/** A transport, and where it takes the signals of other peers' transports, if it needs any. */
export type SignaledTransport = Transport & { signal?(from: PeerId, data: unknown): void }

/** What a transport needs of its peer. */
export type TransportWiring = Pick<ConnectionsOptions, 'self' | 'before' | 'signal' | 'iceServers'>

export interface LocalRuntimeOptions {
  readonly clock: Clock
  transport(wiring: TransportWiring): SignaledTransport
}

/** Links and engines in this thread. */
export function localRuntime({ clock, transport }: LocalRuntimeOptions): Runtime {
  return {
    connect: (options) => new LocalConnections({ ...options, clock, transport: transport(options) }),
    end: () => {},
  }
}

interface LocalOptions extends Pick<ConnectionsOptions, 'self' | 'needed' | 'versionMismatch'> {
  readonly clock: Clock
  readonly transport: SignaledTransport
  /** A link came up or broke. */
  changed?(): void
}

/** A transport, the groups' multiplexer over it, and the links that are wanted of it. */
export class LocalConnections implements Connections {
  readonly #clock: Clock
  readonly #transport: SignaledTransport
  readonly #mux: Mux
  readonly #wishes: Wishes

  constructor({ self, clock, transport, needed, versionMismatch, changed }: LocalOptions) {
    this.#clock = clock
    this.#transport = transport
    this.#mux = new Mux({ links: transport, clock, versionMismatch })
    this.#wishes = new Wishes({ self, clock, transport, needed })
    transport.listen({
      up: (peer) => {
        this.#mux.up(peer)
        changed?.()
      },
      down: (peer) => {
        this.#mux.down(peer)
        changed?.()
      },
      frame: (peer, frame) => this.#mux.frame(peer, frame),
      drained: (peer) => this.#mux.drained(peer),
    })
  }

  links(): readonly LinkInfo[] {
    return this.#transport.links()
  }

  signal(from: PeerId, data: unknown): void {
    this.#transport.signal?.(from, data)
  }

  keep(peer: PeerId, forMs: number): void {
    this.#wishes.keep(peer, forMs)
  }

  retry(peer: PeerId): void {
    this.#wishes.retry(peer)
  }

  settle(): void {
    this.#wishes.settle()
  }

  membership(options: MembershipPortOptions): Membership {
    return new Membership({ ...options, clock: this.#clock, mux: this.#mux })
  }

  resume(membership: Membership): void {
    membership.resume(this.#mux)
  }

  close(): void {
    this.#mux.flush()
    this.#wishes.close()
    this.#transport.close()
  }
}
