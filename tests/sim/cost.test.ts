import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'

const SIZES = [2, 3, 5, 8]
const AGREEMENT = ['prepare', 'promise', 'fill', 'filled', 'accept', 'accepted', 'decide']

describe('what a join costs', () => {
  it.each(SIZES)('at most five message delays when nothing is in flight, in a group of %i [VW6]', (size) => {
    const script = new Script()
    const members = script.group(size)
    expect(join(script, members).delays).toBeLessThanOrEqual(5)
  })

  it('at most seven when what a member misses is on its way', () => {
    let fills = 0
    for (const hopsAfterRequest of [0, 1, 2, 3]) {
      const script = new Script()
      const members = script.group(4)
      // One link is slower by a hop: what came over it is not there yet when the others promise.
      script.world.network.delayed(members[3]!.id, members[2]!.id, HOP_MS)
      const { delays, sent } = join(script, members, () => {
        script.run(hopsAfterRequest * HOP_MS)
        members[3]!.cast('causal', 20)
      })
      expect(delays).toBeLessThanOrEqual(7)
      fills += sent.get('fill') ?? 0
    }
    expect(fills).toBeGreaterThan(0)
  })

  it('at most nine when it must be pulled', () => {
    const script = new Script()
    const members = script.group(4)
    script.world.network.cut(members[3]!.id, members[2]!.id)
    members[3]!.cast('causal', 20)
    script.run(2 * HOP_MS)
    const { delays, sent } = join(script, members)
    expect(delays).toBeLessThanOrEqual(9)
    expect(sent.get('pull')).toBe(1)
  })

  it('messages in proportion to the members', () => {
    const sent = SIZES.map((size) => {
      const script = new Script()
      const { sent } = join(script, script.group(size))
      return { size, count: AGREEMENT.reduce((sum, kind) => sum + (sent.get(kind) ?? 0), 0) }
    })
    for (const { size, count } of sent) expect(count).toBeLessThanOrEqual(6 * (size + 1))
  })
})

/**
 * Lets one more join. `delays`: message delays from the first request at the coordinator to the install at every member,
 * the joiner included; `sent`: messages meanwhile, by kind.
 */
function join(script: Script, members: readonly SimPeer[], justAfterRequest: () => void = () => {}) {
  const { world } = script
  const request = script.firstHandled('join', members[0]!.id)
  const { number } = members[0]!.view!
  const joiner = world.start()
  const sent = script.sentDuring(() => {
    world.runUntil(() => world.network.linked(joiner.id, members[0]!.id), 1_000)
    justAfterRequest()
    script.until('all have installed the next view', () =>
      [...members, joiner].every(({ view }) => view !== undefined && view.number > number),
    )
  })
  return { delays: (world.now - request.atMs!) / HOP_MS, sent }
}
