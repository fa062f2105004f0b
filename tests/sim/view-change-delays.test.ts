import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'

/**
 * How long a view change holds up what members send: at each member from its wedge to its first own stamp in the next view,
 * in message delays. Every link takes one delay; a witness answers as fast as a member does.
 */

const SIZES = [3, 5, 8]
/** Where one can lack what another has, and a third coordinates. */
const LARGER = [5, 8]
/** Fractions of a delay by which the change comes earlier or later in the rhythm of what is being sent. */
const MOMENTS = [0, 0.25, 0.5, 0.75]
const CAST_EVERY_MS = HOP_MS / 4
const WITNESSES = [
  ['no witness', false],
  ['a witness', true],
] as const

/** What a view changes for: begins it, and returns the members that go on. */
type Change = (script: Script, members: readonly SimPeer[]) => readonly SimPeer[]

const CHANGES: readonly (readonly [string, Change])[] = [
  ['a member that crashed', (_, members) => suspectCrashed(members, members.at(-1)!)],
  ['a sequencer that crashed', (_, members) => suspectCrashed(members, members[0]!)],
  [
    'a joiner',
    ({ world }, members) => {
      world.start()
      return members
    },
  ],
  [
    'a leaver',
    (_, members) => {
      members[1]!.leave()
      return members.filter((peer) => peer !== members[1])
    },
  ],
]

describe.each(WITNESSES)('with %s, a view change holds up sends', (_name, witness) => {
  describe.each(CHANGES)('for %s', (_what, change) => {
    it.each(SIZES)('at most four delays when nothing is in flight, in a group of %i [DL2] [ST2]', (size) => {
      for (const moment of MOMENTS) {
        const script = new Script({ witness })
        const held = holdUp(script, script.group(size), change, { moment, sends: 'from the wedge on' })
        expect(Math.max(...held)).toBeLessThanOrEqual(4)
      }
    })

    it.each(LARGER)('at most six when what is missing is on its way, in a group of %i [DL2] [ST2]', (size) => {
      for (const moment of MOMENTS) {
        const script = new Script({ witness })
        const held = holdUp(script, script.group(size), change, { moment, sends: 'all the time' })
        expect(Math.max(...held)).toBeLessThanOrEqual(6)
        expect(Math.max(...held)).toBeGreaterThan(4)
      }
    })

    it.each(LARGER)('at most eight when it is pulled, in a group of %i [DL2] [DL5]', (size) => {
      for (const moment of MOMENTS) {
        const script = new Script({ witness })
        const members = script.group(size)
        // What the one sends comes to the other only by way of those who have it.
        const [, , sender, lacking] = members
        script.world.network.mute(sender!.id, lacking!.id)
        sender!.cast('causal', 20)
        script.run(2 * HOP_MS)
        const held = holdUp(script, members, change, { moment, sends: 'from the wedge on' })
        expect(Math.max(...held)).toBeLessThanOrEqual(8)
        expect(Math.max(...held)).toBeGreaterThan(6)
      }
    })
  })
})

interface Sending {
  /** When the change begins, in delays. */
  readonly moment: number
  /** All the time: what was stamped last before the wedge is in flight then. */
  readonly sends: 'all the time' | 'from the wedge on'
}

/** Changes the view while every member that goes on sends. How long each was held up, in delays. */
function holdUp(script: Script, members: readonly SimPeer[], change: Change, { moment, sends }: Sending): number[] {
  const { world } = script
  const { number } = members[0]!.view!
  const wedgedAtMs = new Map<SimPeer, number>()
  // Whoever is about to go sends nothing: what it sends may have to be pulled.
  let goingOn: readonly SimPeer[] = members.slice(2, -1)
  const beat = () => {
    for (const peer of goingOn) if (sends === 'all the time' || wedgedAtMs.has(peer)) peer.cast('causal', 20)
    world.scheduler.after(CAST_EVERY_MS, beat)
  }
  beat()
  script.run((3 + moment) * HOP_MS)
  goingOn = change(script, members)
  const stampedAtMs = () => firstStamps(script, number + 1)
  script.until('all have sent in the next view', () => {
    for (const peer of goingOn) {
      const view = peer.membership.runtime.engine.inspect().view
      if (wedgedAtMs.has(peer) || !view?.wedged || view.number !== number) continue
      wedgedAtMs.set(peer, world.now)
      peer.cast('causal', 20)
    }
    return goingOn.every(({ view, self }) => view!.number > number && stampedAtMs().has(self))
  })
  return goingOn.map((peer) => (stampedAtMs().get(peer.self)! - wedgedAtMs.get(peer)!) / HOP_MS)
}

/** When each member stamped its first multicast in the view of that number. */
function firstStamps({ world }: Script, number: number): Map<string, number> {
  const stamps = new Map<string, number>()
  for (const event of world.trace) {
    if (event.event !== 'multicast' || event.id.split('/')[1] !== String(number)) continue
    if (!stamps.has(event.peer)) stamps.set(event.peer, event.t)
  }
  return stamps
}

/** One stops without a word, and all others know at once. */
function suspectCrashed(members: readonly SimPeer[], crashed: SimPeer): readonly SimPeer[] {
  const { self } = crashed
  crashed.crash()
  const survivors = members.filter((peer) => peer !== crashed)
  for (const peer of survivors) peer.input({ type: 'suspect', member: self })
  return survivors
}
