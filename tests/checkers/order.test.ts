import { describe, expect, it } from 'vitest'
import { buildHistory } from './build-history.ts'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { judge } from './index.ts'
import { closeSequence } from './rules/close-synchrony.ts'
import { Scribe } from './scribe.ts'

function trio(): Scribe {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1', 'c.1')
  return s
}

function goOn(s: Scribe): Scribe {
  s.view(2, 'a.1', 'b.1', 'c.1')
  return s
}

describe('the order of one sender', () => {
  it('must be kept, whatever the kinds [OR1]', () => {
    const s = trio()
    const [first, second] = [s.cast('a.1', 'causal'), s.cast('a.1', 'fifo')]
    s.deliver(first, 'b.1')
    s.deliver(second, 'b.1')
    expectKept(s, ['OR1'])
    const early = s.deliver(second, 'c.1')
    const late = s.deliver(first, 'c.1')
    expectWitness(expectBroken(s, ['OR1']), lineOf(s, 'multicast', 'a.1', first), early, late)
  })

  it('must have no gap, also at a member that fails [OR1]', () => {
    const s = trio()
    const first = s.cast('a.1', 'fifo')
    const second = s.say('a.1', 'fifo', 'c.1')
    s.write('c.1', { event: 'crash' })
    expectWitness(expectBroken(s, ['OR1']), lineOf(s, 'multicast', 'a.1', first), lineOf(s, 'deliver', 'c.1', second))
  })

  it('begins anew in each view [OR1]', () => {
    const s = trio()
    s.say('a.1', 'causal', 'a.1', 'b.1', 'c.1')
    goOn(s).say('a.1', 'causal', 'a.1', 'b.1', 'c.1')
    expectKept(s, ['OR1'])
  })
})

describe('causal order', () => {
  it('puts causes first at all, but not concurrent messages in one order [OR2] [VS1]', () => {
    const s = trio()
    const question = s.say('a.1', 'causal', 'a.1', 'b.1')
    const other = s.say('c.1', 'causal', 'c.1', 'b.1')
    const answer = s.say('b.1', 'causal', 'b.1')
    for (const id of [other, answer]) s.deliver(id, 'a.1')
    for (const id of [question, answer]) s.deliver(id, 'c.1')
    expectKept(goOn(s), ['OR2', 'VS1'])
  })

  it('must not put an answer before its question, through several members, also at one that fails [OR2]', () => {
    const s = trio()
    const question = s.say('a.1', 'causal', 'a.1', 'b.1')
    const answer = s.say('b.1', 'causal', 'b.1', 'a.1')
    const early = s.deliver(answer, 'c.1')
    const late = s.deliver(question, 'c.1')
    s.write('c.1', { event: 'crash' })
    const [asked, answered] = [lineOf(s, 'multicast', 'a.1', question), lineOf(s, 'multicast', 'b.1', answer)]
    expectWitness(expectBroken(s, ['OR2']), asked, answered, early, late)
  })

  it('counts abcasts as causes and as effects [OR2] [OR4]', () => {
    const s = trio()
    const vote = s.say('a.1', 'total', 'a.1', 'b.1')
    s.say('b.1', 'causal', 'b.1', 'c.1')
    s.deliver(vote, 'c.1')
    expectBroken(s, ['OR2'])
    const other = trio()
    const cause = other.say('a.1', 'causal', 'a.1', 'b.1')
    other.say('b.1', 'total', 'b.1', 'c.1')
    other.deliver(cause, 'c.1')
    expectBroken(other, ['OR2'])
  })

  it('works whatever the order of the peers’ files [OR2]', () => {
    const s = trio()
    const question = s.say('a.1', 'causal', 'a.1', 'b.1', 'c.1')
    s.say('b.1', 'causal', 'b.1', 'a.1', 'c.1')
    const files = ['c.1', 'b.1', 'a.1'].map((peer) => s.events.filter((event) => event.peer === peer))
    expect(judge(files.flat(), { rules: ['OR2'] })).toEqual([{ rule: 'OR2', outcome: 'pass' }])
    expect(question).toBe('L/1/a.1/1')
  })

  it('lets an fbcast overtake its causes, but not a later cbcast [OR2] [OR6]', () => {
    const s = trio()
    const cause = s.say('a.1', 'causal', 'a.1', 'b.1')
    const note = s.say('b.1', 'fifo', 'b.1', 'c.1')
    s.deliver(cause, 'c.1')
    const later = s.say('c.1', 'causal', 'c.1')
    s.deliver(note, 'a.1')
    s.deliver(later, 'a.1', 'b.1')
    expectKept(s, ['OR2', 'OR6'])
  })

  it('must hold a cbcast back at a sender that an fbcast reached too early [OR6]', () => {
    const s = trio()
    const cause = s.say('a.1', 'causal', 'a.1', 'b.1')
    const note = s.say('b.1', 'fifo', 'b.1', 'c.1')
    const early = s.cast('c.1', 'causal')
    const witness = [
      lineOf(s, 'multicast', 'a.1', cause),
      lineOf(s, 'deliver', 'c.1', note),
      lineOf(s, 'multicast', 'c.1', early),
    ]
    expectWitness(expectBroken(s, ['OR6']), ...witness)
    s.deliver(early, 'c.1')
    expectBroken(s, ['OR6', 'OR2'])
  })

  it('lets an fbcast be sent after another overtook its causes [OR6]', () => {
    const s = trio()
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.say('b.1', 'fifo', 'b.1', 'c.1')
    s.say('c.1', 'fifo', 'c.1', 'a.1')
    expectKept(s, ['OR6'])
  })

  it('is not decided without messages [OR1] [OR2] [OR3] [OR4] [OR5] [OR6] [VS1]', () => {
    for (const rule of ['OR1', 'OR2', 'OR3', 'OR4', 'OR5', 'OR6', 'VS1']) expectUndecided(trio(), rule)
  })
})

describe('total order', () => {
  it('is one order at all that go on [OR3] [OR4]', () => {
    const s = trio()
    const [one, two] = [s.cast('a.1', 'total'), s.cast('b.1', 'total')]
    s.deliver(two, 'a.1', 'b.1', 'c.1')
    s.deliver(one, 'c.1', 'b.1', 'a.1')
    expectKept(goOn(s), ['OR3', 'OR4', 'VS1'])
  })

  it('must not differ between two that go on [OR3] [VS1]', () => {
    const s = trio()
    const [one, two] = [s.cast('a.1', 'total'), s.cast('b.1', 'total')]
    for (const id of [one, two]) s.deliver(id, 'a.1', 'b.1')
    for (const id of [two, one]) s.deliver(id, 'c.1')
    const evidence = expectBroken(goOn(s), ['OR3', 'VS1'])
    expectWitness(evidence, lineOf(s, 'deliver', 'a.1', one), lineOf(s, 'deliver', 'c.1', two))
  })

  it('may differ at one that fails, and at a sequencer that dies [OR3]', () => {
    const s = trio()
    const [one, two] = [s.cast('a.1', 'total'), s.cast('b.1', 'total')]
    s.deliver(one, 'a.1')
    s.write('a.1', { event: 'crash' })
    s.deliver(two, 'b.1', 'c.1')
    s.deliver(one, 'b.1', 'c.1')
    s.write('b.1', { event: 'suspect', of: 'a.1' })
    s.view(2, 'b.1', 'c.1')
    expectKept(s, ['OR3', 'OR4', 'OR5', 'VS1'])
  })

  it('must not put an effect before its cause [OR4] [VS1]', () => {
    const s = trio()
    const cause = s.say('a.1', 'total', 'b.1')
    const effect = s.cast('b.1', 'total')
    for (const id of [effect, cause]) s.deliver(id, 'a.1', 'c.1')
    s.write('b.1', {
      event: 'deliver',
      id: effect,
      kind: 'total',
      from: 'b.1',
      lineage: 'L',
      number: 1,
      order: 2,
    })
    goOn(s)
    const evidence = expectBroken(s, ['OR4', 'OR2', 'OR3', 'VS1'])
    expectWitness(
      evidence,
      lineOf(s, 'multicast', 'a.1', cause),
      lineOf(s, 'multicast', 'b.1', effect),
      lineOf(s, 'deliver', 'a.1', effect),
      lineOf(s, 'deliver', 'a.1', cause),
    )
  })

  it('must hold at the end of a view whose sequencer failed [OR5] [OR3] [VS1]', () => {
    const s = trio()
    const [one, two] = [s.cast('b.1', 'total'), s.cast('c.1', 'total')]
    s.write('a.1', { event: 'crash' })
    for (const id of [one, two]) s.deliver(id, 'b.1')
    for (const id of [two, one]) s.deliver(id, 'c.1')
    s.write('b.1', { event: 'suspect', of: 'a.1' })
    s.view(2, 'b.1', 'c.1')
    const evidence = expectBroken(s, ['OR5', 'OR3', 'VS1'])
    expectWitness(evidence, lineOf(s, 'deliver', 'b.1', one), lineOf(s, 'deliver', 'c.1', two))
  })
})

describe('close synchrony', () => {
  it('prints the sequence [VS1]', () => {
    const s = trio()
    const two = s.cast('b.1', 'total')
    const one = s.cast('a.1', 'total')
    s.deliver(one, 'a.1', 'b.1', 'c.1')
    const note = s.say('c.1', 'causal', 'c.1', 'a.1', 'b.1')
    s.deliver(two, 'a.1', 'b.1', 'c.1')
    const view = buildHistory('g', goOn(s).events).views[0]
    const found = view && closeSequence(view, view.groups[0]?.stays ?? [])
    if (found === undefined || !('sequence' in found)) throw new Error('no sequence')
    expect(found.sequence.map(({ id }) => id)).toEqual([one, note, two])
  })

  it('prints the cycle [VS1]', () => {
    const s = trio()
    const [one, two, three] = [s.cast('a.1', 'total'), s.cast('b.1', 'total'), s.cast('c.1', 'total')]
    for (const id of [one, two]) s.deliver(id, 'a.1')
    for (const id of [two, three]) s.deliver(id, 'b.1')
    for (const id of [three, one]) s.deliver(id, 'c.1')
    const verdict = judge(goOn(s).events, { rules: ['VS1'] })[0]
    const sent = [one, two, three].map((id) => s.events.find((event) => event.event === 'multicast' && event.id === id))
    expect(new Set(verdict?.evidence?.[0]?.events)).toEqual(new Set(sent))
    expect(verdict?.evidence?.[0]?.message).toMatch(/^no sequence fits view L\/1: (\S+) < \S+ < \S+ < \1$/)
  })
})
