import { isName, type PeerId } from '../base/ids.ts'
import type { LocalHello, LocalRequest, LocalWord } from './local-words.ts'
import type { Signaling, SignalingListener } from './signaling.ts'
import { createLoopbackSignaling } from './signaling-loopback.ts'

/** Members of a group that lived before this hub have this long to say so, before anybody is named founder. */
const BOOT_GRACE_MS = 400

/** The introducer of a browser's tabs, in the one of them whose turn it is. It forgets all when that tab goes. */
export class LocalHub {
  readonly #channel: BroadcastChannel
  readonly #goneOf: (client: string, gone: () => void) => void
  readonly #hub = createLoopbackSignaling({ bootGraceMs: BOOT_GRACE_MS })
  readonly #clients = new Map<string, Client>()

  /** @param goneOf - calls `gone` once the tab of a client is no more */
  constructor(channel: BroadcastChannel, goneOf: (client: string, gone: () => void) => void) {
    this.#channel = channel
    this.#goneOf = goneOf
    channel.onmessage = ({ data }: MessageEvent<LocalWord>) => this.#take(data)
    channel.postMessage({ type: 'hub' } satisfies LocalWord)
  }

  close(): void {
    this.#channel.close()
    for (const { signaling } of this.#clients.values()) signaling.close()
  }

  #take(word: LocalWord): void {
    if (word.type === 'hello') this.#welcome(word)
    else if (word.type === 'request') this.#obey(this.#clients.get(word.from), word)
  }

  #welcome({ from, self, entries }: LocalHello): void {
    if (!isName(self)) return
    // One that has opened anew may be here sooner than the end of what it was before.
    for (const [client, before] of this.#clients) if (client === from || before.self === self) this.#remove(client)
    const signaling = this.#hub.connect()
    this.#clients.set(from, { self, signaling })
    signaling.open(self, this.#listenerOf(from))
    for (const [room, standing] of entries) {
      signaling.enter(room)
      if (standing !== undefined) signaling.announce(room, standing)
    }
    this.#goneOf(from, () => {
      if (this.#clients.get(from)?.signaling !== signaling) return
      // As a socket that closes without a word: it may have been a member.
      signaling.vanish?.()
      this.#clients.delete(from)
    })
  }

  #obey(client: Client | undefined, { from, call }: LocalRequest): void {
    if (client === undefined) return
    const { signaling } = client
    switch (call.type) {
      case 'enter':
        return signaling.enter(call.room)
      case 'leave':
        return signaling.leave(call.room)
      case 'announce':
        return signaling.announce(call.room, call.standing)
      case 'signal':
        return signaling.signal(call.room, call.to, call.data)
      case 'witness':
        return signaling.askWitness?.(call.room, call.bytes)
      case 'close':
        return this.#remove(from)
    }
  }

  #remove(from: string): void {
    this.#clients.get(from)?.signaling.close()
    this.#clients.delete(from)
  }

  #listenerOf(to: string): SignalingListener {
    const tell = (event: keyof SignalingListener, args: readonly unknown[]): void =>
      this.#channel.postMessage({ type: 'event', to, event, args } satisfies LocalWord)
    return {
      state: (...args) => tell('state', args),
      room: (...args) => tell('room', args),
      entered: (...args) => tell('entered', args),
      left: (...args) => tell('left', args),
      founder: (...args) => tell('founder', args),
      signal: (...args) => tell('signal', args),
      iceServers: (...args) => tell('iceServers', args),
      witness: (...args) => tell('witness', args),
      witnessAnswer: (...args) => tell('witnessAnswer', args),
      refused: (...args) => tell('refused', args),
    }
  }
}

interface Client {
  readonly self: PeerId
  readonly signaling: Signaling
}
