import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../peer/wire/bytes.ts'
import { decodeEntry, type Entry, encodeEntry } from '../../peer/wire/entry.ts'
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

const frame: fc.Arbitrary<Frame> = fc.record({
  group: count,
  attempt: count,
  lineageTag: fc.nat(2 ** 32 - 1),
  number: count,
  messages: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 5 }),
})

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    type: fc.constant('cast' as const),
    kind: fc.constantFrom('fifo' as const, 'causal' as const, 'total' as const),
    fragments: positive,
    increase: fc.array(fc.record({ rank: count, by: count }), { maxLength: 4 }),
    payload: bytes,
  }),
  fc.record({ type: fc.constant('fragment' as const), payload: bytes }),
)

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
    expect(unpackFrame(packFrame({ group: 1, attempt: 1, lineageTag: 1, number: 1, messages: [] }))).toBeUndefined()
    const empty = packFrame({ group: 1, attempt: 1, lineageTag: 1, number: 1, messages: [new Uint8Array()] })
    expect(unpackFrame(empty)).toBeUndefined()
  })

  it('keep their format', () => {
    const messages = [Uint8Array.of(5), Uint8Array.of(1, 2)]
    const packed = packFrame({ group: 3, attempt: 2, lineageTag: 0xdeadbeef, number: 300, messages })
    expect(Buffer.from(packed).toString('hex')).toBe('0302efbeaddeac020105020102')
  })
})

describe('greetings', () => {
  const greeting = fc.record({
    version: fc.constant(PROTOCOL_VERSION),
    groups: fc.array(fc.record({ number: count, name: fc.string({ unit: 'binary', maxLength: 20 }) }), {
      maxLength: 4,
    }),
  })

  it('come out as they went in, in a frame of group 0', () => {
    fc.assert(
      fc.property(greeting, (greeting) => {
        const frame = unpackFrame(packGreeting(greeting))
        expect(frame?.group).toBe(0)
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
    expect(Buffer.from(packed).toString('hex')).toBe('0000000000000008010102' + '04726f6f6d')
  })
})

describe('entries of a stream', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(entry, (entry) => {
        expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
      }),
    )
  })

  it('keep their format', () => {
    const hexOf = (entry: Entry) => Buffer.from(encodeEntry(entry)).toString('hex')
    const payload = Uint8Array.of(0xca, 0xfe)
    expect(hexOf({ type: 'cast', kind: 'fifo', fragments: 1, increase: [], payload })).toBe('00cafe')
    expect(hexOf({ type: 'cast', kind: 'causal', fragments: 1, increase: [{ rank: 2, by: 3 }], payload })).toBe(
      '05010203cafe',
    )
    expect(hexOf({ type: 'cast', kind: 'total', fragments: 2, increase: [], payload })).toBe('0a02cafe')
    expect(hexOf({ type: 'fragment', payload })).toBe('03cafe')
  })

  it('are refused with no fragments, and with bits that mean nothing', () => {
    expect(decodeEntry(Uint8Array.of(8, 0))).toBeUndefined()
    expect(decodeEntry(Uint8Array.of(7))).toBeUndefined()
    expect(decodeEntry(Uint8Array.of(64))).toBeUndefined()
  })
})
