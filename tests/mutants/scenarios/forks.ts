import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Script } from '../../../peer/simulator/script.ts'
import { holds } from '../breach.ts'
import { crash, group, lose, mute, onceHandled, type Scenario, suspect, unmute } from './scenario.ts'

const BYTES = 20
/** Long enough for all that is under way to arrive, and for every member to tell how it is. */
const MOMENT_MS = 50
const STATUS_MS = 700

/** Runs in which members go on without a quorum. */
export const forkScenarios: readonly Scenario[] = [
  {
    name: 'some go on without a quorum',
    act(script) {
      const { few } = split(script)
      forkByHand(script, few)
    },
  },
  {
    name: 'some that are to go on without a quorum',
    options: { forks: true },
    act(script) {
      const { few } = split(script)
      script.run(5_000)
      holds('PT3', 'the survivors go on as a lineage of their own', script.inOneView(few))
    },
  },
  {
    name: 'a newcomer that hears of a fork before it hears what was said ahead of it',
    act(script) {
      const { few, many } = split(script)
      const [p4, p5] = few
      crash(...many)
      const late = script.world.start()
      script.run(STATUS_MS)
      script.world.network.delayed(p5.id, late.id, 4_000)
      script.run(STATUS_MS)
      p4.input({ type: 'fork' })
      script.until('the newcomer is in', () => script.inOneView([p4, p5, late]))
      const { number } = p4.view!
      script.run(6_000)
      holds('VW7', 'nobody is left out', p4.view!.number === number)
    },
  },
  {
    name: 'a fork whose members have not received the same',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      script.run(MOMENT_MS)
      mute(script, p1, p5)
      mute(script, p4, p5)
      p1.cast('causal', BYTES)
      script.run(15)
      const few = [p4, p5]
      script.part(few, [p1, p2, p3])
      for (const one of few) suspect(one, p1, p2, p3)
      script.run(STATUS_MS)
      // Nothing tells the last that it lacks something before it is asked to fork.
      p4.input({ type: 'fork' })
      unmute(script, p4, p5)
      forkByHand(script, few)
    },
  },
  {
    name: 'a fork that one of its members missed',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      script.run(MOMENT_MS)
      let mend = (): void => {}
      onceHandled(script, 'accept', p5, 1, () => {
        mend = script.part([p4, p5], [p1, p2, p3])
      })
      const { number } = p1.view!
      p3.leave()
      script.until('the others have decided', () => p1.view!.number > number)
      for (const one of [p4, p5]) suspect(one, p1, p2, p3)
      script.run(STATUS_MS)
      onceHandled(script, 'fork', p5, 1, () => mute(script, p4, p5))
      p4.input({ type: 'fork' })
      script.until('one has forked', () => p4.view!.members.length === 2)
      suspect(p1, p5)
      mend()
      script.run(1_000)
    },
  },
  {
    name: 'a fork whose decision is lost',
    act(script) {
      const { few } = split(script)
      const [p4, p5] = few
      const before = p5.self
      onceHandled(script, 'fork', p5, 1, () => mute(script, p4, p5))
      p4.input({ type: 'fork' })
      script.until('one has forked', () => p4.view!.members.length === 2)
      lose(script, p4, p5)
      script.run(5_000)
      const isTogether = p5.self === before && script.inOneView(few)
      holds('PT3', 'all that agreed to a fork are in it', isTogether)
    },
  },
  {
    name: 'one that sees a quorum again is asked to fork',
    act(script) {
      const { few, many } = split(script)
      const [p4, p5] = few
      const { lineage } = p5.view!
      mute(script, p5, p4)
      script.run(MOMENT_MS)
      unmute(script, p5, ...many)
      for (const one of many) unmute(script, one, p5)
      script.until('the other sees a quorum', () => !p5.blocked, 3_000)
      p4.input({ type: 'fork' })
      script.run(30)
      unmute(script, p5, p4)
      script.run(1_000)
      holds('PT3', 'one that sees a quorum stays', p5.view?.lineage === lineage)
    },
  },
  {
    name: 'one that is left of a lineage meets a fork',
    options: { witness: false },
    act(script) {
      const [p1, p2, p3, p4] = group(script, 4)
      script.run(MOMENT_MS)
      const few = [p3, p4] as const
      const mend = script.part(few, [p1, p2])
      for (const one of few) suspect(one, p1, p2)
      script.run(STATUS_MS)
      forkByHand(script, few)
      crash(p1)
      mend()
    },
  },
]

/** Five members, of whom the last two have lost the others, and know it of each other. */
export function split(script: Script): { few: [SimPeer, SimPeer]; many: SimPeer[]; mend: () => void } {
  const [p1, p2, p3, p4, p5] = group(script, 5)
  script.run(MOMENT_MS)
  const many = [p1, p2, p3]
  const mend = script.part([p4, p5], many)
  script.run(MOMENT_MS)
  // Twice: what is on its way still arrives, and clears them of suspicion.
  for (let times = 0; times < 2; times++) {
    for (const one of [p4, p5]) suspect(one, ...many)
    script.run(STATUS_MS)
  }
  return { few: [p4, p5], many, mend }
}

export function forkByHand(script: Script, few: readonly SimPeer[]): void {
  const before = few.map(({ self }) => self)
  few[0]!.input({ type: 'fork' })
  script.run(3_000)
  const areTheSame = few.every(({ self }, index) => self === before[index])
  holds('PT3', 'the survivors go on together', areTheSame && script.inOneView(few))
}
