import type { GroupStatus, Member } from '../../peer/index.ts'
import { type Health, healthOf, relayOf } from '../controllers/health.ts'
import type { Departed } from '../group/group-host.ts'
import type { Profile } from '../group/profiles.ts'
import { peerOf } from '../peer-of.ts'

/** One row of the roster. */
export interface RosterEntry extends Profile {
  readonly id: string
  readonly state: 'here' | 'silent' | 'left' | 'failed'
  readonly isSelf: boolean
  readonly isCoordinator: boolean
  /** What is to be known of it, in a few words each. */
  readonly notes: readonly string[]
}

export interface RosterSituation {
  /** By rank. */
  readonly members: readonly Member[]
  readonly self: Member
  readonly status: GroupStatus
  readonly health: Health
  /** The ids of those who have just come. */
  readonly newcomers: ReadonlySet<string>
  /** Who went lately. */
  readonly departed: readonly Departed[]
  profileOf(member: Member): Profile
}

/** Who is in the group, by rank, and after them those who went and did not come back. */
export function rosterEntries(situation: RosterSituation): RosterEntry[] {
  // One who was left out comes back under a new id.
  const present = new Set(situation.members.map(peerOf))
  return [
    ...situation.members.map((member) => entryOf(member, situation)),
    ...situation.departed.filter((gone) => !present.has(peerOf(gone))).map(departedEntry),
  ]
}

/** All that a row says, in one line. */
export function entryLabel({ name, notes }: RosterEntry): string {
  return [name, ...notes].join(', ')
}

/** What an avatar shows of a name. */
export function initial(name: string): string {
  return Array.from(name)[0]?.toUpperCase() ?? '?'
}

function entryOf(member: Member, situation: RosterSituation): RosterEntry {
  const { self, status, members, newcomers, profileOf } = situation
  const isSelf = member.id === self.id
  const health = healthOf(situation.health, member)
  const relay = relayOf(health, members)
  return {
    ...profileOf(member),
    id: member.id,
    state: health.suspected ? 'silent' : 'here',
    isSelf,
    isCoordinator: member.rank === 0,
    notes: [
      ...(isSelf ? ['you'] : []),
      ...(isSelf ? (ownStatus[status] ?? []) : []),
      ...(health.suspected ? ['does not answer'] : []),
      ...(health.via === undefined ? [] : [relay ? `through ${profileOf(relay).name}` : 'through others']),
      ...(member.rank === 0 ? ['coordinator'] : []),
      ...(newcomers.has(member.id) && !isSelf ? ['just came'] : []),
    ],
  }
}

function departedEntry({ id, name, color, failed }: Departed): RosterEntry {
  const notes = [failed ? 'out of reach' : 'left']
  return { id, name, color, state: failed ? 'failed' : 'left', isSelf: false, isCoordinator: false, notes }
}

const ownStatus: Partial<Record<GroupStatus, string[]>> = { blocked: ['waiting'], rejoining: ['coming back'] }
