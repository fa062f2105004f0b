import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../peer/wire/bytes.ts'
import { decode, encode } from '../../peer/wire/codec.ts'
import { readEntry } from '../../peer/wire/entry.ts'
import { PROTOCOL_VERSION, packFrame, unpackFrame, unpackGreeting } from '../../peer/wire/frame.ts'
import { KIND_NUMBERS } from '../../peer/wire/messages.ts'
import { anyMessage } from './arbitraries.ts'
import { SAMPLES } from './samples.ts'

const READERS = {
  decode,
  unpackFrame,
  unpackGreeting,
  'readEntry of two': (bytes: Uint8Array) => readEntry(bytes, 2),
  'readEntry of 256': (bytes: Uint8Array) => readEntry(bytes, 256),
}
const MAX = Number.MAX_SAFE_INTEGER
const HEADER = { group: 1, attempt: 1, lineageTag: 1, number: 1 }
const ABSURD = [2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1]

/** Bytes that begin as a message of some kind does, or as nothing does. */
const noise = fc
  .tuple(fc.oneof(fc.nat(40), fc.nat(255)), fc.uint8Array({ maxLength: 200 }))
  .map(([head, rest]) => Uint8Array.of(head, ...rest))

describe('bytes that are no message', () => {
  it.each(Object.entries(READERS))('%s reads random bytes and never throws', (_name, read) => {
    fc.assert(
      fc.property(noise, (bytes) => {
        read(bytes)
      }),
      { numRuns: 3_000 },
    )
  })

  it('are told apart with a reason that names the kind', () => {
    expect(decode(new Uint8Array())).toEqual({ kind: 'invalid', why: 'unknown kind' })
    expect(decode(Uint8Array.of(0))).toEqual({ kind: 'invalid', why: 'unknown kind' })
    expect(decode(Uint8Array.of(KIND_NUMBERS.prepare))).toEqual({ kind: 'invalid', why: 'prepare: cut short' })
    expect(decode(Uint8Array.of(KIND_NUMBERS.behind, 0))).toEqual({ kind: 'invalid', why: 'behind: bytes left over' })
  })

  it.each(Object.values(SAMPLES))('$kind is none when cut short anywhere or longer than it is', (message) => {
    const bytes = encode(message)
    for (let length = 0; length < bytes.length; length++) {
      expect(decode(bytes.subarray(0, length)).kind).toBe('invalid')
    }
    expect(decode(Uint8Array.of(...bytes, 0)).kind).toBe('invalid')
  })

  it.each(Object.values(SAMPLES))('$kind with any one bit flipped is read or refused', (message) => {
    const bytes = encode(message).slice()
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      decode(bytes)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(decode(bytes)).toEqual(message)
  })

  it('with several bytes changed are read or refused', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(anyMessage, changes, (message, changes) => {
        const bytes = encode(message).slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        decode(bytes)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('absurd lengths', () => {
  it.each(ABSURD)('a list, a text, bytes of %d are refused before anything is made of them', (length) => {
    const claims = [
      new Writer().byte(KIND_NUMBERS.entries).varint(0).varint(1).varint(length).raw(new Uint8Array(8)),
      new Writer().byte(KIND_NUMBERS.entries).varint(0).varint(1).varint(1).varint(length),
      new Writer().byte(KIND_NUMBERS.order).varint(1).varint(length),
      new Writer().byte(KIND_NUMBERS.order).varint(1).varint(1).varint(0).varint(1).varint(length),
      new Writer().byte(KIND_NUMBERS.have).varint(length),
      new Writer().byte(KIND_NUMBERS.status).varint(length),
      new Writer().byte(KIND_NUMBERS.probe).varint(length).raw(new Uint8Array(64).fill(97)),
      new Writer().byte(KIND_NUMBERS.promise).varint(1).varint(0).varint(0).varint(length),
      new Writer().byte(KIND_NUMBERS.decide).varint(1).raw(Uint8Array.of(97)).varint(1).varint(length),
    ]
    const before = process.memoryUsage().arrayBuffers
    for (const claim of claims) expect(decode(claim.finish()).kind).toBe('invalid')
    expect(unpackFrame(new Writer().varint(2).varint(1).uint32(1).varint(1).varint(length).finish())).toBeUndefined()
    expect(unpackFrame(new Writer().varint(1).varint(length).finish())).toBeUndefined()
    expect(unpackFrame(new Writer().varint(0).varint(length).finish())).toBeUndefined()
    expect(unpackGreeting(new Writer().varint(PROTOCOL_VERSION).varint(length).finish())).toBeUndefined()
    expect(
      readEntry(
        new Writer()
          .byte(4 | 64)
          .varint(length)
          .finish(),
        3,
      ),
    ).toBeUndefined()
    expect(
      readEntry(
        new Writer()
          .byte(4 | 64)
          .varint(length)
          .finish(),
        256,
      ),
    ).toBeUndefined()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })
})

describe('names and numbers that cannot be', () => {
  it('places beyond what numbers can tell are refused, and those of many runs beyond what one message tells', () => {
    const order = () => new Writer().byte(KIND_NUMBERS.order).varint(1)
    expect(decode(order().varint(1).varint(0).varint(MAX).varint(1).finish()).kind).toBe('order')
    for (const length of [2, 3, 5, 65_536]) {
      expect(decode(order().varint(1).varint(0).varint(MAX).varint(length).finish()).kind).toBe('invalid')
    }
    const runs = order().varint(3)
    for (const rank of [0, 1, 2]) runs.varint(rank).varint(1).varint(30_000)
    expect(decode(runs.finish()).kind).toBe('invalid')
  })

  it('places that follow one another, told apart, are refused: there is one encoding', () => {
    const told = new Writer().byte(KIND_NUMBERS.order).varint(1).varint(2)
    for (const number of [7, 8]) told.varint(3).varint(number).varint(1)
    expect(decode(told.finish()).kind).toBe('invalid')
  })

  it.each(['', 'a', 'a.', '.1', 'a.0', 'a.01', 'a b.1', 'a/b.1', 'ä.1', '\uFEFFa.1', `${'a'.repeat(63)}.1`])(
    'the member %j is refused',
    (member) => {
      expect(decode(new Writer().byte(KIND_NUMBERS.alive).text(member).finish()).kind).toBe('invalid')
    },
  )

  it('zero is refused where numbers count from one', () => {
    for (const kind of ['prepare', 'save-failed', 'verdict'] as const) {
      expect(decode(Uint8Array.of(KIND_NUMBERS[kind], 0, 0)).kind).toBe('invalid')
    }
  })

  it('a view that names a member twice, and one without survivors, are refused', () => {
    const { value } = SAMPLES.accept
    const [first] = value.members
    for (const wrong of [
      { ...value, members: [first!, first!], joiners: 0 },
      { ...value, members: [], joiners: 0 },
      { ...value, joiners: value.members.length },
    ]) {
      expect(decode(encode({ ...SAMPLES.accept, value: wrong })).kind).toBe('invalid')
    }
  })
})

describe('what is read', () => {
  it('is a view into the frame: a large message is not copied', () => {
    const bytes = packFrame({ header: HEADER, messages: [encode(SAMPLES.chunk)] })
    const message = decode(unpackFrame(bytes)!.messages[0]!)
    expect(message.kind === 'chunk' && message.bytes.buffer === bytes.buffer).toBe(true)
  })
})
