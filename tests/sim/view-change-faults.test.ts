import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import { setTrap } from '../../peer/simulator/traps.ts'
import { judge, settled, type TraceEvent } from '../checkers/index.ts'
import { Bench } from '../unit/engine-support.ts'

/** What the first sketch of the view change got wrong, each fault by its number there. Those of parts not built yet are missing. */

const BYTES = 20
type Five = [SimPeer, SimPeer, SimPeer, SimPeer, SimPeer]

describe('1: a value whose cut only a dead member held', () => {
  const STEPS = [
    ['sent', 'promise'],
    ['received', 'pull'],
    ['handled', 'pull'],
    ['received', 'accept'],
  ] as const

  it.each(STEPS)('is not proposed: the only holder dies when it has %s its %s [DL3] [VW8]', (moment, kind) => {
    const { script, members } = start(5)
    const [, holder, , , sender] = members
    mute(script, sender, members[0], members[2], members[3])
    sender.cast('causal', BYTES)
    script.run(15)
    crash(sender)
    script.crashAt({ kind, moment, nth: 1, who: (peer) => peer === holder })
    for (const peer of members) if (peer.alive) suspect(peer, sender)
    script.until('the holder is dead', () => !holder.alive, 1_000)
    expectSettled(script)
    const survivors = members.filter((peer) => peer.alive)
    expect(new Set(survivors.map(({ application }) => application.delivered)).size).toBe(1)
  })
})

describe('4: what has come is counted before its causes have', () => {
  it('an effect whose cause is lost is no part of the cut, and its sender is told so [DL3] [RC1]', () => {
    const { script, members } = start(5)
    const [p1, p2, p3, sender, answerer] = members
    mute(script, sender, p1, p2, p3)
    sender.cast('causal', BYTES)
    script.run(11)
    const receipt = answerer.cast('causal', BYTES)!
    script.run(11)
    expect(receipt.delivered).toBe(true)
    // The answerer lives, cut off: it alone has the cause.
    crash(sender)
    for (const other of [p1, p2, p3]) {
      mute(script, answerer, other)
      mute(script, other, answerer)
      for (const gone of [sender, answerer]) suspect(other, gone)
    }
    script.until('both are out', () => p1.view!.members.length === 3)
    script.world.network.heal()
    expectSettled(script)
    expect(receipt.fate).toBe('not-sent')
  })
})

describe('5: a joiner that is a member already and does not know it', () => {
  it('learns the decision that let it in, and delivers what was sent in that view [DL2] [DL3]', () => {
    const { script, members, joiner } = startUnaware()
    for (const peer of members) peer.cast('total', BYTES)
    script.run(1_000)
    expect(joiner.view).toBeUndefined()
    for (const peer of members) lose(script, peer, joiner)
    expectSettled(script)
    expect(script.inOneView([...members, joiner])).toBe(true)
    expect(joiner.self).toBe('p4.1')
    expect(viewsOf(script, 'p4.1')).toEqual([members[0]!.view!.number])
  })

  it('and asks anew, as another, when it was let in and left out again meanwhile [VW9] [DL3]', () => {
    const { script, members, joiner } = startUnaware()
    for (const peer of members) suspect(peer, joiner)
    script.until('it is out again', () => members.every(({ view }) => view!.members.length === 3))
    for (const peer of members) peer.cast('total', BYTES)
    for (const peer of members) lose(script, peer, joiner)
    expectSettled(script)
    expect(joiner.self).toBe('p4.2')
    expect(script.inOneView([...members, joiner])).toBe(true)
  })
})

describe('6: the vote of a closing page without what it had', () => {
  it('counts only if what it had can be filled [DL3] [PT1]', () => {
    const { script, members } = start(4)
    const [p1, p2, p3, closing] = members
    mute(script, closing, p1, p2, p3)
    closing.cast('causal', BYTES)
    script.run(1)
    for (const other of [p1, p2, p3]) lose(script, closing, other)
    script.until('it is linked again', () => script.world.network.linked(closing.id, p1.id))
    // Just long enough for greetings: p1 becomes the holder, and what it lacks is not pulled yet.
    script.run(HOP_MS + 1)
    closing.close()
    expectSettled(script)
    expect(script.world.counters.get('grant')).toBe(1)
    expect(script.inOneView([p1, p2, p3])).toBe(true)
    for (const peer of [p1, p2, p3]) expect(peer.application.delivered).toBe(0)
  })

  it('counts in the cut when a survivor holds it [DL5] [RC1]', () => {
    const { script, members } = start(3)
    const [p1, p2, closing] = members
    mute(script, closing, p1)
    closing.cast('causal', BYTES)
    script.run(15)
    unmute(script, closing, p1)
    closing.close()
    expectSettled(script)
    for (const peer of [p1, p2]) expect(peer.application.delivered).toBe(1)
  })

  it('makes the quorum when another member has crashed [PT1] [FD3]', () => {
    const { script, members } = start(3)
    const [p1, crashing, closing] = members
    crash(crashing)
    closing.close()
    expectSettled(script)
    expect(script.inOneView([p1])).toBe(true)
  })
})

describe('8: the unordered rest by rank and number alone', () => {
  it('puts no effect before its cause [OR4] [OR5]', () => {
    const { script, members } = start(5)
    const [sequencer, effect, p3, cause, p5] = members
    mute(script, sequencer, p3, cause, p5)
    cause.cast('total', BYTES)
    script.run(22)
    effect.cast('total', BYTES)
    script.run(12)
    crash(sequencer, effect)
    expectSettled(script)
    for (const peer of [p3, cause, p5]) expect(totalsOf(script, peer)).toEqual([cause.self, 'p2.1'])
  })
})

describe('9: a sequencer that delivers its own and dies', () => {
  it('takes its order along; those that go on agree on another [OR3] [OR5]', () => {
    const { script, members } = start(3)
    const [sequencer, p2, p3] = members
    mute(script, sequencer, p2, p3)
    const own = sequencer.cast('total', BYTES)!
    p3.cast('total', BYTES)
    p2.cast('total', BYTES)
    script.run(15)
    expect(own.delivered).toBe(true)
    crash(sequencer)
    expectSettled(script)
    for (const peer of [p2, p3]) expect(totalsOf(script, peer)).toEqual(['p2.1', 'p3.1'])
  })
})

describe('10: an fbcast that lets a later cbcast overtake its past', () => {
  it('does not: that one waits at its sender [OR2] [OR6]', () => {
    const { script, members } = start(4)
    const [p1, p2, p3, p4] = members
    mute(script, p1, p3, p4)
    p1.cast('causal', BYTES)
    script.run(15)
    p2.cast('fifo', BYTES)
    script.run(15)
    expect(p3.application.delivered).toBe(1)
    const held = p3.cast('causal', BYTES)!
    script.run(15)
    expect([held.id, p4.application.delivered]).toEqual([undefined, 1])
    for (const other of [p3, p4]) unmute(script, p1, other)
    expectSettled(script)
    expect(held.stable).toBe(true)
  })
})

describe('12: a slow member left out by a proposal that must be adopted', () => {
  it('is waited for while nobody suspects it [VW7]', () => {
    const { script, members } = start(3)
    const [p1, p2, slow] = members
    script.world.network.delayed(slow.id, p1.id, 3_000)
    const joiner = script.world.start()
    script.until('the joiner is in', () => joiner.ready)
    expect(script.inOneView([p1, p2, slow, joiner])).toBe(true)
    expectSettled(script)
  })

  it('and one that was suspected and is heard of again before the proposal is in it [VW7]', () => {
    const { script, members } = start(3)
    const [p1, p2, p3] = members
    // The promise of the third comes while the second is still awaited.
    script.world.network.delayed(p2.id, p1.id, 500)
    suspect(p1, p3)
    script.until(
      'the view has changed',
      () => p1.view!.number > p2.view!.number - 1 && p1.view!.number === p3.view!.number,
    )
    expectSettled(script)
    expect(script.inOneView([p1, p2, p3])).toBe(true)
  })
})

describe('13: a wedged member that nobody remembers', () => {
  it('says so, and the coordinator ends the view [VW8]', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const { number } = bench.tag('a')
    bench.inject('c', 'b', { kind: 'prepare', ballot: 4096 + 1 })
    expect(bench.view('c')?.wedged).toBe(true)
    expect(bench.view('b')?.wedged).toBe(false)
    bench.run(2_000)
    expect(bench.inOneView(['a', 'b', 'c'])).toBe(true)
    for (const peer of ['a', 'b', 'c']) expect(bench.view(peer)).toMatchObject({ number: number + 1, wedged: false })
    bench.cast('c', 'total', 'on')
    bench.run(100)
    for (const peer of ['a', 'b', 'c']) expect(bench.delivered(peer)).toEqual(['on'])
  })
})

describe('14: joiners without state that outvote the members with it', () => {
  it('are let in no more than can vanish again, in one change [VW9]', () => {
    const { script, members } = start(2)
    const joiners = Array.from({ length: 6 }, () => script.world.start())
    script.until('the first are in', () => joiners.some((joiner) => joiner.view !== undefined))
    crash(...joiners)
    expectSettled(script)
    expect(script.inOneView(members)).toBe(true)
  })

  it('nor over two, while the first have no state yet [VW9]', () => {
    const { script, members } = start(2)
    const [p1, p2] = members
    const first = script.world.start()
    atOnce(script, 'decide', first, 1, () => mute(script, p2, first))
    script.until('the first is in', () => p1.view!.members.length === 3)
    const more = Array.from({ length: 4 }, () => script.world.start())
    for (const joiner of more) atOnce(script, 'decide', joiner, 1, () => mute(script, p2, joiner))
    script.run(1_500)
    expect(p1.view!.members).toHaveLength(4)
    crash(first, ...more)
    expectSettled(script)
    expect(script.inOneView([p1, p2])).toBe(true)
  })
})

describe('15: an order log that grows while wedged', () => {
  it('stands still until the cut says how far it goes [OR3] [DL3]', () => {
    const { script, members } = start(3)
    const [p1, p2, p3] = members
    mute(script, p1, p2, p3)
    p3.cast('total', BYTES)
    script.run(5)
    p2.cast('total', BYTES)
    script.run(20)
    // The places come right after the third has promised.
    atOnce(script, 'prepare', p3, 1, () => unmute(script, p1, p3))
    suspect(p2, p1)
    suspect(p3, p1)
    script.run(200)
    script.world.network.heal()
    expectSettled(script)
  })
})

describe('16: an fbcast counted as if it needed its causes', () => {
  it('is in the cut once it was delivered, though its cause is lost [DL3] [OR6]', () => {
    const { script, members } = start(5)
    const [p1, p2, p3, sender, answerer] = members
    mute(script, sender, p1, p2, p3)
    sender.cast('causal', BYTES)
    script.run(11)
    mute(script, answerer, p2, p3)
    answerer.cast('fifo', BYTES)
    script.run(11)
    expect(p1.application.delivered).toBe(1)
    crash(sender, answerer)
    expectSettled(script)
    for (const peer of [p1, p2, p3]) expect(peer.application.delivered).toBe(1)
  })
})

function start(count: number): { readonly script: Script; readonly members: Five } {
  const script = new Script()
  return { script, members: script.group(count) as Five }
}

/** A group of three, and a fourth that is let in and hears nothing of it. */
function startUnaware() {
  const { script, members } = start(3)
  const joiner = script.world.start()
  atOnce(script, 'accepted', members[0], 1, () => {
    for (const peer of members) mute(script, peer, joiner)
  })
  script.until('it is let in', () => members.every(({ view }) => view!.members.length === 4))
  return { script, members: members as readonly SimPeer[], joiner }
}

function viewsOf({ world }: Script, self: string): number[] {
  return world.trace.flatMap((line) => (line.event === 'install' && line.peer === self ? [line.number] : []))
}

function mute({ world }: Script, from: SimPeer, ...to: readonly SimPeer[]): void {
  for (const other of to) world.network.cut(from.id, other.id)
}

function unmute({ world }: Script, from: SimPeer, to: SimPeer): void {
  world.network.mend(from.id, to.id)
}

/** What is on its way between the two is lost, and the link comes back. */
function lose(script: Script, from: SimPeer, to: SimPeer): void {
  script.world.network.break(from.id, to.id)
  unmute(script, from, to)
}

function crash(...peers: readonly SimPeer[]): void {
  for (const peer of peers) peer.crash(() => 0)
}

function suspect(one: SimPeer, other: SimPeer): void {
  one.input({ type: 'suspect', member: other.self })
}

/** Right after a member has handled its nth message of a kind, before any answer leaves. */
function atOnce({ world }: Script, kind: string, at: SimPeer, nth: number, strike: () => void): void {
  setTrap(world, { kind, moment: 'handled', nth, who: (peer) => peer === at, strike })
}

/** Who sent the totals that a member delivered, in order. */
function totalsOf({ world }: Script, { self }: SimPeer): PeerId[] {
  return world.trace.flatMap((line) =>
    line.event === 'deliver' && line.peer === self && line.kind === 'total' ? [line.from as string as PeerId] : [],
  )
}

function expectSettled(script: Script): void {
  expect(script.settle()).toBe('one view')
  const events = script.world.trace as readonly object[] as readonly TraceEvent[]
  expect(judge(events, { settled: true }).filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(settled(events)).toEqual([])
}
