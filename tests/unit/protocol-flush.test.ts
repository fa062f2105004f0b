import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutOf, holds, isCovered, sourcesOf } from '../../peer/membership/flush.ts'
import type { PromiseMessage } from '../../peer/wire/messages.ts'
import { promiseOf } from './protocol-support.ts'

const STREAMS = 3

const promises: fc.Arbitrary<PromiseMessage[]> = fc
  .array(
    fc.record({
      have: fc.array(fc.nat(5), { minLength: STREAMS, maxLength: STREAMS }),
      more: fc.array(fc.nat(3), { minLength: STREAMS, maxLength: STREAMS }),
      orderLength: fc.nat(4),
      moreOrder: fc.nat(2),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((members) =>
    members.map(({ have, more, orderLength, moreOrder }, as) => {
      const held = have.map((end, rank) => end + more[rank]!)
      return promiseOf(as, have, { held, orderLength, heldOrder: orderLength + moreOrder })
    }),
  )

describe('the cut', () => {
  it('is the most that any promiser has, stream by stream [DL3]', () => {
    fc.assert(
      fc.property(promises, (promises) => {
        const { cut, orderCut } = cutOf(promises, STREAMS)
        for (let rank = 0; rank < STREAMS; rank++) {
          expect(cut[rank]).toBe(Math.max(...promises.map(({ have }) => have[rank]!)))
        }
        expect(orderCut).toBe(Math.max(...promises.map(({ orderLength }) => orderLength)))
      }),
    )
  })

  it('is held by someone, and whoever is named as a source holds that part of it [DL3]', () => {
    fc.assert(
      fc.property(promises, fc.nat(3), (promises, first) => {
        const cut = cutOf(promises, STREAMS)
        const sources = sourcesOf(cut, promises, first)
        expect(sources).toHaveLength(STREAMS + 1)
        for (let rank = 0; rank < STREAMS; rank++) {
          expect(promises[sources[rank]!]!.held[rank]).toBeGreaterThanOrEqual(cut.cut[rank]!)
        }
        expect(promises[sources[STREAMS]!]!.heldOrder).toBeGreaterThanOrEqual(cut.orderCut)
      }),
    )
  })

  it('is pulled from the coordinator where that holds it', () => {
    const [cut, both] = [
      { cut: [2], orderCut: 1 },
      [promiseOf(0, [2], { orderLength: 1 }), promiseOf(1, [2], { orderLength: 1 })],
    ]
    expect(sourcesOf(cut, both, 1)).toEqual([1, 1])
    expect(sourcesOf(cut, both, 0)).toEqual([0, 0])
  })

  it('is causally closed when what each promiser has is [DL3] [OR2]', () => {
    // Entry (s, n) needs causes[s][n - 1]; `have` is closed when it holds the causes of all that it holds.
    const causes = fc.array(fc.array(vector(4), { minLength: 4, maxLength: 4 }), {
      minLength: STREAMS,
      maxLength: STREAMS,
    })
    fc.assert(
      fc.property(causes, fc.array(vector(4), { minLength: 1, maxLength: 4 }), (causes, haves) => {
        const closed = haves.map((have) => close(have, causes))
        const { cut } = cutOf(
          closed.map((have, as) => promiseOf(as, have)),
          STREAMS,
        )
        expect(close(cut, causes)).toEqual(cut)
      }),
    )
  })
})

describe('holding', () => {
  it('means all of it: each stream and the order', () => {
    const cut = { cut: [2, 0, 1], orderCut: 2 }
    expect(holds([2, 0, 1], 2, cut)).toBe(true)
    expect(holds([9, 9, 9], 9, cut)).toBe(true)
    expect(holds([1, 9, 9], 9, cut)).toBe(false)
    expect(holds([2, 0, 1], 1, cut)).toBe(false)
    expect(holds([2], 2, cut)).toBe(false)
  })

  it('of a closed member is covered when the others together hold what it had [DL3]', () => {
    const closed = promiseOf(2, [2, 1, 3], { orderLength: 1 })
    const one = promiseOf(0, [2, 0, 3], { orderLength: 1 })
    const other = promiseOf(1, [0, 1, 0])
    expect(isCovered(closed, [one, other])).toBe(true)
    expect(isCovered(closed, [one])).toBe(false)
    expect(isCovered(closed, [promiseOf(0, [9, 9, 9])])).toBe(false)
    expect(isCovered(closed, [])).toBe(false)
  })
})

function vector(max: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(max), { minLength: STREAMS, maxLength: STREAMS })
}

/** The largest causally closed part of a prefix. */
function close(have: readonly number[], causes: readonly (readonly number[][])[]): number[] {
  const closed = [...have]
  for (let moved = true; moved; ) {
    moved = false
    for (const [stream, end] of closed.entries()) {
      const isClosed = (number: number) =>
        causes[stream]![number - 1]!.every((need, rank) => rank === stream || need <= closed[rank]!)
      const bad = Array.from({ length: end }, (_, index) => index + 1).find((number) => !isClosed(number))
      if (bad === undefined) continue
      closed[stream] = bad - 1
      moved = true
    }
  }
  return closed
}
