import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Assembly, isPart, split } from '../../peer/wire/parts.ts'

const message = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Uint8Array.of(1, ...bytes))

describe('messages larger than a frame', () => {
  it('come out as they went in, in parts that fit', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 3, max: 80 }),
        (messages, room) => {
          const assembly = new Assembly()
          for (const message of messages) {
            const parts = split(message, room)
            for (const part of parts) expect(isPart(part) && part.length <= room).toBe(true)
            const taken = parts.map((part) => assembly.take(part))
            expect(taken.slice(0, -1).every((answer) => answer === 'more')).toBe(true)
            expect(taken.at(-1)).toEqual(message)
          }
        },
      ),
    )
  })

  it('are refused when they are none, and the next one is taken again', () => {
    const assembly = new Assembly()
    expect(assembly.take(Uint8Array.of(0))).toBe('bad')
    expect(assembly.take(Uint8Array.of(0, 2, 5))).toBe('bad')
    expect(assembly.take(Uint8Array.of(0, 0))).toBe('bad')
    expect(assembly.take(Uint8Array.of(0, 0, 0, 0, 7))).toBe('bad')
    expect(assembly.take(Uint8Array.of(0, 0, 9, 8))).toEqual(Uint8Array.of(9, 8))
  })

  it('are refused beyond 64 MiB: a peer cannot make another hold what it likes', () => {
    const assembly = new Assembly()
    const part = new Uint8Array(8 * 1024 * 1024 + 2)
    part[1] = 1
    const taken = Array.from({ length: 9 }, () => assembly.take(part))
    expect(taken).toEqual([...Array(8).fill('more'), 'bad'])
  })
})
