import { describe, expect, it } from 'vitest'
import type { Lineage, MemberId } from '../../peer/base/ids.ts'
import type { MemberRecord } from '../../peer/base/view.ts'
import { encodeEntry } from '../../peer/wire/entry.ts'
import type { Value } from '../../peer/wire/messages.ts'
import { Assembly } from '../../peer/wire/parts.ts'
import { Bench } from './engine-support.ts'
import { emptyValue } from './protocol-support.ts'

const record = (id: string): MemberRecord => ({ id: id as MemberId, info: new Uint8Array() })
const [a, b, c] = ['a.1', 'b.1', 'c.1'].map(record) as [MemberRecord, MemberRecord, MemberRecord]
const value = (more: Partial<Value>): Value => emptyValue([a, b], more)

describe('values that cannot be', () => {
  it('a decision whose cut is not held here: dropped, not thrown', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const view = { lineage: 'g' as Lineage, number: bench.view('a')!.number, members: [a, b, c], witness: undefined }
    expect(() =>
      bench.inject('a', 'c', { kind: 'decide', view, value: value({ cut: [9, 9, 9] }), fates: [] }),
    ).not.toThrow()
  })
  it('a decision whose cut is below what was delivered here: dropped, not thrown', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.cast('a', 'causal', 'x')
    const view = { lineage: 'g' as Lineage, number: bench.view('a')!.number, members: [a, b, c], witness: undefined }
    expect(() => bench.inject('a', 'c', { kind: 'decide', view, value: value({}), fates: [] })).not.toThrow()
  })
  it('a value that lets in another attempt of a member that stays: dropped, not thrown', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const ballot = 4096 * 5 + 2
    bench.inject('a', 'c', { kind: 'prepare', ballot })
    const bad = value({ members: [a, b, c, record('a.2')], joiners: 1 })
    bench.inject('a', 'c', { kind: 'accept', ballot, value: bad })
    const view = { lineage: 'g' as Lineage, number: bench.view('a')!.number, members: [a, b, c], witness: undefined }
    expect(() => bench.inject('a', 'c', { kind: 'decide', view, value: bad, fates: [] })).not.toThrow()
    expect(() => bench.run(2_000)).not.toThrow()
  })
  it('order entries far beyond a gap: bounded, not thrown', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const entries = Array.from({ length: 200_000 }, () => ({ rank: 0, number: 1 }))
    expect(() => {
      bench.inject('b', 'c', { kind: 'order', first: 2, entries })
      bench.run(500)
    }).not.toThrow()
  })
  it('a claim to have seen what I never sent: refused, and I can still send', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const lie = encodeEntry({ type: 'cast', kind: 'fifo', increase: [0, 1_000], payload: new Uint8Array(1) }, 3)
    bench.inject('a', 'c', { kind: 'entries', rank: 2, first: 1, stable: 0, entries: [lie] })
    bench.cast('a', 'causal', 'after')
    bench.run(100)
    expect(bench.all('a', 'bad').length, 'counted').toBe(1)
  })
  it('the highest ballot there is: the group can still change its view', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const ballot = Math.floor(Number.MAX_SAFE_INTEGER / 4096) * 4096 + 2
    bench.inject('a', 'c', { kind: 'prepare', ballot })
    bench.give('a', { type: 'suspect', member: 'c.1' as MemberId })
    bench.give('b', { type: 'suspect', member: 'c.1' as MemberId })
    bench.run(20_000)
    expect(bench.all('b', 'bad')).toEqual([])
    expect(bench.view('b')!.wedged).toBe(false)
  })
  it('parts without bytes: refused, not kept for ever', () => {
    const assembly = new Assembly()
    expect(Array.from({ length: 1_000 }, () => assembly.take(Uint8Array.of(0, 1)))).toContain('bad')
  })
})
