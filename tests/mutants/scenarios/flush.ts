import { holds } from '../breach.ts'
import { crash, group, lose, mute, onceHandled, part, type Scenario, suspect, unmute } from './scenario.ts'

const BYTES = 20

/** Runs in which messages are under way as a view ends, or are lost with those who had them. */
export const flushScenarios: readonly Scenario[] = [
  {
    name: 'a last word before leaving',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p3, p1, p2)
      const receipt = p3.cast('causal', BYTES)
      script.run(1)
      lose(script, p3, p1)
      p3.leave()
      script.until('it has left', () => p3.ending === 'left')
      holds('RC1', 'what a leaver had sent is in the cut', receipt?.fate !== 'not-sent')
    },
  },
  {
    name: 'messages that come after a promise',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p1, p2, p3)
      p1.cast('causal', BYTES)
      script.run(20)
      onceHandled(script, 'prepare', p3, 1, () => unmute(script, p1, p3))
      suspect(p2, p1)
      suspect(p3, p1)
      script.run(200)
    },
  },
  {
    name: 'places that come after a promise',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p1, p2, p3)
      p3.cast('total', BYTES)
      script.run(5)
      p2.cast('total', BYTES)
      script.run(20)
      onceHandled(script, 'prepare', p3, 1, () => unmute(script, p1, p3))
      suspect(p2, p1)
      suspect(p3, p1)
      script.run(200)
    },
  },
  {
    name: 'a place whose multicast is lost',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      mute(script, p4, p2, p3, p5)
      p4.cast('total', BYTES)
      script.run(5)
      p2.cast('total', BYTES)
      script.run(35)
      crash(p1, p4)
    },
  },
  {
    name: 'unordered cause and effect',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      mute(script, p1, p3, p4, p5)
      p4.cast('total', BYTES)
      script.run(22)
      p2.cast('total', BYTES)
      script.run(12)
      crash(p1, p2)
    },
  },
  {
    name: 'an effect whose cause is lost',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      mute(script, p4, p1, p2, p3)
      p4.cast('causal', BYTES)
      script.run(11)
      p5.cast('total', BYTES)
      script.run(11)
      p2.cast('total', BYTES)
      script.run(11)
      crash(p4, p5)
    },
  },
  {
    name: 'a multicast that overtakes the decision',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const { number } = p1.view!
      onceHandled(script, 'accepted', p1, 1, () => script.world.network.delayed(p1.id, p3.id, 40))
      script.world.start()
      script.until('one has installed the next view', () => p2.view!.number > number)
      const sent = script.sentDuring(() => {
        p2.cast('causal', BYTES)
        script.until('the last has', () => p3.view!.number > number)
        script.run(1)
        holds('cost', 'what came before the decision is there with it', p3.application.delivered === 1)
        script.quiet()
      })
      holds('cost', 'nothing that had come is pulled', !sent.has('pull'))
    },
  },
  {
    name: 'the sender is gone and one has its message',
    act(script) {
      const [, p2, p3] = group(script, 3)
      mute(script, p3, p2)
      p3.cast('causal', BYTES)
      script.run(30)
      crash(p3)
    },
  },
  {
    name: 'a member apart from the coordinator of its part',
    act(script) {
      const [p1, p2, p3, p4] = group(script, 4)
      part(script, p1, p3, p4)
      part(script, p2, p3, p4)
      suspect(p4, p1, p2)
      p4.cast('causal', BYTES)
      script.run(100)
    },
  },
]
