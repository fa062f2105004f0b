import { describe, expect, it } from 'vitest'
import { isQuorum } from '../../peer/membership/quorum.ts'

describe('quorums of a view', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('any two of %i members share one [PT1] [VW4]', (size) => {
    const quorums = subsets(size).filter((ranks) => isQuorum(ranks, size))
    for (const one of quorums) {
      for (const other of quorums) expect([...one].some((rank) => other.has(rank))).toBe(true)
    }
  })

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'of %i are all that can be: a set or what it leaves out is one, never both [PT1]',
    (size) => {
      for (const ranks of subsets(size)) {
        const rest = new Set([...Array(size).keys()].filter((rank) => !ranks.has(rank)))
        expect(isQuorum(ranks, size)).toBe(!isQuorum(rest, size))
      }
    },
  )

  it('are the more than half, and the half with rank 0 [PT1]', () => {
    expect(isQuorum(new Set([1, 2]), 3)).toBe(true)
    expect(isQuorum(new Set([0]), 3)).toBe(false)
    expect(isQuorum(new Set([0, 3]), 4)).toBe(true)
    expect(isQuorum(new Set([1, 2]), 4)).toBe(false)
    expect(isQuorum(new Set([0]), 2)).toBe(true)
    expect(isQuorum(new Set([1]), 2)).toBe(false)
    expect(isQuorum(new Set(), 1)).toBe(false)
  })
})

function subsets(size: number): Set<number>[] {
  return Array.from(
    { length: 2 ** size },
    (_, bits) => new Set([...Array(size).keys()].filter((rank) => (bits >> rank) & 1)),
  )
}
