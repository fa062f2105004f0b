import { describe, expect, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { judge } from './index.ts'
import { Scribe } from './scribe.ts'

const FORK = 'L~1.2'

/** Five, of which c and d are cut off. */
function parted(before: (s: Scribe) => void = () => {}): Scribe {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1', 'c.1', 'd.1', 'e.1')
  before(s)
  for (const of of ['a.1', 'b.1', 'e.1']) s.write('c.1', { event: 'suspect', of })
  for (const peer of ['c.1', 'd.1']) s.write(peer, { event: 'blocked' })
  for (const of of ['c.1', 'd.1']) s.write('a.1', { event: 'suspect', of })
  return s
}

function split(s: Scribe, ...members: readonly string[]): void {
  s.lineage(FORK)
  s.view(2, ...members)
  s.lineage('L')
}

describe('a view with a witness', () => {
  function halved(witness: string | undefined): Scribe {
    const s = new Scribe()
    s.lineage('L', witness)
    s.view(1, 'a.1', 'b.1')
    s.write('a.1', { event: 'crash' })
    s.write('b.1', { event: 'suspect', of: 'a.1' })
    s.view(2, 'b.1')
    return s
  }

  it('goes on with any half of its members [PT1] [VW4] [PT5]', () => {
    expectKept(halved('token'), ['PT1', 'VW4'])
    expectBroken(halved(undefined), ['PT1', 'VW4'])
  })

  it('does not go on with less than half of them [PT1] [VW4]', () => {
    const s = new Scribe()
    s.lineage('L', 'token')
    s.view(1, 'a.1', 'b.1', 'c.1')
    for (const peer of ['b.1', 'c.1']) s.write(peer, { event: 'crash' })
    for (const of of ['b.1', 'c.1']) s.write('a.1', { event: 'suspect', of })
    s.view(2, 'a.1')
    expectBroken(s, ['PT1', 'VW4'])
  })

  it('has one token for all who install it [VW3]', () => {
    const s = new Scribe()
    s.lineage('L', 'token')
    const one = s.install('a.1', 1, ['a.1', 'b.1'])
    s.lineage('L', 'other')
    const other = s.install('b.1', 1, ['a.1', 'b.1'])
    expectWitness(expectBroken(s, ['VW3']), one, other)
  })
})

describe('a fork', () => {
  it('goes on without a quorum, with those who agreed, while the others go on as well [PT3] [VW4] [VW7] [DL3] [VS1]', () => {
    const s = parted((before) => {
      const [left, right] = [before.cast('a.1'), before.cast('d.1')]
      before.deliver(left, 'a.1', 'b.1', 'e.1')
      before.deliver(right, 'c.1', 'd.1')
    })
    split(s, 'c.1', 'd.1')
    s.view(2, 'a.1', 'b.1', 'e.1')
    s.say('c.1', 'total', 'c.1', 'd.1')
    expectKept(s, ['PT3', 'PT2', 'VW4', 'VW7', 'DL3', 'DL5', 'VS1'])
  })

  it('keeps what was loaded, and what is being loaded, from the lineage that it was split off from [ST1] [ST3] [VW9]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    s.view(2, 'a.1', 'b.1', 'c.1')
    s.write('b.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'state' })
    s.write('a.1', { event: 'crash' })
    for (const peer of ['b.1', 'c.1']) s.write(peer, { event: 'blocked' })
    s.lineage('L~2.1')
    s.view(3, 'b.1', 'c.1')
    s.write('c.1', { event: 'state-loaded', lineage: 'L~2.1', number: 2, digest: 'state', from: 'b.1' })
    s.say('c.1', 'causal', 'b.1', 'c.1')
    expectKept(s, ['PT3', 'ST1', 'ST3', 'VW9'])
  })

  it('is judged apart from those who stayed, and all of it together [DL3] [DL5]', () => {
    const s = parted((before) => void before.say('d.1', 'causal', 'd.1'))
    split(s, 'c.1', 'd.1')
    expectBroken(s, ['DL3', 'DL5'])
  })

  it('takes nobody who was not in the view before, and keeps ranks [PT3]', () => {
    const joined = parted()
    joined.lineage(FORK)
    joined.install('c.1', 2, ['c.1', 'd.1', 'f.1'])
    expectBroken(joined, ['PT3'])
    const turned = parted()
    turned.lineage(FORK)
    turned.install('d.1', 2, ['d.1', 'c.1'])
    expectBroken(turned, ['PT3'])
  })

  it('is for good: nobody in it goes on in the other as well [PT3]', () => {
    const s = parted()
    split(s, 'c.1', 'd.1')
    s.view(2, 'a.1', 'b.1', 'e.1', 'f.1')
    const back = s.install('d.1', 3, ['a.1', 'b.1', 'e.1', 'd.1'])
    const evidence = judge(s.events, { rules: ['PT3'] })[0]?.evidence ?? []
    expect(evidence[0]?.message).toBe('d.1 is in view L~1.2/2, and goes on in view L/3 as well')
    expect(evidence[0]?.events.at(-1)).toBe(back)
  })

  it('is of blocked members only [PT3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('c.1', { event: 'suspect', of: 'a.1' })
    s.write('c.1', { event: 'suspect', of: 'b.1' })
    s.lineage('L~1.2')
    const install = s.install('c.1', 2, ['c.1'])
    expectWitness(expectBroken(s, ['PT3']), lineOf(s, 'install', 'c.1'), install)
  })

  it('is entered from the view that it was split off from, and says that it is none of the primary ones [PT3]', () => {
    const skipped = parted()
    skipped.lineage(FORK)
    skipped.install('c.1', 2, ['c.1', 'd.1'])
    skipped.install('f.1', 2, ['c.1', 'd.1', 'f.1'])
    expectBroken(skipped, ['PT3', 'VW3'])
    const other = parted()
    other.install('c.1', 9, ['c.1'], 'M')
    expectBroken(other, ['PT3'])
    const primary = parted()
    const members = ['c.1', 'd.1']
    primary.write('c.1', { event: 'install', lineage: FORK, number: 2, members, primary: true })
    expectBroken(primary, ['PT3'])
  })

  it('leaves out nobody for nothing [PT3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1', 'd.1', 'e.1')
    for (const of of ['a.1', 'b.1', 'e.1']) s.write('c.1', { event: 'suspect', of })
    for (const peer of ['c.1', 'd.1']) s.write(peer, { event: 'blocked' })
    s.lineage(FORK)
    s.view(2, 'c.1')
    expectBroken(s, ['PT3'])
  })

  it('is none where none is: a lineage that is founded after a merge, and one without a fork [PT3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    expectUndecided(s, 'PT3')
    s.lineage('K~1.0')
    s.install('b.2', 1, ['b.2'])
    s.install('b.2', 2, ['b.2', 'c.1'])
    expectUndecided(s, 'PT3')
  })
})
