import { describe, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness, lineOf } from './expect-verdict.ts'
import { Scribe } from './scribe.ts'

describe('views', () => {
  it('takes joins, a leave, a crash and a suspicion that was right [VW1] [VW2] [VW3] [VW4] [VW5] [VW7] [VW9] [PT1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    s.view(2, 'a.1', 'b.1')
    s.transfer('a.1', 'b.1')
    s.view(3, 'a.1', 'b.1', 'c.1', 'd.1')
    s.transfer('b.1', 'c.1')
    s.transfer('b.1', 'd.1')
    s.write('a.1', { event: 'left', reason: 'left' })
    s.view(4, 'b.1', 'c.1', 'd.1')
    s.write('d.1', { event: 'crash' })
    s.write('b.1', { event: 'suspect', of: 'd.1' })
    s.view(5, 'b.1', 'c.1')
    expectKept(s, ['VW1', 'VW2', 'VW3', 'VW4', 'VW5', 'VW7', 'VW9', 'PT1'])
  })

  it('finds a peer that installs a view it is not in [VW1]', () => {
    const s = new Scribe()
    const install = s.install('a.1', 1, ['b.1'])
    expectWitness(expectBroken(s, ['VW1']), install)
  })

  it('finds numbers that do not rise [VW2]', () => {
    const s = new Scribe()
    const [first, second] = [s.install('a.1', 1, ['a.1']), s.install('a.1', 1, ['a.1'])]
    expectWitness(expectBroken(s, ['VW2']), first, second)
  })

  it('finds two views of one number, also if one peer crashed [VW3]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('b.1', { event: 'suspect', of: 'c.1' })
    const other = s.install('a.1', 2, ['a.1', 'b.1', 'c.1'])
    s.write('a.1', { event: 'crash' })
    const one = s.install('b.1', 2, ['a.1', 'b.1'])
    expectWitness(expectBroken(s, ['VW3']), other, one)
  })

  it('finds a view that only a minority can have agreed to [VW4] [PT1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    const before = s.events[0]
    s.write('b.1', { event: 'crash' })
    s.write('c.1', { event: 'crash' })
    for (const of of ['b.1', 'c.1']) s.write('a.1', { event: 'suspect', of })
    const alone = s.install('a.1', 2, ['a.1'])
    expectWitness(expectBroken(s, ['VW4', 'PT1']), before, alone)
  })

  it('finds an exact half without rank 0, and takes one with it [VW4] [PT1]', () => {
    const wrong = new Scribe()
    wrong.view(1, 'a.1', 'b.1')
    wrong.write('a.1', { event: 'crash' })
    wrong.write('b.1', { event: 'suspect', of: 'a.1' })
    wrong.view(2, 'b.1')
    expectBroken(wrong, ['VW4', 'PT1'])
    const right = new Scribe()
    right.view(1, 'a.1', 'b.1')
    right.write('b.1', { event: 'crash' })
    right.view(2, 'a.1')
    expectKept(right, ['VW4', 'PT1'])
  })

  it('counts the votes of those that leave and of closing pages, and of leavers that crash on the way [VW4] [PT1]', () => {
    for (const end of [
      { event: 'left', reason: 'left' },
      { event: 'left', reason: 'closed' },
      { event: 'left', reason: 'no-state' },
      { event: 'crash', leaving: true },
      { event: 'crash' },
    ] as const) {
      const s = new Scribe()
      s.view(1, 'a.1', 'b.1')
      s.write('a.1', end)
      s.view(2, 'b.1')
      expectKept(s, ['VW4', 'PT1'])
    }
  })

  it('finds a member that skips a view [VW4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    s.install('a.1', 2, ['a.1', 'b.1'])
    s.view(3, 'a.1', 'b.1')
    expectWitness(expectBroken(s, ['VW4']), s.events[1], s.events[4])
  })

  it('says nothing of a chain of which it sees one view [VW4] [VW5] [VW7] [VW9]', () => {
    const s = new Scribe()
    s.view(7, 'a.1', 'b.1')
    for (const rule of ['VW4', 'VW5', 'VW7', 'VW9', 'PT1']) expectUndecided(s, rule)
  })

  it('finds survivors that change ranks, and a joiner that is not appended [VW5]', () => {
    const swapped = new Scribe()
    swapped.view(1, 'a.1', 'b.1', 'c.1')
    swapped.view(2, 'a.1', 'c.1', 'b.1')
    expectWitness(expectBroken(swapped, ['VW5']), swapped.events[0], swapped.events[3])
    const inserted = new Scribe()
    inserted.view(1, 'a.1', 'b.1')
    inserted.view(2, 'a.1', 'c.1', 'b.1')
    expectBroken(inserted, ['VW5'])
  })

  it('finds a member that is dropped for nothing [VW7]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.view(2, 'a.1', 'b.1')
    const told = s.write('c.1', { event: 'left', reason: 'excluded' })
    expectWitness(expectBroken(s, ['VW7']), lineOf(s, 'install', 'a.1') && s.events[3], told)
  })

  it('takes a member left out that had no state yet and says so, or of which nothing is known [VW7]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    s.view(2, 'a.1', 'b.1')
    s.view(3, 'a.1')
    s.write('b.1', { event: 'left', reason: 'no-state' })
    expectKept(s, ['VW7'])
    const silent = new Scribe()
    silent.install('a.1', 1, ['a.1', 'b.1'])
    silent.install('a.1', 2, ['a.1'])
    expectUndecided(silent, 'VW7')
  })

  it('finds joiners that outnumber the members with state, at once and over two views [VW9]', () => {
    const atOnce = new Scribe()
    atOnce.view(1, 'a.1')
    atOnce.view(2, 'a.1', 'b.1', 'c.1')
    expectWitness(expectBroken(atOnce, ['VW9']), atOnce.events[0], atOnce.events[1])
    const overTwo = new Scribe()
    overTwo.view(1, 'a.1')
    overTwo.view(2, 'a.1', 'b.1')
    overTwo.view(3, 'a.1', 'b.1', 'c.1')
    expectBroken(overTwo, ['VW9'], { transfersState: true })
    expectKept(overTwo, ['VW9'], { transfersState: false })
  })

  it('finds an equality at which rank 0 has no state [VW9]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'x.1', 'y.1')
    s.view(2, 'a.1', 'x.1', 'y.1', 'b.1')
    for (const peer of ['a.1', 'x.1']) s.write(peer, { event: 'left', reason: 'left' })
    s.write('b.1', { event: 'suspect', of: 'y.1' })
    s.view(3, 'y.1', 'b.1')
    expectKept(s, ['VW9'], { transfersState: true })
    const headless = new Scribe()
    headless.view(1, 'a.1', 'y.1')
    headless.view(2, 'a.1', 'y.1', 'b.1')
    headless.write('a.1', { event: 'left', reason: 'left' })
    headless.view(3, 'b.1', 'y.1')
    expectBroken(headless, ['VW9', 'VW5'], { transfersState: true })
  })

  it('finds a joiner that was a member before, or is named twice [VW9]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('a.1', { event: 'suspect', of: 'c.1' })
    s.view(2, 'a.1', 'b.1')
    s.view(3, 'a.1', 'b.1', 'c.1')
    expectBroken(s, ['VW9', 'VW4'])
    const twice = new Scribe()
    twice.install('a.1', 1, ['a.1', 'a.1'])
    expectBroken(twice, ['VW9'])
  })
})
