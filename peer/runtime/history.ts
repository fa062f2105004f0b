import { isBefore, type Place, partingOf } from '../base/ancestry.ts'
import type { CastKind } from '../base/cast-kind.ts'
import { newDeque, takeAll, takeFirst } from '../base/deque.ts'
import type { Lineage, MemberId, MessageId } from '../base/ids.ts'
import type { FateRecord } from '../wire/messages.ts'
import {
  compareRuns,
  eachRun,
  hold,
  isEmpty,
  type Lacking,
  newStretch,
  note,
  removeFrom,
  type Stretch,
} from './stretch.ts'

/** A multicast of this member's own that it delivered, and sends again where it is lacking. */
export interface Past {
  readonly id: MessageId
  readonly kind: CastKind
  readonly payload: Uint8Array
  readonly from: MemberId
  /** The view in which it was delivered, and its last entry's number in its sender's stream. */
  readonly place: Place
  readonly last: number
  /** Of which it is a repetition. */
  readonly origin: Origin | undefined
}

/** A multicast of a lineage that is over for its sender, who sends it again. */
export interface Origin {
  readonly past: Past
  /** The lineage that its sender was in last: it tells where its way parted from others. */
  readonly path: Lineage
}

/** A lineage that is entered, and how far streams of views before it belong to its history. */
export interface Entered {
  readonly into: Lineage
  readonly fates: readonly FateRecord[]
}

/** What a lineage lacks of this history. */
export interface Difference {
  /** By view, then by sender. */
  readonly noted: readonly Lacking[]
  /** In the order of delivery. */
  readonly kept: readonly Past[]
  /** How many more it may lack that were let go here. */
  readonly forgotten: number
}

/** What is let go at once is about this part of all. */
const STRETCHES = 64

/**
 * What this member has delivered: all of it is in the state that it has, and in that of everyone in its lineage. Another
 * lineage may lack some of it (PT4). Of most multicasts only numbers are noted, as ids follow from them; what is to be sent
 * again is kept whole. Bounded: the oldest go first, many at once.
 * Source: the merging of histories in partitionable groups: Moser, Amir, Melliar-Smith, Agarwal, Extended Virtual Synchrony
 * (ICDCS 1994).
 */
export class History {
  readonly #bytesMax: number
  /** Oldest first. */
  readonly #stretches = newDeque<Stretch>()
  /** Their last, if more can be added to it. */
  #open: Stretch | undefined
  #bytes = 0
  /** What turned out not to be part of this history. */
  readonly #removed = new Set<MessageId>()
  /** How much was let go, and how far: of views that follow one another only the last is kept in mind. */
  #forgotten = 0
  #forgottenTo: Reach[] = []
  /** Whose history it is. */
  lineage: Lineage | undefined

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Notes what was delivered. `seq`: which message of its sender in this view; `last`: the number of its last entry. */
  add(place: Place, from: MemberId, seq: number, last: number): void {
    const stretch = this.#openIn(place)
    this.#bytes += note(stretch, from, seq, last, 1)
    if (this.#bytes > this.#bytesMax) this.#forget()
  }

  /** Keeps what was delivered, or turned out to be part of this history, and is sent again where it is lacking. */
  keep(past: Past): void {
    const stretch = this.#openIn(past.place)
    this.#bytes += hold(stretch, past)
    if (this.#bytes > this.#bytesMax) this.#forget()
  }

  remove(id: MessageId): void {
    this.#removed.add(id)
  }

  /** Becomes the history of another lineage. Returns what that one lacks. */
  enter(entered: Entered): Difference {
    const path = this.lineage ?? entered.into
    const noted = new Map<string, Lacking>()
    const kept: Past[] = []
    this.#open = undefined
    this.#bytes = 0
    for (const stretch of takeAll(this.#stretches)) {
      removeFrom(stretch, this.#removed)
      const common = newStretch(stretch.place)
      compareRuns(stretch, (from) => cutOf(stretch.place, from, path, entered), common, noted)
      for (const past of stretch.kept) {
        if (isMerged(past, path, entered)) hold(common, past)
        else kept.push(past)
      }
      if (isEmpty(common)) continue
      this.#stretches.items.push(common)
      this.#bytes += common.bytes
    }
    this.#removed.clear()
    this.lineage = entered.into
    return { noted: [...noted.values()], kept, forgotten: this.#tellForgotten(path, entered) }
  }

  /** What takes the next delivery in that view. */
  #openIn(place: Place): Stretch {
    const open = this.#open
    if (open !== undefined && isSame(open.place, place) && open.bytes * STRETCHES < this.#bytesMax) return open
    const stretch = newStretch(place)
    this.#stretches.items.push(stretch)
    this.#bytes += stretch.bytes
    this.#open = stretch
    return stretch
  }

  /** Lets the oldest go, until the rest is within bounds. */
  #forget(): void {
    while (this.#bytes > this.#bytesMax) {
      const oldest = takeFirst(this.#stretches)
      if (oldest === undefined) return
      if (oldest === this.#open) this.#open = undefined
      this.#bytes -= oldest.bytes
      removeFrom(oldest, this.#removed)
      if (!isEmpty(oldest)) this.#noteForgotten(oldest)
    }
  }

  #noteForgotten({ place, runs, kept }: Stretch): void {
    this.#forgottenTo = this.#forgottenTo.filter((reach) => !isBefore(reach.place, place))
    const known = this.#forgottenTo.find((reach) => isSame(reach.place, place))
    const { lasts } = known ?? { lasts: new Map<MemberId, number>() }
    if (known === undefined) this.#forgottenTo.push({ place, lasts })
    for (const [from, ofSender] of runs) {
      eachRun(ofSender, (_, last, count) => {
        lasts.set(from, Math.max(last + count - 1, lasts.get(from) ?? 0))
        this.#forgotten += count
      })
    }
    for (const { from, last } of kept) lasts.set(from, Math.max(last, lasts.get(from) ?? 0))
    this.#forgotten += kept.length
  }

  /** How much of what was let go the lineage may lack. */
  #tellForgotten(path: Lineage, entered: Entered): number {
    const isLacking = ({ place, lasts }: Reach): boolean =>
      [...lasts].some(([from, last]) => last > cutOf(place, from, path, entered))
    if (!this.#forgottenTo.some(isLacking)) return 0
    const forgotten = this.#forgotten
    this.#forgotten = 0
    this.#forgottenTo = []
    return forgotten
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.number === b.number && a.lineage === b.lineage
}

/** Whether the lineage has the origin of a repetition in its own history. */
export function isPartOf({ past, path }: Origin, entered: Entered): boolean {
  return isMerged(past, path, entered)
}

/** How far streams of a view were let go. */
interface Reach {
  readonly place: Place
  readonly lasts: Map<MemberId, number>
}

/**
 * Whether the lineage that is entered has the multicast, or the one that it repeats, in its own history. `path`: the lineage
 * that the one who delivered it was in last.
 */
function isMerged({ place, from, last, origin }: Past, path: Lineage, entered: Entered): boolean {
  if (origin !== undefined && isPartOf(origin, entered)) return true
  return last <= cutOf(place, from, path, entered)
}

/** Up to which entry the lineage that is entered has a sender's stream of a view in its own history. */
function cutOf(place: Place, from: MemberId, path: Lineage, { into, fates }: Entered): number {
  // After a merge into a third lineage what that one has stays in mind, though it was delivered on a way that ended.
  const isOnPath = isBefore(place, partingOf(path, path))
  const parting = partingOf(isOnPath ? path : place.lineage, into)
  if (isBefore(place, parting) && isOnPath) return Number.POSITIVE_INFINITY
  const isAt = place.lineage === parting?.lineage && place.number === parting.number
  if (!isAt && !isBefore(place, parting)) return 0
  const fate = fates.find(({ member, number }) => member === from && number === place.number)
  // A sender that the other lineage did not leave out there went on in it with all that it had sent.
  return fate === undefined ? Number.POSITIVE_INFINITY : fate.cut
}
