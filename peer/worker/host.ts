import { attemptOf, type PeerId } from '../base/ids.ts'
import { LocalConnections, type SignaledTransport } from '../client/local-runtime.ts'
import { realClock } from '../runtime/clock.ts'
import type { Connect } from '../transport/connection.ts'
import { type GroupOrder, HostedGroup } from './hosted-group.ts'
import { type Door, Mail, onMail } from './mail.ts'
import type { Settings, ToPage, ToWorker } from './protocol.ts'
import { WorkerLinks } from './worker-links.ts'

/** What a transport in a worker needs. */
export interface HostWiring {
  readonly self: PeerId
  readonly before: number
  signal(to: PeerId, data: unknown): void
  /** Has the page make connections. */
  readonly connect: Connect
}

/** Runs the links and engines of the one peer that is at the other side of the door. */
export function serve(door: Door, transport: (wiring: HostWiring) => SignaledTransport): void {
  const host = new Host(new Mail(door), transport)
  onMail<ToWorker>(door, (item) => host.take(item))
}

class Host {
  readonly #mail: Mail<ToPage>
  readonly #transport: (wiring: HostWiring) => SignaledTransport
  readonly #links: WorkerLinks
  readonly #groups = new Map<number, HostedGroup>()
  /** The last membership in each group, by its name: the page may not know of all its attempts. */
  readonly #last = new Map<string, HostedGroup>()
  #connections: LocalConnections | undefined
  #needed: readonly PeerId[] = []

  constructor(mail: Mail<ToPage>, transport: (wiring: HostWiring) => SignaledTransport) {
    this.#mail = mail
    this.#transport = transport
    this.#links = new WorkerLinks(mail)
    mail.send({ type: 'ready' })
  }

  take(item: ToWorker): void {
    if ('link' in item) return this.#links.take(item)
    if ('group' in item) return item.type === 'join' ? this.#join(item.group, item.settings) : this.#order(item)
    const connections = this.#connections
    switch (item.type) {
      case 'open':
        return this.#open(item.self, item.before)
      case 'signal':
        return connections?.signal(item.from, item.data)
      case 'keep':
        return connections?.keep(item.peer, item.forMs)
      case 'retry':
        return connections?.retry(item.peer)
      case 'settle':
        this.#needed = item.needed
        return connections?.settle()
      case 'links':
        return this.#tellLinks()
      case 'close':
        connections?.close()
        this.#connections = undefined
        return
      case 'end':
        this.#mail.send({ type: 'ended' })
    }
  }

  #open(self: PeerId, before: number): void {
    const signal = (to: PeerId, data: unknown): void => this.#mail.send({ type: 'signal', to, data })
    const connect: Connect = (initiator, listener) => this.#links.connect(initiator, listener)
    this.#needed = []
    this.#connections = new LocalConnections({
      self,
      clock: realClock,
      transport: this.#transport({ self, before, signal, connect }),
      needed: () => this.#needed,
      versionMismatch: (peer, version) => this.#mail.send({ type: 'version-mismatch', peer, version }),
      changed: () => this.#tellLinks(),
    })
  }

  #join(number: number, settings: Settings): void {
    if (this.#connections === undefined) return
    const last = this.#last.get(settings.group)
    const attemptsBefore = Math.max(
      settings.attemptsBefore ?? 0,
      last === undefined ? 0 : attemptOf(last.membership.self),
    )
    const group = new HostedGroup(number, { ...settings, attemptsBefore }, this.#connections, this.#mail)
    this.#groups.set(number, group)
    this.#last.set(settings.group, group)
  }

  #order(order: GroupOrder): void {
    const group = this.#groups.get(order.group)
    if (group === undefined) return
    if (order.type === 'resume') this.#connections?.resume(group.membership)
    else group.take(order)
  }

  #tellLinks(): void {
    this.#mail.send({ type: 'links', links: this.#connections?.links() ?? [] })
  }
}
