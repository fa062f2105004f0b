import { describe, expect, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { judge } from './index.ts'
import { Scribe } from './scribe.ts'

function pair(): Scribe {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1')
  return s
}

describe('deliveries', () => {
  it('are once, in their view, the same at all that go on [DL1] [DL2] [DL3] [DL4] [DL5]', () => {
    const s = pair()
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.say('b.1', 'total', 'b.1', 'a.1')
    s.say('b.1', 'fifo', 'a.1', 'b.1')
    s.view(2, 'a.1', 'b.1')
    expectKept(s, ['DL1', 'DL2', 'DL3', 'DL4', 'DL5'])
  })

  it('are not decided where there are none [DL1] [DL2] [DL3] [DL4] [DL5]', () => {
    const s = pair()
    for (const rule of ['DL1', 'DL2', 'DL3', 'DL4', 'DL5']) expectUndecided(s, rule)
  })

  it('must not come twice [DL1]', () => {
    const s = pair()
    const id = s.cast('a.1')
    const [first, second] = [s.deliver(id, 'b.1'), s.deliver(id, 'b.1')]
    expectWitness(expectBroken(s, ['DL1']), first, second)
  })

  it('must be of something that was sent, and as it was sent [DL1]', () => {
    const s = pair()
    const never = s.deliver('L/1/a.1/1', 'b.1')
    expectWitness(expectBroken(s, ['DL1']), never)
    const other = pair()
    const id = other.cast('a.1', 'causal')
    const line = other.write('b.1', { event: 'deliver', id, kind: 'fifo', from: 'a.1', lineage: 'L', number: 1 })
    expectWitness(expectBroken(other, ['DL1']), lineOf(other, 'multicast', 'a.1', id), line)
  })

  it('must be of a member of the view [DL1]', () => {
    const s = pair()
    s.deliver('L/1/x.1/1', 'a.1')
    expectBroken(s, ['DL1'])
  })

  it('may be of a sender whose lines the trace lacks [DL1]', () => {
    const s = new Scribe()
    s.install('b.1', 1, ['a.1', 'b.1'])
    s.deliver('L/1/a.1/1', 'b.1')
    expectKept(s, ['DL1'])
  })

  it('may be of one whose last lines its crash took along, but of no earlier one [DL1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.say('c.1', 'causal', 'c.1', 'b.1')
    s.write('c.1', { event: 'crash' })
    s.deliver('L/1/c.1/2', 'b.1')
    expectKept(s, ['DL1'])
    const wrong = new Scribe()
    wrong.view(1, 'a.1', 'b.1', 'c.1')
    wrong.view(2, 'a.1', 'b.1', 'c.1')
    wrong.write('c.1', { event: 'crash' })
    const line = wrong.deliver('L/1/c.1/1', 'b.1')
    expectWitness(expectBroken(wrong, ['DL1', 'DL2']), line)
  })

  it('must not be late by a view, nor early [DL2]', () => {
    const late = pair()
    const id = late.say('a.1', 'causal', 'a.1')
    late.view(2, 'a.1', 'b.1')
    const wrong = late.deliver(id, 'b.1')
    expectWitness(expectBroken(late, ['DL2', 'DL3', 'DL5']), late.events[5], wrong)
    const early = pair()
    early.install('a.1', 2, ['a.1', 'b.1'])
    early.deliver(early.cast('a.1'), 'b.1')
    expectBroken(early, ['DL2'])
  })

  it('must not come before any view, nor under another view’s name [DL2]', () => {
    const s = new Scribe()
    s.install('a.1', 1, ['a.1', 'b.1'])
    const id = s.cast('a.1')
    const early = s.write('b.1', { event: 'deliver', id, kind: 'causal', from: 'a.1', lineage: 'L', number: 1 })
    expectWitness(expectBroken(s, ['DL2']), early)
    const renamed = pair()
    const other = renamed.cast('a.1')
    renamed.write('b.1', { event: 'deliver', id: other, kind: 'causal', from: 'a.1', lineage: 'L', number: 2 })
    expectBroken(renamed, ['DL2'])
  })

  it('must not be missing at one that goes on [DL3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    const id = s.say('c.1', 'causal', 'c.1', 'a.1')
    s.write('c.1', { event: 'crash' })
    s.view(2, 'a.1', 'b.1')
    expectWitness(expectBroken(s, ['DL3']), lineOf(s, 'deliver', 'a.1', id), s.events.at(-1))
  })

  it('may be missing at one that crashes, also after the others went on [DL3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.view(2, 'a.1', 'b.1')
    s.write('c.1', { event: 'crash' })
    expectKept(s, ['DL3', 'DL5'])
  })

  it('may be missing at the end, unless the run settled [DL3] [DL4] [DL5] [RC1]', () => {
    const s = pair()
    s.say('a.1', 'causal', 'a.1')
    s.cast('b.1')
    for (const rule of ['DL3', 'DL4', 'DL5', 'RC1']) expectUndecided(s, rule)
    expectBroken(s, ['DL3', 'DL4', 'DL5', 'RC1'], { settled: true })
  })

  it('bind a joiner from the boundary of its state on [DL3] [DL5]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    s.view(2, 'a.1', 'b.1', 'c.1')
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.view(3, 'a.1', 'b.1', 'c.1')
    s.transfer('b.1', 'c.1')
    const id = s.say('a.1', 'causal', 'a.1', 'b.1')
    s.deliver(id, 'c.1')
    s.view(4, 'a.1', 'b.1', 'c.1')
    expectKept(s, ['DL3', 'DL5'])
    const missed = s.say('a.1', 'causal', 'a.1', 'b.1')
    s.view(5, 'a.1', 'b.1', 'c.1')
    expectWitness(expectBroken(s, ['DL3', 'DL5']), lineOf(s, 'deliver', 'a.1', missed), s.events.at(-1))
  })

  it('bind a joiner from the last state on that it loaded before it delivered anything [DL3] [ST3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    s.view(2, 'a.1', 'b.1', 'c.1')
    s.transfer('b.1', 'c.1', 'two')
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.view(3, 'a.1', 'b.1', 'c.1')
    s.transfer('a.1', 'c.1', 'three')
    s.view(4, 'a.1', 'b.1', 'c.1')
    expectKept(s, ['DL3', 'ST3'])
  })

  it('of its own must not be missing at a sender that goes on [DL4]', () => {
    const s = pair()
    const id = s.say('a.1', 'causal', 'b.1')
    s.view(2, 'a.1', 'b.1')
    const evidence = judge(s.events, { rules: ['DL4'] })[0]?.evidence ?? []
    expect(evidence[0]?.events).toEqual([lineOf(s, 'multicast', 'a.1', id), s.events.at(-2)])
    expectBroken(s, ['DL4', 'DL3', 'RC1'])
  })

  it('must not be missing at all others of a sender that stays [DL5]', () => {
    const s = pair()
    const id = s.say('a.1', 'causal', 'a.1')
    s.view(2, 'a.1', 'b.1')
    expectWitness(expectBroken(s, ['DL5', 'DL3']), lineOf(s, 'multicast', 'a.1', id), s.events.at(-1))
  })
})
