import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import type { Connections, ConnectionsOptions, Runtime } from '../client/connections.ts'
import { LocalConnections, type LocalRuntimeOptions, type TransportWiring } from '../client/local-runtime.ts'
import type { MembershipPort, MembershipPortOptions } from '../client/membership-port.ts'
import type { Membership } from '../runtime/membership.ts'
import { FaultyTransport } from './faulty-transport.ts'
import type { LaneFault } from './lane.ts'

export interface FaultyRuntimeOptions extends LocalRuntimeOptions {
  readonly brokenAfterMs: number
  faultOf(peer: PeerId): LaneFault
  /** Nothing is asked of it any more. */
  ended(): void
}

/** Links and engines of one peer in this thread, with faults. */
export class FaultyRuntime implements Runtime {
  readonly #options: FaultyRuntimeOptions
  readonly #memberships = new Map<MembershipPort, MembershipPortOptions>()
  #connection: { readonly options: ConnectionsOptions; readonly transport: FaultyTransport } | undefined
  #isCrashed = false

  constructor(options: FaultyRuntimeOptions) {
    this.#options = options
  }

  /** Undefined before it is connected. */
  get self(): PeerId | undefined {
    return this.#connection?.options.self
  }

  connect(options: ConnectionsOptions): Connections {
    const { clock, brokenAfterMs } = this.#options
    const faultOf = (peer: PeerId): LaneFault => this.#options.faultOf(peer)
    const signal = (to: PeerId, data: unknown): void => {
      if (!this.#isCrashed && !faultOf(to).cut) options.signal(to, data)
    }
    const wiring: TransportWiring = { ...options, signal }
    const transport = new FaultyTransport({ inner: this.#options.transport(wiring), clock, brokenAfterMs, faultOf })
    this.#connection = { options, transport }
    return new FaultyConnections({ ...options, clock, transport }, (membership, its) => {
      this.#memberships.set(membership, its)
    })
  }

  end(): void {
    this.#options.ended()
  }

  changed(peer: PeerId): void {
    this.#connection?.transport.changed(peer)
  }

  /** Stops everything at once, and says so to nobody but this peer's own application. */
  crash(): void {
    if (this.#isCrashed) return
    this.#isCrashed = true
    this.#connection?.transport.end()
    const running = [...this.#memberships].filter(([membership]) => !membership.ended || membership.isBetween)
    this.#memberships.clear()
    for (const [membership] of running) membership.stop()
    // Before the groups hear of it: they would take their leave of the server.
    this.#connection?.options.failed(
      new TuttiError('closed', 'this peer has crashed, as its faults were told: connect again'),
    )
    for (const [membership, { app }] of running) app({ type: 'ended', reason: 'closed' }, membership.self)
  }
}

class FaultyConnections extends LocalConnections {
  readonly #begun: (membership: Membership, options: MembershipPortOptions) => void

  constructor(
    options: ConstructorParameters<typeof LocalConnections>[0],
    begun: (membership: Membership, options: MembershipPortOptions) => void,
  ) {
    super(options)
    this.#begun = begun
  }

  override membership(options: MembershipPortOptions): Membership {
    const membership = super.membership(options)
    this.#begun(membership, options)
    return membership
  }
}
