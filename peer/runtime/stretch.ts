import type { Place } from '../base/ancestry.ts'
import { type MemberId, type MessageId, messagePrefix } from '../base/ids.ts'
import type { Past } from './history.ts'

/** Deliveries in one view that follow one another: they are let go together. */
export interface Stretch {
  readonly place: Place
  /**
   * Each sender's runs, in the order of delivery: multicasts with seqs that follow one another, of one entry each but for the
   * first. Of each run three numbers: seq and number of the last entry of the first multicast, and how many there are.
   */
  readonly runs: Map<MemberId, number[]>
  kept: Past[]
  bytes: number
}

/** What of one sender's multicasts in one view a lineage lacks, in the order of their delivery. */
export interface Lacking {
  readonly from: MemberId
  readonly ids: MessageId[]
}

/** What a delivery counts for, though most take nothing: to name them all in the end must not take too much. */
const DELIVERY_BYTES = 16
/** The rest takes this, roughly: what is kept, apart from its payload; a run; a sender's list of these; a stretch. */
const PAST_BYTES = 200
const RUN_BYTES = 24
const SENDER_BYTES = 200
const STRETCH_BYTES = 200

export function newStretch({ lineage, number }: Place): Stretch {
  return { place: { lineage, number }, runs: new Map(), kept: [], bytes: STRETCH_BYTES }
}

export function isEmpty({ runs, kept }: Stretch): boolean {
  return runs.size === 0 && kept.length === 0
}

/** Adds deliveries of which nothing but the ids is needed. Returns for how many bytes that counts. */
export function note(stretch: Stretch, from: MemberId, seq: number, last: number, count: number): number {
  let bytes = DELIVERY_BYTES * count
  const runs = stretch.runs.get(from)
  if (runs === undefined) {
    stretch.runs.set(from, [seq, last, count])
    bytes += SENDER_BYTES
  } else if (isNext(runs, seq, last)) runs[runs.length - 1]! += count
  else {
    runs.push(seq, last, count)
    bytes += RUN_BYTES
  }
  stretch.bytes += bytes
  return bytes
}

/** Adds a delivery that is kept whole. Returns for how many bytes that counts. */
export function hold(stretch: Stretch, past: Past): number {
  stretch.kept.push(past)
  const bytes = PAST_BYTES + past.payload.length
  stretch.bytes += bytes
  return bytes
}

/** Takes those out that were removed, from the stretch and from what is to be removed. */
export function removeFrom(stretch: Stretch, removed: Set<MessageId>): void {
  if (removed.size === 0) return
  stretch.kept = stretch.kept.filter(({ id }) => !removed.delete(id))
  const runs = [...stretch.runs]
  stretch.runs.clear()
  for (const [from, ofSender] of runs) {
    const prefix = prefixOf(stretch, from)
    eachRun(ofSender, (seq, last, count) => {
      for (let i = 0; i < count; i++) {
        if (!removed.delete(idOf(prefix, seq + i))) note(stretch, from, seq + i, last + i, 1)
      }
    })
  }
}

/**
 * Notes in `common` what another lineage has of a stretch, and in `lacking`, by view and sender, what it has not. `cutOf`: up to
 * which entry it has a sender's stream.
 */
export function compareRuns(
  stretch: Stretch,
  cutOf: (from: MemberId) => number,
  common: Stretch,
  lacking: Map<string, Lacking>,
): void {
  for (const [from, runs] of stretch.runs) {
    const prefix = prefixOf(stretch, from)
    const cut = cutOf(from)
    const ids: MessageId[] = lacking.get(prefix)?.ids ?? []
    eachRun(runs, (seq, last, count) => {
      const within = Math.max(0, Math.min(count, cut - last + 1))
      if (within > 0) note(common, from, seq, last, within)
      for (let i = within; i < count; i++) ids.push(idOf(prefix, seq + i))
    })
    if (ids.length > 0) lacking.set(prefix, { from, ids })
  }
}

export function eachRun(runs: readonly number[], take: (seq: number, last: number, count: number) => void): void {
  for (let i = 0; i < runs.length; i += 3) take(runs[i]!, runs[i + 1]!, runs[i + 2]!)
}

/** Whether a multicast goes on with the latest run. */
function isNext(runs: readonly number[], seq: number, last: number): boolean {
  const count = runs[runs.length - 1]!
  return seq === runs[runs.length - 3]! + count && last === runs[runs.length - 2]! + count
}

function prefixOf({ place }: Stretch, from: MemberId): string {
  return messagePrefix(place.lineage, place.number, from)
}

function idOf(prefix: string, seq: number): MessageId {
  return `${prefix}${seq}` as MessageId
}
