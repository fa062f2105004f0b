import type { PeerId } from '../base/ids.ts'
import type { Connections, ConnectionsOptions, Runtime } from '../client/connections.ts'
import type { MembershipPortOptions } from '../client/membership-port.ts'
import type { LinkInfo } from '../transport/transport.ts'
import { type Door, Mail, onMail } from './mail.ts'
import { PageLinks } from './page-links.ts'
import type { ToPage, ToWorker } from './protocol.ts'
import { WorkerMembership } from './worker-membership.ts'

/**
 * How long a page that is going waits for its worker, which has its last words to say, before it ends the connections. The
 * browser stops a worker as soon as its page is gone. On two cores a worker took 1 to 31 ms to say them, four tabs and up
 * to 24 busy loops beside it.
 */
const LAST_WORDS_MS = 100

/** Of the worker's words, those about neither a link nor a group. */
type PeerNews = Exclude<ToPage, { readonly link: number } | { readonly group: number }>

/** Links and engines at the other side of a door. */
export class WorkerRuntime implements Runtime {
  readonly #mail: Mail<ToWorker>
  readonly #over: () => void
  readonly #memberships = new Map<number, WorkerMembership>()
  #lastNumber = 0
  #connections: WorkerConnections | undefined
  #isReady = false

  /** `over`: the worker has said its last. */
  constructor(door: Door, over: () => void) {
    this.#mail = new Mail(door)
    this.#over = over
    onMail<ToPage>(door, (item) => this.#take(item))
  }

  /** Whether the worker has said anything. */
  get isReady(): boolean {
    return this.#isReady
  }

  connect(options: ConnectionsOptions): Connections {
    this.#connections = new WorkerConnections(options, this.#mail, (join) => this.#join(join))
    return this.#connections
  }

  end(): void {
    this.#mail.send({ type: 'end' })
  }

  /** The worker can't do what it is for. */
  fail(error: Parameters<ConnectionsOptions['failed']>[0]): void {
    this.#connections?.options.failed(error)
  }

  #join(options: MembershipPortOptions): WorkerMembership {
    const membership = new WorkerMembership(++this.#lastNumber, options, this.#mail)
    this.#memberships.set(membership.number, membership)
    return membership
  }

  #take(item: ToPage): void {
    if ('link' in item) this.#connections?.connections.take(item)
    else if ('group' in item) this.#memberships.get(item.group)?.take(item)
    else if (item.type === 'ready') this.#isReady = true
    else if (item.type === 'ended') this.#over()
    else this.#connections?.take(item)
  }
}

class WorkerConnections implements Connections {
  readonly options: ConnectionsOptions
  /** Those that the worker can't make. */
  readonly connections: PageLinks
  readonly #mail: Mail<ToWorker>
  readonly #join: (options: MembershipPortOptions) => WorkerMembership
  #links: readonly LinkInfo[] = []
  #areLinksAsked = false

  constructor(
    options: ConnectionsOptions,
    mail: Mail<ToWorker>,
    join: (options: MembershipPortOptions) => WorkerMembership,
  ) {
    this.options = options
    this.#mail = mail
    this.#join = join
    this.connections = new PageLinks(mail, () => options.iceServers())
    mail.send({ type: 'open', self: options.self, before: options.before })
  }

  /** As of when one came up or broke, or when this was last asked; asks for more. */
  links(): readonly LinkInfo[] {
    if (!this.#areLinksAsked) {
      this.#areLinksAsked = true
      this.#mail.send({ type: 'links' })
    }
    return this.#links
  }

  signal(from: PeerId, data: unknown): void {
    this.#mail.send({ type: 'signal', from, data })
  }

  keep(peer: PeerId, forMs: number): void {
    this.#mail.send({ type: 'keep', peer, forMs })
  }

  retry(peer: PeerId): void {
    this.#mail.send({ type: 'retry', peer })
  }

  settle(): void {
    this.#mail.send({ type: 'settle', needed: [...new Set(this.options.needed())] })
  }

  membership(options: MembershipPortOptions): WorkerMembership {
    return this.#join(options)
  }

  resume(membership: WorkerMembership): void {
    membership.resume()
  }

  close(isPageGoing: boolean): void {
    this.#mail.send({ type: 'close' })
    if (!isPageGoing) return
    this.#mail.flush()
    waitFor(LAST_WORDS_MS)
    this.connections.close()
  }

  take(news: Exclude<PeerNews, { type: 'ready' | 'ended' }>): void {
    if (news.type === 'signal') this.options.signal(news.to, news.data)
    else if (news.type === 'version-mismatch') this.options.versionMismatch(news.peer, news.version)
    else {
      this.#areLinksAsked = false
      this.#links = news.links
    }
  }
}

/** Keeps this thread, and only this one, from going on. */
function waitFor(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}
