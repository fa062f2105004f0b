import { describe, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { Scribe } from './scribe.ts'

function joined(): Scribe {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1')
  s.say('a.1', 'causal', 'a.1', 'b.1')
  s.view(2, 'a.1', 'b.1', 'c.1')
  return s
}

describe('state transfer', () => {
  it('hands over the state at the boundary, then the joiner delivers [ST1] [ST3]', () => {
    const s = joined()
    s.transfer('b.1', 'c.1')
    s.say('a.1', 'causal', 'a.1', 'b.1', 'c.1')
    expectKept(s, ['ST1', 'ST3'])
  })

  it('goes to another provider at a later boundary [ST1] [ST3]', () => {
    const s = joined()
    s.write('b.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'old' })
    s.say('a.1', 'causal', 'a.1', 'b.1')
    s.write('b.1', { event: 'crash' })
    s.view(3, 'a.1', 'c.1')
    s.transfer('a.1', 'c.1', 'new')
    s.say('a.1', 'causal', 'a.1', 'c.1')
    expectKept(s, ['ST1', 'ST3'])
  })

  it('is not decided without one [ST1] [ST3]', () => {
    expectUndecided(joined(), 'ST1')
    expectUndecided(joined(), 'ST3')
  })

  it('must hand over what was saved [ST1]', () => {
    const s = joined()
    const saved = s.write('b.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'whole' })
    const loaded = s.write('c.1', { event: 'state-loaded', lineage: 'L', number: 2, digest: 'half', from: 'b.1' })
    expectWitness(expectBroken(s, ['ST1']), saved, loaded)
  })

  it('must be of one who saved it [ST1]', () => {
    const s = joined()
    const loaded = s.write('c.1', { event: 'state-loaded', lineage: 'L', number: 2, digest: 'x', from: 'b.1' })
    expectWitness(expectBroken(s, ['ST1']), loaded)
  })

  it('may be of one whose lines the trace lacks [ST1]', () => {
    const s = new Scribe()
    s.install('a.1', 1, ['a.1', 'x.1'])
    for (const peer of ['a.1', 'c.1']) s.install(peer, 2, ['a.1', 'x.1', 'c.1'])
    s.write('c.1', { event: 'state-loaded', lineage: 'L', number: 2, digest: 'x', from: 'x.1' })
    expectUndecided(s, 'ST1')
    expectKept(s, ['ST3'])
  })

  it('must be the same at every member where a view begins [ST1]', () => {
    const s = joined()
    const saves = ['a.1', 'b.1'].map((peer) =>
      s.write(peer, { event: 'state-saved', lineage: 'L', number: 2, digest: peer }),
    )
    expectWitness(expectBroken(s, ['ST1']), ...saves)
  })

  it('must hold nothing of the new view [ST1]', () => {
    const s = joined()
    const id = s.say('a.1', 'causal', 'a.1', 'b.1')
    s.transfer('b.1', 'c.1')
    const saved = lineOf(s, 'state-saved', 'b.1')
    expectWitness(expectBroken(s, ['ST1']), s.events[6], lineOf(s, 'deliver', 'b.1', id), saved)
  })

  it('must not be saved before the view is there [ST1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    const saved = s.write('a.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'x' })
    expectWitness(expectBroken(s, ['ST1']), s.events[0], saved)
  })

  it('must not be handed out by one who has none [ST1]', () => {
    const s = joined()
    const saved = s.write('c.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'blank' })
    expectWitness(expectBroken(s, ['ST1']), saved)
  })

  it('must come before the first delivery [ST1]', () => {
    const s = joined()
    const early = s.deliver(s.cast('a.1'), 'c.1')
    s.transfer('b.1', 'c.1')
    expectWitness(expectBroken(s, ['ST1']), early, s.events.at(-1))
  })

  it('must not be followed by what it holds already [ST1]', () => {
    const s = joined()
    s.transfer('b.1', 'c.1')
    const again = s.write('c.1', {
      event: 'deliver',
      id: 'L/1/a.1/1',
      kind: 'causal',
      from: 'a.1',
      lineage: 'L',
      number: 1,
    })
    expectWitness(expectBroken(s, ['ST1', 'DL2']), s.events.at(-2), again)
  })

  it('must not be loaded twice for one boundary, nor for one before the joiner’s [ST3]', () => {
    const s = joined()
    s.transfer('b.1', 'c.1')
    const first = s.events.at(-1)
    s.write('c.1', { event: 'state-loaded', lineage: 'L', number: 2, digest: 'state', from: 'b.1' })
    expectWitness(expectBroken(s, ['ST3']), first, s.events.at(-1))
    const early = new Scribe()
    early.view(1, 'a.1')
    early.write('a.1', { event: 'state-saved', lineage: 'L', number: 1, digest: 'x' })
    early.view(2, 'a.1', 'c.1')
    const loaded = early.write('c.1', { event: 'state-loaded', lineage: 'L', number: 1, digest: 'x', from: 'a.1' })
    expectWitness(expectBroken(early, ['ST3']), early.events[3], loaded)
  })
})
