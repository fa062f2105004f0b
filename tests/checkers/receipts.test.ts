import { describe, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { Scribe } from './scribe.ts'

/** c is left out of view 2 while it had sent two messages: the first reached the cut. */
function excluded(): { s: Scribe; inCut: string; lost: string } {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1', 'c.1')
  const [inCut, lost] = [s.cast('c.1', 'total'), s.cast('c.1', 'total')]
  s.write('a.1', { event: 'suspect', of: 'c.1' })
  s.deliver(inCut, 'a.1', 'b.1')
  s.view(2, 'a.1', 'b.1')
  return { s, inCut, lost }
}

describe('receipts', () => {
  it('settle by delivery or by a true fate [RC1] [FD4]', () => {
    const { s, inCut, lost } = excluded()
    s.write('c.1', { event: 'fate', id: inCut, fate: 'in-cut' })
    s.write('c.1', { event: 'fate', id: lost, fate: 'not-sent' })
    s.write('c.1', { event: 'left', reason: 'excluded' })
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.view(3, 'a.1', 'b.1')
    expectKept(s, ['RC1', 'FD4'])
  })

  it('may stay unknown, and unsettled at one that crashes [RC1]', () => {
    const { s, inCut, lost } = excluded()
    for (const id of [inCut, lost]) s.write('c.1', { event: 'fate', id, fate: 'unknown' })
    s.write('c.1', { event: 'left', reason: 'excluded' })
    expectKept(s, ['RC1', 'FD4'])
    const crashed = excluded()
    crashed.s.write('c.1', { event: 'crash' })
    expectUndecided(crashed.s, 'RC1')
    expectUndecided(crashed.s, 'FD4')
  })

  it('must settle for one that leaves [RC1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    const id = s.cast('a.1', 'total')
    const left = s.write('a.1', { event: 'left', reason: 'left' })
    expectWitness(expectBroken(s, ['RC1']), lineOf(s, 'multicast', 'a.1', id), left)
  })

  it('must not say in-cut of what one that goes on lacks [RC1]', () => {
    const { s, inCut, lost } = excluded()
    s.write('c.1', { event: 'fate', id: inCut, fate: 'in-cut' })
    const lie = s.write('c.1', { event: 'fate', id: lost, fate: 'in-cut' })
    s.write('c.1', { event: 'left', reason: 'excluded' })
    expectWitness(expectBroken(s, ['RC1']), lineOf(s, 'multicast', 'c.1', lost), lie, s.events[8])
  })

  it('must not say not-sent of what one that goes on delivered [RC1]', () => {
    const { s, inCut, lost } = excluded()
    const lie = s.write('c.1', { event: 'fate', id: inCut, fate: 'not-sent' })
    s.write('c.1', { event: 'fate', id: lost, fate: 'not-sent' })
    s.write('c.1', { event: 'left', reason: 'excluded' })
    const [sent, delivered] = [lineOf(s, 'multicast', 'c.1', inCut), lineOf(s, 'deliver', 'a.1', inCut)]
    expectWitness(expectBroken(s, ['RC1']), sent, lie, delivered)
  })

  it('must not say two things [RC1]', () => {
    const { s, inCut, lost } = excluded()
    const told = (['in-cut', 'not-sent'] as const).map((fate) => s.write('c.1', { event: 'fate', id: inCut, fate }))
    s.write('c.1', { event: 'fate', id: lost, fate: 'not-sent' })
    expectWitness(expectBroken(s, ['RC1']), ...told)
  })
})

describe('a member left out', () => {
  it('must learn its fates [FD4]', () => {
    const { s, inCut, lost } = excluded()
    s.write('c.1', { event: 'fate', id: inCut, fate: 'in-cut' })
    const left = s.write('c.1', { event: 'left', reason: 'excluded' })
    expectWitness(expectBroken(s, ['FD4', 'RC1']), lineOf(s, 'multicast', 'c.1', lost), left)
  })

  it('must not be told so while it is in the next view [FD4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    for (const peer of ['a.1', 'b.1']) s.install(peer, 2, ['a.1', 'b.1', 'c.1'])
    const left = s.write('c.1', { event: 'left', reason: 'excluded' })
    expectWitness(expectBroken(s, ['FD4']), s.events[3], left)
  })

  it('must learn so before a run is settled [FD4]', () => {
    const { s } = excluded()
    expectUndecided(s, 'FD4')
    expectBroken(s, ['FD4'], { settled: true })
  })
})

describe('a blocked member', () => {
  it('sends nothing before it is unblocked, or in the next view [PT2]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    s.write('b.1', { event: 'blocked' })
    s.write('b.1', { event: 'unblocked' })
    s.cast('b.1')
    s.write('b.1', { event: 'blocked' })
    s.view(2, 'a.1', 'b.1')
    s.cast('b.1')
    expectKept(s, [], { rules: ['PT2'] })
  })

  it('must not multicast [PT2]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    const blocked = s.write('b.1', { event: 'blocked' })
    const id = s.cast('b.1')
    expectWitness(expectBroken(s, ['PT2']), blocked, lineOf(s, 'multicast', 'b.1', id))
  })
})
