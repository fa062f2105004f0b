/** Purpose: writes short histories by hand, for the tests of the checkers: it keeps views, numbers and orders, and breaks them on demand. */

import type { Kind, Multicast, TraceEvent } from './trace.ts'

type Body<E = TraceEvent> = E extends TraceEvent ? Omit<E, 't' | 'peer' | 'group'> : never

interface Present {
  readonly lineage: string
  readonly number: number
  seq: number
  order: number
}

export class Scribe {
  readonly events: TraceEvent[] = []
  readonly #group: string
  #lineage: string
  #witness: string | undefined
  readonly #present = new Map<string, Present>()
  readonly #kinds = new Map<string, Kind>()

  constructor(group = 'g', lineage = 'L') {
    this.#group = group
    this.#lineage = lineage
  }

  /** Any line at all. */
  write(peer: string, body: Body): TraceEvent {
    const event = { t: this.events.length, peer, group: this.#group, ...body } as TraceEvent
    this.events.push(event)
    return event
  }

  /** From here on views are of this lineage, and carry the token of a witness if one is given. */
  lineage(lineage: string, witness?: string): void {
    this.#lineage = lineage
    this.#witness = witness
  }

  /** One member installs a view. */
  install(peer: string, number: number, members: readonly string[], lineage = this.#lineage): TraceEvent {
    this.#present.set(peer, { lineage, number, seq: 0, order: 0 })
    const install = { event: 'install', lineage, number, members, primary: !lineage.includes('~') } as const
    return this.write(peer, this.#witness === undefined ? install : { ...install, witness: this.#witness })
  }

  /** Its lineage dissolves, or it leaves it singly. */
  merge(peer: string, into: string, unmerged: readonly string[] = [], replayed = true): TraceEvent {
    return this.write(peer, { event: 'left', reason: 'merged', into, unmerged, replayed })
  }

  /** All its members install a view, by rank. */
  view(number: number, ...members: readonly string[]): void {
    for (const peer of members) this.install(peer, number, members)
  }

  /** A multicast in the sender's current view; delivered by nobody yet. */
  cast(peer: string, kind: Kind = 'causal', more: Partial<Multicast> = {}): string {
    const present = this.#presentOf(peer)
    const id = `${present.lineage}/${present.number}/${peer}/${++present.seq}`
    this.#kinds.set(id, kind)
    this.write(peer, { event: 'multicast', id, kind, bytes: 1, ...more })
    return id
  }

  /** Each of the peers delivers the message, an ABCAST at its next place. Returns the last line. */
  deliver(id: string, ...peers: readonly string[]): TraceEvent {
    let last: TraceEvent | undefined
    for (const peer of peers) last = this.#deliverOne(id, peer)
    if (last === undefined) throw new TypeError('deliver at whom?')
    return last
  }

  /** A multicast that all of these deliver at once. */
  say(peer: string, kind: Kind, ...peers: readonly string[]): string {
    const id = this.cast(peer, kind)
    this.deliver(id, ...peers)
    return id
  }

  /** One member hands its state to another, at the beginning of the view that both are in. */
  transfer(from: string, to: string, digest = 'state'): void {
    const { lineage, number } = this.#presentOf(from)
    this.write(from, { event: 'state-saved', lineage, number, digest })
    this.write(to, { event: 'state-loaded', lineage, number, digest, from })
  }

  #deliverOne(id: string, peer: string): TraceEvent {
    const [lineage = '', number, from = ''] = id.split('/')
    const kind = this.#kinds.get(id) ?? 'causal'
    const body = { event: 'deliver', id, kind, from, lineage, number: Number(number) } as const
    if (kind !== 'total') return this.write(peer, body)
    return this.write(peer, { ...body, order: ++this.#presentOf(peer).order })
  }

  #presentOf(peer: string): Present {
    const present = this.#present.get(peer)
    if (present === undefined) throw new TypeError(`${peer} has installed no view`)
    return present
  }
}
