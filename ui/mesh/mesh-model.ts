import type { GroupInspection, LinkInfo, Member } from '../../peer/index.ts'
import { peerOf } from '../peer-of.ts'

/**
 * How one member reaches another: over a link of their own, by a TURN server, through a member, not yet, or not at all
 * for now, as it does not answer.
 */
export type Way = 'direct' | 'server' | 'member' | 'connecting' | 'silent'

/** What is known of the way between two members; ranks are their places in the view. */
export interface MeshLink {
  readonly from: number
  readonly to: number
  readonly way: Way
  /** Who passes messages on, if it is a member (`way` is `member`). */
  readonly via: number | undefined
  /** In ms; undefined: not measured, or not known here. */
  readonly roundTripMs: number | undefined
  /** Bytes that wait to be sent; of this member's own links. */
  readonly bytesQueued: number
}

export interface Mesh {
  /** This member's place. */
  readonly self: number
  /** From this member to each other, by rank. */
  readonly own: readonly MeshLink[]
  /** Between others, as far as they told. */
  readonly others: readonly MeshLink[]
}

export interface MeshSource {
  readonly members: readonly Pick<Member, 'id'>[]
  readonly links: readonly LinkInfo[]
  readonly inspection: Pick<GroupInspection, 'self' | 'engine'>
}

/** Reads who is linked to whom. What `inspect` shows is for people, and changes: what is not there is not known. */
export function readMesh({ members, links, inspection }: MeshSource): Mesh {
  const { view } = inspection.engine as { view?: { members?: unknown } }
  const told = new Map<unknown, Told>(
    (Array.isArray(view?.members) ? view.members : []).map((member) => [member?.id, { ...member }]),
  )
  const ranks = new Map(members.map((member, rank) => [peerOf(member), rank]))
  const self = members.findIndex(({ id }) => id === inspection.self)
  const own = members.flatMap((member, rank) => {
    if (rank === self || self < 0) return []
    const link = links.find(({ peer }) => peer === peerOf(member))
    return ownLink(self, rank, told.get(member.id) ?? {}, link, ranks)
  })
  return { self, own, others: otherLinks(members, self, told) }
}

export function isSameMesh(one: Mesh, other: Mesh): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** What the inspection shows of one member, unchecked. */
interface Told {
  readonly direct?: unknown
  readonly suspected?: unknown
  readonly via?: unknown
  readonly roundTripMs?: unknown
  readonly hears?: unknown
}

function ownLink(
  from: number,
  to: number,
  { direct, suspected, via, roundTripMs }: Told,
  link: LinkInfo | undefined,
  ranks: ReadonlyMap<string, number>,
): MeshLink {
  const relay = typeof via === 'string' ? ranks.get(via) : undefined
  const measuredMs = asMs(roundTripMs) ?? link?.roundTripMs
  const known = { from, to, via: undefined, roundTripMs: measuredMs, bytesQueued: link?.bytesQueued ?? 0 }
  if (suspected === true) return { ...known, way: 'silent', roundTripMs: undefined }
  if (relay !== undefined) return { ...known, way: 'member', via: relay }
  if (link === undefined || link.state === 'connecting') return { ...known, way: 'connecting', roundTripMs: undefined }
  if (direct === false) return { ...known, way: 'silent', roundTripMs: undefined }
  return { ...known, way: link.state === 'relayed' ? 'server' : 'direct' }
}

function otherLinks(
  members: MeshSource['members'],
  self: number,
  told: ReadonlyMap<unknown, Told>,
): readonly MeshLink[] {
  return members.flatMap((one, from) =>
    members.slice(from + 1).flatMap((other, index) => {
      const to = from + 1 + index
      if (from === self || to === self) return []
      const [there, back] = [hears(told.get(one.id), other.id), hears(told.get(other.id), one.id)]
      if (there === undefined && back === undefined) return []
      const isUp = there !== false && back !== false
      if (!isUp) return []
      const roundTripMs = asMs(there) ?? asMs(back)
      return [{ from, to, way: 'direct' as const, via: undefined, roundTripMs, bytesQueued: 0 }]
    }),
  )
}

/** The round trip of the link by which a member hears another, true if it did not say, false if there is none; undefined: it told nothing. */
function hears(told: Told | undefined, other: string): number | boolean | undefined {
  if (told?.hears === 'all') return true
  if (!Array.isArray(told?.hears)) return undefined
  const heard = told.hears.find((entry) => entry?.id === other)
  return heard === undefined ? false : (asMs(heard.roundTripMs) ?? true)
}

function asMs(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY ? value : undefined
}
