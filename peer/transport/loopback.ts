import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import { Notices } from './notices.ts'
import { checkFrame, type LinkInfo, type Transport, type TransportListener } from './transport.ts'

export interface LoopbackOptions {
  /** Runs something once the current turn is over. Default: as a microtask. */
  defer?(run: () => void): void
}

/** Peers of one process and the links between them. */
export interface LoopbackNetwork {
  /** The transport of a peer. It has one at a time: another only after that one is closed. */
  transport(self: PeerId): Transport
  /** Breaks the path between two peers, whose link goes down, until it is healed. */
  cut(a: PeerId, b: PeerId): void
  heal(a: PeerId, b: PeerId): void
}

const FRAME_BYTES_MAX = 255 * 1024

/** A network inside this process. Two peers have a link while both want it and the path is not cut. */
export function createLoopbackNetwork(options: LoopbackOptions = {}): LoopbackNetwork {
  return new Network((run) => (options.defer ?? queueMicrotask)(run))
}

/** One time that two peers are connected; what it carries counts only while it is open or was closed in good order. */
interface Wire {
  broken: boolean
}

class Network implements LoopbackNetwork {
  readonly #defer: (run: () => void) => void
  readonly #ends = new Map<PeerId, End>()
  readonly #cuts = new Set<string>()

  constructor(defer: (run: () => void) => void) {
    this.#defer = defer
  }

  transport(self: PeerId): Transport {
    if (this.#ends.has(self)) throw new TuttiError('invalid-option', `${self} has a transport: give each peer a new id`)
    const end = new End(self, this, new Notices(this.#defer))
    this.#ends.set(self, end)
    return end
  }

  cut(a: PeerId, b: PeerId): void {
    this.#cuts.add(pathOf(a, b))
    this.disconnect(a, b, 'break')
  }

  heal(a: PeerId, b: PeerId): void {
    this.#cuts.delete(pathOf(a, b))
    this.connect(a, b)
  }

  end(peer: PeerId): End | undefined {
    return this.#ends.get(peer)
  }

  forget(peer: PeerId, end: End): void {
    if (this.#ends.get(peer) === end) this.#ends.delete(peer)
  }

  connect(a: PeerId, b: PeerId): void {
    const [one, other] = [this.#ends.get(a), this.#ends.get(b)]
    if (!one?.wanted.has(b) || !other?.wanted.has(a) || one.wires.has(b) || this.#cuts.has(pathOf(a, b))) return
    const wire: Wire = { broken: false }
    one.connected(b, wire)
    other.connected(a, wire)
  }

  /** `break` loses what is on its way, `end` does not. */
  disconnect(a: PeerId, b: PeerId, how: 'break' | 'end'): void {
    const wire = this.#ends.get(a)?.wires.get(b)
    if (wire === undefined) return
    wire.broken = how === 'break'
    this.#ends.get(a)?.disconnected(b)
    this.#ends.get(b)?.disconnected(a)
  }
}

class End implements Transport {
  readonly frameBytesMax = FRAME_BYTES_MAX
  readonly wanted = new Set<PeerId>()
  readonly wires = new Map<PeerId, Wire>()
  readonly #self: PeerId
  readonly #network: Network
  readonly #notices: Notices
  #listener: TransportListener | undefined
  #closed = false

  constructor(self: PeerId, network: Network, notices: Notices) {
    this.#self = self
    this.#network = network
    this.#notices = notices
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  want(peer: PeerId): void {
    if (peer === this.#self) throw new TuttiError('internal', 'a peer has no link to itself: do not want it')
    if (this.#closed) return
    this.wanted.add(peer)
    this.#network.connect(this.#self, peer)
  }

  unwant(peer: PeerId): void {
    this.wanted.delete(peer)
    this.#network.disconnect(this.#self, peer, 'break')
  }

  send(peer: PeerId, frame: Uint8Array): void {
    checkFrame(frame, FRAME_BYTES_MAX)
    const wire = this.wires.get(peer)
    if (wire !== undefined) this.#network.end(peer)?.received(this.#self, frame.slice(), wire)
  }

  reset(peer: PeerId): void {
    this.#network.disconnect(this.#self, peer, 'break')
    this.#network.connect(this.#self, peer)
  }

  links(): readonly LinkInfo[] {
    return [...this.wanted].map((peer) => {
      const up = this.wires.has(peer)
      return { peer, state: up ? 'direct' : 'connecting', roundTripMs: up ? 0 : undefined, bytesQueued: 0 }
    })
  }

  close(): void {
    this.#closed = true
    this.#notices.close()
    this.wanted.clear()
    for (const peer of [...this.wires.keys()]) this.#network.disconnect(this.#self, peer, 'end')
    this.#network.forget(this.#self, this)
  }

  connected(peer: PeerId, wire: Wire): void {
    this.wires.set(peer, wire)
    this.#notices.add(() => this.#listener?.up(peer))
  }

  disconnected(peer: PeerId): void {
    this.wires.delete(peer)
    this.#notices.add(() => this.#listener?.down(peer))
  }

  received(from: PeerId, frame: Uint8Array, wire: Wire): void {
    this.#notices.add(() => wire.broken || this.#listener?.frame(from, frame))
  }
}

function pathOf(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
