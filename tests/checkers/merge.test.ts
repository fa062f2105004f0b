import { describe, expect, it } from 'vitest'
import { expectBroken, expectKept, expectUndecided, expectWitness } from './expect-verdict.ts'
import { judge, settled } from './index.ts'
import { Scribe } from './scribe.ts'

/** K with k, and L with a and b, who dissolve it: what they multicast there is named. Then all are in K. */
function merged({ replayed = true, into = 'K' } = {}) {
  const s = new Scribe()
  s.view(1, 'a.1', 'b.1')
  const [a, b] = [s.say('a.1', 'total', 'a.1', 'b.1'), s.say('b.1', 'causal', 'a.1', 'b.1')]
  s.install('k.1', 1, ['k.1'], 'K')
  const end = s.merge('a.1', into, [a], replayed)
  s.merge('b.1', into, [b], replayed)
  return { s, a, b, end }
}

function joinedK(s: Scribe, number = 2, ...members: readonly string[]): void {
  const all = members.length === 0 ? ['k.1', 'a.2', 'b.2'] : members
  s.lineage('K')
  s.view(number, ...all)
}

function load(s: Scribe, to: string, number = 2): void {
  s.write(to, { event: 'state-loaded', lineage: 'K', number, digest: `state ${number}`, from: 'k.1' })
}

function save(s: Scribe, number = 2): void {
  s.write('k.1', { event: 'state-saved', lineage: 'K', number, digest: `state ${number}` })
}

const ALL = ['k.1', 'a.2', 'b.2']
/** Their own states are what these tests are about: that joiners are many is not. */
const rules = ['PT4', 'DL3', 'OR3', 'VS1', 'RC1', 'TR1']

describe('a merge', () => {
  it('ends one lineage, and what it had is sent again, once [PT4] [DL3] [OR3] [VS1]', () => {
    const { s, a, b } = merged()
    joinedK(s)
    save(s)
    for (const peer of ['a.2', 'b.2']) load(s, peer)
    for (const [peer, replayOf] of [['a.2', a] as const, ['b.2', b] as const])
      s.deliver(s.cast(peer, 'total', { replayOf }), ...ALL)
    expectKept(s, ['PT4', 'DL3', 'OR3', 'VS1'], { settled: true, rules })
    expect(settled(s.events)).toEqual([])
  })

  it('needs no repetition where the other state is adopted [PT4]', () => {
    const { s } = merged({ replayed: false })
    joinedK(s)
    expectKept(s, ['PT4'], { settled: true, rules, transfersState: false })
  })

  it('is into a smaller key, or, without a quorum, into any other [PT4]', () => {
    const { s, end } = merged({ into: 'M' })
    expectWitness(expectBroken(s, ['PT4']), s.events[0], end)
    const single = new Scribe()
    single.view(1, 'a.1', 'b.1')
    single.write('b.1', { event: 'blocked' })
    single.merge('b.1', 'M')
    expectKept(single, ['PT4'])
    const nowhere = new Scribe()
    nowhere.view(1, 'a.1', 'b.1')
    nowhere.write('b.1', { event: 'blocked' })
    nowhere.merge('b.1', 'L')
    expectBroken(nowhere, ['PT4'])
  })

  it('ends a lineage once, and for all of it [PT4]', () => {
    const two = new Scribe()
    two.view(1, 'a.1', 'b.1')
    two.merge('a.1', 'K')
    two.merge('b.1', 'J')
    expectBroken(two, ['PT4'])
    const on = new Scribe()
    on.view(1, 'a.1', 'b.1')
    on.merge('b.1', 'K')
    on.view(2, 'a.1')
    expectBroken(on, ['PT4'])
    const back = new Scribe()
    back.view(1, 'a.1', 'b.1')
    for (const peer of ['a.1', 'b.1']) back.merge(peer, 'K')
    back.install('b.2', 1, ['a.1', 'b.1', 'b.2'])
    expectBroken(back, ['PT4', 'VW3'])
  })

  it('delivers the same everywhere before it ends, but for who left singly [DL3] [PT4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    const id = s.say('a.1', 'causal', 'a.1')
    s.merge('a.1', 'K', [id])
    s.merge('b.1', 'K')
    expectBroken(s, ['DL3', 'DL5'])
    const single = new Scribe()
    single.view(1, 'a.1', 'b.1')
    const own = single.say('a.1', 'causal', 'a.1')
    single.merge('a.1', 'K', [own])
    single.write('b.1', { event: 'blocked' })
    single.merge('b.1', 'K')
    expectKept(single, ['PT4'])
  })

  it('says of each multicast that the other lacks it, and only of those [PT4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    const id = s.say('a.1', 'causal', 'a.1')
    s.install('k.1', 1, ['k.1'], 'K')
    const silent = s.merge('a.1', 'K')
    expectWitness(
      expectBroken(s, ['PT4']),
      s.events.find((event) => event.event === 'multicast' && event.id === id),
      silent,
    )
    const wordless = new Scribe()
    wordless.view(1, 'a.1')
    wordless.say('a.1', 'causal', 'a.1')
    wordless.write('a.1', { event: 'left', reason: 'merged' })
    expectBroken(wordless, ['PT4'])
    const told = new Scribe()
    told.view(1, 'a.1', 'b.1')
    const lost = told.say('a.1', 'causal', 'a.1')
    told.install('k.1', 1, ['k.1'], 'K')
    told.write('a.1', { event: 'fate', id: lost, fate: 'unknown' })
    told.merge('a.1', 'K')
    expectKept(told, ['PT4'])
  })

  it('of a fork into its parent concerns what came after they parted [PT4]', () => {
    const common = (unmerged: (own: string, late: string) => string[]) => {
      const s = new Scribe()
      s.view(1, 'a.1', 'b.1', 'c.1')
      s.say('c.1', 'causal', 'a.1', 'b.1', 'c.1')
      s.view(2, 'a.1', 'b.1', 'c.1')
      const own = s.say('c.1', 'causal', 'c.1')
      s.write('a.1', { event: 'suspect', of: 'c.1' })
      for (const of of ['a.1', 'b.1']) s.write('c.1', { event: 'suspect', of })
      s.write('c.1', { event: 'blocked' })
      s.view(3, 'a.1', 'b.1')
      s.lineage('L~2.2')
      s.view(3, 'c.1')
      s.write('c.1', { event: 'unblocked' })
      const late = s.say('c.1', 'causal', 'c.1')
      s.merge('c.1', 'L', unmerged(own, late))
      return s
    }
    expectKept(
      common((own, late) => [own, late]),
      ['PT4', 'PT3'],
    )
    expectBroken(
      common((_, late) => [late]),
      ['PT4'],
    )
    expectBroken(
      common((own) => [own]),
      ['PT4'],
    )
  })
})

describe('what is sent again', () => {
  it('is of an earlier attempt of the same peer [PT4]', () => {
    const { s, a } = merged()
    joinedK(s)
    s.cast('b.2', 'total', { replayOf: a })
    expectBroken(s, ['PT4'], { rules })
  })

  it('is sent a second time only if the first was certainly in vain [PT4]', () => {
    const { s, a } = merged()
    joinedK(s)
    const first = s.cast('a.2', 'causal', { replayOf: a })
    s.write('k.1', { event: 'suspect', of: 'a.2' })
    s.view(3, 'k.1', 'b.2')
    const inVain = s.write('a.2', { event: 'fate', id: first, fate: 'not-sent' })
    s.write('a.2', { event: 'left', reason: 'excluded' })
    joinedK(s, 4, 'k.1', 'b.2', 'a.3')
    s.say('b.2', 'total', 'k.1', 'b.2', 'a.3')
    s.deliver(s.cast('a.3', 'causal', { replayOf: a }), 'k.1', 'b.2', 'a.3')
    expectKept(s, ['PT4'], { rules })
    const events = s.events.map((event) => (event === inVain ? { ...event, fate: 'unknown' as const } : event))
    expect(judge(events, { rules: ['PT4'] })[0]?.outcome).toBe('broken')
    const twice = merged()
    joinedK(twice.s)
    for (let i = 0; i < 2; i++) twice.s.deliver(twice.s.cast('a.2', 'total', { replayOf: twice.a }), ...ALL)
    expectBroken(twice.s, ['PT4'], { rules })
  })

  it('comes once to a state, whoever sends it, and whatever repeats what [PT4]', () => {
    const s = new Scribe('g', 'K')
    s.install('k.1', 1, ['k.1'])
    s.lineage('M')
    s.view(1, 'a.1')
    const first = s.say('a.1', 'causal', 'a.1')
    s.merge('a.1', 'L', [first])
    s.lineage('L')
    s.install('l.1', 1, ['l.1'])
    s.view(2, 'l.1', 'a.2')
    s.write('l.1', { event: 'state-saved', lineage: 'L', number: 2, digest: 'l' })
    s.write('a.2', { event: 'state-loaded', lineage: 'L', number: 2, digest: 'l', from: 'l.1' })
    const second = s.cast('a.2', 'causal', { replayOf: first })
    s.deliver(second, 'l.1', 'a.2')
    s.merge('a.2', 'K', [second])
    s.merge('l.1', 'K', [])
    joinedK(s, 2, 'k.1', 'a.3')
    save(s)
    load(s, 'a.3')
    const third = s.cast('a.3', 'causal', { replayOf: second })
    s.deliver(third, 'k.1', 'a.3')
    expectKept(s, ['PT4'])
    const again = s.cast('a.3', 'causal', { replayOf: first })
    const line = s.deliver(again, 'k.1')
    const evidence = judge(s.events, { rules: ['PT4'] })[0]?.evidence ?? []
    expect(evidence.map(({ events }) => events.at(-1))).toContain(line)
  })

  it('is not sent to a lineage that has it: one that is founded since nobody was reached [PT4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    const id = s.say('a.1', 'causal', 'a.1')
    s.merge('a.1', 'K', [id])
    s.lineage('L~1.0')
    s.install('a.2', 1, ['a.2'])
    expectKept(s, ['PT4'])
    const again = s.cast('a.2', 'causal', { replayOf: id })
    expect(expectBroken(s, ['PT4'])[0]?.message).toBe(`${again} repeats ${id}, which L~1.0 has already`)
  })

  it('is not what its sender was told was not sent [PT4]', () => {
    const { s, a } = merged()
    s.events.splice(-2, 0, { t: 0, peer: 'a.1', group: 'g', event: 'fate', id: a, fate: 'not-sent' })
    joinedK(s)
    s.cast('a.2', 'total', { replayOf: a })
    expect(judge(s.events, { rules: ['PT4'] })[0]?.outcome).toBe('broken')
  })

  it('is sent in the end, by each that lives on [PT4]', () => {
    const { s, a } = merged()
    joinedK(s)
    s.deliver(s.cast('a.2', 'total', { replayOf: a }), ...ALL)
    expectKept(s, ['PT4'], { rules, transfersState: false })
    expectBroken(s, ['PT4'], { rules, settled: true, transfersState: false })
    s.write('b.2', { event: 'crash' })
    expectKept(s, ['PT4'], { rules, settled: true, transfersState: false })
  })

  it('says nothing where nobody merges [PT4]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    expectUndecided(s, 'PT4')
  })
})
