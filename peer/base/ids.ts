/** Names of things, branded so that one is never taken for another. All match `[A-Za-z0-9._~-]{1,64}`. */

declare const brand: unique symbol
type Branded<B extends string> = string & { readonly [brand]: B }

/** One running process: a tab, a Node program. New at every load of a page. */
export type PeerId = Branded<'peer'>
/** One attempt of a peer at being a member of one group: `peer.attempt`, attempts counted from 1. */
export type MemberId = Branded<'member'>
/** One history of a group, from its founding, or from the fork that split it off, on. */
export type Lineage = Branded<'lineage'>
/** One multicast: `lineage/number/sender/seq`, seq counting the sender's messages in the view from 1. */
export type MessageId = Branded<'message'>

const NAME = /^[A-Za-z0-9._~-]{1,64}$/

/** Whether `text` may serve as a peer id, member id or lineage. */
export function isName(text: string): boolean {
  return NAME.test(text)
}

export function memberId(peer: PeerId, attempt: number): MemberId {
  return `${peer}.${attempt}` as MemberId
}

/** The peer behind a member id: all before the last dot. */
export function peerOf(member: MemberId): PeerId {
  return member.slice(0, member.lastIndexOf('.')) as PeerId
}

/** Which attempt of its peer a member id names. */
export function attemptOf(member: MemberId): number {
  return Number(member.slice(member.lastIndexOf('.') + 1))
}

/** Whether `text` is a name that ends in `.attempt`. */
export function isMemberId(text: string): text is MemberId {
  return isName(text) && /^.+\.[1-9][0-9]{0,8}$/.test(text)
}

/** What a message's id begins with: its number among its sender's follows. */
export function messagePrefix(lineage: Lineage, number: number, sender: MemberId): string {
  return `${lineage}/${number}/${sender}/`
}
