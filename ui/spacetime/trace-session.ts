import type { Group, GroupMessageEvent, Peer } from '../../peer/index.ts'
import { peerOf } from '../peer-of.ts'
import { ClockOffsets } from './clock-offsets.ts'
import { OwnTrace, pageTime } from './own-trace.ts'
import type { SpacetimeEvent } from './spacetime-event.ts'
import { isName, isRecord, isTime, readRow, type TraceWord, writeRow } from './trace-words.ts'

/** What comes of it. */
export interface TraceListener {
  /** Events of another member, in its order, in the times of its own clock. */
  take(events: readonly SpacetimeEvent[]): void
  /** What has to be added to the times of a peer to get those of this page, in ms. Changes as more is learned. */
  offset(peer: string, offsetMs: number): void
}

export interface SessionListener extends TraceListener {
  /** The exchange can't be joined. */
  failed(error: unknown): void
  /** Whether anybody here wants the others' events. */
  isWanted(): boolean
}

/**
 * Tells the others of this page's trace and hears theirs, in a group of its own over the same links: what is told of a
 * group must not itself be something that happens in it.
 */
export class TraceSession {
  readonly #room: Group<unknown, unknown>
  readonly #listener: SessionListener
  readonly #clocks = new ClockOffsets()
  readonly #end = new AbortController()
  readonly #trace: OwnTrace
  readonly #timers: readonly ReturnType<typeof setInterval>[]
  #group: Group<unknown> | undefined
  #waiting: SpacetimeEvent[] = []
  #isSending = false
  #pingsSoon = pingsAtOnce
  /** What came of peers whose clocks are not known yet: at what time it happened can't be said. */
  readonly #early = new Map<string, readonly SpacetimeEvent[]>()

  constructor(peer: Peer, room: Group<unknown, unknown>, listener: SessionListener) {
    this.#room = room
    this.#listener = listener
    this.#trace = new OwnTrace(room, (events) => this.#keep(events))
    this.#timers = [setInterval(() => void this.#tell(), tellEveryMs), setInterval(() => this.#ping(), pingEveryMs)]
    const signal = this.#end.signal
    // Whom one does not reach one does not hear of; a part without a majority is to see itself nevertheless.
    peer.join<unknown>(`${room.name}${suffix}`, { signal, onQuorumLoss: 'fork' }).then(
      (group) => (signal.aborted ? void group.leave() : this.#enter(group)),
      (error) => signal.aborted || listener.failed(error),
    )
  }

  /** Tells one that wants the others' events from now on what is known of their clocks, and compares them anew. */
  welcome(listener: TraceListener): void {
    for (const [peer, offsetMs] of this.#clocks.known) listener.offset(peer, offsetMs)
    this.#compareClocks()
  }

  close(): void {
    this.#end.abort()
    this.#trace.close()
    for (const timer of this.#timers) clearInterval(timer)
    void this.#group?.leave()
  }

  #enter(group: Group<unknown>): void {
    this.#group = group
    const { signal } = this.#end
    group.addEventListener('message', (event) => this.#hear(event), { signal })
    group.addEventListener(
      'view',
      ({ view }) => {
        const present = new Set(view.members.map(peerOf))
        this.#clocks.keepOnly(present)
        for (const peer of this.#early.keys()) if (!present.has(peer)) this.#early.delete(peer)
        this.#compareClocks()
      },
      { signal },
    )
    this.#ping()
  }

  #keep(events: readonly SpacetimeEvent[]): void {
    this.#waiting.push(...events)
    if (this.#waiting.length > waitingMax) this.#waiting = this.#waiting.slice(-waitingMax / 2)
  }

  /** One batch at a time, so that a slow link makes them larger and not more. */
  async #tell(): Promise<void> {
    const group = this.#group
    const [first] = this.#waiting
    if (group === undefined || first === undefined || this.#isSending || group.status !== 'member') return
    const end = this.#waiting.findIndex(({ peer }, index) => index === batchMax || peer !== first.peer)
    const batch = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
    this.#isSending = true
    try {
      await group.fbcast({ tutti: 'trace', member: first.peer, rows: batch.map(writeRow) } satisfies TraceWord)
    } catch {
      // The group is between two views, or is over: a trace with a gap is better than none.
    } finally {
      this.#isSending = false
    }
  }

  #compareClocks(): void {
    // A few at once give a good figure soon.
    this.#pingsSoon = pingsAtOnce
    this.#ping()
  }

  /** Everyone answers, so nobody asks without need. */
  #ping(): void {
    if (this.#listener.isWanted()) this.#say({ tutti: 'trace', ping: pageTime() })
  }

  #say(said: TraceWord): void {
    try {
      if (this.#group?.status === 'member') this.#group.fbcast(said)
    } catch {
      // The next one comes soon.
    }
  }

  #hear({ value, from }: GroupMessageEvent<unknown>): void {
    const group = this.#group!
    if (from.id === group.self.id || !isRecord(value) || value.tutti !== 'trace') return
    const peer = peerOf(from)
    if (isTime(value.ping)) {
      const now = pageTime()
      this.#say({ tutti: 'trace', pong: peer, asked: value.ping, heard: now, said: now })
    } else if (value.pong === peerOf(group.self)) this.#hearPong(peer, value)
    else if (isName(value.member) && peerOf({ id: value.member }) === peer && Array.isArray(value.rows)) {
      if (this.#listener.isWanted()) this.#hearRows(value.member, value.rows)
    }
  }

  #hearRows(member: string, rows: readonly unknown[]): void {
    const peer = peerOf({ id: member })
    const read = rows.slice(0, batchMax).map((row) => readRow(row, member, this.#room.name))
    const events = read.filter((event) => event !== undefined)
    if (this.#clocks.isKnown(peer)) this.#listener.take(events)
    else this.#early.set(peer, [...(this.#early.get(peer) ?? []), ...events].slice(-batchMax))
  }

  #hearPong(peer: string, { asked, heard, said }: Readonly<Record<string, unknown>>): void {
    if (!isTime(asked) || !isTime(heard) || !isTime(said)) return
    this.#listener.offset(peer, this.#clocks.note(peer, { asked, heard, said, got: pageTime() }))
    this.#listener.take(this.#early.get(peer) ?? [])
    this.#early.delete(peer)
    if (this.#pingsSoon <= 0) return
    this.#pingsSoon -= 1
    this.#ping()
  }
}

const suffix = ' · trace'
const tellEveryMs = 100
const pingEveryMs = 2_000
const pingsAtOnce = 8
const batchMax = 2_000
const waitingMax = 20_000
