import type { Socket } from 'socket.io-client'
import {
  type ClientToServer,
  type Entry,
  type Hello,
  PROTOCOL_VERSION,
  type ServerToClient,
  type Standing,
} from '../../signaling/protocol.ts'
import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import { hearServer, REASON_MAX } from './server-notices.ts'
import type { Signaling, SignalingListener, SignalingState } from './signaling.ts'
import { checkPeerId, checkRoomName, encodeSignal, witnessProblem } from './signaling-checks.ts'

/** How to reach a signaling server. */
export interface SignalingClientOptions {
  /** For a server that asks for one; a function is asked again at every attempt to connect. */
  token?: string | (() => Promise<string>)
}

/**
 * A connection to a tutti signaling server at `url` (http, https, ws or wss; a path is where a proxy has put it).
 * Throws a TuttiError with code `invalid-option` for anything else.
 *
 * It connects again by itself. What is signaled meanwhile is dropped: an offer belongs to an attempt to connect that is
 * over by then, and the links make a new one.
 */
export function createSignalingClient(url: string | URL, options: SignalingClientOptions = {}): Signaling {
  return new SignalingClient(parseAddress(url), options.token)
}

/** The wait after the first failure; it doubles with each, and is cut by up to half at random. */
const RETRY_FIRST_MS = 500
const RETRY_MAX_MS = 10_000
/** Members come back within the grace in which a server that has just started names no founder (3 s). */
const RETRY_MEMBER_MAX_MS = 2_000
/** An attempt that has led to nothing after this time is given up. */
const ATTEMPT_TIMEOUT_MS = 10_000
const TRANSPORT_TIMEOUT_MS = 5_000

type ClientSocket = Socket<ServerToClient, ClientToServer>

class SignalingClient implements Signaling {
  readonly #address: Address
  readonly #token: SignalingClientOptions['token']
  readonly #secret = randomSecret()
  /** The rooms this peer wants to be in, each with what it announced there. */
  readonly #rooms = new Map<string, Standing | undefined>()
  #self: PeerId | undefined
  #listener: SignalingListener | undefined
  #state: SignalingState = 'connecting'
  /** Only while the server has let this peer in is the socket here `connected`. A new one for every attempt. */
  #socket: ClientSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempts = 0
  #failures = 0
  #lastRefusal: string | undefined
  #closed = false

  constructor(address: Address, token: SignalingClientOptions['token']) {
    this.#address = address
    this.#token = token
  }

  open(self: PeerId, listener: SignalingListener): void {
    checkPeerId(self)
    if (this.#self !== undefined && !this.#closed) {
      throw new TuttiError('invalid-option', 'a signaling client is opened once, and again only after it was closed')
    }
    this.#self = self
    this.#listener = listener
    this.#closed = false
    this.#state = 'connecting'
    this.#failures = 0
    this.#lastRefusal = undefined
    if (typeof addEventListener === 'function') addEventListener('online', this.#retryNow)
    void this.#attempt()
  }

  enter(room: string): void {
    checkRoomName(room)
    if (this.#rooms.has(room)) return
    this.#rooms.set(room, undefined)
    this.#connected?.emit('enter', { room })
  }

  leave(room: string): void {
    if (this.#rooms.delete(room)) this.#connected?.emit('leave', { room })
  }

  announce(room: string, standing: Standing | undefined): void {
    if (!this.#rooms.has(room)) return
    this.#rooms.set(room, standing)
    this.#connected?.emit('announce', entry(room, standing))
  }

  signal(room: string, to: PeerId, data: unknown): void {
    encodeSignal(data)
    this.#connected?.emit('signal', { room, to, data })
  }

  askWitness(room: string, bytes: Uint8Array): void {
    const problem = witnessProblem(bytes)
    if (problem === undefined) this.#connected?.emit('witness', { room, data: bytes })
    else queueMicrotask(() => this.#closed || this.#listener?.refused(problem, room))
  }

  /** The goodbye leaves within this call; the server takes this peer out of all its rooms. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#rooms.clear()
    clearTimeout(this.#timer)
    if (typeof removeEventListener === 'function') removeEventListener('online', this.#retryNow)
    this.#dropSocket()
  }

  vanish(): void {
    const socket = this.#connected
    if (socket !== undefined) this.#socket = undefined
    // Ended below the socket, which can't say goodbye any more.
    socket?.io.engine.close()
    this.close()
  }

  get #connected(): ClientSocket | undefined {
    return this.#socket?.connected ? this.#socket : undefined
  }

  async #attempt(): Promise<void> {
    const number = ++this.#attempts
    const needed = await Promise.all([loadClient(), this.#askToken()]).catch((error: Error) => error)
    // Meanwhile it may have been closed, or another attempt may have begun.
    if (this.#closed || number !== this.#attempts) return
    if (needed instanceof Error) return this.#fail(needed.message)
    const [io, token] = needed
    const auth: Hello = { version: PROTOCOL_VERSION, peer: this.#self!, secret: this.#secret, ...(token && { token }) }
    const socket: ClientSocket = io(this.#address.origin, {
      path: this.#address.path,
      auth,
      forceNew: true,
      reconnection: false,
      timeout: TRANSPORT_TIMEOUT_MS,
      // Some networks swallow WebSockets without an error: every second attempt starts without one.
      transports: this.#failures % 2 === 0 ? ['websocket', 'polling'] : ['polling', 'websocket'],
      tryAllTransports: true,
    })
    this.#socket = socket
    this.#timer = setTimeout(() => this.#fail(undefined), ATTEMPT_TIMEOUT_MS)
    socket.on('connect', () => this.#opened(socket))
    socket.on('disconnect', () => this.#lost(socket, undefined))
    socket.on('connect_error', (error) => this.#lost(socket, refusalIn(error)))
    hearServer(socket, {
      listener: this.#listener!,
      isCurrent: () => this.#socket === socket,
      isIn: (room) => this.#rooms.has(room),
    })
  }

  async #askToken(): Promise<string | undefined> {
    try {
      return typeof this.#token === 'function' ? await this.#token() : this.#token
    } catch (error) {
      throw new Error(`no token: ${messageOf(error)}`)
    }
  }

  #opened(socket: ClientSocket): void {
    if (this.#socket !== socket) return
    clearTimeout(this.#timer)
    this.#failures = 0
    this.#lastRefusal = undefined
    socket.emit('rooms', { rooms: [...this.#rooms].map(([room, standing]) => entry(room, standing)) })
    this.#setState('open')
  }

  #lost(socket: ClientSocket, refusal: string | undefined): void {
    if (this.#socket === socket) this.#fail(refusal)
  }

  /** The connection, or the attempt at one, came to nothing: another follows. */
  #fail(refusal: string | undefined): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#dropSocket()
    const isMember = [...this.#rooms.values()].some((standing) => standing !== undefined)
    const longestMs = isMember ? RETRY_MEMBER_MAX_MS : RETRY_MAX_MS
    const delayMs = Math.min(longestMs, RETRY_FIRST_MS * 2 ** this.#failures) * (1 - Math.random() / 2)
    this.#failures += 1
    this.#timer = setTimeout(this.#retryNow, delayMs)
    this.#setState('unreachable')
    if (refusal !== undefined && refusal !== this.#lastRefusal) this.#listener!.refused(refusal)
    this.#lastRefusal = refusal
  }

  readonly #retryNow = (): void => {
    if (this.#socket !== undefined || this.#state !== 'unreachable' || this.#closed) return
    clearTimeout(this.#timer)
    void this.#attempt()
  }

  #dropSocket(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.disconnect()
  }

  #setState(state: SignalingState): void {
    if (state === this.#state) return
    const lost = this.#state === 'open'
    this.#state = state
    this.#listener!.state(state)
    if (lost) for (const room of [...this.#rooms.keys()]) this.#listener!.witness?.(room, undefined)
  }
}

/** Loaded only by those who have a server. Where that fails, the next attempt tries it again. */
async function loadClient(): Promise<typeof import('./socket-io.ts').io> {
  try {
    const { io } = await import('./socket-io.ts')
    return io
  } catch (error) {
    throw new Error(`the client for it can't be loaded (${messageOf(error)}): reload the page if that lasts`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface Address {
  readonly origin: string
  readonly path: string
}

function parseAddress(url: string | URL): Address {
  let parsed: URL
  try {
    parsed = new URL(url, typeof location === 'object' ? location.href : undefined)
  } catch (cause) {
    throw new TuttiError('invalid-option', `signaling: '${url}' is no address: write 'https://signal.example.org'`, {
      cause,
    })
  }
  const protocol = parsed.protocol.replace(/^ws/, 'http')
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TuttiError('invalid-option', `signaling: '${url}' must begin with https:, http:, wss: or ws:`)
  }
  return { origin: `${protocol}//${parsed.host}`, path: `${parsed.pathname.replace(/\/+$/, '')}/socket.io/` }
}

/** What the server said when it did not let this peer in; undefined when the network failed. socket.io marks it by `data`. */
function refusalIn(error: Error): string | undefined {
  return 'data' in error ? error.message.slice(0, REASON_MAX) : undefined
}

function entry(room: string, standing: Standing | undefined): Entry {
  return standing === undefined ? { room } : { room, standing }
}

function randomSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
