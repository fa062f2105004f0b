import { describe, expect, it } from 'vitest'
import type { MessageId } from '../../../peer/index.ts'
import type { Outcome } from '../pages/chaos-page.ts'
import { type Account, unrest, untruths } from './accounts.ts'

// The eye with which a chaos run looks at its end: it must see what it is there to see.

const id = (name: string): MessageId => name as MessageId

function account(name: string, labels: readonly string[], changes: Partial<Account> = {}): Account {
  const entries = labels.map((label) => [label, [id(`v/1/${label}`)]] as const)
  return { name, open: [], state: { entries, totals: labels }, ...changes }
}

describe('the account of a group at rest', () => {
  it('is clear where all have what was promised and nothing that was denied', () => {
    const outcomes = new Map<string, Outcome | undefined>([
      ['a/1', 'stable'],
      ['a/2', 'excluded:in-cut'],
      ['a/3', 'excluded:not-sent'],
      ['b/1', 'left:unknown'],
      ['b/2', undefined],
    ])
    const tabs = [account('a', ['a/1', 'a/2', 'c/9']), account('b', ['a/1', 'a/2', 'c/9'])]
    expect(unrest(tabs)).toEqual([])
    expect(untruths(tabs[0]!, outcomes, new Set(['c']))).toEqual([])
  })

  const lies: { title: string; has: string[]; outcomes: [string, Outcome][]; found: string }[] = [
    {
      title: 'what is lost, though it was stable [RC1]',
      has: [],
      outcomes: [['a/1', 'stable']],
      found: "a/1 is lost, though its sender was told 'stable'",
    },
    {
      title: 'what is lost, though it was in the cut [RC1]',
      has: [],
      outcomes: [['a/1', 'excluded:in-cut']],
      found: "a/1 is lost, though its sender was told 'excluded:in-cut'",
    },
    {
      title: 'what is there, though it was never sent [RC1]',
      has: ['a/1'],
      outcomes: [['a/1', 'excluded:not-sent']],
      found: "a/1 is in the state, though its sender was told 'excluded:not-sent'",
    },
    {
      title: 'what is there, though it was refused [RC2]',
      has: ['a/1'],
      outcomes: [['a/1', 'queue-full:refused']],
      found: "a/1 is in the state, though its sender was told 'queue-full:refused'",
    },
    { title: 'what nobody multicast [DL1]', has: ['a/1'], outcomes: [], found: 'a/1 was never multicast' },
  ]
  it.each(lies)('shows $title', ({ has, outcomes, found }) => {
    expect(untruths(account('a', has), new Map(outcomes), new Set(['c']))).toEqual([found])
  })

  it('shows what is there twice under two ids [PT4]', () => {
    const state = { entries: [['a/1', [id('v/1/a/1'), id('v/2/a/1')]]] as const, totals: [] }
    const found = untruths(account('a', [], { state }), new Map([['a/1', 'stable']]), new Set())
    expect(found).toEqual(['a/1 is in the state 2 times'])
  })

  it('shows receipts that are open, states that differ and ABCASTs in another order [RC1, DL3, OR3]', () => {
    const tabs = [account('a', ['a/1', 'a/2'], { open: ['a/3'] }), account('b', ['a/2', 'a/1']), account('c', ['a/1'])]
    expect(unrest(tabs)).toEqual([
      'a never learned the fate of a/3',
      'b and a have the ABCASTs in different orders',
      'c has no a/2, a v/1/a/2',
      'c and a have the ABCASTs in different orders',
    ])
  })
})
