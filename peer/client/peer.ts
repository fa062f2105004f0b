import type { Config } from '../base/config.ts'
import { TuttiError } from '../base/errors.ts'
import { isName, type PeerId, peerOf } from '../base/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import { watchPageLife } from '../transport/page-life.ts'
import type { Signaling, SignalingState } from '../transport/signaling.ts'
import type { LinkInfo } from '../transport/transport.ts'
import type { Connections, Runtime } from './connections.ts'
import { FailureEvent, SignalingEvent } from './events.ts'
import { Gate } from './gate.ts'
import { GroupHandle } from './group.ts'
import { GroupTrace } from './group-trace.ts'
import { introductions, LOST_KEPT_MS } from './introductions.ts'
import { checkJoin } from './options.ts'
import { Room } from './room.ts'
import type { Group, JoinOptions, Peer } from './types.ts'

export interface PeerParts {
  /** This peer's name and metadata, encoded. */
  readonly info: Uint8Array
  readonly signaling: Signaling
  readonly config: Config
  readonly clock: Clock
  /** A fresh name, never drawn twice. */
  random(): string
  /** Where links and engines run. Used by this peer alone. */
  readonly runtime: Runtime
  /** Instead of what the signaling server names. */
  readonly iceServers: readonly RTCIceServer[] | undefined
  readonly trace: ((event: TraceEvent) => void) | undefined
  /** Whether groups use the witness that the server may have. Default true. */
  readonly witness?: boolean | undefined
}

/** A peer out of its parts: `connect` takes those of the browser, a test others. Opens the signaling. */
export function createPeer(parts: PeerParts): Peer {
  return new PeerHandle(parts)
}

/** After a group has ended here: what it said last is still on its way. */
const ENDED_KEPT_MS = 2_000

class PeerHandle extends EventTarget implements Peer {
  readonly id: PeerId
  readonly #parts: PeerParts
  readonly #rooms = new Map<string, Room>()
  /** Attempts made at each group that was left, so that a later join uses new ids. */
  readonly #attempts = new Map<string, number>()
  readonly #unwatchPage: () => void
  #connections: Connections
  /** How often the page was put aside and came back. */
  #returns = 0
  /** While the page is put aside: resolves when it is back. */
  #aside: Gate | undefined
  #signalingState: SignalingState = 'connecting'
  #iceServers: readonly RTCIceServer[] = []
  #closing: Promise<void> | undefined

  constructor(parts: PeerParts) {
    super()
    this.#parts = parts
    this.id = parts.random() as PeerId
    if (!isName(this.id)) throw new Error('invariant broken: a peer id that is no name')
    this.#connections = this.#connect()
    this.#unwatchPage = watchPageLife({
      hidden: (kept) => (kept && this.#closing === undefined ? this.#putAside() : this.#pageGone()),
      restored: () => this.#restored(),
    })
    this.#openSignaling()
  }

  get signaling(): SignalingState {
    return this.#signalingState
  }

  get links(): readonly LinkInfo[] {
    const relays = new Map<PeerId, LinkInfo>()
    for (const { core } of this.#rooms.values()) for (const relay of core.relays) relays.set(relay.peer, relay)
    const links = this.#connections.links().filter(({ peer }) => !relays.has(peer))
    return [...links, ...relays.values()]
  }

  async join<M, S>(name: string, options: JoinOptions<M, S> = {}): Promise<Group<M, S>> {
    checkJoin(name, options)
    if (!options.signal?.aborted) await this.#left(name, options.signal)
    while (this.#aside !== undefined) await this.#aside.opened
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
      connections: this.#connections,
      trace: new GroupTrace(trace),
      host: {
        standing: (view, failed) => {
          signaling.announce(name, view && { lineage: view.lineage, number: view.number })
          // One that is in no view needs the same links as before; it may have lost its room at the server, too.
          if (view === undefined) return
          for (const { id } of failed) this.#connections.keep(peerOf(id), LOST_KEPT_MS)
          this.#connections.settle()
        },
        ended: () => this.#ended(name),
        askWitness: (request) => signaling.askWitness?.(name, request),
      },
    })
    const room = new Room(core)
    this.#rooms.set(name, room)
    this.#enterRoom(name, room)
    return { group, room }
  }

  #enterRoom(name: string, { core }: Room): void {
    try {
      this.#parts.signaling.enter(name)
    } catch (cause) {
      core.giveUp(new TuttiError('not-admitted', `the signaling can't enter '${name}'`, { cause }))
    }
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
    for (const peer of room.needed()) this.#connections.keep(peer, ENDED_KEPT_MS)
    this.#rooms.delete(name)
    this.#parts.signaling.leave(name)
    this.#connections.settle()
  }

  async #close(): Promise<void> {
    const rooms = [...this.#rooms.values()]
    for (const { core } of rooms) core.giveUp(closed())
    await Promise.all(rooms.map(({ core }) => core.leave('closed')))
    this.#shut(false)
  }

  #pageGone(): void {
    this.#closing ??= Promise.resolve()
    for (const { core } of [...this.#rooms.values()]) core.close()
    this.#shut(true)
  }

  #shut(isPageGoing: boolean): void {
    this.#unwatchPage()
    this.#connections.close(isPageGoing)
    this.#parts.runtime.end()
    this.#parts.signaling.close()
    this.#aside?.open()
    this.#aside = undefined
  }

  /** Members give their votes away, as nobody knows whether the page comes back, and nothing that links to others stays open. */
  #putAside(): void {
    if (this.#aside !== undefined) return
    this.#aside = new Gate()
    for (const room of [...this.#rooms.values()]) room.pause()
    this.#connections.close(true)
    this.#parts.signaling.close()
    this.#setSignaling('connecting')
  }

  /** All groups begin a new attempt, over new links. One whose page was alone founds again and keeps its state. */
  #restored(): void {
    if (this.#aside === undefined) return
    this.#aside.open()
    this.#aside = undefined
    this.#returns++
    const connections = this.#connect()
    this.#connections = connections
    try {
      this.#openSignaling()
    } catch (cause) {
      const error = new TuttiError('not-admitted', "the signaling can't be opened again: connect again", { cause })
      this.#failed(error)
      return
    }
    for (const [name, room] of this.#rooms) {
      room.core.resume(() => {
        if (this.#connections !== connections || this.#aside !== undefined) return undefined
        // In a later turn, when the group can take what the server has to say.
        queueMicrotask(() => this.#rooms.get(name) === room && this.#aside === undefined && this.#enterRoom(name, room))
        return connections
      })
    }
  }

  #connect(): Connections {
    const { iceServers, runtime } = this.#parts
    return runtime.connect({
      self: this.id,
      before: this.#returns,
      signal: (to, data) => this.#signal(to, data),
      iceServers: () => iceServers ?? this.#iceServers,
      needed: () => [...this.#rooms.values()].flatMap((room) => [...room.needed()]),
      versionMismatch: (peer, version) => this.#versionMismatch(peer, version),
      failed: (error) => this.#failed(error),
    })
  }

  #openSignaling(): void {
    const { signaling, random, witness } = this.#parts
    const listener = introductions({
      rooms: this.#rooms,
      wishes: () => this.#connections,
      random,
      hasWitness: witness !== false,
      state: (state) => this.#setSignaling(state),
      signal: (from, data) => this.#connections.signal(from, data),
      iceServers: (servers) => {
        this.#iceServers = servers
      },
      refused: (reason, name) => this.#refused(reason, name),
    })
    signaling.open(this.id, listener)
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

  /** Nothing can be done here any more. */
  #failed(error: TuttiError): void {
    // First: what ends from here on is not to be taken for a goodbye.
    this.#parts.signaling.vanish?.()
    for (const { core } of [...this.#rooms.values()]) core.giveUp(error)
    this.dispatchEvent(new FailureEvent({ error }))
    void this.close()
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
