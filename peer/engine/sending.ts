import { assert } from '../base/assert.ts'
import type { CastPurpose } from '../base/cast-kind.ts'
import { firstOf, takeFirst, takeWhere } from '../base/deque.ts'
import { covers, increaseOf } from '../ordering/cbcast.ts'
import { received, store, storeOwn } from '../ordering/message-log.ts'
import { type Entry, encodeEntry } from '../wire/entry.ts'
import { count, idOf, tell } from './core.ts'
import { mayOvertake } from './reconciling.ts'
import type { Core, CurrentView, Waiting } from './state.ts'

/**
 * What waits to be sent, and how it gets its place: small values in one entry; large ones in parts, as the window opens, and
 * the entry that carries the rest, which is the multicast's place. Only one value of a member is in parts at a time.
 */

/** Sends the next entry of what waits. False if nothing may leave. */
export function sendNext(core: Core, current: CurrentView): boolean {
  const { queue, bulk } = core.state
  const next = firstOf(queue)
  if (next !== undefined && mayBegin(core, current, next)) {
    const sent = sendOf(core, current, next, 'message')
    if (sent === 'all') takeFirst(queue)
    if (sent !== 'waits') return true
  }
  const value = firstOf(bulk)
  if (value === undefined || !mayBegin(core, current, value) || !hasRoomForBulk(core, current)) return false
  const sent = sendOf(core, current, value, 'message')
  if (sent === 'all') takeFirst(bulk)
  return sent !== 'waits'
}

/** Sends one entry of a multicast: `all`: it has its place; `part`: there is more of it; `waits`: its place depends on others. */
export function sendOf(
  core: Core,
  current: CurrentView,
  { ref, kind, payload }: Waiting,
  purpose: CastPurpose,
): 'all' | 'part' | 'waits' {
  const { fragmentBytes } = core.config
  const total = payload.length
  const offset = current.sending?.ref === ref ? current.sending.offset : 0
  if (total - offset > fragmentBytes) {
    const end = offset + fragmentBytes
    append(current, { type: 'part', total: offset === 0 ? total : 0, payload: payload.subarray(offset, end) })
    if (offset === 0) count(core, 'fragmented')
    current.sending = { ref, total, offset: end }
    return 'part'
  }
  if (!mayLeave(current, kind)) return 'waits'
  const { log, rank } = current
  const stream = log.streams[rank]!
  const increase = increaseOf(stream.vector, log.past, rank)
  const id = idOf(current, rank, stream.seq + 1)
  tell(core, { type: 'stamped', ref, id, kind, purpose, bytes: total })
  const hasParts = offset > 0
  const rest = hasParts ? payload.subarray(offset) : payload
  const entry = { type: 'cast', kind, purpose, hasParts, increase, payload: rest } as const
  storeOwn(log, rank, entry, encodeEntry(entry, log.streams.length), { ref, whole: hasParts ? payload : undefined })
  if (hasParts) current.sending = undefined
  return 'all'
}

/** Takes back a multicast that has no place yet. Whether it was here. */
export function withdraw(core: Core, ref: number): boolean {
  const { queue, bulk, current } = core.state
  const is = (waiting: Waiting): boolean => waiting.ref === ref
  if ((takeWhere(queue, is) ?? takeWhere(bulk, is)) === undefined) return false
  if (current?.sending?.ref === ref) dropSending(core, current)
  return true
}

/** The value that is being sent in parts is not going on: nobody keeps what came of it. */
export function dropSending(core: Core, current: CurrentView): void {
  if (current.sending === undefined) return
  current.sending = undefined
  count(core, 'value-withdrawn')
  // What was sent in a view that is wedged ends with it.
  if (!current.log.wedged) append(current, { type: 'drop' })
}

/** A cbcast or abcast waits until all that this member knows of as its past is delivered here (OR6). */
export function mayLeave(current: CurrentView, kind: Waiting['kind']): boolean {
  const { log, rank } = current
  return kind === 'fifo' ? mayOvertake(current) : covers((other) => log.streams[other]!.delivered, log.past, rank)
}

/** Small values may go between the parts of another. */
function mayBegin({ config }: Core, { sending }: CurrentView, { ref, payload }: Waiting): boolean {
  return sending === undefined || sending.ref === ref || payload.length <= config.fragmentBytes
}

/** Values that others may overtake leave them most of the window. */
function hasRoomForBulk({ config }: Core, { log, rank }: CurrentView): boolean {
  return log.streams[rank]!.bytes < config.windowBytes / BULK_SHARE
}

/** Of the window in bytes. */
const BULK_SHARE = 4

function append({ log, rank }: CurrentView, entry: Exclude<Entry, { type: 'cast' }>): void {
  const bytes = encodeEntry(entry, log.streams.length)
  const isStored = store(log, rank, received(log.streams[rank]!) + 1, bytes)
  assert(isStored, 'what a member sends goes with what it has sent')
}
