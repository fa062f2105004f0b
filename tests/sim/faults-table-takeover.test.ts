import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import type { Trap } from '../../peer/simulator/traps.ts'
import { expectSettled, within } from './faults-table-support.ts'

/** Row of the table of faults: the coordinator dies at each message of a view change, and its successor too. */

type Step = readonly [moment: Trap['moment'], kind: string]

/** What a coordinator sends and gets. */
const COORDINATING: readonly Step[] = [
  ['sent', 'prepare'],
  ['received', 'promise'],
  ['handled', 'promise'],
  ['sent', 'fill'],
  ['received', 'filled'],
  ['handled', 'filled'],
  ['sent', 'accept'],
  ['received', 'accepted'],
  ['handled', 'accepted'],
  ['sent', 'decide'],
]
/** What any other member gets and sends. */
const ANSWERING: readonly Step[] = [
  ['received', 'prepare'],
  ['handled', 'prepare'],
  ['sent', 'promise'],
  ['received', 'fill'],
  ['handled', 'fill'],
  ['sent', 'filled'],
  ['received', 'accept'],
  ['handled', 'accept'],
  ['sent', 'accepted'],
  ['received', 'decide'],
  ['handled', 'decide'],
]
const ALL: readonly Step[] = [...COORDINATING, ...ANSWERING]
/** With one other told, or two: fewer and more than a quorum lacks. */
const NTHS = [1, 2] as const
/** In so many of the combinations the successor gets as far as the step at which it is to die. */
const BOTH_DIE_AT_LEAST = 15

describe('a coordinator of five that dies at a message of a view change', () => {
  const title = 'first or second time it has %s its %s, and its successor at each of 21 steps: settles [VW8] [VW3]'

  it.each(COORDINATING)(title, (moment, kind) => {
    let both = 0
    for (const nth of NTHS) {
      for (const [thenMoment, thenKind] of ALL) {
        const { script, members } = start()
        const [first, second] = members as [SimPeer, SimPeer]
        script.crashAt({ kind, moment, nth, who: (peer) => peer === first })
        script.crashAt({ kind: thenKind, moment: thenMoment, nth: 1, who: (peer) => peer === second })
        script.world.start()
        script.until('the coordinator is dead', () => !first.alive)
        within(script, 20_000, 'those alive go on', () => script.inOneView(script.world.living()))
        expectSettled(script)
        if (!second.alive) both++
      }
    }
    expect(both).toBeGreaterThanOrEqual(BOTH_DIE_AT_LEAST)
  })
})

/** A group of five with multicasts under way that some lack: a view change has something to fill. */
function start() {
  const script = new Script()
  const members = script.group(5)
  const [, second, third, fourth, fifth] = members as [SimPeer, SimPeer, SimPeer, SimPeer, SimPeer]
  const { network } = script.world
  for (const late of [third, fourth]) network.delayed(fifth.id, late.id, 300)
  network.delayed(fourth.id, second.id, 300)
  for (const peer of members) for (const kind of ['fifo', 'causal', 'total'] as const) peer.cast(kind, 20)
  return { script, members }
}
