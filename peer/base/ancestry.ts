import type { Lineage } from './ids.ts'

/** Between a lineage's key and what tells its forks apart. The keys of foundings don't have it. */
const FORK_MARK = '~'
/**
 * Of one that is founded by a former member with the state that it has: `r` if nobody is left in the lineage before it, `s` if
 * others may be. Both sort behind all forks: who was left behind gives way to those who went on.
 */
const AGAIN_MARK = 'r'
const STRAY_MARK = 's'
const LINEAGE_CHARACTERS_MAX = 64

/**
 * The lineage that a member of that rank splits off from a view: its parent's key plus a suffix, so that of two lineages
 * that meet the parent is the smaller one. A key that would get too long loses from its front: then it is just another.
 */
export function forkOf(lineage: Lineage, number: number, rank: number): Lineage {
  return `${lineage}${FORK_MARK}${number}.${rank}`.slice(-LINEAGE_CHARACTERS_MAX) as Lineage
}

/** The lineage that a former member founds anew, with the state that it has, when nobody is left in the one before. */
export function againOf(lineage: Lineage, number: number, rank: number): Lineage {
  return `${lineage}${FORK_MARK}${AGAIN_MARK}${number}.${rank}`.slice(-LINEAGE_CHARACTERS_MAX) as Lineage
}

/** The lineage that a member founds that was left out, and cannot reach the others. */
export function strayOf(lineage: Lineage, number: number, rank: number): Lineage {
  return `${lineage}${FORK_MARK}${STRAY_MARK}${number}.${rank}`.slice(-LINEAGE_CHARACTERS_MAX) as Lineage
}

/** Whether the lineage was split off from another without a quorum. */
export function isFork(lineage: Lineage): boolean {
  return lineage.split(FORK_MARK).some((part, index) => index > 0 && !part.startsWith(AGAIN_MARK))
}

/** A view, by its place in the history of a group. `number` is Infinity where a lineage has no end yet. */
export interface Place {
  readonly lineage: Lineage
  readonly number: number
}

/** The last view that two lineages have in common, with regard to what was delivered before it; undefined: they are strangers. */
export function partingOf(a: Lineage, b: Lineage): Place | undefined {
  const [ofA, ofB] = [ancestryOf(a), ancestryOf(b)]
  let parting: Place | undefined
  for (const [index, place] of ofA.entries()) {
    const other = ofB[index]
    if (other?.lineage !== place.lineage) break
    parting = { lineage: place.lineage, number: Math.min(place.number, other.number) }
  }
  return parting
}

/** Whether a view is one that both lineages have gone through, all of it. */
export function isBefore(place: Place, parting: Place | undefined): boolean {
  if (parting === undefined) return false
  const path = ancestryOf(parting.lineage)
  if (place.lineage === parting.lineage) return place.number < parting.number
  return path.some(({ lineage, number }) => lineage === place.lineage && place.number <= number)
}

/** The lineages from which a lineage was split off, oldest first, each with its last view; the lineage itself last. */
function ancestryOf(lineage: Lineage): Place[] {
  const [first = '', ...suffixes] = lineage.split(FORK_MARK)
  let key = first
  const path: Place[] = suffixes.map((suffix) => {
    const place = { lineage: key as Lineage, number: Number.parseInt(suffix.replace(/^[a-z]/, ''), 10) }
    key += FORK_MARK + suffix
    return place
  })
  return [...path, { lineage, number: Number.POSITIVE_INFINITY }]
}
