import type { MemberId } from '../../peer/base/ids.ts'
import type { MemberRecord } from '../../peer/base/view.ts'
import type { PromiseMessage, Value } from '../../peer/wire/messages.ts'

/** What the tests of single protocols are made of. */

export function record(name: string): MemberRecord {
  return { id: `${name}.1` as MemberId, info: new Uint8Array() }
}

export function records(count: number, prefix = 'm'): MemberRecord[] {
  return Array.from({ length: count }, (_, index) => record(`${prefix}${index}`))
}

/** A value that ends a view of three in which nothing was sent. */
export function emptyValue(members: readonly MemberRecord[], more: Partial<Value> = {}): Value {
  const cuts = { cut: [0, 0, 0], orderCut: 0 }
  const plain = { joiners: 0, left: [], ...cuts, transfers: [], witness: undefined, passage: { type: 'on' } } as const
  return { members, ...plain, ...more }
}

/** A value that names itself by its order cut. */
export function valueNamed(orderCut: number, members: readonly MemberRecord[] = records(1)): Value {
  return {
    members,
    joiners: 0,
    left: [],
    cut: [],
    orderCut,
    transfers: [],
    witness: undefined,
    passage: { type: 'on' },
  }
}

/** The promise of a member that has everything it holds, and state. */
export function promiseOf(as: number, have: readonly number[], more: Partial<PromiseMessage> = {}): PromiseMessage {
  return {
    kind: 'promise',
    ballot: 4096,
    as,
    accepted: undefined,
    have,
    orderLength: 0,
    held: have,
    heldOrder: more.orderLength ?? 0,
    withState: true,
    refusedBy: [],
    leaving: false,
    ...more,
  }
}
