import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import { Engine } from '../../peer/engine/engine.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import { encode } from '../../peer/wire/codec.ts'

describe('words that are lost, late, or from another life', () => {
  it('a joiner let in and out again without knowing comes back under a new id [FD4] [VW9]', () => {
    const script = new Script()
    const members = script.group(3)
    const [eldest] = members
    const joiner = script.world.start()
    script.until('its request is known', () => inspect(eldest!).joinRequests.length > 0 || eldest!.view!.number > 3)
    for (const member of members) script.world.network.cut(member.id, joiner.id)
    script.until('it is in', () => eldest!.view!.number === 4)
    script.until('it is out', () => eldest!.view!.members.length === 3)
    for (const member of members) script.world.network.mend(member.id, joiner.id)
    script.until('it is in for good', () => joiner.ready && eldest!.view!.members.length === 4)
    expect(joiner.self).toBe(`${joiner.id}.2`)
  })

  it('a message of the next view is delivered as soon as that view is installed, without a pull [DL2]', () => {
    const script = new Script()
    const [first, second, third] = script.group(3)
    script.world.network.delayed(first!.id, third!.id, 5 * HOP_MS)
    script.world.start()
    script.until('the second is in the next view', () => second!.view!.number === 4)
    second!.cast('causal', 20)
    script.until('the third is too', () => third!.view!.number === 4)
    expect(inspect(third!).counters.ahead).toBeGreaterThan(0)
    expect(inspect(third!).view!.members[1]!.delivered).toBe(1)
  })

  it.each([
    [0, 1],
    [0, 2],
    [1, 2],
  ])('tabs %i and %i of three close at the same moment: the third goes on [FD3] [PT1]', (first, second) => {
    const script = new Script()
    const members = script.group(3)
    members[first]!.close()
    members[second]!.close()
    const last = members[3 - first - second]!
    script.until('it is alone', () => last.view!.members.length === 1)
    expect(inspect(last).blocked).toBe(false)
  })

  it('a full group refuses a joiner and stays in its view [OR7]', () => {
    const script = new Script({ config: { ...DEFAULT_CONFIG, membersMax: 3 } })
    const [eldest] = script.group(3)
    const before = eldest!.view!.number
    const late = script.world.start()
    script.until('it is told', () => late.membership.ended)
    script.world.run(5_000)
    expect(eldest!.view!.number).toBe(before)
  })

  it('a later attempt of a peer, even in another lineage, proves that its earlier one is gone [VW7]', () => {
    const [a, b] = ['a.1', 'b.1'].map((self) => newEngine(self as MemberId)) as [Engine, Engine]
    a.step(0, { type: 'found', lineage: 'L' as Lineage })
    a.step(0, { type: 'link', peer: 'b' as PeerId, up: true })
    b.step(0, { type: 'link', peer: 'a' as PeerId, up: true })
    for (let turn = 0; turn < 10; turn++) {
      exchange(a, b, 'a' as PeerId)
      exchange(b, a, 'b' as PeerId)
    }
    expect(a.inspect().view!.members.map(({ id }) => id)).toEqual(['a.1', 'b.1'])
    const message = encode({
      kind: 'hello',
      lineage: 'M' as Lineage,
      number: 5,
      members: 2,
      idle: false,
      blocked: false,
    })
    const tag = { attempt: 2, lineageTag: 77, number: 5 }
    a.step(10, { type: 'receive', from: 'b' as PeerId, tag, message })
    expect(a.inspect().view!.members.map(({ id }) => id)).toEqual(['a.1'])
  })
})

function newEngine(self: MemberId): Engine {
  return new Engine({ self, info: new Uint8Array(), hasState: false, forks: false, config: DEFAULT_CONFIG })
}

function exchange(from: Engine, to: Engine, sender: PeerId): void {
  for (const output of from.drain()) {
    if (output.type === 'send') to.step(0, { type: 'receive', from: sender, tag: output.tag, message: output.message })
  }
}

function inspect(peer: { readonly membership: { readonly runtime: { readonly engine: Engine } } }) {
  return peer.membership.runtime.engine.inspect()
}
