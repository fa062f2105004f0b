import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeOrder, heldOrder, newOrderLog, orderAt, storeOrder } from '../../peer/ordering/abcast.ts'
import { entryAt, letGo, newStream, received, store } from '../../peer/ordering/message-log.ts'
import { encodeEntry } from '../../peer/wire/entry.ts'

describe('a stream', () => {
  it('is the same whatever order its entries come in, and however often [DL1] [OR1]', () => {
    const arrivals = fc.array(fc.nat(19), { maxLength: 100 })
    fc.assert(
      fc.property(arrivals, (arrivals) => {
        const stream = newStream(2)
        for (const index of arrivals) expect(store(stream, 0, index + 1, entry(index))).toBe(true)
        const there = new Set(arrivals)
        const gap = Array.from({ length: 21 }, (_, index) => index).find((index) => !there.has(index))!
        expect(received(stream)).toBe(gap)
        expect(stream.ahead.size).toBe([...there].filter((index) => index > gap).length)
        for (let index = 0; index < gap; index++)
          expect(entryAt(stream, index + 1)?.payload).toEqual(Uint8Array.of(index))
      }),
    )
  })

  it('lets go only of what was delivered here [FL1]', () => {
    const stream = newStream(2)
    for (let index = 0; index < 5; index++) store(stream, 0, index + 1, entry(index))
    stream.delivered = 3
    letGo(stream, 5)
    expect([stream.base, received(stream)]).toEqual([3, 5])
    expect(entryAt(stream, 3)).toBeUndefined()
    expect(entryAt(stream, 4)?.payload).toEqual(Uint8Array.of(3))
    store(stream, 0, 2, entry(1))
    letGo(stream, 1)
    expect([stream.base, received(stream)]).toEqual([3, 5])
  })

  it('takes back nothing it let go of, and nothing far beyond its end [FL1]', () => {
    const stream = newStream(2)
    expect(store(stream, 0, 2 ** 53 - 1, entry(0))).toBe(true)
    expect(store(stream, 0, 70_000, entry(0))).toBe(true)
    expect(stream.ahead.size).toBe(0)
  })

  it.each([
    ['bytes that are no entry', () => Uint8Array.of(99)],
    ['an empty entry', () => new Uint8Array()],
    ['a fragment of nothing', () => encodeEntry({ type: 'fragment', payload: new Uint8Array(1) })],
    ['a rise in its own place', () => cast([{ rank: 0, by: 1 }])],
    ['a rise of a rank that is none', () => cast([{ rank: 2, by: 1 }])],
    ['more fragments than can be', () => cast([], 2 ** 40)],
  ])('refuses %s, and is as it was', (_what, bytes) => {
    const stream = newStream(2)
    store(stream, 0, 1, entry(1))
    const before = structuredClone(stream)
    expect(store(stream, 0, 2, bytes())).toBe(false)
    expect(stream).toEqual(before)
    expect(store(stream, 0, 2, entry(2))).toBe(true)
  })

  it('refuses a multicast where a fragment is due', () => {
    const stream = newStream(2)
    store(stream, 0, 1, cast([], 2))
    expect(store(stream, 0, 2, entry(2))).toBe(false)
    expect(store(stream, 0, 2, encodeEntry({ type: 'fragment', payload: new Uint8Array(1) }))).toBe(true)
    expect(store(stream, 0, 3, entry(2))).toBe(true)
  })
})

describe('the order log', () => {
  it('is used up to its first gap, whatever order its places come in [OR3]', () => {
    const order = newOrderLog()
    for (const index of [3, 5, 1, 1, 3]) storeOrder(order, index, { rank: 0, number: index })
    expect(heldOrder(order)).toBe(1)
    storeOrder(order, 2, { rank: 0, number: 2 })
    expect(heldOrder(order)).toBe(3)
    storeOrder(order, 4, { rank: 0, number: 4 })
    expect(heldOrder(order)).toBe(5)
    expect(orderAt(order, 4)).toEqual({ rank: 0, number: 4 })
  })

  it('keeps the first that was told of a place [OR3]', () => {
    const order = newOrderLog()
    storeOrder(order, 1, { rank: 0, number: 1 })
    storeOrder(order, 1, { rank: 1, number: 1 })
    expect(orderAt(order, 1)).toEqual({ rank: 0, number: 1 })
  })

  it('at the end of a view skips places beyond the cut, and forgets those beyond its own cut [OR3] [OR5]', () => {
    const streams = [newStream(2), newStream(2)]
    for (const [rank, stream] of streams.entries()) for (const number of [1, 2]) store(stream, rank, number, total())
    const order = newOrderLog()
    for (const [index, number] of [1, 2].entries()) storeOrder(order, index + 1, { rank: 1, number })
    storeOrder(order, 3, { rank: 0, number: 2 })
    storeOrder(order, 9, { rank: 0, number: 9 })
    completeOrder(order, streams, [2, 1], 2)
    expect(order.entries).toEqual([
      { rank: 1, number: 1 },
      { rank: 0, number: 1 },
      { rank: 0, number: 2 },
    ])
    expect(order.ahead.size).toBe(0)
  })
})

function entry(index: number): Uint8Array {
  return encodeEntry({ type: 'cast', kind: 'causal', fragments: 1, increase: [], payload: Uint8Array.of(index) })
}

function cast(increase: { rank: number; by: number }[], fragments = 1): Uint8Array {
  return encodeEntry({ type: 'cast', kind: 'causal', fragments, increase, payload: new Uint8Array(1) })
}

function total(): Uint8Array {
  return encodeEntry({ type: 'cast', kind: 'total', fragments: 1, increase: [], payload: new Uint8Array(1) })
}
