import type { Group } from '../../peer/index.ts'
import { type GroupHost, Trouble } from '../group/group-host.ts'
import type { Part, PartMessage } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'
import { type SessionListener, type TraceListener, TraceSession } from './trace-session.ts'
import { isName } from './trace-words.ts'

/**
 * Who of a group wants to see everyone's events, and, while anybody does, the exchange of them. One for all diagrams of a
 * page. Who wants it says so in the group, once; all the rest is in a group of its own.
 */
export class TraceSharing implements Part {
  /** That of a page's place in a group. */
  static of(host: GroupHost): TraceSharing {
    const known = sharings.get(host)
    if (known !== undefined) return known
    const sharing = new TraceSharing(host)
    sharings.set(host, sharing)
    return sharing
  }

  readonly #host: GroupHost
  /** The diagrams of this page; of each, whether it wants everyone's events. */
  readonly #diagrams = new Map<TraceListener, boolean>()
  /** Peer ids of those who want them. */
  readonly #wanting = new Set<string>()
  /** What this page said last of its own wish; the group may not have delivered it yet. */
  #told: boolean | undefined
  #session: { readonly group: Group<unknown, unknown>; readonly session: TraceSession } | undefined
  #untie: (() => void) | undefined

  private constructor(host: GroupHost) {
    this.#host = host
  }

  /** Shares this page's events when asked, until the returned function is called. */
  open(diagram: TraceListener): () => void {
    this.#diagrams.set(diagram, false)
    if (this.#untie === undefined) this.#tie()
    return () => {
      this.want(diagram, false)
      this.#diagrams.delete(diagram)
      if (this.#diagrams.size > 0) return
      this.#untie?.()
      this.#untie = undefined
      this.#look()
    }
  }

  /** Whether a diagram wants the others' events. */
  want(diagram: TraceListener, wants: boolean): void {
    if (!this.#diagrams.has(diagram) || this.#diagrams.get(diagram) === wants) return
    this.#diagrams.set(diagram, wants)
    if (this.#isWanted !== this.#told) this.#tellWish()
    if (wants) this.#session?.session.welcome(diagram)
  }

  save(): string[] {
    return [...this.#wanting]
  }

  load(saved: unknown): void {
    this.#wanting.clear()
    for (const peer of Array.isArray(saved) ? saved : []) if (isName(peer)) this.#wanting.add(peer)
    this.#look()
  }

  apply({ value, from }: PartMessage): void {
    const { wants } = value as { wants?: unknown }
    if (wants === true) this.#wanting.add(peerOf(from))
    else this.#wanting.delete(peerOf(from))
    this.#look()
  }

  #tie(): void {
    const ends = [
      this.#host.parts.register(partName, this),
      this.#host.observe((event) => {
        if (event.type === 'view' || event.type === 'status') this.#check()
      }),
    ]
    const look = () => this.#look()
    this.#host.addEventListener('change', look)
    ends.push(() => this.#host.removeEventListener('change', look))
    this.#untie = () => {
      for (const end of ends) end()
    }
    this.#check()
  }

  /** Those who are gone want nothing any more; what this page wants may have been lost with an attempt that ended. */
  #check(): void {
    const present = new Set(this.#host.group?.view.members.map(peerOf))
    for (const peer of this.#wanting) if (!present.has(peer)) this.#wanting.delete(peer)
    if (!this.#isWishKnown) this.#tellWish()
    this.#look()
  }

  #tellWish(): void {
    const { group } = this.#host
    if (group === null || group.status === 'left') return
    const wants = this.#isWanted
    if (this.#host.cast('cbcast', { tutti: partName, wants } as Wish)) this.#told = wants
  }

  /** Whether the group has delivered it, and nothing else is under way. */
  get #isWishKnown(): boolean {
    const { group } = this.#host
    const wants = this.#isWanted
    return group !== null && wants === this.#wanting.has(peerOf(group.self)) && wants === (this.#told ?? wants)
  }

  get #isWanted(): boolean {
    return [...this.#diagrams.values()].includes(true)
  }

  /** Begins or ends the exchange, as is wanted. */
  #look(): void {
    const { group, peer, phase } = this.#host
    const isWanted = this.#untie !== undefined && this.#wanting.size > 0 && phase === 'joined'
    if (this.#session !== undefined && (!isWanted || group !== this.#session.group)) {
      this.#session.session.close()
      this.#session = undefined
    }
    if (!isWanted || this.#session !== undefined || group === null || peer === undefined) return
    this.#session = { group, session: new TraceSession(peer, group, this.#listener) }
  }

  readonly #listener: SessionListener = {
    take: (events) => {
      for (const [diagram, wants] of this.#diagrams) if (wants) diagram.take(events)
    },
    offset: (peer, offsetMs) => {
      for (const diagram of this.#diagrams.keys()) diagram.offset(peer, offsetMs)
    },
    failed: (error) => this.#host.dispatchEvent(new Trouble(error)),
    isWanted: () => this.#isWanted,
  }
}

interface Wish {
  readonly tutti: 'spacetime'
  readonly wants: boolean
}

const partName = 'spacetime'
const sharings = new WeakMap<GroupHost, TraceSharing>()
