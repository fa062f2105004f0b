import { describe, expect, it } from 'vitest'
import { Script } from '../../peer/simulator/script.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'

const STEPS = [
  ['sent', 'prepare'],
  ['received', 'promise'],
  ['handled', 'promise'],
  ['sent', 'accept'],
  ['received', 'accepted'],
  ['handled', 'accepted'],
  ['sent', 'decide'],
] as const

describe('a coordinator that dies at a step of a view change', () => {
  it.each(STEPS)('is replaced: when it has %s the first, second or third %s [VW8]', (moment, kind) => {
    for (const nth of [1, 2, 3]) {
      const { world, script, members } = start()
      script.crashAt({ kind, moment, nth, who: (peer) => peer === members[0] })
      world.start()
      script.until('the coordinator is dead', () => !members[0]!.alive)
      expect(script.settle()).toBe('one view')
      expectRulesKept(world.trace)
    }
  })

  it('and so is its successor, at the same step [VW8]', () => {
    for (const [moment, kind] of STEPS) {
      const { world, script, members } = start()
      const [first, second] = members
      script.crashAt({ kind, moment, nth: 1, who: (peer) => peer === first })
      script.crashAt({ kind, moment, nth: 1, who: (peer) => peer === second && !first!.alive })
      world.start()
      script.until('both are dead', () => !first!.alive && (!second!.alive || script.inOneView(world.living())))
      expect(script.settle()).toBe('one view')
      expectRulesKept(world.trace)
    }
  })
})

/** A group of five with multicasts under way. */
function start() {
  const script = new Script()
  const members = script.group(5)
  for (const peer of members) for (const kind of ['fifo', 'causal', 'total'] as const) peer.cast(kind, 20)
  return { script, members, world: script.world }
}

function expectRulesKept(trace: readonly object[]): void {
  const events = trace as readonly TraceEvent[]
  expect(judge(events, { settled: true }).filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(settled(events)).toEqual([])
}
