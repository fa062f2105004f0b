import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { ChatLog, type Part, type PartMessage, Parts, plainText } from '../../ui/index.ts'

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
    expect(parts.save()).toEqual({})
  })

  it('take any state without throwing', () => {
    fc.assert(fc.property(fc.anything(), (state) => new Parts().load(state)))
  })
})

describe('the chat', () => {
  it('shows concurrent lines in one order, and an answer below what it answers', () => {
    const [ada, bo] = [new ChatLog(() => {}), new ChatLog(() => {})]
    const profile = { name: 'x', color: 1 }
    const lines = [message(ada.compose('one', profile, 0), 'a', 1), message(bo.compose('two', profile, 0), 'b', 1)]
    for (const line of lines) ada.apply(line)
    for (const line of lines.toReversed()) bo.apply(line)
    const answer = message(ada.compose('three', profile, 0), 'a', 2)
    for (const log of [ada, bo]) log.apply(answer)
    expect(ada.lines.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect(bo.lines).toEqual(ada.lines)
  })

  it('keeps the same last lines whatever order they came in', () => {
    const lines = Array.from({ length: 700 }, (_, n) =>
      message({ tutti: 'chat', text: `${n}`, at: n, time: n, color: 1 }, 'a', n),
    )
    const [one, other] = [new ChatLog(() => {}), new ChatLog(() => {})]
    for (const line of lines) one.apply(line)
    for (const line of lines.toReversed()) other.apply(line)
    expect(one.lines).toHaveLength(500)
    expect(other.lines).toEqual(one.lines)
  })

  it('takes values that make no sense without throwing', () => {
    const log = new ChatLog(() => {})
    fc.assert(
      fc.property(fc.anything(), (value) => {
        log.apply(message({ tutti: 'chat', text: value, at: value, time: value, name: value, color: value }))
        log.load(value)
        log.load([value])
      }),
    )
    log.apply(message({ tutti: 'chat', text: 'x', at: 1, time: 9e15 }))
    expect(log.lines).toEqual([])
  })
})

describe('shown text', () => {
  it.each([
    ['as it is', 'as it is'],
    ['  a\u0000b\u202Ec  ', 'a b c'],
    ['x'.repeat(11), `${'x'.repeat(9)}…`],
    ['🦊'.repeat(11), `${'🦊'.repeat(9)}…`],
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
