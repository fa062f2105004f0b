import type { Server, Socket } from 'socket.io'
import * as v from 'valibot'
import { type Authorize, admit, describeIssue, Ids } from './auth.ts'
import { jsonBytes, type Limits, RateLimit } from './limits.ts'
import type { Answer, ClientToServer, Entry, IceServer, ServerToClient } from './protocol.ts'
import { entryRequest, leaveRequest, roomsRequest, signalRequest, witnessRequest } from './requests.ts'
import { Rooms, type RoomsOptions, type Standing } from './rooms.ts'
import { Witness } from './witness.ts'

/** What the server keeps of one connection. */
interface Connection {
  peer: string
  requests: RateLimit
  signalBytes: RateLimit
}

export type RelayServer = Server<ClientToServer, ServerToClient, Record<never, never>, Connection>
type RelaySocket = Socket<ClientToServer, ServerToClient, Record<never, never>, Connection>

export interface RelayOptions {
  readonly rooms: RoomsOptions
  readonly limits: Limits
  readonly iceServers: IceServer[]
  readonly authorize: Authorize | undefined
  /** Whether the rooms have one. */
  readonly witness: boolean
  /** Told of what went wrong in the server's own parts. */
  readonly onError: (error: unknown) => void
}

/** A request that is not granted. An `expected` one happens in good order (a peer has just left) and is not news. */
interface Refusal {
  readonly reason: string
  readonly room?: string
  readonly expected?: boolean
}

/** Connects peers to rooms and to each other: checks each request, and hands on what is meant for one peer of a room. */
export class Relay {
  readonly #options: RelayOptions
  readonly #rooms: Rooms
  readonly #ids: Ids
  readonly #witness: Witness | undefined
  readonly #sockets = new Map<string, RelaySocket>()
  #closed = false

  constructor(io: RelayServer, options: RelayOptions) {
    this.#options = options
    this.#ids = new Ids(options.limits, () => performance.now())
    if (options.witness) this.#witness = new Witness({ renewed: (room, token) => this.#tokenRenewed(room, token) })
    this.#rooms = new Rooms(options.rooms, {
      room: (to, room, peers) => this.#tellRoom(to, room, peers),
      entered: (to, room, peer) => this.#sockets.get(to)?.emit('entered', { room, peer }),
      left: (to, room, peer, gone) => this.#sockets.get(to)?.emit('left', { room, peer, gone }),
      founder: (to, room) => this.#sockets.get(to)?.emit('founder', { room }),
      dropped: (room) => this.#witness?.drop(room),
    })
    io.use((socket, next) => {
      admit(socket.handshake.auth, this.#ids, options.authorize).then(
        ({ peer }) => {
          socket.data = connectionOf(peer, options.limits)
          next()
        },
        (error: Error) => {
          if (error.cause !== undefined) options.onError(error.cause)
          next(error)
        },
      )
    })
    io.on('connection', (socket) => this.#connect(socket))
  }

  /** Tells nobody anything any more: a server that ends is no news about its peers. */
  close(): void {
    this.#closed = true
    this.#rooms.close()
    this.#sockets.clear()
  }

  #connect(socket: RelaySocket): void {
    if (this.#closed) return
    const { peer } = socket.data
    const earlier = this.#sockets.get(peer)
    this.#sockets.set(peer, socket)
    this.#ids.hold(peer)
    earlier?.disconnect(true)
    socket.emit('welcome', { iceServers: this.#options.iceServers })
    socket.onAny((event: string, ...args: unknown[]) => this.#receive(socket, event, args))
    socket.on('disconnect', (reason) => this.#disconnected(socket, reason === 'client namespace disconnect'))
  }

  #disconnected(socket: RelaySocket, goodbye: boolean): void {
    const { peer } = socket.data
    if (this.#sockets.get(peer) !== socket) return
    this.#sockets.delete(peer)
    this.#ids.release(peer)
    if (goodbye) for (const room of this.#rooms.roomsOf(peer)) this.#rooms.leave(room, peer)
    else this.#rooms.vanish(peer)
  }

  #receive(socket: RelaySocket, event: string, args: unknown[]): void {
    if (this.#sockets.get(socket.data.peer) !== socket) return
    const answer = typeof args.at(-1) === 'function' ? (args.pop() as Answer) : undefined
    const refusal = socket.data.requests.take(performance.now())
      ? this.#handle(socket.data, event, args)
      : { reason: 'too many requests at once, slow down' }
    if (answer !== undefined) answer(refusal === undefined ? { ok: true } : { ok: false, reason: refusal.reason })
    else if (refusal !== undefined && refusal.expected !== true) {
      const { reason, room } = refusal
      socket.emit('refused', room === undefined ? { reason } : { reason, room })
    }
  }

  #handle(connection: Connection, event: string, args: readonly unknown[]): Refusal | undefined {
    const { peer } = connection
    if (args.length !== 1) return { reason: 'a request holds one payload' }
    switch (event) {
      case 'rooms':
        return checked(event, roomsRequest, args[0], ({ rooms }) => this.#replaceRooms(peer, rooms))
      case 'enter':
        return checked(event, entryRequest, args[0], ({ room, standing }) => this.#enter(peer, room, standing))
      case 'leave':
        return checked(event, leaveRequest, args[0], ({ room }) => this.#rooms.leave(room, peer))
      case 'announce':
        return checked(event, entryRequest, args[0], ({ room, standing }) => this.#announce(peer, room, standing))
      case 'signal':
        return checked(event, signalRequest, args[0], ({ room, to, data }) => this.#signal(connection, room, to, data))
      case 'witness':
        return checked(event, witnessRequest, args[0], ({ room, data }) => this.#askWitness(connection, room, data))
      default:
        return { reason: 'there is no such request' }
    }
  }

  #replaceRooms(peer: string, entries: readonly Entry[]): Refusal | undefined {
    const listed = new Set(entries.map(({ room }) => room))
    for (const room of this.#rooms.roomsOf(peer)) if (!listed.has(room)) this.#rooms.leave(room, peer)
    let refusal: Refusal | undefined
    for (const { room, standing } of entries) refusal = this.#enter(peer, room, standing) ?? refusal
    return refusal
  }

  #enter(peer: string, room: string, standing: Standing | undefined): Refusal | undefined {
    const { roomsPerPeer } = this.#options.limits
    if (!this.#rooms.has(room, peer) && this.#rooms.roomsOf(peer).length >= roomsPerPeer) {
      return { reason: `a peer is in at most ${roomsPerPeer} rooms`, room }
    }
    const reason = this.#rooms.enter(room, peer, standing)
    return reason === undefined ? undefined : { reason, room }
  }

  #announce(peer: string, room: string, standing: Standing | undefined): Refusal | undefined {
    if (!this.#rooms.has(room, peer)) return { reason: 'announce: the peer is not in the room', room }
    this.#rooms.announce(room, peer, standing)
    return undefined
  }

  #signal(connection: Connection, room: string, to: string, data: unknown): Refusal | undefined {
    const from = connection.peer
    const { signalBytesMax } = this.#options.limits
    if (!this.#rooms.has(room, from)) return { reason: 'signal: the peer is not in the room', room }
    const bytes = jsonBytes(data)
    if (bytes === undefined || bytes > signalBytesMax) {
      return { reason: `signal: data must be plain JSON of at most ${signalBytesMax} bytes`, room }
    }
    const target = this.#rooms.has(room, to) ? this.#sockets.get(to) : undefined
    if (target === undefined) return { reason: 'signal: no such peer in the room', room, expected: true }
    if (!connection.signalBytes.take(performance.now(), bytes))
      return { reason: 'signal: too many bytes at once, slow down', room }
    target.emit('signal', { room, from, data })
    return undefined
  }

  #tellRoom(to: string, room: string, others: readonly string[]): void {
    const witness = this.#witness?.tokenOf(room)
    const peers = [...others]
    this.#sockets.get(to)?.emit('room', witness === undefined ? { room, peers } : { room, peers, witness })
  }

  #tokenRenewed(room: string, witness: string): void {
    for (const peer of this.#rooms.peersIn(room)) this.#sockets.get(peer)?.emit('witness-token', { room, witness })
  }

  #askWitness({ peer, signalBytes }: Connection, room: string, data: Uint8Array): Refusal | undefined {
    if (this.#witness === undefined) return { reason: 'witness: this server has none', room }
    if (!this.#rooms.has(room, peer)) return { reason: 'witness: the peer is not in the room', room }
    const tooMany = { reason: 'witness: too many bytes at once, slow down', room }
    if (!signalBytes.take(performance.now(), data.length)) return tooMany
    const answer = this.#witness.answer(room, data)
    if (!(answer instanceof Uint8Array)) return { reason: answer.why, room }
    // An answer may hold a value and be much larger than what asked for it.
    if (!signalBytes.take(performance.now(), answer.length)) return tooMany
    this.#sockets.get(peer)?.emit('witness', { room, data: answer })
    return undefined
  }
}

function connectionOf(peer: string, limits: Limits): Connection {
  const nowMs = performance.now()
  return {
    peer,
    requests: new RateLimit(limits.requestsPerSecond, limits.requestsAtOnce, nowMs),
    signalBytes: new RateLimit(limits.signalBytesPerSecond, limits.signalBytesAtOnce, nowMs),
  }
}

function checked<S extends v.GenericSchema>(
  event: string,
  schema: S,
  payload: unknown,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that never refuses returns nothing
  handle: (message: v.InferOutput<S>) => Refusal | undefined | void,
): Refusal | undefined {
  const parsed = v.safeParse(schema, payload)
  if (!parsed.success) return { reason: `${event}: ${describeIssue(parsed.issues[0])}` }
  return handle(parsed.output) ?? undefined
}
