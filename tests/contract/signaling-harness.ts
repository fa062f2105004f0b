import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import type { PeerId } from '../../peer/base/ids.ts'
import type { Signaling, SignalingListener } from '../../peer/transport/signaling.ts'
import { createSignalingClient } from '../../peer/transport/signaling-client.ts'
import { createLoopbackSignaling } from '../../peer/transport/signaling-loopback.ts'
import { decodeWitnessAnswer, type InvalidWitnessBytes, type WitnessAnswer } from '../../peer/wire/witness.ts'
import { createSignalingServer } from '../../signaling/index.ts'

/** One implementation of `Signaling` under test. */
export interface Harness {
  /** A way in for one peer, which `cut` and `mend` know by its id. */
  connect(peer: PeerId): Promise<Signaling>
  /** Cuts the peer's connection without a word, and keeps it cut. */
  cut(peer: PeerId): void
  mend(peer: PeerId): void
  /** The introducer forgets everything and starts anew, under the same address. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface HarnessOptions {
  bootGraceMs: number
  founderGraceMs: number
  witness?: boolean
}

export async function loopbackHarness(options: HarnessOptions): Promise<Harness> {
  const hub = createLoopbackSignaling(options)
  return {
    connect: async () => hub.connect(),
    cut: (peer) => hub.cut(peer),
    mend: (peer) => hub.mend(peer),
    restart: async () => hub.restart(),
    close: async () => {},
  }
}

/** The server and its client over TCP, each client through a gate of its own that can be shut. */
export async function serverHarness(options: HarnessOptions): Promise<Harness> {
  let server = await createSignalingServer({ ...options, port: 0, host: '127.0.0.1' })
  const port = server.port!
  const gates = new Map<PeerId, Gate>()
  return {
    async connect(peer) {
      const gate = await openGate(port)
      gates.set(peer, gate)
      return createSignalingClient(`http://127.0.0.1:${gate.port}`)
    },
    cut: (peer) => gates.get(peer)!.shut(),
    mend: (peer) => gates.get(peer)!.open(),
    async restart() {
      await server.close()
      server = await createSignalingServer({ ...options, port, host: '127.0.0.1' })
    },
    async close() {
      await server.close()
      await Promise.all([...gates.values()].map((gate) => gate.close()))
    },
  }
}

interface Gate {
  readonly port: number
  open(): void
  shut(): void
  close(): Promise<void>
}

/** A TCP server in front of `port` that passes bytes on, or ends every connection while it is shut. */
async function openGate(port: number): Promise<Gate> {
  const sockets = new Set<Socket>()
  let isOpen = true
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const gate: Server = createServer((near) => {
    track(near)
    if (!isOpen) return near.destroy()
    const far = track(connectTcp(port, '127.0.0.1'))
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (gate.address() as { port: number }).port,
    open() {
      isOpen = true
    },
    shut() {
      isOpen = false
      destroyAll()
    },
    close() {
      const closed = new Promise<void>((resolve) => gate.close(() => resolve()))
      destroyAll()
      return closed
    },
  }
}

export type Heard =
  | ['state', string]
  | ['room', string, readonly string[]]
  | ['entered', string, string]
  | ['left', string, string, boolean]
  | ['founder', string]
  | ['signal', string, unknown]
  | ['iceServers', unknown]
  | ['refused', string, string | undefined]
  | ['witness', string, string | undefined]
  | ['witnessAnswer', string, WitnessAnswer | InvalidWitnessBytes]

/** Writes down what a peer is told, and waits for what it should be told. */
export class Recorder implements SignalingListener {
  readonly heard: Heard[] = []
  readonly #waiting = new Set<() => void>()

  state = (state: string) => this.#add(['state', state])
  room = (room: string, peers: readonly PeerId[]) => this.#add(['room', room, peers])
  entered = (room: string, peer: PeerId) => this.#add(['entered', room, peer])
  left = (room: string, peer: PeerId, gone: boolean) => this.#add(['left', room, peer, gone])
  founder = (room: string) => this.#add(['founder', room])
  signal = (from: PeerId, data: unknown) => this.#add(['signal', from, data])
  iceServers = (servers: unknown) => this.#add(['iceServers', servers])
  witness = (room: string, token: string | undefined) => this.#add(['witness', room, token])
  witnessAnswer = (room: string, bytes: Uint8Array) => this.#add(['witnessAnswer', room, decodeWitnessAnswer(bytes)])
  refused = (reason: string, room?: string) => this.#add(['refused', reason, room])

  /** Resolves once exactly `event` was heard `times` times; rejects after `deadlineMs` with what was heard instead. */
  async hears(event: Heard, times = 1, deadlineMs = 8_000): Promise<void> {
    const wanted = JSON.stringify(event)
    await this.until(() => this.count(event) >= times, `${times} of ${wanted}`, deadlineMs)
  }

  async until(met: () => boolean, wanted: string, deadlineMs = 8_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!met()) return
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        reject(new Error(`not heard: ${wanted}; heard ${JSON.stringify(this.heard)}`))
      }, deadlineMs)
      this.#waiting.add(check)
      check()
    })
  }

  count(event: Heard): number {
    const wanted = JSON.stringify(event)
    return this.heard.filter((heard) => JSON.stringify(heard) === wanted).length
  }

  #add(event: Heard): void {
    this.heard.push(event)
    for (const check of [...this.#waiting]) check()
  }
}
