import { describe, expect, it } from 'vitest'
import { type Electorate, isQuorum } from '../../peer/membership/quorum.ts'

const SIZES = [1, 2, 3, 4, 5, 6, 7].flatMap((members) => [
  { members, witness: false },
  { members, witness: true },
])

describe('quorums of a view', () => {
  it.each(SIZES)('any two of $members members, witness $witness, share one [PT1] [VW4]', (electorate) => {
    const quorums = subsets(electorate).filter((ranks) => isQuorum(ranks, electorate))
    for (const one of quorums) {
      for (const other of quorums) expect([...one].some((rank) => other.has(rank))).toBe(true)
    }
  })

  it.each(SIZES)(
    'of $members, witness $witness, are all that can be: a set or what it leaves out is one, never both [PT1]',
    (electorate) => {
      const all = [...subsets(electorate)]
      for (const ranks of all) {
        const rest = new Set([...all.at(-1)!].filter((rank) => !ranks.has(rank)))
        expect(isQuorum(ranks, electorate)).toBe(!isQuorum(rest, electorate))
      }
    },
  )

  it('are the more than half, and the half with rank 0 [PT1]', () => {
    const of = (members: number, ...ranks: number[]) => isQuorum(new Set(ranks), { members, witness: false })
    expect(of(3, 1, 2)).toBe(true)
    expect(of(3, 0)).toBe(false)
    expect(of(4, 0, 3)).toBe(true)
    expect(of(4, 1, 2)).toBe(false)
    expect(of(2, 0)).toBe(true)
    expect(of(2, 1)).toBe(false)
    expect(of(1)).toBe(false)
  })

  it('are, with a witness, the half that it is with, and never fewer members [PT1] [PT5]', () => {
    const of = (members: number, ...ranks: number[]) => isQuorum(new Set(ranks), { members, witness: true })
    expect(of(2, 1, 2)).toBe(true)
    expect(of(2, 0)).toBe(false)
    expect(of(3, 0, 3)).toBe(false)
    expect(of(3, 1, 2)).toBe(true)
    expect(of(4, 1, 2, 4)).toBe(true)
    expect(of(1, 1)).toBe(false)
    expect(of(1, 0)).toBe(true)
  })
})

/** Of all voters, the witness behind the members; the last is all of them. */
function subsets({ members, witness }: Electorate): Set<number>[] {
  const voters = members + (witness ? 1 : 0)
  return Array.from(
    { length: 2 ** voters },
    (_, bits) => new Set([...Array(voters).keys()].filter((rank) => (bits >> rank) & 1)),
  )
}
