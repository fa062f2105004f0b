import { describe, expect, it } from 'vitest'
import { Assembly } from '../../peer/yjs/assembly.ts'

const part = (by: number, series: number, at: number, ...bytes: number[]) => ({
  by,
  series,
  at,
  bytes: Uint8Array.from(bytes),
})
const whole = (by: number, series: number, length: number) => ({ by, series, length })

describe('changes that come in parts', () => {
  it('are put together, each page’s own', () => {
    const assembly = new Assembly()
    assembly.add('m.1', part(1, 1, 0, 1, 2))
    assembly.add('m.1', part(2, 1, 0, 7))
    assembly.add('m.1', part(1, 1, 2, 3))
    const copy = new Assembly()
    copy.load(assembly.save())
    for (const one of [assembly, copy]) {
      expect(one.take('m.1', whole(1, 1, 3))).toEqual(Uint8Array.of(1, 2, 3))
      expect(one.take('m.1', whole(1, 1, 3))).toBeUndefined()
      expect(one.take('m.1', whole(2, 1, 1))).toEqual(Uint8Array.of(7))
    }
  })

  it('are given up with a new series, with their page, and with their member', () => {
    const assembly = new Assembly()
    assembly.add('m.1', part(1, 1, 0, 1))
    assembly.add('m.1', part(1, 2, 0, 2))
    expect(assembly.take('m.1', whole(1, 1, 1))).toBeUndefined()
    assembly.add('m.1', part(1, 3, 0, 3))
    assembly.add('m.1', part(2, 1, 0, 3))
    assembly.add('n.1', part(2, 1, 0, 4))
    assembly.drop('m.1', 2)
    assembly.keepOnly(new Set(['n.1']))
    expect(assembly.save()).toEqual([['n.1', 2, 1, [Uint8Array.of(4)]]])
    expect(assembly.take('n.1', whole(2, 1, 1))).toEqual(Uint8Array.of(4))
  })

  it('are not kept where some of them is not here, and never taken for the whole', () => {
    const assembly = new Assembly()
    assembly.add('m.1', part(1, 1, 5, 6, 7))
    expect(assembly.save()).toEqual([])
    expect(assembly.take('m.1', whole(1, 1, 2))).toBeUndefined()
    assembly.add('m.1', part(1, 2, 0, 1))
    assembly.add('m.1', part(1, 2, 2, 3))
    assembly.add('m.1', part(1, 2, 3, 4))
    expect(assembly.save()).toEqual([])
    assembly.add('m.1', part(1, 3, 0, 1))
    expect(assembly.take('m.1', whole(1, 3, 2))).toBeUndefined()
  })
})
