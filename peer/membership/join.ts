/**
 * Join: whom a view change lets in, and from whom those without state get it.
 * Purpose: admission so that joiners which vanish cannot take the quorum along.
 * Requires: promises that tell who has state.
 * Guarantees: in the next view members without state never outnumber those with it, and at equality rank 0 has it (VW9);
 *   every member without state has a provider that has one, or is told that there is none (ST3).
 * Source: Birman and Joseph, Exploiting Virtual Synchrony (SOSP 1987), section 3.2, for state transfer at the boundary.
 */
import type { MemberId } from '../base/ids.ts'
import type { MemberRecord } from '../base/view.ts'
import type { PromiseMessage, Transfer } from '../wire/messages.ts'

export interface JoinRequest {
  readonly member: MemberRecord
  /** When it was last repeated. */
  heardAt: number
}

interface HasState {
  readonly withState: boolean
}

export interface Survivor extends HasState {
  readonly member: MemberRecord
  readonly refusedBy: readonly MemberId[]
}

export function survivorOf(member: MemberRecord, promise: PromiseMessage): Survivor {
  return { member, withState: promise.withState, refusedBy: promise.refusedBy }
}

/** Whether a next view of these survivors may be: somebody has state, and those without do not outweigh them. */
export function isBalanced(survivors: readonly HasState[]): boolean {
  return roomFor(survivors) >= 0 && survivors.some((survivor) => survivor.withState)
}

/**
 * Who of these stays when the others leave: all that do not leave, and as many of the eldest leavers with state as the rest
 * cannot do without (all may want to leave at once; the last one just goes).
 */
export function stayers<M extends HasState & { readonly leaving: boolean }>(members: readonly M[]): M[] {
  const kept = new Set(members.filter((member) => !member.leaving))
  const inOrder = () => members.filter((member) => kept.has(member))
  for (const member of members) {
    if (isBalanced(inOrder())) break
    if (member.withState) kept.add(member)
  }
  return isBalanced(inOrder()) ? inOrder() : [...members]
}

/** Drops the youngest members without state until the rest is balanced. They come back as joiners. */
export function balance(survivors: readonly Survivor[]): Survivor[] {
  const kept = [...survivors]
  while (kept.length > 0 && roomFor(kept) < 0) {
    const youngest = kept.findLastIndex((survivor) => !survivor.withState)
    if (youngest < 0) break
    kept.splice(youngest, 1)
  }
  return kept
}

/** The joiners that fit, first come first. */
export function admit(
  survivors: readonly Survivor[],
  requests: readonly MemberRecord[],
  membersMax: number,
): MemberRecord[] {
  return requests.slice(0, Math.max(0, roomFor(survivors, membersMax)))
}

/** How many more members without state the survivors can carry; negative: too many already. */
export function roomFor(survivors: readonly HasState[], membersMax = Number.POSITIVE_INFINITY): number {
  const withState = survivors.filter((survivor) => survivor.withState).length
  const room = 2 * withState - survivors.length
  return Math.min(survivors[0]?.withState === true ? room : room - 1, membersMax - survivors.length)
}

/**
 * Who gives state to whom in the next view, `boundary`. A transfer under way goes on if its provider survives and has not
 * failed; the others start anew at this boundary, from the youngest with state, so that the eldest can sequence.
 */
export function assignTransfers(
  survivors: readonly Survivor[],
  joiners: readonly MemberRecord[],
  before: readonly Transfer[],
  boundary: number,
): Transfer[] {
  const providers = survivors.filter((survivor) => survivor.withState).map((survivor) => survivor.member.id)
  const choose = (refusedBy: readonly MemberId[]) => providers.findLast((provider) => !refusedBy.includes(provider))
  const transfers: Transfer[] = []
  for (const { member, withState, refusedBy } of survivors) {
    if (withState) continue
    const old = before.find((transfer) => transfer.member === member.id)
    const goesOn = old?.provider !== undefined && providers.includes(old.provider) && !refusedBy.includes(old.provider)
    transfers.push(old !== undefined && goesOn ? old : { member: member.id, provider: choose(refusedBy), boundary })
  }
  for (const joiner of joiners) transfers.push({ member: joiner.id, provider: choose([]), boundary })
  return transfers
}
