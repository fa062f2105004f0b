import { type Config, DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import { Engine } from '../../peer/engine/engine.ts'
import type { Input, Output, Tag } from '../../peer/engine/io.ts'
import { lineageTag } from '../../peer/engine/new-state.ts'
import { encode, kindOf } from '../../peer/wire/codec.ts'
import type { Message, MessageKind } from '../../peer/wire/messages.ts'

type Of<T extends Output['type']> = Extract<Output, { type: T }>

const LINEAGE = 'g' as Lineage
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Engines wired back to back: what one sends the other gets within the same instant. Time moves only by `run`. */
export class Bench {
  readonly engines = new Map<PeerId, Engine>()
  readonly outputs = new Map<PeerId, Output[]>()
  now = 0
  /** Whether applications answer when they are given a state. */
  loads = true
  readonly #config: Config
  #ref = 0
  #post: Post[] = []
  #held: Post[] = []
  #holds: ((post: Post) => boolean)[] = []

  /** A group of peers of these names, by rank, in one view and with state. */
  constructor(names: readonly string[], config: Partial<Config> = {}) {
    this.#config = { ...DEFAULT_CONFIG, ...config }
    for (const [index, name] of names.entries()) {
      this.start(name)
      this.until(() => this.inOneView(names.slice(0, index + 1)))
    }
    this.run(200)
  }

  /** One more, with links to all others; it founds the group if it is the first. */
  start(name: string): void {
    const peer = name as PeerId
    const others = [...this.engines.keys()]
    this.engines.set(peer, newEngine(peer, this.#config))
    this.outputs.set(peer, [])
    this.give(peer, others.length === 0 ? { type: 'found', lineage: LINEAGE } : { type: 'tick' })
    for (const other of others) {
      this.give(peer, { type: 'link', peer: other, up: true })
      this.give(other, { type: 'link', peer, up: true })
    }
  }

  /** From now on messages of these kinds do not come from one to the other, until they are let through. */
  hold(from: string, to: string, ...kinds: MessageKind[]): void {
    this.#holds.push(
      (post) => post.from === from && post.send.to === to && kinds.includes(kindOf(post.send.message) as MessageKind),
    )
  }

  /** Lets what was held through: so many, or all, and no more is held. */
  letThrough(count = Number.POSITIVE_INFINITY): void {
    if (count === Number.POSITIVE_INFINITY) this.#holds = []
    for (const { from, send } of this.#held.splice(0, count)) {
      this.give(send.to, { type: 'receive', from, tag: send.tag, message: send.message })
    }
  }

  engine(peer: string): Engine {
    return this.engines.get(peer as PeerId)!
  }

  /** Gives one engine what comes in one turn, and all that follows from it. */
  give(peer: string, ...inputs: Input[]): void {
    this.#step(peer as PeerId, ...inputs)
    for (let next = this.#post.shift(); next !== undefined; next = this.#post.shift()) {
      const post = next
      if (this.#holds.some((holds) => holds(post))) {
        this.#held.push(post)
        continue
      }
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

  /** Returns the reference. */
  cast(peer: string, kind: 'fifo' | 'causal' | 'total', value: string | Uint8Array, isBulk = false): number {
    const payload = typeof value === 'string' ? encoder.encode(value) : value
    this.give(peer, { type: 'multicast', ref: ++this.#ref, kind, payload, isBulk })
    return this.#ref
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

  #step(peer: PeerId, ...inputs: Input[]): void {
    const engine = this.engines.get(peer)!
    engine.steps(this.now, inputs)
    const outputs = engine.drain()
    if (engine.nextTimeout() < this.now) throw new Error(`${peer} asks to be woken before now`)
    this.outputs.get(peer)!.push(...outputs)
    for (const output of outputs) {
      if (output.type === 'send') this.#post.push({ from: peer, send: output })
      if (output.type === 'save') this.#step(peer, { type: 'saved', number: output.number, state: new Uint8Array(8) })
      if (output.type === 'load' && this.loads) this.#step(peer, { type: 'loaded', ok: true })
    }
  }
}

interface Post {
  readonly from: PeerId
  readonly send: Of<'send'>
}

/** An engine that is in no view yet. */
export function newEngine(peer: string, config: Config = DEFAULT_CONFIG): Engine {
  const self = memberId(peer as PeerId, 1)
  return new Engine({ self, info: new Uint8Array(), hasState: true, forks: false, config })
}
