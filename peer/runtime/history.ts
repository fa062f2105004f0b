import { isBefore, type Place, partingOf } from '../base/ancestry.ts'
import type { CastKind } from '../base/cast-kind.ts'
import { newDeque, takeAll, takeFirst } from '../base/deque.ts'
import type { Lineage, MemberId, MessageId } from '../base/ids.ts'
import type { FateRecord } from '../wire/messages.ts'

/** A multicast that this member delivered. */
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

/** What a delivery costs apart from its payload, roughly. */
const PAST_BYTES = 200

/**
 * What this member has delivered: all of it is in the state that it has, and in that of everyone in its lineage. Another
 * lineage may lack some of it (PT4). Bounded: the oldest go first.
 * Source: the merging of histories in partitionable groups: Moser, Amir, Melliar-Smith, Agarwal, Extended Virtual Synchrony
 * (ICDCS 1994).
 */
export class History {
  readonly #bytesMax: number
  /** Oldest first. */
  readonly #past = newDeque<Past>()
  /** Of these, what turned out not to be part of this history. */
  readonly #removed = new Set<MessageId>()
  #bytes = 0
  /** What was let go, how much of it, and the last of it. */
  #forgotten = 0
  #lastForgotten: Past | undefined
  /** Whose history it is. */
  lineage: Lineage | undefined

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Takes what was delivered, or turned out to be part of this history. */
  add(past: Past): void {
    this.#past.items.push(past)
    this.#bytes += bytesOf(past)
    while (this.#bytes > this.#bytesMax) {
      const oldest = takeFirst(this.#past)
      if (oldest === undefined) return
      this.#bytes -= bytesOf(oldest)
      if (this.#removed.delete(oldest.id)) continue
      this.#lastForgotten = oldest
      this.#forgotten++
    }
  }

  remove(id: MessageId): void {
    this.#removed.add(id)
  }

  /**
   * Becomes the history of another lineage. Returns what that one lacks, in the order of its delivery, and how many more it
   * may lack that were let go here.
   */
  enter(entered: Entered): { readonly lacking: readonly Past[]; readonly forgotten: number } {
    const path = this.lineage ?? entered.into
    const isLacking = (past: Past): boolean => !isMerged(past, path, entered)
    const lacking: Past[] = []
    this.#bytes = 0
    for (const past of takeAll(this.#past)) {
      if (this.#removed.has(past.id)) continue
      if (isLacking(past)) lacking.push(past)
      else {
        this.#past.items.push(past)
        this.#bytes += bytesOf(past)
      }
    }
    this.#removed.clear()
    this.lineage = entered.into
    const forgotten = this.#lastForgotten !== undefined && isLacking(this.#lastForgotten) ? this.#forgotten : 0
    if (forgotten > 0) this.#forgotten = 0
    return { lacking, forgotten }
  }
}

/** Whether the lineage has the origin of a repetition in its own history. */
export function isPartOf({ past, path }: Origin, entered: Entered): boolean {
  return isMerged(past, path, entered)
}

function bytesOf({ payload }: Past): number {
  return payload.length + PAST_BYTES
}

/**
 * Whether the lineage that is entered has the multicast, or the one that it repeats, in its own history. `path`: the lineage
 * that the one who delivered it was in last.
 */
function isMerged({ place, from, last, origin }: Past, path: Lineage, entered: Entered): boolean {
  if (origin !== undefined && isPartOf(origin, entered)) return true
  const parting = partingOf(path, entered.into)
  if (isBefore(place, parting)) return true
  if (place.lineage !== parting?.lineage || place.number !== parting.number) return false
  const fate = entered.fates.find(({ member, number }) => member === from && number === place.number)
  // A sender that the other lineage did not leave out there went on in it with all that it had sent.
  return fate === undefined || last <= fate.cut
}
