import { createServer, type Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { DEFAULT_LIMITS } from './limits.ts'
import { checkOptions, type SignalingServerOptions } from './options.ts'
import { pageHandler } from './page.ts'
import { WITNESS_BYTES_MAX } from './protocol.ts'
import { Relay, type RelayServer } from './relay.ts'

/** A running signaling server. */
export interface SignalingServer {
  /** TCP port it listens on; undefined while a `server` of yours does not listen. */
  readonly port: number | undefined
  /** Address for peers and people, such as `http://localhost:8080`; undefined as `port` is. */
  readonly url: string | undefined
  /** Resolves when the grace after the start is over and founders are named, or when the server is closed before. */
  readonly ready: Promise<void>
  /** Ends every connection, and the listening. A `server` of yours goes on without it. */
  close(): Promise<void>
}

/**
 * Starts a server that introduces peers to each other: it tells who is in a room, names a founder, hands on offers,
 * answers and candidates, breaks ties as a witness, and never sees a message of a group. `/healthz` answers 200.
 *
 * Rejects with a TypeError for a bad option, and with an Error that says what to do when it can't listen.
 */
export async function createSignalingServer(options: SignalingServerOptions = {}): Promise<SignalingServer> {
  const checked = checkOptions(options)
  const own = checked.server === undefined
  const http = (checked.server ?? createServer(pageHandler(checked.folder))) as HttpServer
  const limits = { ...DEFAULT_LIMITS, ...checked.limits }
  if (own) await listen(http, checked.port, checked.host)
  const { io, detach } = attach(http, own, limits.signalBytesMax)
  const { iceServers, authorize, witness, onError, bootGraceMs, founderGraceMs } = checked
  const rooms = { bootGraceMs, founderGraceMs, peersPerRoom: limits.peersPerRoom, schedule }
  const relay = new Relay(io, { rooms, limits, iceServers, authorize, witness, onError })
  const boot = grace(bootGraceMs)
  return {
    get port() {
      return portOf(http)
    },
    get url() {
      return urlOf(http, checked.host)
    },
    ready: boot.over,
    async close() {
      boot.end()
      relay.close()
      io.engine.close()
      detach()
      if (own) await stopListening(http)
    },
  }
}

/** A connection that says nothing for the sum of both is gone; a page that hangs for ten seconds is not. */
const PING_INTERVAL_MS = 5_000
const PING_TIMEOUT_MS = 15_000

function attach(http: HttpServer, own: boolean, signalBytesMax: number): { io: RelayServer; detach(): void } {
  const requests = http.listeners('request')
  const upgrades = http.listeners('upgrade')
  const io: RelayServer = new Server({
    // Pages come from anywhere, and nothing here depends on cookies.
    cors: { origin: '*' },
    serveClient: false,
    // Well above what is allowed, so that what is too large is mostly refused with a reason and not by a closed connection.
    maxHttpBufferSize: Math.max(4 * signalBytesMax, 2 * WITNESS_BYTES_MAX) + 64 * 1024,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: 10_000,
    destroyUpgrade: own,
  })
  io.attach(http)
  const detach = () => {
    restore(http, 'request', requests)
    restore(http, 'upgrade', upgrades)
  }
  return { io, detach }
}

function restore(http: HttpServer, event: 'request' | 'upgrade', listeners: readonly unknown[]): void {
  http.removeAllListeners(event)
  for (const listener of listeners) http.on(event, listener as (...args: unknown[]) => void)
}

function listen(http: HttpServer, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(new Error(listenProblem(error, port, host), { cause: error }))
    http.once('error', refuse)
    http.listen({ port, ...(host !== undefined && { host }) }, () => {
      http.off('error', refuse)
      resolve()
    })
  })
}

function listenProblem(error: NodeJS.ErrnoException, port: number, host: string | undefined): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is in use: choose another one, or 0 for any that is free`
    case 'EACCES':
      return `port ${port} needs more rights than this process has: choose one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `host ${host} is no address of this machine`
    default:
      return `can't listen on port ${port}: ${error.message}`
  }
}

function stopListening(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}

function portOf(http: HttpServer): number | undefined {
  const address = http.address()
  return address !== null && typeof address === 'object' ? address.port : undefined
}

function urlOf(http: HttpServer, host: string | undefined): string | undefined {
  const port = portOf(http)
  if (port === undefined) return undefined
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::'
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${'setSecureContext' in http ? 'https' : 'http'}://${name}:${port}`
}

function schedule(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

function grace(durationMs: number): { over: Promise<void>; end(): void } {
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    const cancel = schedule(durationMs, resolve)
    end = () => {
      cancel()
      resolve()
    }
  })
  return { over, end }
}
