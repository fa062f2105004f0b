import { isBefore, type Place, partingOf } from '../base/ancestry.ts'
import type { CastKind } from '../base/cast-kind.ts'
import { type MemberId, type MessageId, peerOf } from '../base/ids.ts'
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
}

/** What of the past is not part of another lineage's history. */
export interface Unmerged {
  /** This peer's own, and those of members that are gone if it is for this one to care for them, as they were delivered. */
  readonly own: readonly Past[]
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

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  add({ id, kind, payload, from, last }: Delivery, place: Place): void {
    this.#past.push({ id, kind, payload, from: from.id, place, last })
    this.#bytes += payload.length + PAST_BYTES
    if (this.#bytes <= this.#bytesMax) return
    // Half of it at once: a list that loses one at each end all the time is slow.
    const drop = Math.ceil(this.#past.length / 2)
    this.#forgotten += drop
    this.#past = this.#past.slice(drop)
    this.#bytes = this.#past.reduce((sum, { payload: kept }) => sum + kept.length + PAST_BYTES, 0)
  }

  /** The lineage has ended: what the other lacks. Forgets it, since from now on the other's history is this member's. */
  dissolve(dissolved: Dissolved, self: MemberId): Unmerged {
    const lacking = this.#past.filter((past) => !isMerged(past, dissolved))
    const kept = new Set(lacking)
    this.#past = this.#past.filter((past) => !kept.has(past))
    this.#bytes = this.#past.reduce((sum, { payload }) => sum + payload.length + PAST_BYTES, 0)
    const forgotten = this.#forgotten
    this.#forgotten = 0
    return { own: lacking.filter(({ from }) => isFor(self, from, dissolved)), forgotten }
  }
}

/** Each cares for its own; the eldest for those of members that are gone. */
function isFor(self: MemberId, from: MemberId, { members }: Dissolved): boolean {
  const isPresent = members.some((member) => peerOf(member) === peerOf(from))
  return isPresent ? peerOf(self) === peerOf(from) : members[0] === self
}

/** Whether the lineage that is joined has the multicast in its own history. */
function isMerged({ place, from, last }: Past, { view, into, fates }: Dissolved): boolean {
  const parting = partingOf(view.lineage, into)
  if (isBefore(place, parting)) return true
  if (place.lineage !== parting?.lineage || place.number !== parting.number) return false
  const fate = fates.find(({ member, number }) => member === from && number === place.number)
  // A sender that the other lineage did not leave out there went on in it with all that it had sent.
  return fate === undefined || last <= fate.cut
}
