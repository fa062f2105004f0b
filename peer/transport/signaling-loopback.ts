import { Rooms, type Standing } from '../../signaling/protocol.ts'
import { Witness } from '../../signaling/witness.ts'
import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import type { Signaling, SignalingListener } from './signaling.ts'
import { checkPeerId, checkRoomName, encodeSignal, witnessProblem } from './signaling-checks.ts'

/** How a loopback introducer behaves. */
export interface LoopbackSignalingOptions {
  /** Nobody is named founder for this long after the start, in ms. Default 0. */
  bootGraceMs?: number
  /** A member whose connection was cut is given this long to come back, in ms. Default 3,000. */
  founderGraceMs?: number
  /** Told to each peer at its start. Default: none. */
  iceServers?: readonly RTCIceServer[]
  /** Whether each room has a witness. Default true. */
  witness?: boolean
}

/** Introduces peers of one process to each other, by the rules of the server. Everything is told in a later turn. */
export interface LoopbackSignaling {
  /** One more peer's way to the others. */
  connect(): Signaling
  /** Cuts the connection of `peer` without a word. */
  cut(peer: PeerId): void
  /** Ends a `cut`: the peer comes back to its rooms, and repeats what it had announced. */
  mend(peer: PeerId): void
  /** Forgets everything, as a server that starts anew; everybody connects again at once, but for those cut. */
  restart(): void
}

export function createLoopbackSignaling(options: LoopbackSignalingOptions = {}): LoopbackSignaling {
  return new Hub(options)
}

class Hub implements LoopbackSignaling {
  readonly clients = new Map<string, LoopbackClient>()
  readonly iceServers: readonly RTCIceServer[]
  rooms: Rooms
  witness: Witness | undefined
  readonly #options: LoopbackSignalingOptions

  constructor(options: LoopbackSignalingOptions) {
    this.#options = options
    this.iceServers = options.iceServers ?? []
    this.rooms = this.#openRooms()
    this.witness = this.#openWitness()
  }

  connect(): Signaling {
    return new LoopbackClient(this)
  }

  cut(peer: PeerId): void {
    this.clients.get(peer)?.lose()
    this.rooms.vanish(peer)
  }

  mend(peer: PeerId): void {
    this.clients.get(peer)?.reach()
  }

  restart(): void {
    this.rooms.close()
    this.rooms = this.#openRooms()
    this.witness = this.#openWitness()
    const connected = [...this.clients.values()].filter((client) => client.connected)
    for (const client of connected) client.lose()
    for (const client of connected) client.reach()
  }

  #openRooms(): Rooms {
    const { bootGraceMs = 0, founderGraceMs = 3_000 } = this.#options
    return new Rooms(
      { bootGraceMs, founderGraceMs, peersPerRoom: Number.POSITIVE_INFINITY, schedule },
      {
        room: (to, name, others) => this.#tellRoom(to, name, others as PeerId[]),
        entered: (to, name, peer) => this.tell(to, (listener) => listener.entered(name, peer as PeerId)),
        left: (to, name, peer, gone) => this.tell(to, (listener) => listener.left(name, peer as PeerId, gone)),
        founder: (to, name) => this.tell(to, (listener) => listener.founder(name)),
        dropped: (name) => this.witness?.drop(name),
      },
    )
  }

  #openWitness(): Witness | undefined {
    if (this.#options.witness === false) return undefined
    return new Witness({
      renewed: (name, token) => {
        for (const peer of this.rooms.peersIn(name)) this.tell(peer, (listener) => listener.witness?.(name, token))
      },
    })
  }

  #tellRoom(to: string, name: string, others: readonly PeerId[]): void {
    const token = this.witness?.tokenOf(name)
    this.tell(to, (listener) => listener.witness?.(name, token))
    this.tell(to, (listener) => listener.room(name, others))
  }

  tell(to: string, say: (listener: SignalingListener) => void): void {
    this.clients.get(to)?.hear(say)
  }
}

class LoopbackClient implements Signaling {
  readonly #hub: Hub
  readonly #entries = new Map<string, Standing | undefined>()
  #self: PeerId | undefined
  #listener: SignalingListener | undefined
  connected = false
  #closed = false

  constructor(hub: Hub) {
    this.#hub = hub
  }

  open(self: PeerId, listener: SignalingListener): void {
    checkPeerId(self)
    if (this.#self !== undefined && !this.#closed) {
      throw new TuttiError('invalid-option', 'a signaling client is opened once, and again only after it was closed')
    }
    if (this.#hub.clients.has(self)) throw new TuttiError('invalid-option', `the peer id ${self} is taken`)
    this.#self = self
    this.#listener = listener
    this.#closed = false
    this.#hub.clients.set(self, this)
    this.reach()
  }

  enter(room: string): void {
    checkRoomName(room)
    if (this.#entries.has(room)) return
    this.#entries.set(room, undefined)
    if (this.connected) this.#hub.rooms.enter(room, this.#self!, undefined)
  }

  leave(room: string): void {
    if (this.#entries.delete(room) && this.connected) this.#hub.rooms.leave(room, this.#self!)
  }

  announce(room: string, standing: Standing | undefined): void {
    if (!this.#entries.has(room)) return
    this.#entries.set(room, standing)
    if (this.connected) this.#hub.rooms.announce(room, this.#self!, standing)
  }

  signal(room: string, to: PeerId, data: unknown): void {
    const text = encodeSignal(data)
    const from = this.#self!
    const { rooms } = this.#hub
    if (!this.connected || !rooms.has(room, from) || !rooms.has(room, to)) return
    this.#hub.tell(to, (listener) => listener.signal(from, JSON.parse(text)))
  }

  askWitness(room: string, bytes: Uint8Array): void {
    const problem = witnessProblem(bytes)
    if (problem !== undefined) return this.hear((listener) => listener.refused(problem, room))
    const { rooms, witness } = this.#hub
    if (!this.connected || witness === undefined || !rooms.has(room, this.#self!)) return
    const answer = witness.answer(room, bytes.slice())
    if (answer instanceof Uint8Array) this.hear((listener) => listener.witnessAnswer?.(room, answer))
    else this.hear((listener) => listener.refused(answer.why, room))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.connected) for (const room of this.#entries.keys()) this.#hub.rooms.leave(room, this.#self!)
    this.connected = false
    this.#entries.clear()
    if (this.#self !== undefined) this.#hub.clients.delete(this.#self)
  }

  vanish(): void {
    if (this.#self !== undefined && !this.#closed) this.#hub.cut(this.#self)
    this.close()
  }

  /** The way to the hub is gone. */
  lose(): void {
    if (!this.connected) return
    this.connected = false
    queueMicrotask(() => {
      if (this.#closed) return
      this.#listener!.state('unreachable')
      for (const room of [...this.#entries.keys()]) this.#listener!.witness?.(room, undefined)
    })
  }

  /** The way to the hub is there (again). */
  reach(): void {
    if (this.connected) return
    this.connected = true
    this.hear((listener) => listener.state('open'))
    this.hear((listener) => listener.iceServers(this.#hub.iceServers))
    for (const [room, standing] of this.#entries) this.#hub.rooms.enter(room, this.#self!, standing)
  }

  hear(say: (listener: SignalingListener) => void): void {
    const listener = this.#listener!
    queueMicrotask(() => {
      if (this.connected && this.#listener === listener) say(listener)
    })
  }
}

function schedule(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}
