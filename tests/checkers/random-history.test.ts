import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JudgeOptions, judge, settled } from './index.ts'
import { randomHistory, randomSplit } from './random-history.ts'
import type { Deliver, TraceEvent } from './trace.ts'

const picks = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 150 })
const where = fc.nat(1_000_000)

describe('random histories', () => {
  it('that keep the rules are found to keep them [TR2]', () => {
    const property = fc.property(picks, (numbers) => {
      expect(broken(randomHistory(numbers).events)).toEqual([])
    })
    fc.assert(property, { numRuns: 150 })
  })

  it('of lineages that part and meet are found to keep them [TR2] [PT3] [PT4]', () => {
    let replayed = 0
    const property = fc.property(picks, (numbers) => {
      const { events } = randomSplit(numbers)
      expect(broken(events, { settled: true })).toEqual([])
      expect(settled(events)).toEqual([])
      if (events.some((event) => event.event === 'multicast' && event.replayOf !== undefined)) replayed++
    })
    fc.assert(property, { numRuns: 150 })
    expect(replayed).toBeGreaterThan(20)
  })

  it('in which something is not sent again, or to no avail, break [PT4]', () => {
    let applied = 0
    const property = fc.property(picks, where, (numbers, start) => {
      const { events } = randomSplit(numbers)
      const replays = events.filter((event) => event.event === 'multicast' && event.replayOf !== undefined)
      const gone = new Set(events.flatMap(({ event, peer }) => (event === 'left' || event === 'crash' ? peer : [])))
      const living = replays.filter(({ peer }) => !gone.has(peer))
      const chosen = living[start % living.length]
      if (chosen?.event !== 'multicast') return
      applied++
      const { replayOf: _, ...plain } = chosen
      const forgotten = events.map((event) => (event === chosen ? plain : event))
      expect(broken(forgotten, { settled: true })).toContain('PT4')
      const unnamed = events.map((event) =>
        event.event === 'left' && event.unmerged !== undefined
          ? { ...event, unmerged: event.unmerged.filter((id) => id !== chosen.replayOf) }
          : event,
      )
      expect(broken(unnamed)).toContain('PT4')
    })
    fc.assert(property, { numRuns: 80 })
    expect(applied).toBeGreaterThan(10)
  })

  it('mean the same whichever way the peers’ files are put together [TR2]', () => {
    fc.assert(
      fc.property(picks, (numbers) => {
        const { events } = randomHistory(numbers)
        const peers = [...new Set(events.map(({ peer }) => peer))].reverse()
        const files = peers.map((peer) => events.filter((event) => event.peer === peer))
        expect(outcomes(files.flat())).toEqual(outcomes(events))
      }),
      { numRuns: 50 },
    )
  })

  it('with a delivery repeated break [DL1]', () => {
    mutate(['DL1'], (events, at) => events.toSpliced(at + 1, 0, events[at]!))
  })

  it('with a delivery dropped at one that goes on break [DL3]', () => {
    mutate(['DL3'], (events, at) => (bearsOnOthers(events, events[at]) ? events.toSpliced(at, 1) : undefined))
  })

  it('with a delivery moved to another view break [DL2]', () => {
    mutate(['DL2'], (events, at) => {
      const next = events.findIndex(
        (event, i) => i > at && event.event === 'install' && event.peer === events[at]?.peer,
      )
      return next < 0 ? undefined : events.toSpliced(next + 1, 0, events[at]!).toSpliced(at, 1)
    })
  })

  it('with two messages of one sender swapped break [OR1]', () => {
    mutate(['OR1'], (events, at) => swapWithNext(events, at, (a, b) => a.from === b.from))
  })

  it('with two ABCASTs swapped at one that goes on break [OR3] [VS1]', () => {
    mutate(['OR3', 'VS1'], (events, at) =>
      bearsOnOthers(events, events[at])
        ? swapWithNext(events, at, (a, b) => a.kind === 'total' && b.kind === 'total')
        : undefined,
    )
  })

  it('with an answer before its question break [OR2]', () => {
    mutate(['OR2'], (events, at) =>
      swapWithNext(events, at, (a, b) => b.kind !== 'fifo' && wasDeliveredBeforeSending(events, a.id, b)),
    )
  })
})

/** Wherever the mutation applies to a delivery of a good history, each of the rules is found broken; and it applies somewhere. */
function mutate(
  rules: readonly string[],
  change: (events: readonly TraceEvent[], at: number) => TraceEvent[] | undefined,
): void {
  let applied = 0
  const property = fc.property(picks, where, (numbers, start) => {
    const { events } = randomHistory(numbers)
    const mutant = firstMutant(events, start, change)
    if (mutant === undefined) return
    applied++
    const found = broken(mutant)
    for (const rule of rules) expect(found).toContain(rule)
  })
  fc.assert(property, { numRuns: 80 })
  expect(applied).toBeGreaterThan(5)
}

function firstMutant(events: readonly TraceEvent[], start: number, change: Parameters<typeof mutate>[1]) {
  for (let i = 0; i < events.length; i++) {
    const at = (start + i) % events.length
    const mutant = events[at]?.event === 'deliver' ? change(events, at) : undefined
    if (mutant !== undefined) return mutant
  }
  return undefined
}

function broken(events: readonly TraceEvent[], options: JudgeOptions = {}): string[] {
  return judge(events, options).flatMap(({ rule, outcome }) => (outcome === 'broken' ? rule : []))
}

function outcomes(events: readonly TraceEvent[]): string[] {
  return judge(events).map(({ rule, outcome }) => `${rule} ${outcome}`)
}

/** The peer goes on to the next view, and so does another that was in this one. */
function bearsOnOthers(events: readonly TraceEvent[], event: TraceEvent | undefined): boolean {
  if (event?.event !== 'deliver') return false
  const installs = (number: number) =>
    events.flatMap((line) => (line.event === 'install' && line.number === number ? line.peer : []))
  const goOn = installs(event.number).filter((peer) => installs(event.number + 1).includes(peer))
  return goOn.includes(event.peer) && goOn.length > 1
}

/** The delivery changes places with the same peer's next line, if that is a delivery too and the two are such a pair. */
function swapWithNext(events: readonly TraceEvent[], at: number, isPair: (a: Deliver, b: Deliver) => boolean) {
  const first = events[at]
  const next = events.findIndex((event, i) => i > at && event.peer === first?.peer)
  const second = events[next]
  if (first?.event !== 'deliver' || second?.event !== 'deliver' || !isPair(first, second)) return undefined
  return events.with(at, withOrder(second, first)).with(next, withOrder(first, second))
}

/** ABCASTs that change places are counted as they come. */
function withOrder(event: Deliver, place: Deliver): Deliver {
  return event.order !== undefined && place.order !== undefined ? { ...event, order: place.order } : event
}

function wasDeliveredBeforeSending(events: readonly TraceEvent[], id: string, { id: later, from }: Deliver): boolean {
  const lines = events.filter(({ peer }) => peer === from)
  const sent = lines.findIndex((event) => event.event === 'multicast' && event.id === later)
  return lines.slice(0, sent).some((event) => event.event === 'deliver' && event.id === id)
}
