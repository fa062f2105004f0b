import type { Lineage, MemberId } from './ids.ts'

/** What the others are shown of a member: opaque bytes to the engine (the client's encoding of name and metadata). */
export interface MemberRecord {
  readonly id: MemberId
  readonly info: Uint8Array
}

/** (lineage, number, members): members in rank order, eldest first; rank 0 sequences. */
export interface ViewRecord {
  readonly lineage: Lineage
  readonly number: number
  readonly members: readonly MemberRecord[]
  /** Token of the witness that has a vote on the successor of this view; undefined: none has. */
  readonly witness: string | undefined
}

/** The member's rank in the view, or -1. */
export function rankOf(view: ViewRecord, member: MemberId): number {
  return view.members.findIndex((candidate) => candidate.id === member)
}
