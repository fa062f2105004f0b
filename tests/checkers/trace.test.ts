import { describe, expect, it } from 'vitest'
import { expectBroken, expectKept, expectWitness, lineOf } from './expect-verdict.ts'
import { judge, parseTrace, settled } from './index.ts'
import { Scribe } from './scribe.ts'
import type { TraceEvent } from './trace.ts'

const first =
  '{"t":0,"peer":"a.1","group":"g","event":"install","lineage":"L","number":1,"members":["a.1"],"primary":true}'

describe('a trace', () => {
  it('is JSON lines, with empty ones skipped [TR1]', () => {
    const { events, lines } = parseTrace(`${first}\n\n${first.replace('1,"members"', '2,"members"')}\r\n`)
    expect(lines).toEqual([1, 3])
    expect(judge(events, { rules: ['TR1'] })).toEqual([{ rule: 'TR1', outcome: 'pass' }])
  })

  it('says which line is none [TR1]', () => {
    expect(() => parseTrace(`${first}\n{"t":1`)).toThrow('line 2: not JSON: {"t":1')
    expect(() => parseTrace('[]')).toThrow('line 1: not a JSON object: []')
    expect(() => parseTrace(`\n${first.replace('"a.1","group"', '7,"group"')}`)).toThrow("line 2: no string 'peer': {")
  })

  it('has all its fields, of the right form [TR1]', () => {
    const wrong: [event: object, message: string][] = [
      [{ event: 'dance' }, "unknown event 'dance'"],
      [{ event: 'left' }, "left without 'reason'"],
      [{ event: 'blocked', t: 'now' }, "'t' is no number of milliseconds"],
      [{ event: 'blocked', peer: 'a b' }, "'peer' is no member id"],
      [{ event: 'suspect', of: 'x'.repeat(65) }, "suspect with a wrong 'of'"],
      [{ event: 'install', lineage: 'L', number: 1, members: [], primary: true }, "install with a wrong 'members'"],
      [
        { event: 'install', lineage: 'L/1', number: 1, members: ['a.1'], primary: true },
        "install with a wrong 'lineage'",
      ],
      [{ event: 'multicast', id: 'L/1/a.1/0', kind: 'fifo', bytes: 1 }, "multicast with a wrong 'id'"],
      [{ event: 'multicast', id: 'L/1/a.1/1', kind: 'loud', bytes: 1 }, "multicast with a wrong 'kind'"],
      [{ event: 'fate', id: 'L/1/a.1/1', fate: 'good' }, "fate with a wrong 'fate'"],
      [
        { event: 'install', lineage: 'L', number: 1, members: ['a.1'], primary: true, witness: 7 },
        "install with a wrong 'witness'",
      ],
      [
        { event: 'left', reason: 'merged', into: 'K', unmerged: ['a.1'], replayed: true },
        "left with a wrong 'unmerged'",
      ],
      [{ event: 'left', reason: 'merged', into: 'K' }, 'left with part of what a merge leaves behind: into'],
      [
        { event: 'left', reason: 'left', into: 'K', unmerged: [], replayed: true },
        'left with what only a merge leaves behind: into, unmerged, replayed',
      ],
      [
        { event: 'multicast', id: 'L/1/a.1/1', kind: 'fifo', bytes: 1, replayOf: 'it' },
        "multicast with a wrong 'replayOf'",
      ],
      [{ ...delivery, kind: 'total' }, "total delivery without 'order'"],
      [{ ...delivery, kind: 'total', order: 0 }, "deliver with a wrong 'order'"],
      [{ ...delivery, order: 1 }, "'order' on a delivery that is not total"],
    ]
    for (const [body, message] of wrong) {
      const event = { t: 1, peer: 'a.1', group: 'g', ...body } as TraceEvent
      const evidence = [{ message, events: [event] }]
      expect(judge([event], { rules: ['TR1'] })).toEqual([{ rule: 'TR1', outcome: 'broken', evidence }])
    }
  })

  it('ends with left or crash, for each peer by itself [TR1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    const left = s.write('a.1', { event: 'left', reason: 'left' })
    s.cast('b.1')
    expectKept(s, ['TR1'])
    const after = s.write('a.1', { event: 'blocked' })
    expectWitness(expectBroken(s, ['TR1']), left, after)
  })

  it('shows a multicast before its delivery at the sender [TR1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    const early = s.deliver('L/1/a.1/1', 'a.1')
    const sent = s.cast('a.1') && s.events.at(-1)
    const evidence = judge(s.events, { rules: ['TR1'] })[0]?.evidence
    expect(evidence?.map(({ events }) => events)).toEqual([[early, sent]])
  })

  it('numbers the messages of a sender and the ABCASTs of a view without gaps [TR1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1')
    const id = s.cast('a.1')
    s.write('a.1', { event: 'multicast', id: 'L/1/a.1/3', kind: 'causal', bytes: 1 })
    expectWitness(expectBroken(s, ['TR1']), lineOf(s, 'multicast', 'a.1', id), s.events.at(-1))
    const orders = new Scribe()
    orders.view(1, 'a.1')
    const total = orders.cast('a.1', 'total')
    const gap = { event: 'deliver', id: total, kind: 'total', from: 'a.1', lineage: 'L', number: 1, order: 2 } as const
    const late = orders.write('a.1', gap)
    expectWitness(expectBroken(orders, ['TR1']), late)
  })

  it('names in an id the sender and its view [TR1]', () => {
    for (const id of ['L/1/b.1/1', 'L/2/a.1/1', 'K/1/a.1/1']) {
      const s = new Scribe()
      s.view(1, 'a.1')
      s.write('a.1', { event: 'multicast', id, kind: 'causal', bytes: 1 })
      expect(judge(s.events, { rules: ['TR1'] })[0]?.outcome).toBe('broken')
    }
  })

  it('has one multicast a message, fates only of those, and senders that match [TR1]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1')
    const id = s.cast('a.1')
    s.write('a.1', { event: 'multicast', id, kind: 'causal', bytes: 1 })
    s.write('a.1', { event: 'fate', id: 'L/1/a.1/9', fate: 'unknown' })
    s.write('b.1', { event: 'deliver', id, kind: 'causal', from: 'b.1', lineage: 'L', number: 1 })
    expect(expectBroken(s, ['TR1']).map(({ message }) => message)).toEqual([
      'a.1 sends L/1/a.1/1 as its message number 2 in the view',
      'a.1 multicasts L/1/a.1/1 twice',
      'a.1 writes a fate for L/1/a.1/9, which it has not multicast',
      'L/1/a.1/1 is delivered as from b.1',
    ])
  })

  it('may hold several groups, judged apart [TR2]', () => {
    const [one, two] = [new Scribe('one'), new Scribe('two')]
    for (const s of [one, two]) s.view(1, 'a.1')
    expect(judge([...one.events, ...two.events]).filter(({ outcome }) => outcome === 'broken')).toEqual([])
    const again = two.install('a.1', 1, ['a.1'])
    const broken = judge([...one.events, ...two.events]).filter(({ outcome }) => outcome === 'broken')
    expect(broken.map(({ rule, evidence }) => [rule, evidence?.[0]?.events.at(-1)])).toEqual([['VW2', again]])
  })

  it('is judged with a bound on the evidence [TR2]', () => {
    const events = Array.from({ length: 50 }, () => ({ t: 1, peer: 'a.1', group: 'g', event: 'left' }) as TraceEvent)
    const [verdict] = judge(events, { rules: ['TR1'] })
    expect([verdict?.evidence?.length, verdict?.more]).toEqual([20, 30])
  })
})

describe('a run that ends healed', () => {
  it('has everyone alive in one view [VW7] [PT2]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('c.1', { event: 'crash' })
    s.view(2, 'a.1', 'b.1')
    expect(settled(s.events)).toEqual([])
    s.install('a.1', 3, ['a.1', 'b.1'])
    expect(settled(s.events).map(({ message }) => message)).toEqual(['a.1 and b.1 are alive in different views'])
  })

  it('has left out who is gone, and has let in who is there [VW7]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('c.1', { event: 'crash' })
    s.write('d.1', { event: 'suspect', of: 'a.1' })
    expect(settled(s.events).map(({ message }) => message)).toEqual([
      'd.1 is alive and never installed a view',
      'c.1 is gone and still in the last view',
    ])
  })

  it('has all blocked where the crashed took the quorum, and only there [PT2]', () => {
    const s = new Scribe()
    s.view(1, 'a.1', 'b.1', 'c.1')
    s.write('b.1', { event: 'crash' })
    s.write('a.1', { event: 'blocked' })
    expect(settled(s.events).length).toBeGreaterThan(0)
    s.write('c.1', { event: 'blocked' })
    expect(settled(s.events).map(({ message }) => message)).toEqual([
      'all are blocked, though a.1, c.1 are a quorum of the last view',
    ])
    const taken = new Scribe()
    taken.view(1, 'a.1', 'b.1', 'c.1')
    for (const peer of ['a.1', 'b.1']) taken.write(peer, { event: 'crash' })
    taken.write('c.1', { event: 'blocked' })
    expect(settled(taken.events)).toEqual([])
  })

  it('has each lineage blocked for itself, and none beside one that is not [PT2] [PT4]', () => {
    const s = new Scribe()
    for (const [lineage, one, other] of [
      ['L', 'a.1', 'b.1'],
      ['M', 'c.1', 'd.1'],
    ] as const) {
      s.lineage(lineage)
      s.view(1, one, other)
      s.write(one, { event: 'crash' })
      s.write(other, { event: 'blocked' })
    }
    expect(settled(s.events)).toEqual([])
    s.write('d.1', { event: 'unblocked' })
    expect(settled(s.events).map(({ message }) => message)).toContain('b.1 is still blocked, while others are not')
    s.write('b.1', { event: 'unblocked' })
    expect(settled(s.events).map(({ message }) => message)).toContain('b.1 and d.1 are alive in different views')
  })

  it('does not count on a witness, which may be gone [PT2] [PT5]', () => {
    const s = new Scribe()
    s.lineage('L', 'token')
    s.view(1, 'a.1', 'b.1')
    s.write('b.1', { event: 'crash' })
    s.write('a.1', { event: 'blocked' })
    expect(settled(s.events)).toEqual([])
  })
})

const delivery = { event: 'deliver', id: 'L/1/a.1/1', kind: 'causal', from: 'a.1', lineage: 'L', number: 1 }
