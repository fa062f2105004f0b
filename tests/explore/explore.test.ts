import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import type { Input, Output } from '../../peer/engine/io.ts'
import { lineageTag } from '../../peer/engine/new-state.ts'
import type { Core } from '../../peer/engine/state.ts'
import { kindOf } from '../../peer/wire/codec.ts'
import { decodeWitnessAnswer, encodeWitnessAnswer, encodeWitnessRequest } from '../../peer/wire/witness.ts'
import { explore } from './explore.ts'
import { Histories, type Item } from './history.ts'
import { brokenRule } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { Frontier, StateStore } from './state-store.ts'
import { type Stepper, stepEngine } from './step.ts'
import { askWitness, restarted, type WitnessState } from './witness-states.ts'

const small: Scenario = {
  name: 'small',
  members: 2,
  joiners: 0,
  strangers: 0,
  acts: [{ by: 1, act: 'causal' }],
  crashes: 0,
  wrongSuspicions: 1,
  linkBreaks: 0,
  cutOff: [],
  heals: false,
  ballots: 2,
  timers: 0,
  timerMs: 0,
  witness: undefined,
  config: {},
}

const pair: Scenario = { ...small, acts: [], witness: { isInView: true, restarts: 0, disconnects: 0 } }

/** The shipping engine, with something done to it before or after each step. */
function tampered(before: (core: Core, input: Input) => void, after: (output: Output, core: Core) => Output): Stepper {
  return (core, now, input) => {
    before(core, input)
    return stepEngine(core, now, input).map((output) => after(output, core))
  }
}

describe('the exploration of', () => {
  it('two members, a message and a wrong suspicion is complete [VW1] [VW2] [VW3] [VW4] [VW5] [DL1] [DL2] [DL3] [DL4]', () => {
    const report = explore(small)
    expect(report.violation).toBeUndefined()
    expect(report.states).toBeGreaterThan(50)
    expect(report.standings['one view']).toBeGreaterThan(0)
    expect(report.standings.unsettled).toBe(0)
  })

  it('two members and a crash ends in one view, or blocked without rank 0 [PT1] [PT2] [VW8]', () => {
    const report = explore({ ...small, crashes: 1 })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
    expect(report.standings.blocked).toBeGreaterThan(0)
  })

  it('two members and one that joins is complete [VW5]', () => {
    const report = explore({ ...small, acts: [], joiners: 1, wrongSuspicions: 0 })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
  })

  it('three members and a crash settles: a fill of an overtaken ballot is refused aloud, not dropped [VW8]', () => {
    const report = explore({ ...small, name: 'fill', members: 3, crashes: 1 })
    expect(report.violation).toBeUndefined()
    expect(report.standings.unsettled).toBe(0)
  }, 60_000)

  it('two members, one of which crashes, and a witness: either goes on alone [PT1] [PT5] [VW3]', () => {
    const report = explore({ ...pair, crashes: 1, wrongSuspicions: 0 })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
    expect(report.standings.unsettled).toBe(0)
  })

  it('two members that suspect each other, and a witness that is out of reach for one of them [VW3] [VW4] [PT5]', () => {
    const report = explore({ ...pair, wrongSuspicions: 2, witness: { isInView: true, restarts: 0, disconnects: 1 } })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
    expect(report.standings.unsettled).toBe(0)
  })

  it('two members that are told of a witness after they have met [PT1] [PT5]', () => {
    const witness = { isInView: false, restarts: 0, disconnects: 0 }
    const report = explore({ ...pair, wrongSuspicions: 0, timers: 1, timerMs: 2_000, witness })
    expect(report.violation).toBeUndefined()
    expect(report.standings.unsettled).toBe(0)
  })

  it('three members, one of which is cut off and forks by hand [PT3] [VW3]', () => {
    const report = explore({ ...small, members: 3, acts: [{ by: 2, act: 'fork' }], wrongSuspicions: 0, cutOff: [2] })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
  })

  it('two lineages of one member each that meet is complete [PT4]', () => {
    const report = explore({ ...small, members: 1, strangers: 1, acts: [], crashes: 1, wrongSuspicions: 0 })
    expect(report.violation).toBeUndefined()
    expect(report.standings['one view']).toBeGreaterThan(0)
  })

  it('a link that breaks loses what is in flight, and nothing else [DL3] [DL5]', () => {
    const report = explore({ ...small, linkBreaks: 1 })
    expect(report.violation).toBeUndefined()
    expect(report.standings.unsettled).toBe(0)
  })

  it('the same scenario comes to the same count', () => {
    expect(explore(small).states).toBe(explore(small).states)
  })
})

describe('the exploration finds', () => {
  const caught = (stepper: Stepper, scenario: Scenario = small) => {
    const { violation } = explore(scenario, { stepper })
    expect(violation?.path.length).toBeGreaterThan(0)
    return violation?.rule
  }

  it('a member that installs another view than was decided [VW3]', () => {
    const stepper = tampered(
      () => {},
      (output, { state }) => {
        if (output.type !== 'install' || output.view.number < 3 || state.self !== 'b.1') return output
        return { ...output, view: { ...output.view, members: output.view.members.slice(1) } }
      },
    )
    expect(caught(stepper)).toMatch(/^\[VW3\]/)
  })

  it('a member that goes on sending after it promised', () => {
    const stepper = tampered(
      ({ state }) => {
        if (state.current !== undefined) state.current.log.wedged = false
      },
      (output) => output,
    )
    expect(caught(stepper)).toContain('invariant broken')
  })

  it('a message delivered twice [DL1]', () => {
    const stepper: Stepper = (core, now, input) =>
      stepEngine(core, now, input).flatMap((output): Output[] =>
        output.type === 'deliver' ? [output, output] : [output],
      )
    expect(caught(stepper)).toMatch(/^\[DL1\]/)
  })

  it('a group in which promises get lost and cannot settle [VW8]', () => {
    const isPromise = (output: Output) => output.type === 'send' && kindOf(output.message) === 'promise'
    const stepper: Stepper = (core, now, input) => stepEngine(core, now, input).filter((output) => !isPromise(output))
    expect(caught(stepper)).toMatch(/^\[VW8\]/)
  })

  it('a member that counts a witness for more than its vote [VW4]', () => {
    const stepper = tampered(
      ({ state }, input) => {
        const coordinator = state.current?.coordinator
        if (input.type === 'witness-answer' && coordinator?.phase === 'accepting') coordinator.votes.add(1)
      },
      (output) => output,
    )
    expect(caught(stepper, { ...pair, members: 3 })).toMatch(/^\[VW[34]\]/)
  })

  it('a member that does not ask what the witness has accepted [VW3]', () => {
    const stepper: Stepper = (core, now, input) => {
      const answer = input.type === 'witness-answer' ? decodeWitnessAnswer(input.answer) : undefined
      if (answer?.kind !== 'promise') return stepEngine(core, now, input)
      return stepEngine(core, now, {
        type: 'witness-answer',
        answer: encodeWitnessAnswer({ ...answer, accepted: undefined }),
      })
    }
    expect(caught(stepper, { ...pair, wrongSuspicions: 2 })).toMatch(/^\[VW3\]/)
  })

  it('an engine that throws', () => {
    const stepper: Stepper = (core, now, input) => {
      if (input.type === 'suspect') throw new Error('invariant broken')
      return stepEngine(core, now, input)
    }
    expect(caught(stepper)).toContain('invariant broken')
  })
})

describe('the rules of an exploration', () => {
  const first: Item = { type: 'install', lineage: 'g', number: 1, members: ['a.1', 'b.1', 'c.1'] }
  const next: Item = { type: 'install', lineage: 'g', number: 2, members: ['a.1', 'b.1'] }
  const vote: Item = { type: 'vote', lineageTag: lineageTag('g' as Lineage), number: 1, ballot: 1 }
  const sent: Item = { type: 'stamped', id: 'g/1/a.1/1', kind: 'total' }
  const got: Item = { type: 'deliver', id: 'g/1/a.1/1', kind: 'total', order: 1, payload: 'a.1/total' }
  const names = ['a.1', 'b.1', 'c.1']

  it('pass what is right', () => {
    expect(brokenRule(names, [[first, sent, got, vote, next], [first, got, vote, next], [first]])).toBeUndefined()
  })

  it.each<[string, readonly (readonly Item[])[]]>([
    ['VW1', [[first], [first], [first, vote, next]]],
    ['VW2', [[first, vote, first], [first], [first]]],
    ['VW4', [[first, vote, next], [first], [first]]],
    ['VW5', [[first, vote, { ...next, members: ['b.1', 'a.1'] }], [first, vote], [first]]],
    ['DL1', [[first, got], [first], [first]]],
    ['DL2', [[first, sent, vote, next, got], [first, vote], [first]]],
    ['DL3', [[first, sent, got, vote, next], [first, vote, next], [first]]],
    ['DL4', [[first, sent, vote, next], [first, vote, next], [first]]],
    ['OR1', [[first, { ...sent, id: 'g/1/a.1/2' }, { ...got, id: 'g/1/a.1/2' }], [first], [first]]],
    ['OR3', [[first, sent, { ...got, order: 2 }], [first], [first]]],
    [
      'OR4',
      [
        [first, { ...sent, id: 'g/1/a.1/1' }, got],
        [first, got, { ...sent, id: 'g/1/b.1/1' }],
        [first, { ...got, id: 'g/1/b.1/1', payload: 'b.1/total' }],
      ],
    ],
    [
      'RC1',
      [
        [first, vote, next],
        [first, vote, next],
        [first, { ...sent, id: 'g/1/c.1/1' }, { type: 'fate', id: 'g/1/c.1/1', fate: 'in-cut' }],
      ],
    ],
  ])('tell a breach of [%s]', (rule, histories) => {
    expect(brokenRule(names, histories)).toContain(`[${rule}]`)
  })
})

describe('the store of states', () => {
  it('keeps every state once, with its parent, however many there are', () => {
    const store = new StateStore()
    const states = Array.from({ length: 100_000 }, (_, index) => Int32Array.of(index % 317, Math.floor(index / 317)))
    expect(states.every((state, index) => store.add(state, index >> 1))).toBe(true)
    expect(store.add(states[4_242]!, 0)).toBe(false)
    expect(store.size).toBe(states.length)
    expect(store.is(70_000, states[70_000]!)).toBe(true)
    expect(store.is(70_000, states[70_001]!)).toBe(false)
    expect(store.parent(70_000)).toBe(35_000)
  })

  it('gives them back in their order, and lets go of what was read', () => {
    const frontier = new Frontier(2)
    for (let index = 0; index < 40_000; index++) frontier.push(Int32Array.of(index, -index))
    const bytes = frontier.bytesFrom(0)
    const state = new Int32Array(2)
    for (let index = 0; index < 40_000; index++) {
      frontier.read(index, state)
      if (state[0] !== index || state[1] !== -index) throw new Error(`state ${index} is ${state}`)
    }
    expect(frontier.bytesFrom(39_999)).toBeLessThan(bytes)
  })
})

describe('the witness of an exploration', () => {
  const prepare = (number: number, ballot: number) =>
    encodeWitnessRequest({ kind: 'prepare', lineage: 'g' as Lineage, number, token: 't1', ballot })
  const accept = (number: number, ballot: number) =>
    encodeWitnessRequest({
      kind: 'accept',
      lineage: 'g' as Lineage,
      number,
      token: 't1',
      ballot,
      value: Uint8Array.of(7),
    })
  const first = { boot: 1, requests: [], history: 0 }

  it('is brought to where it was by fewer requests than it had', () => {
    const requests = [prepare(2, 1), prepare(2, 3), accept(2, 3), prepare(2, 5), prepare(2, 9), prepare(2, 4)]
    const histories = new Histories()
    const state = requests.reduce<WitnessState>((at, request) => askWitness(at, request, histories).next, first)
    expect(state.requests).toEqual([accept(2, 3), prepare(2, 9)])
    const promise = decodeWitnessAnswer(askWitness(state, prepare(2, 11), histories).answer)
    expect(promise).toMatchObject({ kind: 'promise', votes: true, accepted: { ballot: 3 } })
    expect(decodeWitnessAnswer(askWitness(state, accept(2, 4), histories).answer)).toMatchObject({ promised: 9 })
    expect(askWitness(state, prepare(3, 1), histories).next.requests).toEqual([prepare(3, 1)])
  })

  it('forgets all when it restarts, and votes no more in views of before [PT5]', () => {
    const histories = new Histories()
    const { next } = askWitness(first, accept(2, 3), histories)
    const { answer } = askWitness(restarted(next), prepare(2, 5), histories)
    expect(decodeWitnessAnswer(answer)).toMatchObject({ kind: 'promise', votes: false, token: 't2' })
  })
})
