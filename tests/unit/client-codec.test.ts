import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuttiError } from '../../peer/base/errors.ts'
import { defaultCodec } from '../../peer/client/codec.ts'
import { errorOf } from './client-codec-support.ts'

const { encode, decode } = defaultCodec

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false, Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.date(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')),
  ),
})).value

describe('the default codec', () => {
  it('gives back every value it takes', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toStrictEqual(withPrototypes(value))
      }),
    )
  })

  it('gives back all that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(decode(encode(value))).toStrictEqual(value)
      }),
    )
  })

  it.each([
    ['negative zero', -0],
    ['not a number', Number.NaN],
    ['an infinity', Number.NEGATIVE_INFINITY],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['the smallest safe integer', Number.MIN_SAFE_INTEGER],
    ['a large float', 1e300],
    ['a half', 0.5],
    ['a byte order mark', '\ufeffx'],
    ['a lone surrogate', 'a\ud800b'],
    ['an invalid date', new Date(Number.NaN)],
    ['a long string', 'é'.repeat(5_000)],
    ['the empty bigint', 0n],
  ])('keeps %s', (_name, value) => {
    expect(decode(encode({ value }))).toStrictEqual({ value })
  })

  it('keeps a key __proto__ as a key', () => {
    const decoded = decode(encode(JSON.parse('{"__proto__": {"polluted": 1}}'))) as object
    expect(Object.keys(decoded)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
    expect('polluted' in decoded).toBe(false)
  })

  it('hands out bytes of its own, so that nobody can change what others read', () => {
    const encoded = encode(Uint8Array.of(1, 2, 3))
    const first = decode(encoded) as Uint8Array
    first[0] = 9
    expect(decode(encoded)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('hands out bytes of its own for a part of a value, large or small, and wherever they may begin', () => {
    for (const length of [0, 1, 100, 1_000, 5_000]) {
      const sent = { list: [new Uint8Array(length).fill(1), new Uint8Array(length).fill(2)] }
      const encoded = encode(sent)
      const { list } = decode(encoded) as typeof sent
      list[0]?.fill(9)
      expect(list[1]).toEqual(new Uint8Array(length).fill(2))
      expect(list.map((bytes) => bytes.byteOffset % 8)).toEqual([0, 0])
      expect(decode(encoded)).toEqual(sent)
    }
  })

  it('goes on when an application has transferred the buffer of a value', () => {
    const encoded = encode(new Uint8Array(100).fill(1))
    const { buffer } = decode(encoded) as Uint8Array<ArrayBuffer>
    structuredClone(buffer, { transfer: [buffer] })
    expect(decode(encoded)).toEqual(new Uint8Array(100).fill(1))
  })

  it('gives plain Uint8Arrays whatever the bytes come in', () => {
    const decoded = decode(Buffer.from(encode([new Uint8Array(3), new Uint8Array(3_000)]))) as Uint8Array[]
    expect(decoded.map((bytes) => bytes.constructor)).toEqual([Uint8Array, Uint8Array])
  })

  it('does not write again to what it handed out', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(values, fc.uint8Array({ minLength: 1_000, maxLength: 9_000 }))), (list) => {
        const encoded = list.map((value) => encode(value))
        const copies = encoded.map((bytes) => bytes.slice())
        expect(encoded).toEqual(copies)
        list.forEach((value, i) => {
          expect(encode(value)).toEqual(copies[i])
        })
      }),
    )
  })

  it('keeps little more than a large value is', () => {
    for (const value of [
      { a: new Uint8Array(100_000) },
      'é'.repeat(10_000),
      'x'.repeat(10_000),
      Array(5_000).fill(0.1),
    ]) {
      const encoded = encode(value)
      expect(encoded.buffer.byteLength).toBeLessThan(1.2 * encoded.length)
    }
  })

  it.each([
    ['ASCII', 'x'],
    ['two bytes each', 'é'],
    ['three bytes each', '€'],
    ['pairs', '😀'],
    ['lone surrogates', '\ud800'],
  ])('keeps strings of any length: %s', (_name, unit) => {
    for (const length of [
      1, 20, 21, 31, 32, 63, 64, 127, 128, 129, 255, 256, 5_461, 5_462, 8_192, 16_384, 16_385, 70_000,
    ]) {
      const text = unit.repeat(length)
      expect(decode(encode([text, { [text]: length }]))).toEqual([text, { [text]: length }])
    }
  })

  it('tells keys apart that look alike', () => {
    const keys = ['ab', 'axb', 'ayb', 'é', 'Ã©', 'x'.repeat(24), 'x'.repeat(25), '']
    const value = Object.fromEntries(keys.map((key, i) => [key, i]))
    for (let i = 0; i < 3; i++) expect(decode(encode(value))).toEqual(value)
  })

  it('lets a getter encode another value, and fail at it', () => {
    const value = {
      before: 'x',
      get inner() {
        errorOf(() => encode({ f: () => {} }))
        return encode({ large: new Uint8Array(20_000), list: [1, 2] })
      },
      after: 'y',
    }
    const decoded = decode(encode(value)) as typeof value
    expect(decoded).toMatchObject({ before: 'x', after: 'y' })
    expect(decode(decoded.inner)).toEqual({ large: new Uint8Array(20_000), list: [1, 2] })
  })

  it('lets a proxy encode another value', () => {
    const getPrototypeOf = (target: object): object | null => {
      encode(['another'])
      return Object.getPrototypeOf(target)
    }
    expect(decode(encode(new Proxy({ a: 1 }, { getPrototypeOf })))).toEqual({ a: 1 })
  })

  it('goes on after an error', () => {
    const large = new Uint8Array(50_000)
    for (const bad of [[large, () => {}], ['x', Symbol('s')], [{ a: [new Map()] }]]) {
      errorOf(() => encode(bad))
      expect(decode(encode([1, [2]]))).toEqual([1, [2]])
    }
  })

  it('is compact', () => {
    expect(encode(7).length).toBe(1)
    expect(encode('hello').length).toBe(6)
    expect(encode({ x: 1.5, y: 300 }).length).toBe(2 + 2 + 5 + 2 + 3)
  })

  it('takes one object in two places, which is no cycle', () => {
    const shared = { a: 1 }
    expect(decode(encode([shared, shared]))).toEqual([{ a: 1 }, { a: 1 }])
  })
})

describe('what the default codec refuses, it refuses at the call and says where', () => {
  const cycle: { list: unknown[] } = { list: [] }
  cycle.list.push(cycle)
  const hidden = {
    get map() {
      return new Map()
    },
  }
  const failing = {
    get x() {
      throw new Error('no')
    },
  }
  let deep: unknown = 0
  for (let i = 0; i < 10_000; i++) deep = [deep]

  it.each([
    ['a function', { a: { b: [0, () => 1] } }, 'value.a.b[1] is a function'],
    ['a symbol', [Symbol('s')], 'value[0] is a symbol'],
    ['a symbol for a key', { [Symbol('s')]: 1 }, 'value has a symbol (s) for a key'],
    ['a class instance', { x: new (class Board {})() }, 'value.x is an instance of Board'],
    ['a Map', new Map(), 'value is an instance of Map'],
    ['another typed array', [new Float32Array(2)], 'value[0] is an instance of Float32Array'],
    ['a cycle', cycle, 'value.list[0] refers back'],
    ['a key that a getter hides', hidden, 'value.? is an instance of Map'],
    ['a getter that throws', failing, 'reading this value threw an error'],
    ['bottomless nesting', deep, 'is nested more than'],
  ])('%s', (_name, value, message) => {
    const error = errorOf(() => encode(value))
    expect(error.code).toBe('not-encodable')
    expect(error.message).toContain(message)
  })
})

describe('bytes that are no value', () => {
  it('throw a TuttiError and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TuttiError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('do so when cut short', () => {
    const bytes = encode({ list: [1, 'two', 3n, new Date(4), Uint8Array.of(5)] })
    for (let length = 0; length < bytes.length; length++) {
      expect(errorOf(() => decode(bytes.subarray(0, length))).code).toBe('not-encodable')
    }
  })

  it('do so when they claim depth without end', () => {
    const bytes = new Uint8Array(100_000)
    for (let i = 0; i < bytes.length; i += 2) bytes.set([14, 1], i)
    expect(errorOf(() => decode(bytes)).code).toBe('not-encodable')
  })
})

/** fast-check makes objects without a prototype too; decoded ones are plain. */
function withPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrototypes)
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value
  const plain = {}
  for (const [key, member] of Object.entries(value)) {
    const descriptor = { value: withPrototypes(member), enumerable: true, configurable: true, writable: true }
    Object.defineProperty(plain, key, descriptor)
  }
  return plain
}
