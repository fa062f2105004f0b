import type { Config } from '../base/config.ts'
import { TuttiError } from '../base/errors.ts'
import { isName, type Lineage, type PeerId, peerOf } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import { Mux } from '../runtime/mux.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import { watchPageLife } from '../transport/page-life.ts'
import type { Signaling, SignalingState } from '../transport/signaling.ts'
import type { LinkInfo, Transport } from '../transport/transport.ts'
import { FailureEvent, SignalingEvent } from './events.ts'
import { GroupHandle } from './group.ts'
import { GroupTrace } from './group-trace.ts'
import { checkJoin } from './options.ts'
import { Room } from './room.ts'
import type { Group, JoinOptions, Peer } from './types.ts'
import { Wishes } from './wishes.ts'

/** A transport, and where it takes the signals of other peers' transports, if it needs any. */
export type SignaledTransport = Transport & { signal?(from: PeerId, data: unknown): void }

export interface TransportWiring {
  readonly self: PeerId
  signal(to: PeerId, data: unknown): void
  iceServers(): readonly RTCIceServer[]
}

export interface PeerParts {
  /** This peer's name and metadata, encoded. */
  readonly info: Uint8Array
  readonly signaling: Signaling
  readonly config: Config
  readonly clock: Clock
  /** A fresh name, never drawn twice. */
  random(): string
  transport(wiring: TransportWiring): SignaledTransport
  /** Instead of what the signaling server names. */
  readonly iceServers: readonly RTCIceServer[] | undefined
  readonly trace: ((event: TraceEvent) => void) | undefined
}

/** A peer out of its parts: `connect` takes those of the browser, a test others. Opens the signaling. */
export function createPeer(parts: PeerParts): Peer {
  return new PeerHandle(parts)
}

/** A peer that lost its socket, or was left out of a view, is linked to for this long: it may come back. */
const LOST_KEPT_MS = 60_000
/** After a group has ended here: what it said last is still on its way. */
const ENDED_KEPT_MS = 2_000

class PeerHandle extends EventTarget implements Peer {
  readonly id: PeerId
  readonly #parts: PeerParts
  readonly #transport: SignaledTransport
  readonly #mux: Mux
  readonly #wishes: Wishes
  readonly #rooms = new Map<string, Room>()
  /** Attempts made at each group that was left, so that a later join uses new ids. */
  readonly #attempts = new Map<string, number>()
  readonly #unwatchPage: () => void
  #signalingState: SignalingState = 'connecting'
  #iceServers: readonly RTCIceServer[] = []
  #closing: Promise<void> | undefined

  constructor(parts: PeerParts) {
    super()
    this.#parts = parts
    const { clock, signaling } = parts
    this.id = parts.random() as PeerId
    if (!isName(this.id)) throw new Error('invariant broken: a peer id that is no name')
    this.#transport = parts.transport({
      self: this.id,
      signal: (to, data) => this.#signal(to, data),
      iceServers: () => parts.iceServers ?? this.#iceServers,
    })
    this.#mux = new Mux({
      links: this.#transport,
      clock,
      versionMismatch: (peer, version) => this.#versionMismatch(peer, version),
    })
    this.#wishes = new Wishes({
      self: this.id,
      clock,
      transport: this.#transport,
      needed: () => [...this.#rooms.values()].flatMap((room) => [...room.needed()]),
    })
    this.#transport.listen({
      up: (peer) => this.#mux.up(peer),
      down: (peer) => this.#mux.down(peer),
      frame: (peer, frame) => this.#mux.frame(peer, frame),
    })
    // A page that comes back from being kept aside finds its peer closed.
    this.#unwatchPage = watchPageLife({ hidden: () => this.#pageHidden(), restored: () => {} })
    this.#openSignaling(signaling)
  }

  get signaling(): SignalingState {
    return this.#signalingState
  }

  get links(): readonly LinkInfo[] {
    return this.#transport.links()
  }

  async join<M, S>(name: string, options: JoinOptions<M, S> = {}): Promise<Group<M, S>> {
    checkJoin(name, options)
    if (!options.signal?.aborted) await this.#left(name, options.signal)
    if (this.#closing !== undefined) throw closed()
    if (options.signal?.aborted) throw aborted(name, options.signal)
    if (this.#rooms.has(name)) {
      throw new TuttiError('invalid-option', `this peer is in the group '${name}': leave it before joining it again`)
    }
    const { group, room } = this.#enter(name, options)
    const abort = (): void => room.core.giveUp(aborted(name, options.signal))
    options.signal?.addEventListener('abort', abort, { once: true })
    try {
      await room.core.joined
      return group
    } finally {
      options.signal?.removeEventListener('abort', abort)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #enter<M, S>(name: string, options: JoinOptions<M, S>): { group: GroupHandle<M, S>; room: Room } {
    const { info, config, clock, signaling, trace } = this.#parts
    const { group, core } = GroupHandle.open<M, S>({
      name,
      peer: this.id,
      attemptsBefore: this.#attempts.get(name) ?? 0,
      info,
      join: options,
      config,
      clock,
      mux: this.#mux,
      trace: new GroupTrace(trace),
      host: {
        standing: (view, failed) => {
          signaling.announce(name, view && { lineage: view.lineage, number: view.number })
          for (const { id } of failed) this.#wishes.keep(peerOf(id), LOST_KEPT_MS)
          this.#wishes.settle()
        },
        ended: () => this.#ended(name),
      },
    })
    const room = new Room(core)
    this.#rooms.set(name, room)
    try {
      signaling.enter(name)
    } catch (cause) {
      core.giveUp(new TuttiError('not-admitted', `the signaling can't enter '${name}'`, { cause }))
    }
    return { group, room }
  }

  /** One who joins again at once waits until the membership before is over, or the signal aborts. */
  async #left(name: string, signal: AbortSignal | undefined): Promise<void> {
    const core = this.#rooms.get(name)?.core
    if (!core?.leaving) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
      void core.leave().then(done)
    })
  }

  #ended(name: string): void {
    const room = this.#rooms.get(name)
    if (room === undefined) return
    this.#attempts.set(name, room.core.attempts)
    for (const peer of room.needed()) this.#wishes.keep(peer, ENDED_KEPT_MS)
    this.#rooms.delete(name)
    this.#parts.signaling.leave(name)
    this.#wishes.settle()
  }

  async #close(): Promise<void> {
    const rooms = [...this.#rooms.values()]
    for (const { core } of rooms) core.giveUp(closed())
    await Promise.all(rooms.map(({ core }) => core.leave('closed')))
    this.#shut()
  }

  #pageHidden(): void {
    this.#closing ??= Promise.resolve()
    for (const { core } of [...this.#rooms.values()]) core.close()
    this.#shut()
  }

  #shut(): void {
    this.#unwatchPage()
    this.#mux.flush()
    this.#wishes.close()
    this.#transport.close()
    this.#parts.signaling.close()
  }

  #openSignaling(signaling: Signaling): void {
    const inRoom = (name: string, act: (room: Room) => void): void => {
      const room = this.#rooms.get(name)
      if (room === undefined) return
      act(room)
      this.#wishes.settle()
    }
    signaling.open(this.id, {
      state: (state) => this.#setSignaling(state),
      room: (name, peers) =>
        inRoom(name, (room) => {
          for (const peer of room.list(peers)) this.#wishes.keep(peer, LOST_KEPT_MS)
        }),
      entered: (name, peer) => inRoom(name, (room) => room.add(peer)),
      left: (name, peer, gone) =>
        inRoom(name, (room) => {
          room.delete(peer)
          if (!gone) return
          this.#wishes.keep(peer, LOST_KEPT_MS)
          room.core.input({ type: 'hint', peer })
        }),
      founder: (name) =>
        inRoom(name, (room) => room.core.input({ type: 'found', lineage: this.#parts.random() as Lineage })),
      signal: (from, data) => this.#transport.signal?.(from, data),
      iceServers: (servers) => {
        this.#iceServers = servers
      },
      refused: (reason, name) => this.#refused(reason, name),
    })
  }

  #setSignaling(state: SignalingState): void {
    if (state === this.#signalingState) return
    this.#signalingState = state
    this.dispatchEvent(new SignalingEvent(state))
  }

  /** Through a room that both are in; the other's presence may be known to the server alone. */
  #signal(to: PeerId, data: unknown): void {
    const names = [...this.#rooms.keys()]
    const shared = names.find((name) => this.#rooms.get(name)?.has(to)) ?? names[0]
    if (shared !== undefined) this.#parts.signaling.signal(shared, to, data)
  }

  #refused(reason: string, name: string | undefined): void {
    const error = new TuttiError('not-admitted', `the signaling server refused this peer: ${reason}`)
    const room = name === undefined ? undefined : this.#rooms.get(name)
    if (room?.entered === false) room.core.giveUp(error)
    this.dispatchEvent(new FailureEvent({ error }))
  }

  #versionMismatch(peer: PeerId, version: number): void {
    const message = `${peer} speaks version ${version} of the protocol, this peer another: load the newer one everywhere`
    const error = new TuttiError('version-mismatch', message)
    for (const room of [...this.#rooms.values()]) if (room.has(peer)) room.core.giveUp(error)
    this.dispatchEvent(new FailureEvent({ error }))
  }
}

function closed(): TuttiError {
  return new TuttiError('closed', 'this peer is closed: connect again')
}

function aborted(name: string, signal: AbortSignal | undefined): TuttiError {
  return new TuttiError('aborted', `joining '${name}' was given up by its signal`, { cause: signal?.reason })
}
