import type { Lineage } from '../../../peer/base/ids.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Script } from '../../../peer/simulator/script.ts'
import { encodeWitnessRequest } from '../../../peer/wire/witness.ts'
import { holds } from '../breach.ts'
import { crash, group, part, type Scenario, suspect } from './scenario.ts'

/** Long enough for all that is under way to arrive. */
const MOMENT_MS = 50

/** More than a witness keeps votes for. */
const LINEAGES = 40

/** Runs in which the witness breaks a tie, or is not there to do so. */
export const witnessScenarios: readonly Scenario[] = [
  {
    name: 'the eldest of two without the witness',
    act(script) {
      const [p1, p2] = apart(script)
      // What it asks the witness is lost.
      script.world.introducer.leave(p1.id)
      suspect(p1, p2)
      suspect(p2, p1)
      script.run(2_000)
    },
  },
  {
    name: 'two that ask the witness at the same time',
    act(script) {
      const [p1, p2] = apart(script)
      suspect(p1, p2)
      script.run(5)
      suspect(p2, p1)
      script.run(500)
    },
  },
  {
    name: 'a witness that is asked about many lineages',
    act(script) {
      const [p1, p2] = apart(script)
      const { introducer } = script.world
      suspect(p1, p2)
      script.until('the eldest goes on alone', () => p1.view!.members.length === 1)
      const { token } = introducer
      for (let count = 0; count < LINEAGES; count++) {
        const lineage = `other-${count}` as Lineage
        introducer.askWitness(
          p1.id,
          encodeWitnessRequest({ kind: 'prepare', lineage, number: 1, token, ballot: 4_096 }),
        )
      }
      script.run(50)
      suspect(p2, p1)
      script.run(500)
    },
  },
  {
    name: 'one that asks the witness about a view that is over',
    act(script) {
      const [p1, p2] = apart(script)
      suspect(p1, p2)
      script.until('the eldest goes on alone', () => p1.view!.members.length === 1)
      const joiner = script.world.start()
      script.run(40)
      part(script, joiner, p2)
      script.until('a third is in', () => p1.view!.members.length === 2)
      suspect(p2, p1)
      script.run(500)
    },
  },
  {
    name: 'a decision that the witness knows',
    act(script) {
      const [p1, p2] = apart(script)
      suspect(p1, p2)
      script.until('the eldest goes on alone', () => p1.view!.members.length === 1)
      suspect(p2, p1)
      script.run(500)
    },
  },
  {
    name: 'a witness that does not answer',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      // All it asks the witness is lost, and it does not know that.
      script.world.introducer.leave(p1.id)
      crash(p3)
      suspect(p1, p3)
      suspect(p2, p3)
      script.until('the others go on', () => script.inOneView([p1, p2]), 2_000)
    },
  },
  {
    name: 'a witness that is gone',
    act(script) {
      const [p1, p2] = two(script)
      script.world.introducer.down()
      script.run(5_000)
      crash(p2)
      suspect(p1, p2)
      script.run(2_000)
      holds('PT5', 'without a witness, the half with rank 0 is a quorum', p1.view!.members.length === 1)
    },
  },
  {
    name: 'a witness that has forgotten',
    act(script) {
      const [p1, p2] = two(script)
      script.world.introducer.forgetVotes()
      script.run(5_000)
      crash(p1)
      suspect(p2, p1)
      script.run(2_000)
      holds('PT1', 'the witness breaks ties under its new token', p2.view!.members.length === 1)
    },
  },
  {
    name: 'a witness that has just forgotten',
    act(script) {
      const [p1, p2] = apart(script)
      script.world.introducer.forgetVotes()
      script.run(MOMENT_MS)
      suspect(p2, p1)
      script.run(500)
      holds('PT2', 'one of two, whose view the witness has forgotten, is blocked', p2.blocked)
    },
  },
  {
    name: 'one that came back stays behind alone',
    act(script) {
      const [p1, p2] = two(script)
      const mend = script.part([p1], [p2])
      script.run(MOMENT_MS)
      suspect(p1, p2)
      script.until('the eldest goes on alone', () => p1.view!.members.length === 1)
      mend()
      script.until('the other is back', () => script.inOneView([p1, p2]))
      script.run(MOMENT_MS)
      crash(p1)
      suspect(p2, p1)
      script.run(2_000)
      holds('PT1', 'one of two goes on with the witness', p2.view!.members.length === 1)
    },
  },
]

function two(script: Script): [SimPeer, SimPeer] {
  const [p1, p2] = group(script, 2)
  script.run(MOMENT_MS)
  return [p1, p2]
}

/** Two that do not hear each other, with nothing under way. */
function apart(script: Script): [SimPeer, SimPeer] {
  const [p1, p2] = two(script)
  part(script, p1, p2)
  script.run(MOMENT_MS)
  return [p1, p2]
}
