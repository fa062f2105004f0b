import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeOrder, type OrderLog } from '../../peer/ordering/abcast.ts'
import type { Stream } from '../../peer/ordering/message-log.ts'
import { type Delivery, type Member, OrderingModel, type Step } from './protocol-ordering-model.ts'

const kind = fc.constantFrom('fifo' as const, 'causal' as const, 'causal' as const, 'total' as const, 'total' as const)
const member = fc.nat(3)
const what = <W extends Step['what']>(name: W) => fc.constant(name)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: what('cast'), member, kind }) },
  { weight: 2, arbitrary: fc.record({ what: what('begin'), member, parts: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ what: what('part'), member }) },
  { weight: 2, arbitrary: fc.record({ what: what('finish'), member, kind }) },
  { weight: 1, arbitrary: fc.record({ what: what('drop'), member }) },
  { weight: 14, arbitrary: fc.record({ what: what('arrive'), member, from: fc.nat(3) }) },
  { weight: 7, arbitrary: fc.record({ what: what('order'), member, from: fc.constant(0) }) },
)
const run = fc.record({
  size: fc.integer({ min: 2, max: 4 }),
  steps: fc.array(step, { minLength: 10, maxLength: 110 }),
})
const RUNS = { numRuns: 300 }

describe('deliveries, against an oracle that knows causality by names', () => {
  it('keep the order of each sender and of causes, whatever comes when [OR1] [OR2] [OR4] [OR6]', () => {
    fc.assert(
      fc.property(run, ({ size, steps }) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        for (const member of model.members) expectOrder(model, member)
        model.settle()
        for (const member of model.members) expectOrder(model, member)
      }),
      RUNS,
    )
  })

  it('are all that was sent, once each, when everything has come [DL1] [DL4] [DL5]', () => {
    fc.assert(
      fc.property(run, ({ size, steps }) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        model.settle()
        for (const member of model.members)
          expect(names(member.delivered).sort()).toEqual([...model.known.keys()].sort())
      }),
      RUNS,
    )
  })

  it('put totals in one order, counted from 1 without holes [OR3]', () => {
    fc.assert(
      fc.property(run, ({ size, steps }) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        const longest = model.members.map(totals).reduce((a, b) => (b.length > a.length ? b : a))
        for (const member of model.members) {
          expect(totals(member)).toEqual(longest.slice(0, totals(member).length))
          expect(member.delivered.flatMap(({ order }) => order ?? [])).toEqual(
            totals(member).map((_, index) => index + 1),
          )
        }
      }),
      RUNS,
    )
  })

  it('wait for nothing of others when they are fifo [OR6]', () => {
    fc.assert(
      fc.property(run, ({ size, steps }) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step({ ...step, kind: 'fifo' } as Step)
        for (const member of model.members) {
          for (const [rank, stream] of member.log.streams.entries()) {
            const sent = [...model.known.keys()].filter((name) => name.startsWith(`${rank}#`))
            const whole = names(member.delivered).filter((name) => name.startsWith(`${rank}#`))
            expect(whole).toEqual(sent.slice(0, stream.seq))
          }
        }
      }),
      RUNS,
    )
  })
})

describe('what follows an fbcast that overtook its past', () => {
  it('is held back at its sender until that has come [OR2] [OR6]', () => {
    const model = new OrderingModel(4)
    const arrive = (member: number, from: number) => model.step({ what: 'arrive', member, from })
    const cast = (member: number, kind: 'fifo' | 'causal') => model.step({ what: 'cast', member, kind })
    cast(0, 'causal')
    arrive(1, 0)
    cast(1, 'fifo')
    arrive(2, 1)
    expect(names(model.members[2]!.delivered)).toEqual(['1#1'])
    cast(2, 'causal')
    expect(model.known.has('2#1')).toBe(false)
    cast(2, 'fifo')
    expect(model.known.has('2#1')).toBe(true)
    arrive(2, 0)
    cast(2, 'causal')
    expect(model.known.get('2#2')?.past).toEqual(new Set(['0#1', '1#1', '2#1']))
    for (const from of [1, 2, 2, 0]) arrive(3, from)
    expect(names(model.members[3]!.delivered)).toEqual(['1#1', '2#1', '0#1', '2#2'])
  })
})

describe('the end of a view', () => {
  const ending = fc.tuple(run, fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 4 }))

  it('delivers the same set to all that go on, in one order of totals, causes first [DL3] [OR3] [OR4] [OR5]', () => {
    fc.assert(
      fc.property(ending, ([{ size, steps }, ranks]) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        const survivors = ranks.filter((rank) => rank < size)
        if (survivors.length === 0) return
        model.end(survivors)
        const [first, ...others] = survivors.map((rank) => model.members[rank]!)
        expectOrder(model, first!)
        for (const other of others) {
          expectOrder(model, other)
          expect(names(other.delivered).sort()).toEqual(names(first!.delivered).sort())
          expect(totals(other)).toEqual(totals(first!))
        }
      }),
      RUNS,
    )
  })

  it('delivers all of the cut that is whole, and no multicast of which it holds a part [DL1] [DL3] [FL3]', () => {
    fc.assert(
      fc.property(ending, ([{ size, steps }, ranks]) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        const survivors = ranks.filter((rank) => rank < size)
        if (survivors.length === 0) return
        const cut = model.end(survivors)
        const whole = [...model.known.values()].filter(({ sender, last }) => last <= cut[sender]!)
        for (const rank of survivors) {
          const { delivered, log } = model.members[rank]!
          expect(names(delivered).sort()).toEqual(whole.map(({ name }) => name).sort())
          expect(log.streams.map((stream) => stream.delivered)).toEqual(cut)
        }
      }),
      RUNS,
    )
  })

  it('gives places to what has none as the definition says, read word by word [OR5]', () => {
    let unplaced = 0
    const total = {
      weight: 4,
      arbitrary: fc.record({ what: what('cast'), member, kind: fc.constant('total' as const) }),
    }
    const steps = fc.array(fc.oneof(total, { weight: 6, arbitrary: step }), { minLength: 10, maxLength: 80 })
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        steps,
        fc.subarray([0, 1, 2, 3], { minLength: 1 }),
        (size, steps, ranks) => {
          const model = new OrderingModel(size)
          for (const step of steps) model.step(step)
          const survivors = ranks.filter((rank) => rank < size)
          if (survivors.length === 0) return
          const { cut, orderCut } = model.wedge(survivors)
          for (const rank of survivors) {
            const { order, streams } = model.members[rank]!.log
            const { entries, left } = completed(order, streams, cut, orderCut)
            unplaced += left
            completeOrder(order, streams, cut, orderCut)
            expect(order.entries).toEqual(entries)
            expect(order.length).toBe(order.base + entries.length)
            expect(order.ahead.size).toBe(0)
          }
        },
      ),
      RUNS,
    )
    expect(unplaced).toBeGreaterThan(1_000)
  })

  it('orders what the sequencer left open by rank and number, causes before effects [OR4] [OR5]', () => {
    const model = new OrderingModel(4)
    const arrive = (member: number, from: number) => model.step({ what: 'arrive', member, from })
    const total = (member: number) => model.step({ what: 'cast', member, kind: 'total' })
    total(2)
    arrive(0, 2)
    arrive(1, 2)
    // Member 1 hears the order, delivers the first and answers it; both it and the sequencer are lost with the order.
    model.step({ what: 'order', member: 1, from: 0 })
    total(1)
    total(3)
    arrive(3, 2)
    arrive(2, 1)
    arrive(3, 1)
    model.end([2, 3])
    for (const rank of [2, 3]) expect(totals(model.members[rank]!)).toEqual(['2#1', '1#1', '3#1'])
  })
})

/** Every multicast comes after all that it follows; for an fbcast that is only what its own sender sent before. */
function expectOrder(model: OrderingModel, member: Member): void {
  const seen = new Set<string>()
  for (const { name } of member.delivered) {
    expect(seen.has(name), `${name} a second time`).toBe(false)
    const { kind, past, sender } = model.known.get(name)!
    for (const cause of past) {
      if (kind === 'fifo' && model.known.get(cause)!.sender !== sender) continue
      expect(seen.has(cause), `${cause} before ${name}`).toBe(true)
    }
    seen.add(name)
  }
}

function totals(member: Member): string[] {
  return names(member.delivered.filter(({ order }) => order !== undefined))
}

function names(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ name }) => name)
}

/**
 * What is left of the log, and behind it the undelivered ABCASTs of the cut that have no place: again and again the lowest (rank,
 * number) whose causes hold none of the others.
 */
function completed(order: OrderLog, streams: readonly Stream[], cut: readonly number[], orderCut: number) {
  const entries = order.entries
    .slice(0, orderCut - order.base)
    .filter(({ rank, number }) => number <= streams[rank]!.delivered || number <= cut[rank]!)
  const isPlaced = (rank: number, number: number) => entries.some((one) => one.rank === rank && one.number === number)
  const open = streams.flatMap((stream, rank) =>
    stream.entries.flatMap(({ cast }, index) => {
      const number = stream.base + index + 1
      const isOpen = cast?.kind === 'total' && number > stream.delivered && number <= cut[rank]!
      return isOpen && !isPlaced(rank, number) ? [{ rank, number, vector: cast.vector }] : []
    }),
  )
  const left = open.length
  while (open.length > 0) {
    const next = open.findIndex((one) =>
      open.every((other) =>
        other.rank === one.rank ? other.number >= one.number : other.number > one.vector[other.rank]!,
      ),
    )
    const [{ rank, number }] = open.splice(next, 1) as [(typeof open)[number]]
    entries.push({ rank, number })
  }
  return { entries, left }
}
