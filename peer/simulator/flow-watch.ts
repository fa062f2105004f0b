import type { Config } from '../base/config.ts'
import type { MemberId } from '../base/ids.ts'
import type { Core, CurrentView, MemberState, Waiting } from '../engine/state.ts'
import type { Consumer } from './consumer.ts'
import type { World } from './world.ts'

/** What a member may send with its window closed: the end of a value that was taken back, and a pause. */
const UNASKED_ENTRIES = 2
/** What an entry takes apart from its payload, at most. */
const ENTRY_HEAD_BYTES = 128
/** Values that others may overtake leave this part of the window to them. */
const BULK_SHARE = 4
/** A codec may add so much to a value. */
const VALUE_HEAD_BYTES = 4_096
/** What is not seen to the millisecond: a clock that is ahead, a timer that is late. */
const SLACK_MS = 1_500

/**
 * Judges the flow of one process after each of its turns: that it buffers no more than a window of any sender [FL1], sends
 * whatever it may, and gives up whoever holds its window closed without moving, and nobody else [FL2].
 */
export class FlowWatch {
  readonly #world: World
  #place = ''
  /** When it has to look after its timers, at the latest. */
  #dueAtMs = Number.POSITIVE_INFINITY
  /** Since when something has waited for the window. */
  #closedAtMs: number | undefined
  /** How far its own stream was. */
  #sent = 0
  /** How often it spared those whom it had given up. */
  #spared = 0
  /** Of each other member, by rank: how far it was, and since when. Its own stream does not count. */
  #seen: Seen[] = []

  constructor(world: World) {
    this.#world = world
  }

  look(core: Core): void {
    const { current, phase, self } = core.state
    if (current === undefined || phase === 'ended') return
    const place = `${self} ${current.view.number}`
    if (place !== this.#place) this.#enter(place, current)
    this.#noteLateness(core)
    this.#checkBuffers(core, current)
    if (mayStamp(core, current) && isOpen(core, current) && isAnyReady(core, current)) {
      this.#broken('FL2', core, 'has something to send, an open window, and does not send')
    }
    this.#checkPatience(core, current)
  }

  /** What an application that does not read is given once all were told: a window and a value of each member a view. */
  consumed(self: MemberId, { unreadBytes, viewsFull, largestBytes }: Consumer, members: number): void {
    const { config } = this.#world.options
    // One who is alone is handed at once what waited in its own queue.
    if (members === 1) return
    const atOnceBytes = members * (bytesMax(config) + largestBytes)
    // What came while it was busy with its state it was given afterwards.
    if (unreadBytes <= 2 * config.consumerQueueBytesMax + 2 * (1 + viewsFull) * atOnceBytes) return
    // The others have given it up, and go on without it.
    if ([...this.#world.stalls].some((stall) => stall.endsWith(` ${self}`))) return
    this.#world.violation(
      'FL1',
      `${self} is given more and more that it does not read: ${unreadBytes} bytes are unread`,
    )
  }

  #enter(place: string, { members }: CurrentView): void {
    this.#place = place
    this.#closedAtMs = undefined
    this.#sent = 0
    this.#seen = members.map(() => ({ taken: 0, full: false, stalled: false, sinceMs: this.#world.now }))
    this.#dueAtMs = Number.POSITIVE_INFINITY
  }

  /** One that was asleep when it was due gives the others that much more time. */
  #noteLateness(core: Core): void {
    const { state, now, config } = core
    if (state.promisedAtMs < now) this.#broken('FD1', core, 'asks to be woken before now, and will think that it slept')
    const lateMs = this.#world.now - this.#dueAtMs
    this.#dueAtMs = this.#world.now + state.promisedAtMs - now
    if (lateMs < config.ownLatenessMs) return
    if (this.#closedAtMs !== undefined) this.#closedAtMs += lateMs
    for (const seen of this.#seen) seen.sinceMs += lateMs
  }

  #checkBuffers(core: Core, { log, rank: self }: CurrentView): void {
    const { config } = core
    for (const [rank, stream] of log.streams.entries()) {
      const { entries, assembly, openTotal } = stream
      if (entries.length > config.windowMessages + UNASKED_ENTRIES || bytesOf(stream) > bytesMax(config)) {
        const what = `${entries.length} entries of ${bytesOf(stream)} bytes`
        this.#broken('FL1', core, `holds ${what} of ${rank === self ? 'its own stream' : `the stream of rank ${rank}`}`)
      }
      if (assembly !== undefined && openTotal === 0 && entries.length === 0) {
        this.#broken('FL1', core, `keeps the beginning of a value of rank ${rank} that does not go on`)
      }
      if (assembly !== undefined && assembly.bytes > config.messageBytesMax + VALUE_HEAD_BYTES) {
        this.#broken('FL1', core, `puts a value of ${assembly.bytes} bytes together`)
      }
    }
  }

  #checkPatience(core: Core, current: CurrentView): void {
    const { now } = this.#world
    const { log, rank: self, members } = current
    const spared = core.state.counters.get('stall-spared') ?? 0
    for (const [rank, { movedAt }] of members.entries()) {
      if (spared > this.#spared && movedAt === core.now) this.#seen[rank]!.sinceMs = now
    }
    this.#spared = spared
    const own = log.streams[self]!
    const end = own.base + own.entries.length
    const waits = isWaiting(core) && !log.wedged && !isOpen(core, current)
    // Whoever is given up opens the window.
    const closedAtMs = this.#closedAtMs ?? (waits ? now : undefined)
    this.#closedAtMs = !waits ? undefined : end > this.#sent ? now : closedAtMs
    this.#sent = end
    for (const [rank, member] of members.entries()) {
      if (rank === self) continue
      const seen = this.#seen[rank]!
      const taken = member.have.reduce((sum, count, stream) => (stream === rank ? sum : sum + count), 0)
      const isSlow = member.wedged === 0 && (member.full || member.have[self]! < end)
      const waitedMs = isSlow && !isSuspected(core, member) ? heldMs(now, this.#closedAtMs, seen) : 0
      if (member.stalled && !seen.stalled) {
        this.#judgeStall(core, current, member, heldMs(now, closedAtMs, seen))
      }
      if (waitedMs > core.config.windowStallMs + 2 * SLACK_MS) {
        this.#broken('FL2', core, `has waited ${waitedMs} ms for ${member.id} and does not give it up`)
      }
      if (taken !== seen.taken || member.full !== seen.full) seen.sinceMs = now
      seen.taken = taken
      seen.full = member.full
      seen.stalled = member.stalled
    }
  }

  /** A member is given up once it has held a window closed for so long, and by the others on the word of one for whom it has. */
  #judgeStall(core: Core, { view }: CurrentView, { id, wedged }: MemberState, heldMs: number): void {
    const { stalls } = this.#world
    if (wedged > 0) this.#broken('FL2', core, `gives ${id} up, which is wedged and cannot move`)
    const stall = `${view.lineage}/${view.number} ${id}`
    if (heldMs >= core.config.windowStallMs - SLACK_MS) stalls.add(stall)
    else if (!stalls.has(stall)) this.#broken('FL2', core, `gives ${id} up, which moved ${heldMs} ms ago`)
  }

  #broken(rule: string, { state }: Core, what: string): void {
    this.#world.violation(rule, `${state.self} ${what}, in view ${state.current?.view.number}`)
  }
}

interface Seen {
  /** Of what others sent, how much it has. */
  taken: number
  full: boolean
  stalled: boolean
  sinceMs: number
}

/** How long a window has been closed, as far as it is for this member. */
function heldMs(now: number, closedAtMs: number | undefined, { sinceMs }: Seen): number {
  return closedAtMs === undefined ? 0 : now - Math.max(closedAtMs, sinceMs)
}

interface Held {
  readonly entries: readonly { readonly bytes: Uint8Array }[]
}

function bytesOf({ entries }: Held): number {
  return entries.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** The window is looked at before an entry is sent: the last one may go beyond it. */
function bytesMax({ windowBytes, fragmentBytes }: Config): number {
  return windowBytes + fragmentBytes + (1 + UNASKED_ENTRIES) * ENTRY_HEAD_BYTES
}

function isWaiting({ state: { queue, bulk } }: Core): boolean {
  return queue.items.length > queue.head || bulk.items.length > bulk.head
}

function mayStamp({ state }: Core, { log, pausedBy }: CurrentView): boolean {
  return !log.wedged && !state.blocked && state.withState && pausedBy === undefined
}

function isOpen({ state, config }: Core, { log, rank, members }: CurrentView): boolean {
  const own = log.streams[rank]!
  if (own.entries.length >= config.windowMessages || bytesOf(own) >= config.windowBytes) return false
  if (state.consumerFull || state.withheldBytes > config.consumerQueueBytesMax) return false
  return members.every((member, other) => other === rank || !member.full || member.stalled)
}

/** Whether what is first of what waits could get its place, or go on to it. */
function isAnyReady({ state: { queue, bulk }, config }: Core, current: CurrentView): boolean {
  const first = queue.items[queue.head]
  if (first !== undefined && isReady(config, current, first)) return true
  const value = bulk.items[bulk.head]
  const own = current.log.streams[current.rank]!
  return value !== undefined && bytesOf(own) < config.windowBytes / BULK_SHARE && isReady(config, current, value)
}

function isReady({ fragmentBytes }: Config, current: CurrentView, { ref, kind, payload }: Waiting): boolean {
  const { sending, log, rank, resumedAfter } = current
  const isGoingOn = sending?.ref === ref
  if (sending !== undefined && !isGoingOn && payload.length > fragmentBytes) return false
  if (payload.length - (isGoingOn ? sending.offset : 0) > fragmentBytes) return true
  if (kind === 'fifo') return resumedAfter === undefined
  return log.past.every((known, other) => other === rank || known <= log.streams[other]!.delivered)
}

function isSuspected({ state }: Core, { superseded, stalled, peer }: MemberState): boolean {
  const contact = state.contacts.get(peer)
  return superseded || stalled || contact?.suspected === true || contact?.deaf === true
}
