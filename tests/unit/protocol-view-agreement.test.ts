import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import { type Plan, plan, planFork, type Situation, type WitnessPromise } from '../../peer/membership/view-agreement.ts'
import type { PromiseMessage, Value } from '../../peer/wire/messages.ts'
import { promiseOf, record, records, valueNamed } from './protocol-support.ts'

describe('what a coordinator does next', () => {
  it('waits for everyone who is neither suspected nor gone [VW7]', () => {
    expect(planOf({ promises: [full(0), full(1)] }).type).toBe('wait')
    expect(planOf({ promises: [full(0), full(1)], suspected: [2] }).type).toBe('propose')
    expect(planOf({ promises: [full(0), full(1)], departed: [2] }).type).toBe('propose')
  })

  it('waits for a quorum, however many are suspected [VW4]', () => {
    expect(planOf({ promises: [full(0)], suspected: [1, 2] }).type).toBe('stuck')
    expect(planOf({ size: 4, promises: [full(1, 4), full(3, 4)], self: 1, suspected: [0, 2] }).type).toBe('stuck')
    expect(planOf({ size: 4, promises: [full(0, 4), full(3, 4)], suspected: [1, 2] }).type).toBe('propose')
  })

  it('adopts what any promiser accepted, that of the highest ballot, before all else [VW3] [VW8]', () => {
    const older = { ballot: 4096, value: valueNamed(1) }
    const newer = { ballot: 8193, value: valueNamed(2, [record('who is dead')]) }
    const promises = [full(0, 3, { accepted: older }), full(1, 3, { accepted: newer, held: [0, 0, 0] }), full(2)]
    expect(planOf({ promises, requests: ['j'] })).toEqual({ type: 'adopt', value: newer.value })
    // Even of one that died since, or that closed and can be covered by nobody.
    expect(planOf({ promises, suspected: [1] })).toEqual({ type: 'adopt', value: newer.value })
    expect(planOf({ promises, departed: [1] })).toEqual({ type: 'adopt', value: newer.value })
  })

  it('has everyone hold the cut before it proposes [DL3]', () => {
    const promises = [promiseOf(0, [4, 0, 0]), promiseOf(1, [2, 3, 0]), promiseOf(2, [4, 3, 0], { held: [4, 3, 1] })]
    expect(planOf({ promises })).toEqual({
      type: 'fill',
      cut: { cut: [4, 3, 0], orderCut: 0 },
      sources: [0, 1, 0, 0],
      ranks: [0, 1],
    })
    const filled = promises.map((promise) => ({ ...promise, held: [4, 3, 1] }))
    expect(proposed(planOf({ promises: filled })).cut).toEqual([4, 3, 0])
  })

  it('has the order log filled as well [OR3]', () => {
    const promises = [promiseOf(0, [1, 1, 1], { orderLength: 2 }), full(1), full(2)]
    const next = planOf({ promises: promises.map((promise) => ({ ...promise, held: [1, 1, 1] })) })
    expect(next).toMatchObject({ type: 'fill', cut: { orderCut: 2 }, sources: [0, 0, 0, 0], ranks: [1, 2] })
  })

  it('counts in the cut what leavers had, and does not ask them to fill [RC1]', () => {
    const leaver = promiseOf(2, [0, 0, 5], { leaving: true })
    expect(planOf({ promises: [full(0), full(1), leaver] })).toMatchObject({
      type: 'fill',
      cut: { cut: [0, 0, 5] },
      sources: [0, 0, 2, 0],
      ranks: [0, 1],
    })
  })

  it('does not count what one had that died before all was filled [VW8]', () => {
    const dead = promiseOf(2, [0, 0, 5])
    expect(proposed(planOf({ promises: [full(0), full(1), dead], suspected: [2] })).cut).toEqual([0, 0, 0])
  })

  it('counts a closed member in the cut only if the others can fill what it had [PT1] [DL3]', () => {
    const closed = promiseOf(2, [0, 0, 5], { held: [0, 0, 0], leaving: true })
    expect(proposed(planOf({ promises: [full(0), full(1), closed], departed: [2] })).cut).toEqual([0, 0, 0])
    const four = [full(0, 4), full(1, 4, { held: [0, 0, 0, 5] }), promiseOf(3, [0, 0, 0, 5], { held: [0, 0, 0, 0] })]
    expect(planOf({ size: 4, promises: four, departed: [3], suspected: [2] })).toMatchObject({
      type: 'fill',
      cut: { cut: [0, 0, 0, 5] },
      ranks: [0],
    })
  })

  it('is stuck when it needs that vote, and says so instead of guessing [PT2] [DL3]', () => {
    const closed = promiseOf(0, [5, 0, 0], { held: [0, 0, 0], leaving: true })
    expect(planOf({ self: 1, promises: [closed, full(1)], departed: [0], suspected: [2] })).toEqual({ type: 'stuck' })
  })
})

describe('the value that it proposes', () => {
  it('has joins, leaves and failures known by then in one [VW6]', () => {
    const promises = [full(0, 5), full(1, 5), full(2, 5, { leaving: true }), full(4, 5)]
    const value = proposed(planOf({ size: 5, promises, suspected: [3], requests: ['j', 'k'] }))
    expect(names(value)).toEqual(['m0.1', 'm1.1', 'm4.1', 'j.1', 'k.1'])
    expect(value.joiners).toBe(2)
    expect(value.left).toEqual(['m2.1'])
  })

  it('keeps survivors in their order, joiners behind, in whatever order the promises came [VW5]', () => {
    const value = proposed(planOf({ promises: [full(2), full(0), full(1)], requests: ['b', 'a'] }))
    expect(names(value)).toEqual(['m0.1', 'm1.1', 'm2.1', 'b.1', 'a.1'])
  })

  it('names a closed member among those that left, one that failed not [FD3]', () => {
    const promises = [full(0, 4), full(1, 4), full(3, 4, { leaving: true, held: [0, 0, 0, 0] })]
    const value = proposed(planOf({ size: 4, promises, departed: [3], suspected: [2] }))
    expect(names(value)).toEqual(['m0.1', 'm1.1'])
    expect(value.left).toEqual(['m3.1'])
  })

  it('keeps the coordinator out when it leaves itself, and keeps one when all do', () => {
    expect(names(proposed(planOf({ promises: [full(0, 3, { leaving: true }), full(1), full(2)] })))).toEqual([
      'm1.1',
      'm2.1',
    ])
    const all = [0, 1, 2].map((as) => full(as, 3, { leaving: true }))
    expect(names(proposed(planOf({ promises: all })))).toEqual(['m0.1'])
  })

  it('lets in no more than those with state can carry, and names who gives it to them [VW9] [ST3]', () => {
    const value = proposed(planOf({ promises: [full(0), full(1), full(2)], requests: ['a', 'b', 'c', 'd'] }))
    expect(value.joiners).toBe(3)
    expect(value.transfers).toEqual(['a.1', 'b.1', 'c.1'].map((member) => ({ member, provider: 'm2.1', boundary: 8 })))
    expect(
      proposed(planOf({ promises: [full(0), full(1), full(2)], requests: ['a'], hasState: false })).transfers,
    ).toEqual([])
  })

  it('has somebody with state, or waits [VW9]', () => {
    const promises = [0, 1, 2].map((as) => full(as, 3, { withState: false }))
    expect(planOf({ promises, requests: ['j'] }).type).toBe('wait')
  })

  it('drops members without state before they outweigh those with it [VW9]', () => {
    const without = { withState: false }
    const promises = [full(0, 5), full(2, 5), full(3, 5, without), full(4, 5, without)]
    expect(proposed(planOf({ size: 5, promises, suspected: [1] })).members).toHaveLength(4)
    const fewer = [full(0, 5), full(3, 5, without), full(4, 5, without)]
    expect(names(proposed(planOf({ size: 5, promises: fewer, suspected: [1, 2] })))).toEqual(['m0.1', 'm3.1'])
  })
})

describe('a coordinator and the witness', () => {
  const answer = { type: 'answered', token: 'now', promised: true, accepted: undefined } as const

  it('waits for what the witness has to say, and not for one that is absent [PT5]', () => {
    const promises = [full(0, 2), full(1, 2)]
    expect(planOf({ size: 2, promises, witness: { type: 'awaited', untilMs: 300 } }).type).toBe('wait')
    expect(proposed(planOf({ size: 2, promises })).witness).toBeUndefined()
    expect(proposed(planOf({ size: 2, promises, witness: answer })).witness).toBe('now')
  })

  it('breaks a tie by it, and only where it has promised [PT1]', () => {
    const half = { size: 2, token: 'now', promises: [full(1, 2)], self: 1, suspected: [0] }
    expect(names(proposed(planOf({ ...half, witness: answer })))).toEqual(['m1.1'])
    expect(planOf({ ...half, witness: { ...answer, promised: false } }).type).toBe('stuck')
    expect(planOf(half).type).toBe('stuck')
    // With a witness in the view, rank 0 has no more to say than another.
    expect(planOf({ size: 2, token: 'old', promises: [full(0, 2)], suspected: [1] }).type).toBe('stuck')
  })

  it('adopts what it accepted [VW3]', () => {
    const value = valueNamed(3)
    const witness = { ...answer, accepted: { ballot: 4097, value } }
    expect(planOf({ size: 2, token: 'now', promises: [full(1, 2)], self: 1, suspected: [0], witness })).toEqual({
      type: 'adopt',
      value,
    })
  })
})

describe('a lineage that splits off, and one that ends', () => {
  it('is of those who have committed themselves, without a quorum and without joiners [PT3]', () => {
    const situation = situationOf({
      size: 5,
      promises: [full(3, 5), full(1, 5)],
      self: 1,
      suspected: [0, 2, 4],
      requests: ['j'],
    })
    const value = proposed(planFork(situation, 'g~7.1' as Lineage))
    expect(names(value)).toEqual(['m1.1', 'm3.1'])
    expect(value.passage).toEqual({ type: 'fork', lineage: 'g~7.1' })
  })

  it('adopts nothing: for the old lineage its members have crashed [PT3]', () => {
    const accepted = { ballot: 4096, value: valueNamed(1) }
    const situation = situationOf({ promises: [full(1, 3, { accepted })], self: 1, suspected: [0, 2] })
    expect(planFork(situation, 'g~7.1' as Lineage).type).toBe('propose')
  })

  it('waits for everyone who is not suspected, and has the cut filled, as any other change [PT3] [DL3]', () => {
    const suspected = [0]
    expect(planFork(situationOf({ promises: [full(1)], self: 1, suspected }), 'g~7.1' as Lineage).type).toBe('wait')
    const promises = [promiseOf(1, [0, 2, 0]), full(2)]
    expect(planFork(situationOf({ promises, self: 1, suspected }), 'g~7.1' as Lineage)).toMatchObject({
      type: 'fill',
      ranks: [2],
    })
  })

  it('dissolves with a quorum only, and lets nobody in who would have to go again [PT4]', () => {
    const dissolve = { type: 'dissolve', into: 'f' as Lineage, fates: [] } as const
    const value = proposed(planOf({ promises: [full(0), full(1)], suspected: [2], requests: ['j'], dissolve }))
    expect([value.passage, names(value)]).toEqual([dissolve, ['m0.1', 'm1.1']])
    expect(planOf({ promises: [full(0)], suspected: [1, 2], dissolve }).type).toBe('stuck')
  })
})

interface Given {
  readonly promises: readonly PromiseMessage[]
  readonly size?: number
  readonly self?: number
  readonly suspected?: readonly number[]
  readonly departed?: readonly number[]
  readonly requests?: readonly string[]
  readonly hasState?: boolean
  /** That of the view. */
  readonly token?: string
  readonly witness?: WitnessPromise
  readonly dissolve?: Situation['dissolve']
}

function planOf(given: Given): Plan {
  return plan(situationOf(given))
}

function situationOf({
  promises,
  size = 3,
  self = 0,
  suspected = [],
  departed = [],
  requests = [],
  hasState = true,
  token,
  witness = { type: 'absent' },
  dissolve,
}: Given): Situation {
  return {
    view: { lineage: 'g' as Lineage, number: 7, members: records(size), witness: token },
    self,
    promises: new Map(promises.map((promise) => [promise.as, promise])),
    suspected: new Set(suspected),
    departed: new Set(departed),
    requests: requests.map(record),
    transfers: [],
    membersMax: 256,
    hasState,
    witness,
    dissolve,
  }
}

/** The promise of one that has, and lacks, nothing. */
function full(as: number, size = 3, more: Partial<PromiseMessage> = {}): PromiseMessage {
  return promiseOf(as, new Array<number>(size).fill(0), more)
}

function proposed(next: Plan): Value {
  if (next.type !== 'propose') throw new Error(`expected a proposal, not ${JSON.stringify(next)}`)
  return next.value
}

function names(value: Value): string[] {
  return value.members.map(({ id }) => id)
}
