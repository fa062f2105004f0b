import { isBefore, type Place, partingOf } from '../base/ancestry.ts'
import type { CastKind } from '../base/cast-kind.ts'
import { type Lineage, type MemberId, type MessageId, peerOf } from '../base/ids.ts'
import type { Output } from '../engine/io.ts'

type Delivery = Extract<Output, { type: 'deliver' }>
type Dissolved = Extract<Output, { type: 'dissolved' }>

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

/** A multicast of a lineage that is over, and is sent again. */
export interface Origin {
  readonly past: Past
  /** The lineage that its sender was in when that was over: it tells where its way parted from others. */
  readonly path: Lineage
}

/** What of the past is not part of another lineage's history. */
export interface Unmerged {
  /** This peer's own, in the order of their delivery. */
  readonly own: readonly Past[]
  /**
   * Those of peers that were not among the last members, told to the eldest. Their senders may live on in a lineage of their
   * own, and care for them there; nobody else may, or they come twice.
   */
  readonly orphaned: readonly Past[]
  /** Deliveries that were let go since there were too many: some of them may not be part of it either. */
  readonly forgotten: number
}

/** What an entry costs apart from its payload, roughly. */
const PAST_BYTES = 200

/**
 * What this member has delivered, as far as another lineage may lack it (PT4). Bounded: the oldest go first.
 * Source: the extended virtual synchrony of partitionable groups: Moser, Amir, Melliar-Smith, Agarwal (ICDCS 1994).
 */
export class History {
  readonly #bytesMax: number
  /** Oldest first. */
  #past: Past[] = []
  #bytes = 0
  #forgotten = 0
  #lineage: Lineage | undefined

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  add({ id, kind, payload, from, last }: Delivery, place: Place, origin: Origin | undefined): void {
    this.#past.push({ id, kind, payload, from: from.id, place, last, origin })
    this.#bytes += payload.length + PAST_BYTES
    if (this.#bytes <= this.#bytesMax) return
    // Half of it at once: a list that loses one at each end all the time is slow.
    const drop = Math.ceil(this.#past.length / 2)
    this.#forgotten += drop
    this.#past = this.#past.slice(drop)
    this.#bytes = sizeOf(this.#past)
  }

  /** The member is in a view of that lineage: what is not of its history is not part of the state it has now. */
  enter(lineage: Lineage): void {
    if (lineage === this.#lineage) return
    this.#lineage = lineage
    this.#keep(({ place }) => {
      const parting = partingOf(place.lineage, lineage)
      return parting?.lineage === place.lineage && place.number <= parting.number
    })
  }

  remove(id: MessageId): void {
    this.#keep((past) => past.id !== id)
  }

  /** The lineage has ended: what the other lacks. Forgets it, since from now on the other's history is this member's. */
  dissolve(dissolved: Dissolved, self: MemberId): Unmerged {
    const { view, into, fates } = dissolved
    const lacking = this.#past.filter((past) => !isMerged(past, view.lineage, into, fates))
    const gone = new Set(lacking)
    this.#keep((past) => !gone.has(past))
    const forgotten = this.#forgotten
    this.#forgotten = 0
    const own = lacking.filter(({ from }) => peerOf(from) === peerOf(self))
    const present = new Set(dissolved.members.map(peerOf))
    const isEldest = dissolved.members[0] === self
    const orphaned = isEldest ? lacking.filter(({ from }) => !present.has(peerOf(from))) : []
    return { own, orphaned, forgotten }
  }

  #keep(isKept: (past: Past) => boolean): void {
    this.#past = this.#past.filter(isKept)
    this.#bytes = sizeOf(this.#past)
  }
}

function sizeOf(past: readonly Past[]): number {
  return past.reduce((sum, { payload }) => sum + payload.length + PAST_BYTES, 0)
}

/**
 * Whether the lineage that is joined has the multicast, or the one that it repeats, in its own history. `path`: the lineage
 * that the one who delivered it was in last.
 */
function isMerged(
  { place, from, last, origin }: Past,
  path: Lineage,
  into: Lineage,
  fates: Dissolved['fates'],
): boolean {
  if (origin !== undefined && isMerged(origin.past, origin.path, into, fates)) return true
  const parting = partingOf(path, into)
  if (isBefore(place, parting)) return true
  if (place.lineage !== parting?.lineage || place.number !== parting.number) return false
  const fate = fates.find(({ member, number }) => member === from && number === place.number)
  // A sender that the other lineage did not leave out there went on in it with all that it had sent.
  return fate === undefined || last <= fate.cut
}
