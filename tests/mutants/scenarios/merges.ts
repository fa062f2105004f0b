import { holds } from '../breach.ts'
import { forkByHand, split } from './forks.ts'
import { onceHandled, type Scenario, unmute } from './scenario.ts'

const BYTES = 20
const MERGED_WITHIN_MS = 15_000

/** Runs in which lineages meet and become one. */
export const mergeScenarios: readonly Scenario[] = [
  {
    name: 'a fork comes back',
    act(script) {
      const { few, many, mend } = split(script)
      forkByHand(script, few)
      // Long enough for every bound that a member without a quorum waits for.
      script.run(25_000)
      mend()
      const all = [...many, ...few]
      script.run(MERGED_WITHIN_MS)
      holds(
        'PT4',
        'two lineages that meet become one',
        all.every(({ ready, view }) => ready && view?.members.length === 5),
      )
      holds(
        'VW7',
        'nobody leaves the one that others join',
        many.every(({ self }) => self.endsWith('.1')),
      )
    },
  },
  {
    name: 'a multicast that waits while a fork comes back',
    act(script) {
      const { few, mend } = split(script)
      forkByHand(script, few)
      const [p4, p5] = few
      onceHandled(script, 'accept', p5, 1, () => p5.cast('causal', BYTES))
      mend()
      script.until('the fork is over', () => p4.view?.lineage !== p5.view?.lineage || p5.view === undefined)
    },
  },
  {
    name: 'a merge whose other side is out of reach',
    act(script) {
      const { few, many, mend } = split(script)
      forkByHand(script, few)
      onceHandled(script, 'accept', few[1], 1, () => script.part(few, many))
      mend()
      script.until('the fork is over', () => few.every(({ view }) => view === undefined))
      script.run(25_000)
      holds('PT4', 'members of a merge that failed go on', script.inOneView(few))
    },
  },
  {
    name: 'a fork comes back by way of one of its members',
    act(script) {
      const { few, many } = split(script)
      forkByHand(script, few)
      const [, p5] = few
      unmute(script, p5, ...many)
      for (const one of many) unmute(script, one, p5)
      script.run(MERGED_WITHIN_MS)
      holds(
        'PT4',
        'two lineages that meet become one',
        few.every(({ view }) => view?.members.length === 5),
      )
    },
  },
  {
    name: 'a fork of two states comes back',
    options: { onMerge: 'reconcile' },
    act(script) {
      const { few, many, mend } = split(script)
      forkByHand(script, few)
      for (const one of [few[0], many[0]!]) one.cast('causal', BYTES)
      script.run(100)
      mend()
      script.run(MERGED_WITHIN_MS)
      for (const one of [...few, ...many]) one.cast('total', BYTES)
      const states = script.world.trace.filter((line) => line.event === 'multicast' && line.purpose === 'state')
      holds('PT4', 'one member makes one state out of two', states.length === 1)
    },
  },
]
