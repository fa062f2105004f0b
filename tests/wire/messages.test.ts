import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode, kindOf } from '../../peer/wire/codec.ts'
import { KIND_NUMBERS, type Message, type MessageKind } from '../../peer/wire/messages.ts'
import { anyMessage, MESSAGES } from './arbitraries.ts'
import { SAMPLES } from './samples.ts'

/** `number kind bytes`, a line each: what peers that run an older build send and expect. One set of lines a protocol version: within it, lines are only ever added. */
const GOLDEN = readFileSync(new URL('golden.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' ') as [string, MessageKind, string])

describe('messages on the wire', () => {
  it.each(Object.entries(MESSAGES))('%s comes out as it went in', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<Message>, (message) => {
        const bytes = encode(message)
        expect(decode(bytes)).toEqual(message)
        expect(kindOf(bytes)).toBe(message.kind)
      }),
      { numRuns: 40 },
    )
  })

  it('has one encoding: what decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat(255), (message, at, byte) => {
        const bytes = encode(message).slice()
        bytes[at % bytes.length] = byte
        const decoded = decode(bytes)
        if (decoded.kind === 'invalid' || usesFlags(decoded)) return
        expect(encode(decoded)).toEqual(bytes)
      }),
      { numRuns: 400 },
    )
  })

  it('keeps the numbers of its kinds', () => {
    for (const [number, kind] of GOLDEN) expect(KIND_NUMBERS[kind]).toBe(Number(number))
    expect(Object.keys(KIND_NUMBERS).sort()).toEqual(GOLDEN.map(([, kind]) => kind).sort())
    expect(new Set(Object.values(KIND_NUMBERS)).size).toBe(GOLDEN.length)
  })

  it.each(GOLDEN)('number %s, %s, keeps its format', (_number, kind, hex) => {
    expect(Buffer.from(encode(SAMPLES[kind])).toString('hex')).toBe(hex)
    expect(decode(Uint8Array.from(Buffer.from(hex, 'hex')))).toEqual(SAMPLES[kind])
  })
})

/** Kinds with a byte of flags, of which some bits mean nothing yet. */
function usesFlags({ kind }: Message): boolean {
  return ['status', 'promise', 'join', 'hello', 'grant'].includes(kind)
}
