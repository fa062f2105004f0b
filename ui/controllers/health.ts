import type { GroupInspection, Member } from '../../peer/index.ts'
import { peerOf } from '../peer-of.ts'

/** How one member is reached from here. */
export interface MemberHealth {
  /** It has not been heard for longer than is usual. */
  readonly suspected: boolean
  /** The peer id of the member that passes on what the two say to each other; undefined: nobody has to, or nobody can. */
  readonly via: string | undefined
}

/** What a group's view does not tell: how each member is reached, and what waits to be sent. */
export interface Health {
  readonly members: ReadonlyMap<string, MemberHealth>
  /** Multicasts of this member that wait. */
  readonly queued: number
}

export const unknownHealth: Health = { members: new Map(), queued: 0 }

const fine: MemberHealth = { suspected: false, via: undefined }

/** Reads what `inspect` shows. That is for people and changes: what is not there is taken to be well. */
export function readHealth({ self, queued, engine }: Pick<GroupInspection, 'self' | 'queued' | 'engine'>): Health {
  const { view } = engine as { view?: { members?: unknown } }
  const members = Array.isArray(view?.members) ? view.members : []
  return {
    members: new Map(members.filter(({ id }) => id !== self).map((member) => [String(member.id), readMember(member)])),
    queued: queued.messages,
  }
}

/** How this member is reached. */
export function healthOf({ members }: Health, { id }: Pick<Member, 'id'>): MemberHealth {
  return members.get(id) ?? fine
}

/** The member that passes messages on, if it is one of these. */
export function relayOf<M extends Pick<Member, 'id'>>({ via }: MemberHealth, members: readonly M[]): M | undefined {
  return via === undefined ? undefined : members.find((member) => peerOf(member) === via)
}

export function isSameHealth(one: Health, other: Health): boolean {
  if (one.queued !== other.queued || one.members.size !== other.members.size) return false
  return [...one.members].every(([id, { suspected, via }]) => {
    const member = other.members.get(id)
    return member !== undefined && member.suspected === suspected && member.via === via
  })
}

function readMember({ suspected, departed, direct, via }: Record<string, unknown>): MemberHealth {
  const isRelayed = direct === false && suspected !== true && departed !== true
  return { suspected: suspected === true, via: isRelayed && typeof via === 'string' ? via : undefined }
}
