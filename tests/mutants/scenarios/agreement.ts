import { crash, group, linked, lose, mute, onceHandled, part, type Scenario, suspect, unmute } from './scenario.ts'

/** Ties are broken by rank, so that what is done to members alone decides who has a quorum. */
const OPTIONS = { witness: false } as const

/** Runs in which the agreement on a view is interrupted at one step. */
export const agreementScenarios: readonly Scenario[] = [
  {
    name: 'a coordinator that is cut off as it proposes',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      onceHandled(script, 'promise', p1, 2, () => part(script, p1, p2, p3))
      script.world.start()
      script.run(60)
      suspect(p2, p1)
      suspect(p3, p1)
      script.run(200)
    },
  },
  {
    name: 'a decision that one member knows',
    options: OPTIONS,
    act(script) {
      const [p1, , p3] = group(script, 3)
      onceHandled(script, 'promise', p1, 2, () => mute(script, p1, p3))
      onceHandled(script, 'accepted', p1, 1, () => crash(p1))
      script.world.start()
      script.until('it has crashed', () => !p1.alive)
    },
  },
  {
    name: 'two values accepted one after the other',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3, p4, p5] = group(script, 5)
      onceHandled(script, 'promise', p1, 4, () => part(script, p1, p2, p3, p4, p5))
      onceHandled(script, 'accepted', p2, 2, () => {
        crash(p2)
        for (const other of [p3, p4, p5]) {
          unmute(script, p1, other)
          unmute(script, other, p1)
        }
      })
      script.world.start()
      script.run(60)
      for (const other of [p2, p3, p4, p5]) suspect(other, p1)
      script.until('the second proposal is accepted', () => !p2.alive)
    },
  },
  {
    name: 'an accept that comes after a higher promise',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      onceHandled(script, 'promise', p1, 2, () => {
        part(script, p1, p2)
        mute(script, p1, p3)
      })
      script.world.start()
      script.run(60)
      onceHandled(script, 'prepare', p3, 1, () => unmute(script, p1, p3))
      suspect(p2, p1)
      suspect(p3, p1)
      script.run(200)
    },
  },
  {
    name: 'a promise to a ballot that died',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p3, p1)
      onceHandled(script, 'prepare', p2, 1, () => crash(p3))
      // The eldest begins a lower ballot before it can know of that one.
      linked(script, p1.id, script.world.start().id)
      suspect(p3, p1, p2)
      script.until('the ballot is promised', () => !p3.alive)
    },
  },
  {
    name: 'a prepare that is lost',
    options: OPTIONS,
    act(script) {
      const [p1, p2] = group(script, 2)
      onceHandled(script, 'join', p1, 1, () => mute(script, p1, p2))
      script.world.start()
      script.run(50)
      lose(script, p1, p2)
    },
  },
  {
    name: 'an accept that is lost',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      onceHandled(script, 'promise', p1, 2, () => mute(script, p1, p2, p3))
      script.world.start()
      script.run(50)
      lose(script, p1, p2)
      lose(script, p1, p3)
    },
  },
  {
    name: 'a page closes between two parts',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      part(script, p1, p2)
      p3.close()
      script.run(5)
      suspect(p1, p2)
      suspect(p2, p1)
      script.run(200)
    },
  },
  {
    name: 'a page closes that knew a decision',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      onceHandled(script, 'promise', p1, 2, () => mute(script, p1, p2))
      onceHandled(script, 'accepted', p1, 1, () => crash(p1))
      script.world.start()
      script.until('it has crashed', () => !p1.alive)
      script.run(30)
      p3.close()
      script.run(30)
      suspect(p2, p1)
    },
  },
  {
    name: 'a joiner that misses its decision',
    options: OPTIONS,
    act(script) {
      const [p1] = group(script, 3)
      const joiner = script.world.start()
      onceHandled(script, 'accepted', p1, 1, () => mute(script, p1, joiner))
      script.run(100)
      lose(script, p1, joiner)
      linked(script, p1.id, joiner.id)
    },
  },
  {
    name: 'a page closes whose vote is needed',
    options: OPTIONS,
    act(script) {
      const [p1, p2, p3] = group(script, 3)
      mute(script, p2, p1)
      p3.close()
      script.run(20)
      crash(p2)
      suspect(p1, p2)
      script.until('the last one goes on', () => p1.view!.members.length === 1)
    },
  },
]
