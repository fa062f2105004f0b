import { DEFAULT_CONFIG } from '../../../peer/base/config.ts'
import type { PeerId } from '../../../peer/base/ids.ts'
import type { SimPeer } from '../../../peer/simulator/peer.ts'
import type { Script } from '../../../peer/simulator/script.ts'
import { setTrap } from '../../../peer/simulator/traps.ts'
import { holds } from '../breach.ts'
import { crash, group, linked, mute, onceHandled, part, type Scenario, suspect } from './scenario.ts'

/** Runs about joining, leaving, failure detection and state transfer. */
export const membershipScenarios: readonly Scenario[] = [
  {
    name: 'the eldest leave one without state behind',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const slow = script.world.start()
      onceHandled(script, 'decide', slow, 1, () => mute(script, p3, slow))
      script.until('the fourth is in', () => slow.view !== undefined)
      const quick = script.world.start()
      script.until('the fifth has its state', () => quick.ready, 1_500)
      for (const peer of [p1, p2, p3]) peer.leave()
      script.run(100)
    },
  },
  {
    name: 'joins known together',
    act(script) {
      const [p1] = group(script, 4)
      const { number } = p1.view!
      const joiners = [script.world.start(), script.world.start(), script.world.start()]
      script.until('all are in', () => joiners.every((joiner) => joiner.view !== undefined))
      holds('VW6', 'joins known together are one change', p1.view!.number === number + 1)
    },
  },
  {
    name: 'a joiner that vanishes while its request waits',
    act(script) {
      const [p1, p2] = group(script, 2)
      const { number } = p1.view!
      p2.freeze()
      const joiner = script.world.start()
      linked(script, p1.id, joiner.id)
      script.run(500)
      crash(joiner)
      script.run(4_000)
      p2.wake()
      script.until('the change is over', () => p1.view!.number > number)
      const isIn = p1.view!.members.some(({ id }) => id === joiner.self)
      holds('VW9', 'one who is silent is not let in', !isIn)
    },
  },
  {
    name: 'a link that never comes up',
    act(script) {
      group(script, 2)
      // A link is set up once both ends run: this one is wanted before the second does, and never again.
      script.world.network.introduce('p1' as PeerId, 'p3' as PeerId)
      script.run(100)
      const joiner = script.world.start()
      script.until('the joiner is in', () => joiner.ready)
      joiner.cast('total', 20)
      script.quiet()
    },
  },
  {
    name: 'a broken link between two live members',
    act(script) {
      const [p1, , p3] = group(script, 3)
      part(script, p1, p3)
      script.run(20)
      p1.input({ type: 'hint', peer: p3.id })
      script.run(2_900)
      holds('FD2', 'one whom another member hears is not suspected', !hasSuspected(script, p1))
    },
  },
  {
    name: 'one that sleeps while it probes',
    seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    act(script) {
      const [p1, , p3] = group(script, 3)
      mute(script, p1, p3)
      p3.input({ type: 'hint', peer: p1.id })
      let probes = false
      const strike = (): void => {
        probes = true
        p3.freeze()
      }
      setTrap(script.world, { kind: 'probe', moment: 'sent', nth: 1, who: (peer) => peer === p3, strike })
      script.until('it probes', () => probes)
      script.run(2_500)
      p3.wake()
      script.run(400)
      holds('FD1', 'one that slept suspects nobody for that time', !hasSuspected(script, p3))
    },
  },
  {
    name: 'a crash that shows',
    act(script) {
      const [p1, , p3] = group(script, 3)
      const { number } = p1.view!
      crash(p3)
      script.run(5_000)
      holds('FD3', 'one whose links closed is left out within 5 s', p1.view!.number > number)
    },
  },
  {
    name: 'a sleeper whom only newcomers can tell',
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      const before = p3.self
      part(script, p3, p1, p2)
      p3.freeze()
      script.until('it is left out', () => p1.view!.members.length === 2)
      const newcomers = [script.world.start(), script.world.start()]
      script.until('the newcomers have state', () => newcomers.every((peer) => peer.ready))
      for (const peer of [p1, p2]) peer.leave()
      script.until('the others have left', () => !p1.alive && !p2.alive)
      script.run(200)
      script.world.network.heal()
      p3.wake()
      script.run(4_000)
      holds('FD4', 'one that was left out by mistake learns so and comes back', p3.ready && p3.self !== before)
    },
  },
  {
    name: 'a member that comes back before it is missed',
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      mute(script, p3, p1)
      onceHandled(script, 'accepted', p1, 2, () => mute(script, p1, p2, p4, p5))
      suspect(p1, p3)
      script.until('the left-out member knows', () => p3.self !== ('p3.1' as typeof p3.self))
      crash(p1)
      script.run(8_000)
      holds('FD4', 'one that came back is in again within 8 s', p3.ready)
    },
  },
  {
    name: 'a chunk that is lost',
    seeds: [1, 2, 3, 4, 5, 6],
    options: { config: { ...DEFAULT_CONFIG, chunkBytes: 200 } },
    act(script) {
      const [p1] = group(script, 1)
      for (let i = 0; i < 200; i++) p1.cast('total', 20)
      const joiner = script.world.start()
      onceHandled(script, 'chunk', joiner, 2, () => script.world.network.break(p1.id, joiner.id))
      script.until('the state is there', () => joiner.ready)
    },
  },
]

function hasSuspected({ world }: Script, peer: SimPeer): boolean {
  return world.trace.some((line) => line.event === 'suspect' && line.peer === peer.self)
}
