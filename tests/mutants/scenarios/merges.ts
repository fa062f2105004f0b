import { DEFAULT_CONFIG } from '../../../peer/base/config.ts'
import type { SimReceipt } from '../../../peer/simulator/application.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import { holds } from '../breach.ts'
import { forkByHand, split } from './forks.ts'
import { group, mute, onceHandled, part, type Scenario, suspect, unmute } from './scenario.ts'

const BYTES = 20
/** Long enough for all that is under way to arrive. */
const MOMENT_MS = 50
/** So often that something is under way at every step. */
const LOAD_EVERY_MS = 15
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
      // By then all links between the two sides are known to be broken.
      script.run(25_000)
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
    options: { onMerge: 'reconcile', fixedDelayMs: undefined },
    seeds: [1, 2, 3, 4, 5, 6],
    act(script) {
      const { few, many, mend } = split(script)
      forkByHand(script, few)
      for (const one of [few[0], many[0]!]) one.cast('causal', BYTES)
      script.run(100)
      mend()
      script.until('one has come to the other', () => few[0].view?.lineage === many[0]!.view!.lineage)
      const load = script.load(LOAD_EVERY_MS)
      script.run(5_000)
      load.stop()
      script.quiet()
      // An application may take its time to load what was made out of two.
      script.run(3_000)
      const states = [...few, ...many].map(({ application }) => application.ids)
      const isThere = ({ id }: SimReceipt) => id !== undefined && states.every((state) => state.has(id))
      const missing = load.receipts.find(({ receipt }) => receipt.fate !== 'not-sent' && !isThere(receipt))
      holds('PT4', 'every multicast is in the state that was made out of two', missing === undefined)
      const made = script.world.trace.filter((line) => line.event === 'multicast' && line.purpose === 'state')
      holds('PT4', 'one member makes one state out of two', made.length === 1)
    },
  },
  {
    name: 'a view change while two states are made into one',
    options: { onMerge: 'reconcile' },
    act(script) {
      const { few, many, mend } = split(script)
      forkByHand(script, few)
      const [p4, p5] = few
      const receipt = p4.cast('total', BYTES)
      script.run(100)
      mend()
      const pauses = () => script.world.trace.some((line) => line.event === 'multicast' && line.purpose === 'pause')
      script.until('all are asked to stop sending', pauses)
      const [p1, p2, p3] = many as [SimPeer, SimPeer, SimPeer]
      mute(script, p2, p4)
      const { number } = p1.view!
      p3.leave()
      script.until('the view changes', () => p4.view!.number > number)
      unmute(script, p2, p4)
      script.run(3_000)
      const hasIt = [p1, p2, p4, p5].every(({ application }) => receipt?.id && application.ids.has(receipt.id))
      holds('PT4', 'everyone has what only a part had', hasIt)
    },
  },
  {
    name: 'a bulk value while two states are made into one',
    options: { onMerge: 'reconcile', config: { ...DEFAULT_CONFIG, fragmentBytes: 64, windowMessages: 16 } },
    act(script) {
      const { few, mend } = split(script)
      forkByHand(script, few)
      const [p4] = few
      for (let i = 0; i < 20; i++) p4.cast('total', BYTES)
      script.run(100)
      mend()
      const pauses = () => script.world.trace.some((line) => line.event === 'multicast' && line.purpose === 'pause')
      script.until('all are asked to stop sending', pauses)
      const value = p4.cast('causal', 10_000, true)!
      script.until('the value is sent all the same', () => value.stable)
    },
  },
  {
    name: 'one that was told what is not sent comes to a fork',
    options: { onMerge: 'replay' },
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      script.run(MOMENT_MS)
      const many = [p1, p2, p3]
      script.part([p4], many)
      part(script, p5, ...many, p4)
      script.run(MOMENT_MS)
      p5.cast('causal', BYTES)
      suspect(p4, ...many, p5)
      script.until('one is blocked', () => p4.blocked)
      p4.input({ type: 'fork' })
      for (const one of many) suspect(one, p4, p5)
      script.until('the others go on', () => script.inOneView(many) && script.inOneView([p4]))
      const { self } = p5
      unmute(script, p5, p1)
      unmute(script, p1, p5)
      script.until('it knows that it was left out', () => p5.self !== self)
      part(script, p5, p1)
      unmute(script, p5, p4)
      unmute(script, p4, p5)
      script.until('it is in the fork', () => script.inOneView([p4, p5]))
      script.run(1_000)
    },
  },
]
