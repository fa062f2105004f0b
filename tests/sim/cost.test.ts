import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'

const SIZES = [2, 3, 5, 8]
const AGREEMENT = ['prepare', 'promise', 'fill', 'filled', 'accept', 'accepted', 'decide']

describe('what a join costs', () => {
  it.each(SIZES)('at most five message delays when nothing is in flight, in a group of %i [VW6]', (size) => {
    const script = new Script()
    const members = script.group(size)
    expect(joinDelays(script, members)).toBeLessThanOrEqual(5)
  })

  it('at most seven when what a member misses is on its way', () => {
    const script = new Script()
    const members = script.group(4)
    // One link is slower by a hop: what this member sent is not there yet when the others promise.
    script.world.network.delayed(members[3]!.id, members[2]!.id, HOP_MS)
    const cast = () => members[3]!.cast('causal', 20)
    expect(joinDelays(script, members, cast)).toBeLessThanOrEqual(7)
  })

  it('at most nine when it must be pulled', () => {
    const script = new Script()
    const members = script.group(4)
    script.world.network.cut(members[3]!.id, members[2]!.id)
    members[3]!.cast('causal', 20)
    script.run(2 * HOP_MS)
    expect(joinDelays(script, members)).toBeLessThanOrEqual(9)
  })

  it('messages in proportion to the members', () => {
    const sent = SIZES.map((size) => {
      const script = new Script()
      const members = script.group(size)
      const counts = script.sentDuring(() => joinDelays(script, members))
      return { size, count: AGREEMENT.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0) }
    })
    for (const { size, count } of sent) expect(count).toBeLessThanOrEqual(6 * (size + 1))
  })
})

/** Message delays from the first request at the coordinator to the install at every member, the joiner included. */
function joinDelays(script: Script, members: readonly SimPeer[], justBefore: () => unknown = () => undefined): number {
  const { world } = script
  const request = script.firstHandled('join', members[0]!.id)
  const joiner = world.start()
  const number = members[0]!.view!.number
  world.runUntil(() => world.network.linked(joiner.id, members[0]!.id), 1_000)
  justBefore()
  script.until('all have installed the next view', () =>
    [...members, joiner].every(({ view }) => view !== undefined && view.number > number),
  )
  return (world.now - request.atMs!) / HOP_MS
}
