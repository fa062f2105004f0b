import { expect, test } from 'playwright/test'
import type { CastKind } from '../../peer/index.ts'
import { Record, type Said } from './pages/record.ts'

// The eye with which the group pages look at themselves: it must see what it is there to see.

const cases: { title: string; heard: [CastKind, Said][]; faults: string[] }[] = [
  {
    title: 'finds nothing wrong with an answer after its question, nor with an fbcast before it',
    heard: [
      ['fifo', { label: 'b/1', answers: 'a/1' }],
      ['total', { label: 'a/1' }],
      ['causal', { label: 'c/1', answers: 'a/1' }],
    ],
    faults: [],
  },
  {
    title: 'sees a message lost',
    heard: [
      ['causal', { label: 'a/1' }],
      ['fifo', { label: 'a/3' }],
    ],
    faults: ['a/3 came after a/1'],
  },
  {
    title: 'sees a message twice',
    heard: [
      ['total', { label: 'a/1' }],
      ['total', { label: 'a/1' }],
    ],
    faults: ['a/1 came after a/1'],
  },
  {
    title: 'sees an answer before its question',
    heard: [['total', { label: 'b/1', answers: 'a/1' }]],
    faults: ['b/1 came before a/1, which it answers'],
  },
]
for (const { title, heard, faults } of cases) {
  test(`a page's record ${title}`, () => {
    const record = new Record()
    for (const [kind, value] of heard) record.apply({ kind, value })
    expect(record.faults).toEqual(faults)
  })
}

test("a page's record goes on from a loaded state, and forgets what was before", () => {
  const [one, other] = [new Record(), new Record()]
  one.apply({ kind: 'total', value: { label: 'a/1' } })
  one.apply({ kind: 'causal', value: { label: 'a/2' } })
  other.apply({ kind: 'total', value: { label: 'x/1' } })
  other.load(one.save())
  other.apply({ kind: 'total', value: { label: 'b/1', answers: 'a/2' } })
  expect(other.faults).toEqual([])
  expect(other.totals).toEqual(['a/1', 'b/1'])
  expect(Object.fromEntries(other.heard)).toEqual({ a: 2, b: 1 })
})
