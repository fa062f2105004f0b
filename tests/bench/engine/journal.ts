import { DEFAULT_CONFIG } from '../../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../../peer/base/ids.ts'
import { Engine } from '../../../peer/engine/engine.ts'
import type { Input, Output, Tag } from '../../../peer/engine/io.ts'
import { packFrame } from '../../../peer/wire/frame.ts'
import { feed } from './feed.ts'

export const PAYLOAD_BYTES = 100
export const MEMBERS = 8
/** How fast the others multicast together: about as fast as one engine can take it. */
const MULTICASTS_PER_MS = 1_000

/** What one engine was given, in order, from its birth on: enough to bring another one to the same place. */
export type JournalEntry =
  | { readonly type: 'input'; readonly now: number; readonly input: Input }
  | {
      readonly type: 'frame'
      readonly now: number
      readonly from: PeerId
      readonly tag: Tag
      readonly frame: Uint8Array
    }

export interface Journal {
  readonly self: PeerId
  /** Until it is in a view with all others. */
  readonly before: readonly JournalEntry[]
  /** The others multicast, all at once and all the time; this one only listens. */
  readonly entries: readonly JournalEntry[]
  /** Multicasts in `entries`, all of them delivered by its end. */
  readonly multicasts: number
}

/** Lets seven engines multicast CBCASTs to each other and to an eighth, and writes down what that one is given. */
export function record(multicasts: number, aTurn: number): Journal {
  const group = new Recording()
  const before = group.form()
  const listener = group.listener
  let sent = 0
  for (let turn = 0; group.delivered < multicasts; turn++) {
    if (turn * aTurn > 10 * multicasts) throw new Error(`only ${group.delivered} of ${multicasts} were delivered`)
    for (const peer of group.peers) {
      if (peer === listener || sent >= multicasts) continue
      group.multicast(peer, Math.min(aTurn, multicasts - sent))
      sent += Math.min(aTurn, multicasts - sent)
    }
    group.exchange()
    group.pass(((MEMBERS - 1) * aTurn) / MULTICASTS_PER_MS)
  }
  return { self: listener, before, entries: group.cutJournal(), multicasts: sent }
}

export function newEngine(peer: PeerId): Engine {
  const self = memberId(peer, 1)
  return new Engine({ self, info: new Uint8Array(), hasState: true, forks: false, config: DEFAULT_CONFIG })
}

interface Post {
  readonly from: PeerId
  readonly to: PeerId
  readonly tag: Tag
  readonly frame: Uint8Array
}

class Recording {
  readonly peers = Array.from({ length: MEMBERS }, (_, i) => `p${i + 1}` as PeerId)
  readonly listener = this.peers.at(-1)!
  readonly #engines = new Map(this.peers.map((peer) => [peer, newEngine(peer)]))
  #journal: JournalEntry[] = []
  #post: Post[] = []
  #now = 0
  #ref = 0
  /** By the listener. */
  delivered = 0

  /** Brings all into one view. */
  form(): JournalEntry[] {
    this.#input(this.peers[0]!, { type: 'found', lineage: 'bench' as Lineage })
    for (const [index, peer] of this.peers.entries()) {
      for (const other of this.peers.slice(0, index)) {
        this.#input(peer, { type: 'link', peer: other, up: true })
        this.#input(other, { type: 'link', peer, up: true })
      }
      this.#until(() => this.#inOneView(this.peers.slice(0, index + 1)))
    }
    return this.cutJournal()
  }

  multicast(from: PeerId, count: number): void {
    const payloads = Array.from({ length: count }, () => new Uint8Array(PAYLOAD_BYTES).fill(this.#ref & 0xff))
    const steps = payloads.map((payload): Input => ({ type: 'multicast', ref: ++this.#ref, kind: 'causal', payload }))
    this.#turn(from, steps)
  }

  /** Everybody handles what has come, until nobody has anything to say. */
  exchange(): void {
    while (this.#post.length > 0) {
      const post = this.#post
      this.#post = []
      for (const one of post) this.#frame(one)
    }
  }

  pass(forMs: number): void {
    this.#now += forMs
    for (const peer of this.peers) {
      if (this.#engines.get(peer)!.nextTimeout() <= this.#now) this.#input(peer, { type: 'tick' })
    }
  }

  /** What the listener was given since the last cut. */
  cutJournal(): JournalEntry[] {
    const journal = this.#journal
    this.#journal = []
    return journal
  }

  #until(condition: () => boolean): void {
    for (let left = 10_000; !condition(); left--) {
      if (left === 0) throw new Error('the group was not formed')
      this.exchange()
      this.pass(10)
    }
  }

  #inOneView(peers: readonly PeerId[]): boolean {
    return peers.every((peer) => {
      const { view, withState } = this.#engines.get(peer)!.inspect()
      return withState && view?.members.length === peers.length
    })
  }

  #input(peer: PeerId, input: Input): void {
    this.#turn(peer, [input])
  }

  #frame({ from, to, tag, frame }: Post): void {
    if (to === this.listener) this.#journal.push({ type: 'frame', now: this.#now, from, tag, frame })
    const engine = this.#engines.get(to)!
    const outputs: Output[] = []
    feed(engine, this.#now, from, tag, frame, outputs)
    this.#sort(to, outputs)
  }

  /** One turn of a member's loop: what it sends in it to one other shares a frame. */
  #turn(peer: PeerId, inputs: readonly Input[]): void {
    const engine = this.#engines.get(peer)!
    if (peer === this.listener) {
      for (const input of inputs) this.#journal.push({ type: 'input', now: this.#now, input })
    }
    engine.steps(this.#now, inputs)
    this.#sort(peer, engine.drain())
  }

  #sort(peer: PeerId, outputs: readonly Output[]): void {
    const gathered = new Map<PeerId, { tag: Tag; messages: Uint8Array[] }>()
    for (const output of outputs) {
      if (output.type === 'send') {
        const gathering = gathered.get(output.to)
        if (gathering?.tag === output.tag) gathering.messages.push(output.message)
        else {
          this.#seal(peer, output.to, gathering)
          gathered.set(output.to, { tag: output.tag, messages: [output.message] })
        }
      } else if (output.type === 'save') {
        this.#input(peer, { type: 'saved', number: output.number, state: new Uint8Array(8) })
      } else if (output.type === 'load') this.#input(peer, { type: 'loaded', ok: true })
      else if (output.type === 'deliver' && peer === this.listener) this.delivered++
    }
    for (const [to, gathering] of gathered) this.#seal(peer, to, gathering)
  }

  #seal(from: PeerId, to: PeerId, gathering: { tag: Tag; messages: Uint8Array[] } | undefined): void {
    if (gathering === undefined) return
    const { tag, messages } = gathering
    this.#post.push({ from, to, tag, frame: packFrame({ messages }) })
  }
}
