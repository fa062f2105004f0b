import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../peer/wire/bytes.ts'
import { type Entry, encodeEntry, readEntry } from '../../peer/wire/entry.ts'
import {
  FRAME_OVERHEAD_BYTES,
  type Frame,
  PROTOCOL_VERSION,
  packFrame,
  packGreeting,
  unpackFrame,
  unpackGreeting,
} from '../../peer/wire/frame.ts'
import { bytes, count, positive } from './arbitraries.ts'

const EDGES = [0, 1, 127, 128, 2 ** 14 - 1, 2 ** 14, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 35, 2 ** 53 - 1]
const TEXTS = ['', 'plain', '\uFEFFbegins with a byte order mark', '\0', 'łódź', '𝄞 tutti', '\u{10FFFF}']

const group = positive.filter((number) => number < Number.MAX_SAFE_INTEGER)
const header = fc.record({ group, attempt: count, lineageTag: fc.nat(2 ** 32 - 1), number: count })
const HEADER = { group: 1, attempt: 1, lineageTag: 1, number: 1 }
const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 5 })
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ header, messages }),
  fc.record({ isGreeting: fc.constant(true), messages }),
  fc.record({ messages }),
)

/** A view's size and an entry that may be sent in it. */
const sized = fc.constantFrom(1, 2, 3, 7, 8, 9, 16, 17, 64, 256).chain((size) => {
  const ranks = fc.uniqueArray(fc.record({ rank: fc.nat(size - 1), by: positive }), {
    maxLength: 20,
    selector: ({ rank }) => rank,
  })
  const increase = ranks.map((all) => all.sort((a, b) => a.rank - b.rank).flatMap(({ rank, by }) => [rank, by]))
  const cast = fc.record({
    type: fc.constant('cast' as const),
    kind: fc.constantFrom('fifo' as const, 'causal' as const, 'total' as const),
    purpose: fc.constantFrom('message' as const, 'pause' as const, 'state' as const, 'resume' as const),
    hasParts: fc.boolean(),
    increase,
    payload: bytes,
  })
  const part = fc.record({ type: fc.constant('part' as const), total: count, payload: bytes })
  const drop = fc.constant<Entry>({ type: 'drop' })
  return fc.tuple(fc.constant(size), fc.oneof<fc.Arbitrary<Entry>[]>(cast, part, drop))
})

describe('primitives', () => {
  it.each(EDGES)('the number %d', (value) => {
    const written = new Writer(0).varint(value).finish()
    expect(written.length).toBeLessThanOrEqual(8)
    expect(new Reader(written).varint()).toBe(value)
  })

  it.each(TEXTS)('the text %j', (text) => {
    expect(new Reader(new Writer(0).text(text).finish()).text()).toBe(text)
  })

  it('refuses numbers that are too large, or longer than they need be', () => {
    expect(() => new Reader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10)).varint()).toThrow(
      'too large',
    )
    expect(() => new Reader(new Uint8Array(9).fill(0x80)).varint()).toThrow('too long')
    expect(() => new Reader(Uint8Array.of(0x80, 0x00)).varint()).toThrow('shortest')
  })

  it('refuses text that is not UTF-8', () => {
    expect(() => new Reader(Uint8Array.of(2, 0xc3, 0x28)).text()).toThrow('UTF-8')
  })
})

describe('frames', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(frame, (frame) => {
        expect(unpackFrame(packFrame(frame))).toEqual(frame)
      }),
    )
  })

  it('need no more than their overhead and four bytes a message', () => {
    fc.assert(
      fc.property(frame, (frame) => {
        const payload = frame.messages.reduce((sum, message) => sum + message.length + 4, 0)
        expect(packFrame(frame).length).toBeLessThanOrEqual(FRAME_OVERHEAD_BYTES + payload)
      }),
    )
  })

  it('are refused when empty, or when a message in them is', () => {
    for (const head of [{ header: HEADER }, {}, { isGreeting: true }]) {
      expect(unpackFrame(packFrame({ ...head, messages: [] }))).toBeUndefined()
      expect(unpackFrame(packFrame({ ...head, messages: [new Uint8Array()] }))).toBeUndefined()
    }
  })

  it('need one byte beside the messages where the header is that of the frame before', () => {
    expect(packFrame({ messages: [Uint8Array.of(7)] }).length).toBe(3)
  })

  it('keep their format', () => {
    const hexOf = (frame: Frame) => Buffer.from(packFrame(frame)).toString('hex')
    const messages = [Uint8Array.of(5), Uint8Array.of(1, 2)]
    const header = { group: 3, attempt: 2, lineageTag: 0xdeadbeef, number: 300 }
    expect(hexOf({ header, messages })).toBe('0402efbeaddeac020105020102')
    expect(hexOf({ messages })).toBe('010105020102')
    expect(hexOf({ isGreeting: true, messages })).toBe('000105020102')
  })
})

describe('greetings', () => {
  const greeting = fc.record({
    version: fc.constant(PROTOCOL_VERSION),
    groups: fc.array(fc.record({ number: count, name: fc.string({ unit: 'binary', maxLength: 20 }) }), {
      maxLength: 4,
    }),
  })

  it('come out as they went in, in a frame that says so', () => {
    fc.assert(
      fc.property(greeting, (greeting) => {
        const frame = unpackFrame(packGreeting(greeting))
        expect(frame?.isGreeting).toBe(true)
        expect(frame?.header).toBeUndefined()
        expect(unpackGreeting(frame!.messages[0]!)).toEqual(greeting)
      }),
    )
  })

  it('tell of another version, however it goes on', () => {
    fc.assert(
      fc.property(positive, bytes, (version, rest) => {
        fc.pre(version !== PROTOCOL_VERSION)
        const message = new Writer().varint(version).raw(rest).finish()
        expect(unpackGreeting(message)).toEqual({ version, groups: [] })
      }),
    )
  })

  it('keep their format', () => {
    const packed = packGreeting({ version: 1, groups: [{ number: 2, name: 'room' }] })
    expect(Buffer.from(packed).toString('hex')).toBe('0008010102' + '04726f6f6d')
  })
})

describe('entries of a stream', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(sized, ([size, entry]) => {
        const written = encodeEntry(entry, size)
        const read = readEntry(written, size)!
        if (entry.type === 'drop' || read.type === 'drop') {
          expect(read).toEqual(entry)
          return
        }
        const { payload, ...rest } = entry
        const { payloadAt, ...same } = read
        expect(same).toEqual(rest)
        expect(written.subarray(payloadAt)).toEqual(payload)
      }),
    )
  })

  it('stay what they are when the next one is written', () => {
    fc.assert(
      fc.property(fc.array(sized, { minLength: 2, maxLength: 20 }), (all) => {
        const written = all.map(([size, entry]) => encodeEntry(entry, size))
        const again = all.map(([size, entry]) => encodeEntry(entry, size).slice())
        expect(written.map((bytes) => bytes.slice())).toEqual(again)
      }),
    )
  })

  it('tell an increase by the shorter of two forms, a list or a bit a member [OR2]', () => {
    const sizes = [1, 8, 9, 64, 256]
    const payload = new Uint8Array()
    const lengthOf = (increase: readonly number[], size: number) =>
      encodeEntry({ type: 'cast', kind: 'causal', increase, payload }, size).length
    for (const size of sizes) {
      const all = Array.from({ length: size }, (_, rank) => [rank, 1]).flat()
      expect(lengthOf(all, size)).toBe(1 + Math.ceil(size / 8) + size)
      expect(lengthOf([size - 1, 1], size)).toBeLessThanOrEqual(1 + Math.min(Math.ceil(size / 8) + 1, 4))
    }
  })

  it('keep their format', () => {
    const hexOf = (entry: Entry, size = 3) => Buffer.from(encodeEntry(entry, size)).toString('hex')
    const payload = Uint8Array.of(0xca, 0xfe)
    const cast = { type: 'cast', kind: 'causal', increase: [], payload } as const
    expect(hexOf({ ...cast, kind: 'fifo' })).toBe('00cafe')
    expect(hexOf({ ...cast, increase: [2, 3] })).toBe('050403cafe')
    expect(hexOf({ ...cast, increase: [0, 1, 2, 300] })).toBe('050501ac02cafe')
    expect(hexOf({ ...cast, increase: [12, 3] }, 16)).toBe('45010c03cafe')
    expect(hexOf({ ...cast, increase: [0, 1, 15, 2] }, 16)).toBe('0501800102cafe')
    expect(hexOf({ ...cast, kind: 'total', hasParts: true })).toBe('0acafe')
    expect(hexOf({ ...cast, kind: 'total', purpose: 'pause' })).toBe('12cafe')
    expect(hexOf({ ...cast, kind: 'total', purpose: 'state' })).toBe('22cafe')
    expect(hexOf({ ...cast, kind: 'total', purpose: 'resume' })).toBe('32cafe')
    expect(hexOf({ type: 'part', total: 300, payload })).toBe('07ac02cafe')
    expect(hexOf({ type: 'part', total: 0, payload })).toBe('03cafe')
    expect(hexOf({ type: 'drop' })).toBe('0b')
  })

  it.each([
    ['nothing', []],
    ['bits that mean nothing', [128]],
    ['a list without an increase', [64]],
    ['an increase that is cut short', [5]],
    ['bits of an increase that is cut short', [5, 2]],
    ['no bit set', [5, 0]],
    ['a bit beyond the view', [5, 8, 1]],
    ['an increase of nothing', [5, 2, 0]],
    ['an empty list', [69, 0]],
    ['a list longer than the view', [69, 4, 0, 1, 1, 1, 2, 1, 3, 1]],
    ['a rank beyond the view', [69, 1, 3, 1]],
    ['a rank twice', [69, 2, 1, 1, 1, 1]],
    ['ranks that fall', [69, 2, 1, 1, 0, 1]],
    ['a list with an increase of nothing', [69, 1, 1, 0]],
    ['a first part of nothing', [7, 0]],
    ['a first part that is cut short', [7]],
    ['a drop with more', [11, 1]],
    ['a kind that is none', [15]],
    ['a part with a purpose', [19, 1]],
  ])('are refused when they are %s', (_what, bytes) => {
    expect(readEntry(Uint8Array.from(bytes), 3)).toBeUndefined()
  })
})
