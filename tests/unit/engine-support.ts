import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import { Engine } from '../../peer/engine/engine.ts'
import type { Input, Output, Tag } from '../../peer/engine/io.ts'
import { lineageTag } from '../../peer/engine/new-state.ts'
import { encode } from '../../peer/wire/codec.ts'
import type { Message } from '../../peer/wire/messages.ts'

type Of<T extends Output['type']> = Extract<Output, { type: T }>

const LINEAGE = 'g' as Lineage
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Engines wired back to back: what one sends the other gets within the same instant. Time moves only by `run`. */
export class Bench {
  readonly engines = new Map<PeerId, Engine>()
  readonly outputs = new Map<PeerId, Output[]>()
  now = 0
  #ref = 0
  #post: { readonly from: PeerId; readonly send: Of<'send'> }[] = []

  /** A group of peers of these names, by rank, in one view and with state. */
  constructor(names: readonly string[]) {
    const peers = names as readonly PeerId[]
    for (const [index, peer] of peers.entries()) {
      this.engines.set(peer, newEngine(peer))
      this.outputs.set(peer, [])
      this.give(peer, index === 0 ? { type: 'found', lineage: LINEAGE } : { type: 'tick' })
      for (const other of peers.slice(0, index)) {
        this.give(peer, { type: 'link', peer: other, up: true })
        this.give(other, { type: 'link', peer, up: true })
      }
      this.until(() => this.inOneView(peers.slice(0, index + 1)))
    }
    this.run(200)
  }

  engine(peer: string): Engine {
    return this.engines.get(peer as PeerId)!
  }

  /** Gives one engine an input, and all that follows from it. */
  give(peer: string, input: Input): void {
    this.#step(peer as PeerId, input)
    for (let next = this.#post.shift(); next !== undefined; next = this.#post.shift()) {
      const { to, tag, message } = next.send
      if (this.engines.has(to)) this.#step(to, { type: 'receive', from: next.from, tag, message })
    }
  }

  /** Hands an engine bytes as if they came from a peer, under the header of its present view unless told otherwise. */
  inject(to: string, from: string, message: Message | Uint8Array, tag: Partial<Tag> = {}): void {
    const bytes = message instanceof Uint8Array ? message : encode(message)
    this.give(to, { type: 'receive', from: from as PeerId, tag: { ...this.tag(to), ...tag }, message: bytes })
  }

  tag(peer: string): Tag {
    return { attempt: 1, lineageTag: lineageTag(LINEAGE), number: this.view(peer)?.number ?? 0 }
  }

  view(peer: string) {
    return this.engine(peer).inspect().view
  }

  cast(peer: string, kind: 'fifo' | 'causal' | 'total', text: string): void {
    this.give(peer, { type: 'multicast', ref: ++this.#ref, kind, payload: encoder.encode(text) })
  }

  delivered(peer: string): string[] {
    return this.all(peer, 'deliver').map(({ payload }) => decoder.decode(payload))
  }

  all<T extends Output['type']>(peer: string, type: T): Of<T>[] {
    return this.outputs.get(peer as PeerId)!.filter((output): output is Of<T> => output.type === type)
  }

  /** Lets time pass, every engine waking when it asked to. */
  run(forMs: number): void {
    const end = this.now + forMs
    for (;;) {
      const due = [...this.engines].map(([peer, engine]) => ({ peer, at: engine.nextTimeout() }))
      const next = due.reduce((a, b) => (b.at < a.at ? b : a))
      if (next.at > end) break
      this.now = Math.max(this.now, next.at)
      this.give(next.peer, { type: 'tick' })
    }
    this.now = end
  }

  until(condition: () => boolean, withinMs = 10_000): void {
    for (const end = this.now + withinMs; !condition(); this.run(10)) {
      if (this.now >= end) throw new Error(`waited in vain until ${condition}`)
    }
  }

  inOneView(peers: readonly string[]): boolean {
    return peers.every((peer) => {
      const { view, withState } = this.engine(peer).inspect()
      return withState && view?.members.map(({ id }) => id).join() === peers.map((other) => `${other}.1`).join()
    })
  }

  #step(peer: PeerId, input: Input): void {
    const engine = this.engines.get(peer)!
    engine.step(this.now, input)
    const outputs = engine.drain()
    this.outputs.get(peer)!.push(...outputs)
    for (const output of outputs) {
      if (output.type === 'send') this.#post.push({ from: peer, send: output })
      if (output.type === 'save') this.#step(peer, { type: 'saved', number: output.number, state: new Uint8Array(8) })
      if (output.type === 'load') this.#step(peer, { type: 'loaded', ok: true })
    }
  }
}

/** An engine that is in no view yet. */
export function newEngine(peer: string): Engine {
  const self = memberId(peer as PeerId, 1)
  return new Engine({ self, info: new Uint8Array(), hasState: true, forks: false, config: DEFAULT_CONFIG })
}
