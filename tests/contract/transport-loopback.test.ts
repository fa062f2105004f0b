import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { createLoopbackNetwork, type LoopbackNetwork } from '../../peer/transport/loopback.ts'
import { numbered, same, until } from './station.ts'
import {
  bothUp,
  type ContractCase,
  connect,
  numberOf,
  roundTrip,
  runCase,
  transportContract,
} from './transport-contract.ts'

describe('the loopback transport', () => {
  it.each(transportContract)('$title', async (one) => {
    const network = createLoopbackNetwork()
    await runCase(one, (id) => network.transport(id))
  })

  it.each(cuts())('$title', async ({ make }) => {
    const network = createLoopbackNetwork()
    await runCase(make(network), (id) => network.transport(id))
  })

  it('delivers when its owner says that the turn is over', () => {
    const turns: (() => void)[] = []
    const network = createLoopbackNetwork({ defer: (run) => turns.push(run) })
    const heard: string[] = []
    for (const [self, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as [PeerId, PeerId][]) {
      const transport = network.transport(self)
      transport.listen({ up: () => heard.push(`up at ${self}`), down: () => {}, frame: () => {} })
      transport.want(other)
    }
    expect(heard).toEqual([])
    for (const turn of turns) turn()
    expect(heard.sort()).toEqual(['up at a', 'up at b'])
  })

  it('gives an id one transport only', () => {
    const network = createLoopbackNetwork()
    network.transport('a' as PeerId)
    expect(() => network.transport('a' as PeerId)).toThrow(/new id/)
  })
})

function cuts(): { title: string; make(network: LoopbackNetwork): ContractCase }[] {
  return [
    {
      title: 'a cut path takes its link down, and no other; healed, it comes up without a frame of before',
      make: (network) => ({
        title: '',
        async run(station) {
          const [a, b, c] = [station('a'), station('b'), station('c')]
          await connect(a, b, c)
          a.send(b, numbered(1, 8))
          network.cut(b.id, a.id)
          await until(() => !a.isUp(b) && !b.isUp(a), 'down at both ends')
          a.send(b, numbered(2, 8))
          await roundTrip(a, c)
          await roundTrip(b, c)
          same([a.link(b)?.state, a.link(c)?.state], ['connecting', 'direct'], 'states')
          network.heal(a.id, b.id)
          await bothUp(a, b)
          a.send(b, numbered(3, 8))
          await until(() => b.frames(a).length > 0, 'a frame')
          same(b.frames(a).map(numberOf), [3], 'frames at b')
        },
      }),
    },
  ]
}
