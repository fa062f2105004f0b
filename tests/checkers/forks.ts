/**
 * Purpose: what the keys of lineages tell: a fork's is its parent's, then `~`, the number of the view that it was split from, a dot, and
 * the rank of who began it. A lineage that a member founds after a merge, since it reached nobody, is named in the same way and
 * begins at view 1; with an `r` before the number if
 * nobody was left in the one before, an `s` if others may have been.
 */

interface Place {
  readonly lineage: string
  readonly number: number
}

const KEY_LENGTH_MAX = 64
const SUFFIX = /^(.+)~([rs]?)(\d{1,15})\.(\d{1,15})$/

/** The view that this one, the first of a fork, says it was split from; undefined: it is not the first of a fork. */
export function splitFrom(view: Place): Place | undefined {
  const place = namedIn(view.lineage)
  return place !== undefined && place.number + 1 === view.number ? place : undefined
}

/** The view in which a lineage ended whose former member founded this one, of which it is the first view. */
export function childOf(view: Place): Place | undefined {
  return view.number === 1 ? namedIn(view.lineage) : undefined
}

/** Whether a view is the first of a fork of the other. Keys that would get too long lose from their front. */
export function isForkOf(view: Place, parent: Place & { readonly members: readonly string[] }): boolean {
  if (view.number !== parent.number + 1 || view.lineage === parent.lineage) return false
  return parent.members.some((_, rank) => keyOf(parent, rank) === view.lineage)
}

export function keyOf({ lineage, number }: Place, rank: number): string {
  return `${lineage}~${number}.${rank}`.slice(-KEY_LENGTH_MAX)
}

function namedIn(key: string): Place | undefined {
  const parts = SUFFIX.exec(key)
  return parts === null ? undefined : { lineage: parts[1] ?? '', number: Number(parts[3]) }
}
