import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Delivery, type Member, OrderingModel, type Step } from './protocol-ordering-model.ts'

const kind = fc.constantFrom('fifo' as const, 'causal' as const, 'causal' as const, 'total' as const, 'total' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    what: fc.constant('cast' as const),
    member: fc.nat(3),
    kind,
    fragments: fc.constantFrom(1, 1, 1, 3),
  }),
  { weight: 4, arbitrary: fc.record({ what: fc.constant('arrive' as const), member: fc.nat(3), from: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('order' as const), member: fc.nat(3), from: fc.constant(0) }) },
)
const run = fc.record({ size: fc.integer({ min: 2, max: 4 }), steps: fc.array(step, { minLength: 10, maxLength: 90 }) })
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
            expect(whole).toEqual(sent.slice(0, stream.seq - (stream.fragmentsOpen > 0 ? 1 : 0)))
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
    const cast = (member: number, kind: 'fifo' | 'causal') => model.step({ what: 'cast', member, kind, fragments: 1 })
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

  it('delivers all of the cut that is whole, and no multicast of which it holds a part [DL1] [DL3]', () => {
    fc.assert(
      fc.property(ending, ([{ size, steps }, ranks]) => {
        const model = new OrderingModel(size)
        for (const step of steps) model.step(step)
        const survivors = ranks.filter((rank) => rank < size)
        if (survivors.length === 0) return
        const cut = model.end(survivors)
        for (const rank of survivors) {
          for (const [sender, stream] of model.members[rank]!.log.streams.entries()) {
            const whole = wholeEntries(stream, cut[sender]!)
            expect(stream.delivered).toBe(whole)
          }
        }
      }),
      RUNS,
    )
  })

  it('orders what the sequencer left open by rank and number, causes before effects [OR4] [OR5]', () => {
    const model = new OrderingModel(4)
    const arrive = (member: number, from: number) => model.step({ what: 'arrive', member, from })
    const total = (member: number) => model.step({ what: 'cast', member, kind: 'total', fragments: 1 })
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

/** How many entries up to `limit` belong to multicasts that end there. */
function wholeEntries({ entries }: Member['log']['streams'][number], limit: number): number {
  let whole = 0
  for (let number = 1; number <= limit; ) {
    const next = number + entries[number - 1]!.cast!.fragments
    if (next - 1 > limit) break
    whole = next - 1
    number = next
  }
  return whole
}
