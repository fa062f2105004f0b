import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeOrder, heldOrder, newOrderLog, orderAt, storeOrder } from '../../peer/ordering/abcast.ts'
import { advance } from '../../peer/ordering/cbcast.ts'
import { deliverComplete } from '../../peer/ordering/delivery.ts'
import { entryAt, letGo, type MessageLog, newStream, received, store } from '../../peer/ordering/message-log.ts'
import { type Entry, encodeEntry } from '../../peer/wire/entry.ts'

/** What is put together here at most. */
const VALUE_BYTES_MAX = 100
const CAST = { type: 'cast', kind: 'causal', increase: [], payload: new Uint8Array(1) } as const satisfies Entry

describe('a stream', () => {
  it('is the same whatever order its entries come in, and however often [DL1] [OR1]', () => {
    const arrivals = fc.array(fc.nat(19), { maxLength: 100 })
    fc.assert(
      fc.property(arrivals, (arrivals) => {
        const { log, stream } = newLog()
        for (const index of arrivals) expect(store(log, 0, index + 1, entry(index))).toBe(true)
        const there = new Set(arrivals)
        const gap = Array.from({ length: 21 }, (_, index) => index).find((index) => !there.has(index))!
        expect(received(stream)).toBe(gap)
        expect(stream.bytes).toBe(gap * entry(0).length)
        expect(stream.ahead.size).toBe([...there].filter((index) => index > gap).length)
        for (let index = 0; index < gap; index++) expect(payloadAt(stream, index + 1)).toEqual(Uint8Array.of(index))
      }),
    )
  })

  it('lets go only of what was delivered here [FL1]', () => {
    const { log, stream } = newLog()
    for (let index = 0; index < 5; index++) store(log, 0, index + 1, entry(index))
    stream.delivered = 3
    letGo(stream, 5)
    expect([stream.base, received(stream)]).toEqual([3, 5])
    expect(stream.bytes).toBe(2 * entry(0).length)
    expect(entryAt(stream, 3)).toBeUndefined()
    expect(payloadAt(stream, 4)).toEqual(Uint8Array.of(3))
    store(log, 0, 2, entry(1))
    letGo(stream, 1)
    expect([stream.base, received(stream)]).toEqual([3, 5])
  })

  it('takes back nothing it let go of, and nothing far beyond its end [FL1]', () => {
    const { log, stream } = newLog()
    expect(store(log, 0, 2 ** 53 - 1, entry(0))).toBe(true)
    expect(store(log, 0, 70_000, entry(0))).toBe(true)
    expect(stream.ahead.size).toBe(0)
  })

  it.each([
    ['bytes that are no entry', () => Uint8Array.of(99)],
    ['an empty entry', () => new Uint8Array()],
    ['a rise in its own place', () => cast([0, 1])],
    ['a rise of a rank that is none', () => encode({ ...CAST, increase: [2, 1] }, 3)],
    ['a rise of nothing', () => cast([1, 0])],
  ])('refuses %s, and is as it was', (_what, bytes) => {
    const { log, stream } = newLog()
    store(log, 0, 1, entry(1))
    expectRefused(log, 2, bytes())
    expect(store(log, 0, 2, entry(2))).toBe(true)
    expect(received(stream)).toBe(2)
  })

  it('drops what came early and proves to be none, and blames nobody for it [DL1]', () => {
    const { log, stream } = newLog()
    store(log, 0, 2, Uint8Array.of(99))
    store(log, 0, 3, entry(3))
    expect(store(log, 0, 1, entry(1))).toBe(true)
    expect([received(stream), [...stream.ahead.keys()]]).toEqual([1, [3]])
    expect(store(log, 0, 2, entry(2))).toBe(true)
    expect([received(stream), stream.ahead.size]).toEqual([3, 0])
  })
})

describe('a value that comes in parts', () => {
  it.each<[string, Entry[], Entry]>([
    ['a part that follows no first one', [], part(0, 2)],
    ['a part after a value that is whole', [part(4, 2), last(2)], part(0, 1)],
    ['a part after a drop', [part(4, 2), { type: 'drop' }], part(0, 1)],
    ['a first part before the last value ended: both overlap', [part(8, 2)], part(8, 2)],
    ['a first part larger than its value', [], part(4, 5)],
    ['a first part that is all of its value', [], part(4, 4)],
    ['a first part without bytes', [], part(4, 0)],
    ['a value larger than any may be', [], part(VALUE_BYTES_MAX + 1, 2)],
    ['a part without bytes', [part(8, 2)], part(0, 0)],
    ['one part too many', [part(8, 2), part(0, 4)], part(0, 3)],
    ['a part that leaves nothing to the cast', [part(8, 2), part(0, 4)], part(0, 2)],
    ['a drop of nothing', [], { type: 'drop' }],
    ['a drop of what is whole', [part(4, 2), last(2)], { type: 'drop' }],
    ['a second drop', [part(4, 2), { type: 'drop' }], { type: 'drop' }],
    ['a cast that has parts, and there were none', [], last(2)],
    ['a cast whose parts are too few', [part(8, 2)], last(2)],
    ['a cast whose parts are too many', [part(4, 2)], last(3)],
    ['a cast that rises in its own place', [part(4, 2)], { ...last(2), increase: [0, 1] }],
  ])('is refused as %s, and nothing is kept [FL1] [FL3]', (_what, before, wrong) => {
    const { log, stream } = newLog()
    for (const [index, entry] of before.entries()) expect(store(log, 0, index + 1, encode(entry))).toBe(true)
    expectRefused(log, before.length + 1, encode(wrong))
    expect(received(stream)).toBe(before.length)
    // It goes on as if nothing had been.
    const isOpen = before.length > 0 && before.at(-1)!.type === 'part'
    const rest: Entry[] = isOpen ? [{ type: 'drop' }, CAST] : [CAST]
    for (const entry of rest) expect(store(log, 0, received(stream) + 1, encode(entry))).toBe(true)
  })

  it('takes a part once, however often it comes [DL1] [FL3]', () => {
    const { log, stream } = newLog()
    const entries = [part(6, 2, 1), part(0, 2, 2), last(2, 3)].map((entry) => encode(entry))
    for (const _ of [1, 2]) {
      for (const index of [1, 0, 1, 0, 2]) expect(store(log, 0, index + 1, entries[index]!)).toBe(true)
    }
    expect(received(stream)).toBe(3)
    expect(stream.bytes).toBe(entries.reduce((sum, { length }) => sum + length, 0))
    expect(deliveredOf(log)).toEqual([[1, 1, 2, 2, 3, 3]])
  })

  it('takes one as large as may be, and none after it is larger [FL1]', () => {
    const { log } = newLog()
    const entries = [part(VALUE_BYTES_MAX, 60, 1), last(VALUE_BYTES_MAX - 60, 2)]
    for (const [index, entry] of entries.entries()) expect(store(log, 0, index + 1, encode(entry))).toBe(true)
    expect(deliveredOf(log)[0]).toHaveLength(VALUE_BYTES_MAX)
    expectRefused(log, 3, encode(part(VALUE_BYTES_MAX + 1, 60)))
  })

  it('is delivered whole at the place of its last entry, after the small ones between its parts [OR1] [FL3]', () => {
    const { log, stream } = newLog()
    const small = (byte: number): Entry => ({ ...CAST, payload: Uint8Array.of(byte) })
    const entries = [small(10), part(5, 2, 1), small(20), part(0, 2, 2), small(30), last(1, 3), small(40)]
    const seen: number[][][] = []
    for (const [index, entry] of entries.entries()) {
      store(log, 0, index + 1, encode(entry))
      seen.push(deliveredOf(log))
    }
    expect(seen).toEqual([[[10]], [], [[20]], [], [[30]], [[1, 1, 2, 2, 3]], [[40]]])
    expect(stream.delivered).toBe(7)
    expect(stream.assembly).toBeUndefined()
  })

  it('counts for the messages of its sender once, and not at all when it is dropped [DL1] [FL3]', () => {
    const { log, stream } = newLog()
    const entries: Entry[] = [part(4, 2), last(2), part(4, 2), { type: 'drop' }, CAST]
    for (const [index, entry] of entries.entries()) store(log, 0, index + 1, encode(entry))
    expect(stream.entries.map(({ cast }) => cast?.seq)).toEqual([undefined, 1, undefined, undefined, 2])
    expect(deliveredOf(log)).toHaveLength(2)
    expect(stream.assembly).toBeUndefined()
  })

  it('is let go of part by part as it becomes stable, and put together all the same [FL1] [FL3]', () => {
    const { log, stream } = newLog()
    const parts = [part(8, 2, 1), part(0, 2, 2), part(0, 2, 3), last(2, 4)]
    const seen = parts.map((entry, index) => {
      store(log, 0, index + 1, encode(entry))
      const delivered = deliveredOf(log)
      letGo(stream, index + 1)
      expect([stream.entries.length, stream.bytes]).toEqual([0, 0])
      return delivered
    })
    expect(seen).toEqual([[], [], [], [[1, 1, 2, 2, 3, 3, 4, 4]]])
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
    const { log } = newLog()
    const { streams } = log
    for (const rank of streams.keys()) for (const number of [1, 2]) store(log, rank, number, total())
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

function newLog() {
  const stream = newStream(2)
  const log: MessageLog = {
    streams: [stream, newStream(2)],
    order: newOrderLog(),
    past: [0, 0],
    wedged: false,
    valueBytesMax: VALUE_BYTES_MAX,
  }
  return { log, stream }
}

function encode(entry: Entry, size = 2): Uint8Array {
  return encodeEntry(entry, size)
}

/** All that is complete and was not delivered yet. */
function deliveredOf(log: MessageLog): number[][] {
  const values: number[][] = []
  advance(log)
  deliverComplete(log, ({ payload }) => values.push([...payload]))
  return values
}

function expectRefused(log: MessageLog, number: number, bytes: Uint8Array): void {
  const before = structuredClone(log)
  expect(store(log, 0, number, bytes)).toBe(false)
  expect(log).toEqual(before)
}

function payloadAt(stream: ReturnType<typeof newStream>, number: number): Uint8Array {
  const { bytes, payloadAt } = entryAt(stream, number)!
  return bytes.subarray(payloadAt)
}

function part(total: number, bytes: number, fill = 0): Extract<Entry, { type: 'part' }> {
  return { type: 'part', total, payload: new Uint8Array(bytes).fill(fill) }
}

function last(bytes: number, fill = 0): Extract<Entry, { type: 'cast' }> {
  return { ...CAST, hasParts: true, payload: new Uint8Array(bytes).fill(fill) }
}

function entry(index: number): Uint8Array {
  return encode({ ...CAST, payload: Uint8Array.of(index) })
}

function cast(increase: readonly number[]): Uint8Array {
  return encode({ ...CAST, increase })
}

function total(): Uint8Array {
  return encode({ ...CAST, kind: 'total' })
}
