import { describe, expect, it } from 'vitest'
import type { MemberId } from '../../peer/base/ids.ts'
import {
  admit,
  assignTransfers,
  balance,
  isBalanced,
  roomFor,
  type Survivor,
  stayers,
} from '../../peer/membership/join.ts'
import type { Transfer } from '../../peer/wire/messages.ts'
import { record, records } from './protocol-support.ts'

/** Every group of up to six survivors, each with or without state. */
const GROUPS = [1, 2, 3, 4, 5, 6].flatMap((size) =>
  Array.from({ length: 2 ** size }, (_, bits) =>
    Array.from({ length: size }, (_, rank) => survivor(`m${rank}`, ((bits >> rank) & 1) === 1)),
  ),
)

describe('admission', () => {
  it('leaves members without state no more than those with it, rank 0 among these at equality [VW9]', () => {
    for (const group of GROUPS) {
      const survivors = balance(group)
      if (!isBalanced(survivors)) continue
      for (let requests = 0; requests <= 8; requests++) {
        const joiners = admit(survivors, records(requests, 'j'), 256)
        expectBalance([...survivors, ...joiners.map(({ id }) => survivor(id, false))])
      }
    }
  })

  it('lets in as many as it can, first come first, and no more than the group may have', () => {
    for (const group of GROUPS.filter(isBalanced)) {
      const requests = records(8, 'j')
      const joiners = admit(group, requests, 256)
      expect(joiners).toEqual(requests.slice(0, joiners.length))
      const one = [...group, ...joiners.map(({ id }) => survivor(id, false)), survivor('more', false)]
      expect(isBalanced(one)).toBe(joiners.length === requests.length && roomFor(one) >= 0)
      expect(admit(group, requests, group.length + 1).length).toBeLessThanOrEqual(1)
      expect(admit(group, requests, group.length - 1)).toEqual([])
    }
  })
})

describe('balance', () => {
  it('drops nobody with state, and keeps the order [VW5] [VW9]', () => {
    for (const group of GROUPS) {
      const kept = balance(group)
      expect(group.filter((member) => kept.includes(member))).toEqual(kept)
      expect(kept.filter(({ withState }) => withState)).toEqual(group.filter(({ withState }) => withState))
    }
  })

  it('is reached wherever somebody has state, and drops the youngest without, no more than it must [VW9]', () => {
    for (const group of GROUPS) {
      const kept = balance(group)
      expect(isBalanced(kept)).toBe(group.some(({ withState }) => withState))
      const dropped = group.filter((member) => !kept.includes(member))
      if (!isBalanced(kept)) continue
      expect(dropped).toEqual(
        group
          .filter(({ withState }) => !withState)
          .slice(group.filter(({ withState }) => !withState).length - dropped.length),
      )
      const [eldestDropped] = dropped
      if (eldestDropped === undefined) continue
      expect(isBalanced(group.filter((member) => kept.includes(member) || member === eldestDropped))).toBe(false)
    }
  })
})

describe('those who stay when others leave', () => {
  it('are all that do not leave, in order, and as few leavers as the rest needs [VW5] [VW9]', () => {
    for (const group of GROUPS.filter(({ length }) => length <= 5)) {
      for (let bits = 0; bits < 2 ** group.length; bits++) {
        const members = group.map((member, rank) => ({ ...member, leaving: ((bits >> rank) & 1) === 1 }))
        const staying = stayers(members)
        expect(members.filter((member) => staying.includes(member))).toEqual(staying)
        expect(members.filter(({ leaving }) => !leaving).every((member) => staying.includes(member))).toBe(true)
        const kept = staying.filter(({ leaving }) => leaving)
        if (isBalanced(members.filter(({ leaving }) => !leaving))) expect(kept).toEqual([])
        // None could have gone that was kept last.
        else if (isBalanced(staying) && kept.length > 0 && staying.length < members.length) {
          const last = kept.findLast(({ withState }) => withState)
          expect(isBalanced(staying.filter((member) => member !== last))).toBe(false)
        }
      }
    }
  })
})

describe('providers of state', () => {
  it('are named for everyone without it, and have it themselves [ST3] [VW9]', () => {
    for (const group of GROUPS.filter(isBalanced)) {
      const joiners = records(2, 'j')
      const transfers = assignTransfers(group, joiners, [], 7)
      const waiting = [
        ...group.filter(({ withState }) => !withState).map(({ member }) => member.id),
        ...joiners.map(({ id }) => id),
      ]
      expect(transfers.map(({ member }) => member)).toEqual(waiting)
      for (const { provider, boundary } of transfers) {
        expect(boundary).toBe(7)
        expect(group.find(({ member }) => member.id === provider)?.withState).toBe(true)
      }
    }
  })

  it('are the youngest with state, so that the eldest can sequence', () => {
    const group = [survivor('a', true), survivor('b', true), survivor('c', false)]
    expect(assignTransfers(group, [record('j')], [], 2).map(({ provider }) => provider)).toEqual(['b.1', 'b.1'])
  })

  it('go on with a transfer under way, at its own boundary [ST3]', () => {
    const before: Transfer[] = [{ member: 'c.1' as MemberId, provider: 'a.1' as MemberId, boundary: 4 }]
    const group = [survivor('a', true), survivor('b', true), survivor('c', false)]
    expect(assignTransfers(group, [], before, 6)).toEqual(before)
  })

  it('are replaced, at a later boundary, when gone or when their save failed [ST3]', () => {
    const before: Transfer[] = [{ member: 'c.1' as MemberId, provider: 'b.1' as MemberId, boundary: 4 }]
    const withoutB = [survivor('a', true), survivor('c', false)]
    expect(assignTransfers(withoutB, [], before, 6)).toEqual([{ member: 'c.1', provider: 'a.1', boundary: 6 }])
    const refused = [survivor('a', true), survivor('b', true), survivor('c', false, ['b.1'])]
    expect(assignTransfers(refused, [], before, 6)).toEqual([{ member: 'c.1', provider: 'a.1', boundary: 6 }])
  })

  it('are none when all that have state could not save it: the member is told so [ST3]', () => {
    const group = [survivor('a', true), survivor('c', false, ['a.1'])]
    expect(assignTransfers(group, [], [], 6)).toEqual([{ member: 'c.1', provider: undefined, boundary: 6 }])
  })
})

function survivor(name: string, withState: boolean, refusedBy: readonly string[] = []): Survivor {
  return { member: record(name), withState, refusedBy: refusedBy as readonly MemberId[] }
}

/** VW9 in its own words. */
function expectBalance(members: readonly Survivor[]): void {
  const withState = members.filter((member) => member.withState).length
  const without = members.length - withState
  expect(without).toBeLessThanOrEqual(withState)
  if (without === withState) expect(members[0]!.withState).toBe(true)
}
