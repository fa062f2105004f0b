import { holds } from '../breach.ts'
import { group, mute, type Scenario, suspect } from './scenario.ts'

const MOMENT_MS = 50

/** Runs about signs of life that are late, second-hand, or come one way only. */
export const detectionScenarios: readonly Scenario[] = [
  {
    name: 'a crash that the server tells of before the last words come',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const { network } = script.world
      for (const other of [p1, p2]) network.delayed(p3.id, other.id, 100)
      // Some of these outlive it.
      for (let count = 0; count < 20; count++) {
        p3.cast('causal', 20)
        script.run(4)
      }
      // The links take a minute to show it.
      p3.crash(() => 60_000)
      script.run(6_000)
      holds('FD3', 'with the server alive, a crashed member is out within 6 s', script.inOneView([p1, p2]))
    },
  },
  {
    name: 'a member that speaks and hears nobody',
    act(script) {
      const [p1, p2, p3, p4] = group(script, 4)
      const { number } = p1.view!
      // The links stand: what it says is heard.
      for (const one of [p1, p2, p3]) script.world.network.mute(one.id, p4.id)
      script.run(1_000)
      p3.leave()
      script.run(40_000)
      holds('VW7', 'one that cannot be reached does not hold up the others', p1.view!.number > number)
    },
  },
  {
    name: 'a link that works one way',
    act(script) {
      const [p1, , p3] = group(script, 3)
      script.run(MOMENT_MS)
      mute(script, p1, p3)
      script.run(3_000)
      const receipt = p1.cast('causal', 20)
      script.run(MOMENT_MS)
      const isThere = receipt?.id !== undefined && p3.application.ids.has(receipt.id)
      holds('FD2', 'what a link does not bring comes by way of others', isThere)
    },
  },
  {
    name: 'a crash that one member knows of',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      script.world.introducer.down()
      p3.crash(() => 60_000)
      script.run(MOMENT_MS)
      suspect(p2, p3)
      script.run(6_000)
      holds('FD3', 'what one knows is soon known to all', script.inOneView([p1, p2]))
    },
  },
  {
    name: 'one that is cut off for a moment',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const mend = script.part([p3], [p1, p2])
      script.run(MOMENT_MS)
      suspect(p3, p1, p2)
      script.run(MOMENT_MS)
      holds('PT2', 'one that hears nobody is blocked', p3.blocked)
      mend()
      script.run(6_000)
      holds('PT2', 'one that hears the others again goes on', !p3.blocked)
    },
  },
]
