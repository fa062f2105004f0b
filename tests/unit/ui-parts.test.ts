import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { type Part, type PartMessage, Parts, plainText } from '../../ui/index.ts'

describe('the parts of a state', () => {
  it('hand each its messages and leave out what is not tagged', () => {
    const parts = new Parts()
    const part = new Notes()
    parts.register('notes', part)
    for (const value of [{ tutti: 'notes', n: 1 }, { tutti: 'other', n: 2 }, { n: 3 }, null, 4, 'five', { tutti: 6 }]) {
      parts.apply(message(value))
    }
    expect(part.notes).toEqual([1])
  })

  it('keep the share of a part that comes late, with what came since', () => {
    const provider = new Parts()
    const theirs = new Notes()
    provider.register('notes', theirs)
    provider.apply(message({ tutti: 'notes', n: 1 }))
    const parts = new Parts()
    parts.load(structuredClone(provider.save()))
    parts.apply(message({ tutti: 'notes', n: 2 }))
    const late = new Notes()
    parts.register('notes', late)
    expect(late.notes).toEqual([1, 2])
  })

  it('pass on the share of a part that this page lacks', () => {
    const parts = new Parts()
    parts.load({ notes: { saved: [1], since: [] } })
    parts.apply(message({ tutti: 'notes', n: 2 }))
    const next = new Parts()
    next.load(structuredClone(parts.save()))
    const part = new Notes()
    next.register('notes', part)
    expect(part.notes).toEqual([1, 2])
  })

  it('keep the share of a part that goes and comes back', () => {
    const parts = new Parts()
    const end = parts.register('notes', new Notes())
    parts.apply(message({ tutti: 'notes', n: 1 }))
    end()
    parts.apply(message({ tutti: 'notes', n: 2 }))
    const back = new Notes()
    parts.register('notes', back)
    expect(back.notes).toEqual([1, 2])
  })

  it('begin empty where too much came for a part that never was', () => {
    const parts = new Parts()
    for (let n = 0; n < 10_001; n++) parts.apply(message({ tutti: 'notes', n }))
    expect([parts.save(), parts.lost]).toEqual([{}, ['notes']])
    const part = new Notes()
    parts.register('notes', part)
    expect([part.notes, parts.lost]).toEqual([[], []])
  })

  it('give up what weighs most where what waits takes too much, and say so once', () => {
    const told: string[] = []
    const parts = new Parts((name) => told.push(name))
    const film = new Blob([new Uint8Array(64_000_000)])
    parts.apply(message({ tutti: 'notes', n: 1 }))
    for (let n = 0; n < 3; n++) parts.apply(message({ tutti: 'films', n: film }))
    expect(Object.keys(parts.save())).toEqual(['notes', 'films'])
    for (let n = 0; n < 3; n++) parts.apply(message({ tutti: 'films', n: film }))
    expect([Object.keys(parts.save()), parts.lost, told]).toEqual([['notes'], ['films'], ['films']])
    // What comes with the state of the group is held to the same.
    const late = new Parts((name) => told.push(name))
    const since = [1, 2, 3, 4].map(() => message({ tutti: 'films', n: film }))
    late.load({ notes: { saved: [1], since: [] }, films: { saved: [], since } })
    expect([Object.keys(late.save()), late.lost]).toEqual([['notes'], ['films']])
  })

  it('take any state without throwing, and hand on no message that is none', () => {
    const parts = new Parts()
    const part = new Notes()
    parts.register('notes', part)
    fc.assert(
      fc.property(fc.anything(), (any) => {
        for (const state of [any, { notes: any }, { notes: { saved: [], since: [any] } }]) parts.load(state)
        for (const key of ['kind', 'value', 'from']) {
          parts.load({ notes: { since: [{ ...message({ tutti: 'notes', n: 1 }), [key]: any }] } })
        }
        expect(part.notes).toEqual([])
      }),
    )
  })
})

describe('shown text', () => {
  it.each([
    ['as it is', 'as it is'],
    ['  a\u0000b\u202Ec  ', 'a b c'],
    ['x'.repeat(11), `${'x'.repeat(9)}…`],
    ['🦊'.repeat(11), `${'🦊'.repeat(9)}…`],
    [`${'x'.repeat(9)}${'\u0301'.repeat(100)}`, `${'x'.repeat(9)}…`],
    [`e${'\u0301'.repeat(8)}`, `e${'\u0301'.repeat(8)}`],
    [`e${'\u0301'.repeat(99)}f`, `e${'\u0301'.repeat(8)}…`],
    ['\u200B\u2060\u3164\u00AD \u200E', ''],
    ['a\uD800b', 'a b'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    [7, ''],
    [undefined, ''],
  ])('of %j is %j', (text, shown) => {
    expect(plainText(text, 10)).toBe(shown)
  })
})

class Notes implements Part {
  notes: unknown[] = []
  save(): unknown {
    return this.notes
  }
  load(saved: unknown): void {
    this.notes = Array.isArray(saved) ? [...saved] : []
  }
  apply({ value }: PartMessage): void {
    this.notes.push((value as { n: unknown }).n)
  }
}

function message(value: unknown, from = 'a', seq = 1): PartMessage {
  const member = { id: from, name: from, metadata: null, rank: 0 } as unknown as Member
  return { id: `l/1/${from}/${seq}` as MessageId, kind: 'causal', value, from: member }
}
