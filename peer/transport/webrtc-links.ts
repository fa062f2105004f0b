import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import type { Connect } from './connection.ts'
import { Contact, type Surroundings, type WebrtcTimes } from './contact.ts'
import { type LinkSignal, readLinkSignal } from './link-signals.ts'
import { Notices } from './notices.ts'
import { checkFrame, type LinkInfo, type Transport, type TransportListener } from './transport.ts'

export interface WebrtcLinksOptions {
  /** This peer's id, new at every load of a page. */
  readonly self: PeerId
  /**
   * How many transports this peer has had before, as a page that comes back from being kept aside has. Others may still
   * hold links to those. Default 0.
   */
  readonly before?: number
  readonly times?: Partial<WebrtcTimes>
  /** Hands a signal to another peer, by way of the introducer. Plain JSON, of the shape of `LinkSignal`. */
  signal(to: PeerId, data: LinkSignal): void
  /** Makes connections. */
  readonly connect: Connect
}

export interface WebrtcTransport extends Transport {
  /** Takes what another peer's transport handed to its `signal`. Anything at all may come: what is no signal is dropped. */
  signal(from: PeerId, data: unknown): void
}

const DEFAULT_TIMES: WebrtcTimes = {
  connectTimeoutMs: 8_000,
  retryMinMs: 200,
  retryMaxMs: 5_000,
  steadyMs: 5_000,
  guestMs: 10_000,
}

/** The most that every browser takes in one message is 256 KiB. */
const FRAME_BYTES_MAX = 255 * 1024
/** Peers that connect without being wanted here, at one time. */
const GUESTS_MAX = 32
/** Above all epochs that one transport uses: those of the next begin there. */
const EPOCHS_EACH = 2 ** 32

/** Frames over data channels, one connection a peer. */
export class WebrtcLinks implements WebrtcTransport {
  readonly frameBytesMax = FRAME_BYTES_MAX
  readonly #options: WebrtcLinksOptions
  readonly #surroundings: Surroundings
  readonly #notices = new Notices()
  readonly #contacts = new Map<PeerId, Contact>()
  #listener: TransportListener | undefined
  #lastEpoch: number
  #closed = false

  constructor(options: WebrtcLinksOptions) {
    const { self, before = 0 } = options
    this.#options = options
    this.#lastEpoch = before * EPOCHS_EACH
    this.#surroundings = {
      self,
      isFirst: before === 0,
      times: { ...DEFAULT_TIMES, ...options.times },
      connect: options.connect,
      notices: this.#notices,
      listener: () => this.#heard(),
      signal: (to, signal) => options.signal(to, signal),
      nextEpoch: () => ++this.#lastEpoch,
      forget: (peer) => this.#contacts.delete(peer),
    }
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  want(peer: PeerId): void {
    if (peer === this.#options.self) throw new TuttiError('internal', 'a peer has no link to itself: do not want it')
    if (!this.#closed) this.#contact(peer).want()
  }

  unwant(peer: PeerId): void {
    this.#contacts.get(peer)?.unwant()
  }

  send(peer: PeerId, frame: Uint8Array): void {
    checkFrame(frame, FRAME_BYTES_MAX)
    this.#contacts.get(peer)?.send(frame)
  }

  reset(peer: PeerId): void {
    this.#contacts.get(peer)?.reset()
  }

  isBusy(peer: PeerId): boolean {
    return this.#contacts.get(peer)?.isBusy === true
  }

  links(): readonly LinkInfo[] {
    return [...this.#contacts.values()].flatMap((contact) => contact.info() ?? [])
  }

  signal(from: PeerId, data: unknown): void {
    const signal = readLinkSignal(data)
    if (signal === undefined || this.#closed || from === this.#options.self) return
    if (!this.#contacts.has(from) && !this.#admits(signal)) return
    this.#contact(from).signal(signal)
  }

  close(): void {
    this.#closed = true
    this.#notices.close()
    for (const contact of this.#contacts.values()) contact.close()
    this.#contacts.clear()
  }

  /** Two peers hear of each other at slightly different times: the first to ask need not be wanted yet. */
  #admits(signal: LinkSignal): boolean {
    if (signal.type !== 'offer' && signal.type !== 'please') return false
    return [...this.#contacts.values()].filter((contact) => contact.isGuest).length < GUESTS_MAX
  }

  #contact(peer: PeerId): Contact {
    const known = this.#contacts.get(peer)
    if (known !== undefined) return known
    const contact = new Contact(peer, this.#surroundings)
    this.#contacts.set(peer, contact)
    return contact
  }

  #heard(): TransportListener {
    if (this.#listener === undefined) throw new TuttiError('internal', 'call listen before want')
    return this.#listener
  }
}
