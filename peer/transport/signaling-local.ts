import { TuttiError } from '../base/errors.ts'
import type { PeerId } from '../base/ids.ts'
import { LocalHub } from './local-hub.ts'
import type { LocalCall, LocalEvent, LocalStanding, LocalWord } from './local-words.ts'
import type { Signaling, SignalingListener } from './signaling.ts'
import { checkPeerId, checkRoomName, encodeSignal } from './signaling-checks.ts'

export interface LocalSignalingOptions {
  /** Tabs with different names never meet. Default `tutti`. */
  readonly name?: string
}

/**
 * Introduces the tabs of one browser and one origin to each other, without a server: one tab at a time is the introducer,
 * and the next takes over when it goes. Their links are WebRTC links like any others.
 * Throws a TuttiError `unsupported` where there is no BroadcastChannel or no Web Locks: pages that are neither https nor
 * on localhost have none.
 */
export function localSignaling({ name = 'tutti' }: LocalSignalingOptions = {}): Signaling {
  if (typeof BroadcastChannel === 'undefined' || globalThis.navigator?.locks === undefined) {
    const needs = 'BroadcastChannel and Web Locks: serve the page by https or on localhost, or name a server'
    throw new TuttiError('unsupported', `tabs can't be introduced without a server here, which takes ${needs}`)
  }
  return new LocalSignaling(`${name}.local`)
}

class LocalSignaling implements Signaling {
  readonly #name: string
  #session: Session | undefined

  constructor(name: string) {
    this.#name = name
  }

  open(self: PeerId, listener: SignalingListener): void {
    checkPeerId(self)
    if (this.#session !== undefined) {
      throw new TuttiError('invalid-option', 'a signaling client is opened once, and again only after it was closed')
    }
    this.#session = new Session(this.#name, self, listener)
  }

  enter(room: string): void {
    checkRoomName(room)
    this.#session?.enter(room)
  }

  leave(room: string): void {
    this.#session?.leave(room)
  }

  announce(room: string, standing: LocalStanding | undefined): void {
    this.#session?.announce(room, standing)
  }

  signal(room: string, to: PeerId, data: unknown): void {
    this.#session?.ask({ type: 'signal', room, to, data: JSON.parse(encodeSignal(data)) })
  }

  askWitness(room: string, bytes: Uint8Array): void {
    this.#session?.ask({ type: 'witness', room, bytes })
  }

  close(): void {
    this.#session?.ask({ type: 'close' })
    this.vanish()
  }

  vanish(): void {
    this.#session?.vanish()
    this.#session = undefined
  }
}

/** From `open` to `close`. */
class Session {
  readonly #id = crypto.randomUUID()
  readonly #self: PeerId
  readonly #listener: SignalingListener
  readonly #channel: BroadcastChannel
  readonly #locks: LockManager = navigator.locks
  readonly #rooms = new Map<string, LocalStanding | undefined>()
  /** Ends what waits for a lock, and lets go of those that are held. */
  readonly #end = new AbortController()
  #isOpen = false
  /** The rooms as the last hello named them. */
  #told: ReadonlyMap<string, LocalStanding | undefined> = new Map()

  constructor(name: string, self: PeerId, listener: SignalingListener) {
    this.#self = self
    this.#listener = listener
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<LocalWord>) => this.#take(data)
    // While this tab lives it holds a lock by which the hub sees that it does.
    void this.#hold(`${name}.${this.#id}`, () => this.#hello())
    void this.#hold(name, () => this.#beHub(name))
  }

  enter(room: string): void {
    if (this.#rooms.has(room)) return
    this.#rooms.set(room, undefined)
    this.ask({ type: 'enter', room })
  }

  leave(room: string): void {
    if (this.#rooms.delete(room)) this.ask({ type: 'leave', room })
  }

  announce(room: string, standing: LocalStanding | undefined): void {
    if (!this.#rooms.has(room)) return
    this.#rooms.set(room, standing)
    this.ask({ type: 'announce', room, standing })
  }

  /** What is asked while there is no hub is part of the hello to the next, or comes to nothing. */
  ask(call: LocalCall): void {
    if (this.#isOpen) this.#say({ type: 'request', from: this.#id, call })
  }

  /** Without a goodbye: the hub sees that the lock of this tab is free. */
  vanish(): void {
    this.#end.abort()
    this.#channel.close()
  }

  #hello(): void {
    this.#told = new Map(this.#rooms)
    this.#say({ type: 'hello', from: this.#id, self: this.#self, entries: [...this.#rooms] })
  }

  #take(word: LocalWord): void {
    if (this.#end.signal.aborted) return
    if (word.type === 'hub') this.#lost()
    else if (word.type === 'event' && word.to === this.#id) this.#hear(word)
  }

  /** The hub before is gone, and with it all that it knew. */
  #lost(): void {
    if (this.#isOpen) {
      this.#isOpen = false
      this.#listener.state('unreachable')
      for (const room of this.#rooms.keys()) this.#listener.witness?.(room, undefined)
    }
    this.#hello()
  }

  #hear({ event, args }: LocalEvent): void {
    if (event === 'state') this.#opened()
    else (this.#listener[event] as ((...args: readonly unknown[]) => void) | undefined)?.(...args)
  }

  /** The hub has heard the hello: it is told what has changed since. */
  #opened(): void {
    this.#isOpen = true
    this.#listener.state('open')
    for (const room of this.#told.keys()) if (!this.#rooms.has(room)) this.ask({ type: 'leave', room })
    for (const [room, standing] of this.#rooms) {
      this.ask({ type: 'enter', room })
      if (standing !== this.#told.get(room)) this.ask({ type: 'announce', room, standing })
    }
  }

  #beHub(name: string): void {
    const hub = new LocalHub(new BroadcastChannel(name), (client, gone) => void this.#lock(`${name}.${client}`, gone))
    this.#end.signal.addEventListener('abort', () => hub.close())
  }

  /** Holds a lock, from when it is free until this session ends. */
  #hold(name: string, held: () => void): Promise<void> {
    const { signal } = this.#end
    return this.#lock(name, () => {
      held()
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    })
  }

  async #lock(name: string, held: () => void | Promise<void>): Promise<void> {
    const { signal } = this.#end
    try {
      await this.#locks.request(name, { signal }, () => (signal.aborted ? undefined : held()))
    } catch (error) {
      // It rejects with the signal's reason where the session ends first.
      if (!signal.aborted) this.#fail(error)
    }
  }

  /** A page in a frame of another site, or without leave to store anything, may have Web Locks that grant none. */
  #fail(cause: unknown): void {
    this.vanish()
    this.#listener.state('unreachable')
    this.#listener.refused(`tabs can't be introduced without a server here: ${(cause as Error).message}`)
  }

  #say(word: LocalWord): void {
    this.#channel.postMessage(word)
  }
}
