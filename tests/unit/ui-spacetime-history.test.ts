import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { History } from '../../ui/spacetime/history.ts'
import type { SpacetimeEvent } from '../../ui/spacetime/spacetime-event.ts'
import { deliver, faultsOf, fill, install, line, momentOf, send } from './ui-spacetime-support.ts'

const members = ['ada.1', 'bob.1', 'cy.1']
const entered = members.map((member) => install(0, member, 1, members))

describe('messages', () => {
  it('ties a send to each of its deliveries', () => {
    const sent = send(10, 'ada.1', 1)
    const history = fill(new History(), [
      ...entered,
      sent,
      deliver(10, 'ada.1', 'ada.1', 1),
      deliver(12, 'bob.1', 'ada.1', 1),
    ])
    const { flight } = momentOf(history, sent)
    expect(flight?.arrivals.map(({ at, line }) => [line.peer, at])).toEqual([
      ['ada', 10],
      ['bob', 12],
    ])
  })

  it('knows of a send by its delivery, until its sender tells of it', () => {
    const history = fill(new History(), [deliver(12, 'bob.1', 'ada.1', 1), deliver(15, 'bob.1', 'ada.1', 2)])
    const ada = history.lines.get('ada')!
    expect(ada.moments.map(({ isImplied, at }) => [isImplied, at])).toEqual([
      [true, 11.9],
      [true, 14.9],
    ])
    fill(history, [send(9, 'ada.1', 1), deliver(10, 'cy.1', 'ada.1', 1)])
    expect(ada.moments.map(({ isImplied, at }) => [isImplied, at])).toEqual([
      [false, 9],
      [true, 14.9],
    ])
    expect(faultsOf(history)).toEqual([])
  })

  it('draws a guessed send before the earliest of its deliveries', () => {
    const history = fill(new History(), [deliver(12, 'bob.1', 'ada.1', 1), deliver(7, 'cy.1', 'ada.1', 1)])
    expect(history.lines.get('ada')!.moments.map(({ at }) => at)).toEqual([6.9])
  })

  it('takes a state and a plain send for messages, too', () => {
    const history = fill(new History(), [
      line(1, 'ada.1', { event: 'plain-send', id: 'm', to: ['bob.1', 'cy.1'] }),
      line(4, 'bob.1', { event: 'plain-receive', id: 'm', from: 'ada.1' }),
      line(5, 'ada.1', { event: 'state-saved', lineage: 'l', number: 2, digest: 'd' }),
      line(9, 'cy.1', { event: 'state-loaded', lineage: 'l', number: 2, digest: 'd', from: 'ada.1' }),
    ])
    const arrivals = [...history.moments].filter(({ role }) => role === 'arrival')
    expect(arrivals.map(({ kind, flight }) => [kind, flight?.send?.at])).toEqual([
      ['plain', 1],
      ['state', 5],
    ])
    expect(history.hasPlain).toBe(true)
  })
})

describe('time', () => {
  it('never draws a delivery before its send, nor what it causes', () => {
    // The clock of ada is a second fast.
    const answer = send(20, 'bob.1', 1)
    const history = fill(new History(), [
      ...entered,
      send(1_010, 'ada.1', 1),
      deliver(12, 'bob.1', 'ada.1', 1),
      answer,
      deliver(22, 'cy.1', 'bob.1', 1),
    ])
    expect(faultsOf(history)).toEqual([])
    expect(momentOf(history, answer).at).toBeCloseTo(1_010.1)
    expect(history.lines.get('cy')!.moments.at(-1)!.at).toBeCloseTo(1_010.2)
  })

  it('sets a clock right, afterwards too', () => {
    const delivered = deliver(12, 'bob.1', 'ada.1', 1)
    const history = fill(new History(), [...entered, send(1_010, 'ada.1', 1), delivered])
    history.setOffset('ada', -1_000)
    expect(momentOf(history, delivered).at).toBe(12)
    fill(history, [send(1_030, 'ada.1', 2)])
    expect(history.lines.get('ada')!.moments.at(-1)!.at).toBe(30)
    expect(faultsOf(history)).toEqual([])
  })

  it('holds whatever order the traces come in, however their clocks differ', () => {
    const shape = fc.array(fc.tuple(fc.nat(2), fc.nat(9)), { maxLength: 60 })
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 3, maxLength: 3 }),
        fc.infiniteStream(fc.nat(2)),
        (steps, clocks, picks) => {
          const traces = tracesOf(steps, clocks)
          const history = new History()
          for (const pick of picks) {
            const trace = traces[pick % traces.length]!
            const next = trace.shift() ?? traces.find(({ length }) => length > 0)?.shift()
            if (next === undefined) break
            history.add(next)
            if (pick === 2) history.setOffset('bob', -clocks[1]!)
          }
          expect(faultsOf(history)).toEqual([])
          const sends = [...history.moments].filter(({ role }) => role === 'send')
          expect(sends.every(({ isImplied }) => !isImplied)).toBe(true)
        },
      ),
    )
  })
})

/** Each step: somebody multicasts, and everyone delivers a few ms later. */
function tracesOf(steps: readonly (readonly [number, number])[], clocks: readonly number[]): SpacetimeEvent[][] {
  const counts = [0, 0, 0]
  const traces = members.map((member) => [install(0, member, 1, members)])
  for (const [index, [who, delayMs]] of steps.entries()) {
    counts[who]! += 1
    const at = index * 10
    traces[who]!.push(send(at + clocks[who]!, members[who]!, counts[who]!))
    for (const [other, member] of members.entries()) {
      traces[other]!.push(deliver(at + delayMs + clocks[other]!, member, members[who]!, counts[who]!))
    }
  }
  return traces
}

describe('the causal past', () => {
  it('is what may have led to an event, and nothing concurrent with it', () => {
    const [first, concurrent] = [send(1, 'ada.1', 1), send(2, 'cy.1', 1)]
    const [heard, answer, last] = [
      deliver(3, 'bob.1', 'ada.1', 1),
      send(4, 'bob.1', 1),
      deliver(9, 'ada.1', 'bob.1', 1),
    ]
    const history = fill(new History(), [first, concurrent, heard, answer, deliver(6, 'ada.1', 'cy.1', 1), last])
    const past = history.pastOf(momentOf(history, answer))
    expect([...past].map(({ event }) => event)).toEqual([heard, answer, first])
    const all = history.pastOf(momentOf(history, last))
    expect(all.has(momentOf(history, concurrent))).toBe(true)
    expect(all.size).toBe(6)
  })
})

describe('what has changed', () => {
  it('begins with the message that came, or was heard of, and is taken once', () => {
    const history = fill(new History(), [...entered, send(10, 'ada.1', 1)])
    expect(history.takeChange()).toBe(Number.NEGATIVE_INFINITY)
    expect(history.takeChange()).toBe(Number.POSITIVE_INFINITY)
    fill(history, [send(20, 'bob.1', 1)])
    expect(history.takeChange()).toBe(20)
    fill(history, [deliver(30, 'cy.1', 'bob.1', 1)])
    expect(history.takeChange()).toBe(20)
    fill(history, [deliver(40, 'cy.1', 'ada.1', 2)])
    expect(history.takeChange()).toBe(39.9)
  })

  it('begins with what is moved on by what comes before it', () => {
    const history = fill(new History(), [...entered, deliver(20, 'bob.1', 'ada.1', 2)])
    history.takeChange()
    // Its clock is fast: the second message, guessed to be of 19.9, is drawn after the first.
    fill(history, [send(30, 'ada.1', 1)])
    expect(history.lines.get('ada')!.moments.map(({ at }) => at)).toEqual([0, 30, 30])
    expect(history.takeChange()).toBe(19.9)
  })

  it('leaves a causal past as it is, unless it may have led there', () => {
    const heard = deliver(12, 'bob.1', 'ada.1', 1)
    const history = fill(new History(), [...entered, send(10, 'ada.1', 1), heard])
    const chosen = momentOf(history, heard)
    const past = history.pastOf(chosen)
    fill(history, [send(20, 'bob.1', 1), deliver(22, 'ada.1', 'bob.1', 1)])
    expect(history.pastOf(chosen)).toBe(past)
    // The traces of others may come late.
    const late = deliver(5, 'ada.1', 'cy.1', 1)
    fill(history, [late])
    expect(history.pastOf(chosen)).not.toBe(past)
    expect(history.lines.get('ada')!.moments.at(-1)!.event).toBe(late)
  })
})

describe('vector times', () => {
  it('count what was sent and delivered in the view', () => {
    const [sent, heard, answer] = [send(1, 'ada.1', 1), deliver(3, 'bob.1', 'ada.1', 1), send(4, 'bob.1', 1)]
    const history = fill(new History(), [...entered, sent, deliver(1, 'ada.1', 'ada.1', 1), heard, answer])
    const counts = [sent, heard, answer].map((event) => momentOf(history, event).vector?.counts)
    expect(counts).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ])
    const anew = install(9, 'bob.1', 2, ['ada.1', 'bob.1'])
    fill(history, [anew])
    expect(momentOf(history, anew).vector).toEqual({ members: ['ada.1', 'bob.1'], counts: [0, 0] })
  })

  it('say what is not known, when the trace begins in the middle of a view', () => {
    const begin = line(0, 'bob.1', { event: 'begin', lineage: 'l', number: 1, members, primary: true })
    const heard = deliver(3, 'bob.1', 'ada.1', 7)
    const history = fill(new History(), [begin, heard])
    expect(momentOf(history, heard).vector).toEqual({ members, counts: [7, undefined, undefined] })
  })
})

describe('who is there', () => {
  it('ends a line that others went on without, and one that says so itself', () => {
    const history = fill(new History(), [
      ...entered,
      install(50, 'ada.1', 2, ['ada.1', 'bob.1']),
      line(60, 'bob.1', { event: 'left', reason: 'left' }),
      line(70, 'ada.1', { event: 'crash' }),
    ])
    const ends = [...history.lines.values()].map(({ peer, stays }) => [peer, stays[0]?.to, stays[0]?.end])
    expect(ends).toEqual([
      ['ada', 70, 'crashed'],
      ['bob', 60, 'left'],
      ['cy', 50, 'gone'],
    ])
  })

  it('keeps the line of one who comes back under a new id', () => {
    const history = fill(new History(), [
      ...entered,
      line(20, 'cy.1', { event: 'left', reason: 'excluded' }),
      install(90, 'ada.1', 3, ['ada.1', 'bob.1', 'cy.2']),
    ])
    expect(history.lines.get('cy')!.stays.map(({ member, from, to }) => [member, from, to])).toEqual([
      ['cy.1', 0, 20],
      ['cy.2', 90, undefined],
    ])
  })

  it('shades a wedge up to the next view', () => {
    const history = fill(new History(), [
      ...entered,
      line(30, 'bob.1', { event: 'wedged' }),
      install(45, 'bob.1', 2, members),
    ])
    expect(history.lines.get('bob')!.spans).toEqual([{ type: 'wedged', from: 30, to: 45 }])
  })

  it('goes on with the line of one who was left out and tells of itself still', () => {
    const history = fill(new History(), [...entered, install(50, 'ada.1', 2, ['ada.1', 'bob.1']), send(55, 'cy.1', 1)])
    expect(history.lines.get('cy')!.stay).toMatchObject({ to: undefined, end: undefined })
  })
})

describe('memory', () => {
  it('keeps the last events and nothing of the others', () => {
    const history = new History()
    history.limit = 100
    for (let seq = 1; seq <= 5_000; seq++) {
      const view = Math.floor(seq / 50)
      const [sent, heard] = [
        send(seq * 10, 'ada.1', seq, 'causal', view),
        deliver(seq * 10 + 3, 'bob.1', 'ada.1', seq, 'causal', view),
      ]
      if (seq % 50 === 0) fill(history, [install(seq * 10 - 5, 'ada.1', view, [`m${view}.1`, 'ada.1', 'bob.1'])])
      fill(history, [sent, heard])
    }
    expect(history.moments.size).toBe(100)
    expect(history.views.size).toBeLessThan(10)
    expect(history.lines.size).toBeLessThan(20)
    expect(history.lines.get('ada')!.moments.length + history.lines.get('bob')!.moments.length).toBe(100)
    expect(faultsOf(history)).toEqual([])
  })

  it('keeps few lines of those of whom nothing is known but that they are there', () => {
    const history = new History()
    for (let number = 1; number <= 50; number++) {
      const crowd = Array.from({ length: 100 }, (_, index) => `m${number}-${index}.1`)
      fill(history, [install(number, 'ada.1', number, ['ada.1', ...crowd])])
    }
    expect(history.lines.size).toBeLessThan(700)
    expect(history.lines.get('ada')!.moments).toHaveLength(50)
  })

  it('begins anew', () => {
    const history = fill(new History(), [...entered, send(1, 'ada.1', 1)])
    history.clear()
    expect([history.lines.size, history.views.size, history.moments.size, history.origin]).toEqual([0, 0, 0, undefined])
  })
})

describe('the golden traces', () => {
  const folder = fileURLToPath(new URL('../traces/good/', import.meta.url))
  const files = readdirSync(folder)
  it('are there', () => expect(files.length).toBeGreaterThan(5))

  it.each(files)('%s is drawn without an arrow that runs backwards', (file) => {
    const events = readFileSync(folder + file, 'utf8')
      .split('\n')
      .filter((text) => text.trim() !== '')
      .map((text): SpacetimeEvent => JSON.parse(text))
    const history = fill(new History(), events)
    expect(faultsOf(history)).toEqual([])
    expect([...history.moments].filter(({ isImplied }) => !isImplied)).toHaveLength(events.length)
  })
})
