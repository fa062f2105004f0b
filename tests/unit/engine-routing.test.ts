import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { type Path, quickestPaths } from '../../peer/engine/paths.ts'
import { decode, encode } from '../../peer/wire/codec.ts'
import type { Message } from '../../peer/wire/messages.ts'
import { Bench } from './engine-support.ts'

const NAMES = ['a', 'b', 'c', 'd']

describe('the quickest paths', () => {
  it('have the least cost of all, and as few links as that allows', () => {
    fc.assert(
      fc.property(graphs(), (costs) => {
        const best = quickestPaths(graphOf(costs), 0)
        for (let target = 1; target < costs.length; target++) {
          expect(priceOf(best[target])).toEqual(cheapest(costs, target))
          expect(priceOf(quickestPaths(graphOf(costs), 0, target)[target])).toEqual(cheapest(costs, target))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('begin with the lowest rank among equals', () => {
    const costs = matrix(5, (a, b) => (a + b === 4 || a === b ? undefined : 10))
    expect(quickestPaths(graphOf(costs), 0)[4]).toEqual({ via: 1, hops: 2, costMs: 20 })
  })

  it('follow the costs that are added up: each link on goes on where the one before it ended', () => {
    fc.assert(
      fc.property(graphs(), (costs) => {
        // Whoever is next on the way knows a way that is shorter by the link to it.
        for (const [target, path] of quickestPaths(graphOf(costs), 0).entries()) {
          if (path === undefined || path.via === target) continue
          const rest = quickestPaths(graphOf(costs, path.via), path.via)[target]
          expect(rest?.costMs).toBe(path.costMs - costs[0]![path.via]!)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('have no more links than allowed', () => {
    const costs = matrix(6, (a, b) => (Math.abs(a - b) === 1 ? 1 : undefined))
    expect(quickestPaths({ ...graphOf(costs), hopsMax: 4 }, 0).map((path) => path?.hops)).toEqual([
      undefined,
      1,
      2,
      3,
      4,
      undefined,
    ])
  })
})

describe('a round trip', () => {
  it('is measured over the direct link, by its own pongs only', () => {
    const bench = new Bench(NAMES)
    bench.run(3_000)
    const before = member(bench, 'a', 'b').roundTripMs!
    const sentAt = pingAlone(bench, 'a', 'b')
    bench.now = sentAt + 400
    const pong = { kind: 'pong', sentAt } as const
    bench.inject('a', 'c', relay('b', 'a', encode(pong)))
    expect(member(bench, 'a', 'b').roundTripMs).toBe(before)
    bench.inject('a', 'b', pong)
    expect(member(bench, 'a', 'b').roundTripMs).toBe(Math.round(400 / 8))
  })

  it('is not measured over a sleep of its own [FD1]', () => {
    const bench = new Bench(NAMES)
    bench.run(3_000)
    const before = member(bench, 'a', 'b').roundTripMs!
    const sentAt = pingAlone(bench, 'a', 'b')
    bench.now = sentAt + 60_000
    bench.inject('a', 'b', { kind: 'pong', sentAt })
    expect(counter(bench, 'a', 'own-lateness')).toBe(1)
    expect(member(bench, 'a', 'b').roundTripMs).toBe(before)
  })

  it('is not measured by an answer to nothing', () => {
    const bench = new Bench(NAMES)
    bench.run(5_000)
    const before = member(bench, 'a', 'b').roundTripMs
    for (const sentAt of [0, 1, bench.now - 3_000, bench.now + 5_000, 2 ** 40])
      bench.inject('a', 'b', { kind: 'pong', sentAt: Math.floor(sentAt) })
    expect(member(bench, 'a', 'b').roundTripMs).toBe(before)
  })

  it('is measured every interval, not more often, whatever the load', () => {
    const bench = new Bench(['a', 'b'])
    bench.run(3_000)
    const before = count(bench, 'a', 'ping')
    for (let turn = 0; turn < 100; turn++) {
      bench.cast('b', 'causal', 'x')
      bench.run(100)
    }
    const pings = count(bench, 'a', 'ping') - before
    expect(pings).toBeGreaterThanOrEqual(4)
    expect(pings).toBeLessThanOrEqual(6)
  })
})

describe('a relayed message', () => {
  it('is passed on with a link less to go, never back, and not for ever', () => {
    const bench = new Bench(NAMES)
    unlink(bench, 'a', 'b')
    bench.run(5_000)
    const message = encode({ kind: 'ping', sentAt: 0 })
    const passed = (from: string, to: string, hopsLeft: number) => {
      const before = bench.all('c', 'send').length
      bench.inject('c', from, { ...relay('a', to, message), hopsLeft })
      const sent = bench.all('c', 'send').slice(before)
      return sent.map((output) => ({ to: output.to, ...hopsOf(output.message) })).find(({ hops }) => hops !== undefined)
    }
    expect(passed('a', 'b', 3)).toEqual({ to: 'b', hops: 2 })
    const dropped = counter(bench, 'c', 'relay-dropped')
    expect(passed('a', 'b', 0)).toBeUndefined()
    expect(passed('a', 'b', 200)).toBeUndefined()
    expect(passed('b', 'b', 3)).toBeUndefined()
    expect(passed('a', 'nobody', 3)).toBeUndefined()
    expect(counter(bench, 'c', 'relay-dropped')).toBe(dropped + 4)
  })

  it('that comes back to its sender ends there', () => {
    const bench = new Bench(NAMES)
    const dropped = counter(bench, 'a', 'relay-dropped')
    bench.inject('a', 'c', relay('a', 'b', encode({ kind: 'ping', sentAt: 0 })))
    expect(counter(bench, 'a', 'relay-dropped')).toBe(dropped + 1)
  })
})

describe('a timer of the links', () => {
  it('is always ahead once it was handled', () => {
    const bench = new Bench(NAMES)
    unlink(bench, 'a', 'b')
    unlink(bench, 'a', 'd')
    for (let turn = 0; turn < 400; turn++) {
      if (turn % 20 === 0) bench.give('a', { type: 'hint', peer: 'd' as PeerId })
      const engine = bench.engine('a')
      bench.run(Math.max(0, engine.nextTimeout() - bench.now))
      engine.step(bench.now, { type: 'tick' })
      expect(engine.nextTimeout()).toBeGreaterThan(bench.now)
    }
  })
})

describe('what inspect shows of a member', () => {
  it('is how it is reached, and whether it is suspected or sees no quorum', () => {
    const bench = new Bench(NAMES)
    bench.run(3_000)
    expect(member(bench, 'a', 'b')).toMatchObject({
      direct: true,
      via: undefined,
      roundTripMs: 1,
      suspected: false,
      blocked: false,
    })
    unlink(bench, 'a', 'b')
    bench.run(2_000)
    expect(member(bench, 'a', 'b')).toMatchObject({ direct: false, via: 'c', roundTripMs: 2 })
    expect(member(bench, 'c', 'a')).toMatchObject({ direct: true, via: undefined })
  })
})

type Costs = readonly (readonly (number | undefined)[])[]

function graphs(): fc.Arbitrary<Costs> {
  const cost = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })
  return fc
    .integer({ min: 2, max: 6 })
    .chain((size) =>
      fc.array(fc.array(cost, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
    )
}

function matrix(size: number, cost: (a: number, b: number) => number | undefined): Costs {
  return Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => cost(a, b)))
}

function graphOf(costs: Costs, self = 0) {
  const first = costs.map((_, rank): Path | undefined => {
    const costMs = costs[self]![rank]
    return rank === self || costMs === undefined ? undefined : { via: rank, hops: 1, costMs }
  })
  return { first, linkMs: (from: number, to: number) => costs[from]![to], hopsMax: 15 }
}

function priceOf(path: Path | undefined) {
  return path && { costMs: path.costMs, hops: path.hops }
}

/** By trying all ways that pass nobody twice. */
function cheapest(costs: Costs, target: number, at = 0, passed: readonly number[] = [0]): ReturnType<typeof priceOf> {
  if (at === target) return { costMs: 0, hops: 0 }
  let best: ReturnType<typeof priceOf>
  for (const [next, costMs] of costs[at]!.entries()) {
    if (costMs === undefined || passed.includes(next)) continue
    const rest = cheapest(costs, target, next, [...passed, next])
    if (rest === undefined) continue
    const whole = { costMs: costMs + rest.costMs, hops: 1 + rest.hops }
    if (!best || whole.costMs < best.costMs || (whole.costMs === best.costMs && whole.hops < best.hops)) best = whole
  }
  return best
}

function relay(from: string, to: string, message: Uint8Array): Extract<Message, { kind: 'relay' }> {
  const ends = { from: from as PeerId, to: to as PeerId }
  return { kind: 'relay', ...ends, hopsLeft: 3, attempt: 1, lineageTag: 0, number: 0, message }
}

function hopsOf(bytes: Uint8Array): { readonly hops: number | undefined } {
  const message = decode(bytes)
  return { hops: message.kind === 'relay' ? message.hopsLeft : undefined }
}

function unlink(bench: Bench, a: string, b: string): void {
  bench.give(a, { type: 'link', peer: b as PeerId, up: false })
  bench.give(b, { type: 'link', peer: a as PeerId, up: false })
}

function count(bench: Bench, from: string, kind: Message['kind']): number {
  return bench.all(from, 'send').filter(({ message }) => decode(message).kind === kind).length
}

/** Lets time pass for one engine only, and takes what it sends, until it pings another; what that carried. */
function pingAlone(bench: Bench, from: string, to: string): number {
  const engine = bench.engine(from)
  for (let turn = 0; turn < 100; turn++) {
    bench.now = engine.nextTimeout()
    engine.step(bench.now, { type: 'tick' })
    for (const output of engine.drain()) {
      if (output.type !== 'send' || output.to !== to) continue
      const message = decode(output.message)
      if (message.kind === 'ping' && message.sentAt > 0) return message.sentAt
    }
  }
  throw new Error(`${from} does not ping ${to}`)
}

function member(bench: Bench, peer: string, of: string) {
  return bench.view(peer)!.members.find(({ id }) => id === `${of}.1`)!
}

function counter(bench: Bench, peer: string, name: string): number {
  return bench.engine(peer).counters()[name] ?? 0
}
