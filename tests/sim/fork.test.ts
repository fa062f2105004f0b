import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import type { WorldOptions } from '../../peer/simulator/world.ts'
import { are, within } from './faults-table-support.ts'
import { expectOnce, expectOneGroup, type Step } from './splits-support.ts'

/** Forks, step by step: whoever dies, closes, leaves or comes back in the middle of one. No witness: only members vote. */

/** The steps of a fork of three as its initiator takes them. */
const STEPS: readonly (readonly [string, Step])[] = [
  ['has asked one', { kind: 'fork', moment: 'sent', nth: 1 }],
  ['has asked both', { kind: 'fork', moment: 'sent', nth: 2 }],
  ['learns that one has committed itself', { kind: 'promise', moment: 'received', nth: 1 }],
  ['learns that both have', { kind: 'promise', moment: 'received', nth: 2 }],
  ['has decided and told one', { kind: 'decide', moment: 'sent', nth: 1 }],
  ['has decided and told both', { kind: 'decide', moment: 'sent', nth: 2 }],
]

describe('the initiator of a fork', () => {
  it.each(STEPS)(
    'dies when it %s: the other two go on, and are one with the rest in the end [PT3] [VW8]',
    (_what, step) => {
      const { script, few, heal } = parted()
      const [first, second, third] = few
      script.crashAt({ ...step, who: (peer) => peer === first })
      within(script, 30_000, 'the other two go on', () => isAlive(second) && are(script, [second, third])())
      heal()
      expectOne(script, 6)
    },
  )

  it.each(STEPS)('dies when it %s, and its successor too: the last goes on [PT3] [VW8]', (_what, step) => {
    const { script, few, heal } = parted()
    const [first, second, third] = few
    script.crashAt({
      ...step,
      who: (peer) => peer === first,
      strike: (peer) => {
        peer.crash(() => 0)
        script.crashAt({ ...step, nth: 1, who: (other) => other === second })
      },
    })
    script.until('both are dead', () => !first.alive && (!second.alive || isAlone(second)), 40_000)
    if (second.alive) second.crash(() => 0)
    within(script, 40_000, 'the last goes on', are(script, [third]))
    heal()
    expectOne(script, 5)
  })

  it.each(STEPS)('meets the others again when it %s: they end as one [PT3] [PT4]', (_what, step) => {
    const { script, few, heal } = parted()
    const load = script.load(250)
    script.crashAt({ ...step, who: (peer) => peer === few[0], strike: () => heal() })
    script.run(15_000)
    load.stop()
    expectOne(script, 7)
    expectOnce(script)
  })

  it.each(STEPS)('closes when it %s: the other two go on [PT3] [FD3]', (_what, step) => {
    const { script, few, heal } = parted()
    const [first, second, third] = few
    script.crashAt({ ...step, who: (peer) => peer === first, strike: (peer) => peer.close() })
    within(script, 30_000, 'the other two go on', () => !first.alive && are(script, [second, third])())
    heal()
    expectOne(script, 6)
  })

  it.each(STEPS)('is asked to leave when it %s: it goes, the other two go on [PT3]', (_what, step) => {
    const { script, few, heal } = parted()
    const [first, second, third] = few
    script.crashAt({ ...step, who: (peer) => peer === first, strike: (peer) => peer.leave() })
    within(script, 30_000, 'the other two go on', () => !first.alive && are(script, [second, third])())
    heal()
    expectOne(script, 6)
  })
})

describe('one that is asked to fork', () => {
  it.each([
    ['dies', (peer: SimPeer) => peer.crash(() => 0)],
    ['closes', (peer: SimPeer) => peer.close()],
    ['leaves', (peer: SimPeer) => peer.leave()],
  ] as const)('%s before and after it has committed itself: the fork goes on without it [PT3]', (_what, strike) => {
    for (const moment of ['received', 'handled'] as const) {
      const { script, few, heal } = parted()
      const [first, second, third] = few
      script.crashAt({ kind: 'fork', moment, nth: 1, who: (peer) => peer === second, strike })
      within(script, 30_000, 'the other two go on', () => !second.alive && are(script, [first, third])())
      heal()
      expectOne(script, 6)
    }
  })

  it('has committed itself, the initiator dies, and the majority comes back: all that live are one [PT3] [VW8]', () => {
    const script = newScript({ forks: false })
    const members = script.group(5) as [SimPeer, SimPeer, SimPeer, SimPeer, SimPeer]
    const [first, second, third, fourth, fifth] = members
    const heals = [script.part([first, second], [third, fourth, fifth]), script.part([third], [fourth, fifth])]
    script.until('nobody has a quorum', () => members.every(({ blocked }) => blocked))
    script.crashAt({
      kind: 'fork',
      moment: 'handled',
      nth: 1,
      who: (peer) => peer === second,
      strike: () => first.crash(() => 0),
    })
    first.input({ type: 'fork' })
    script.until('the initiator is dead', () => !first.alive)
    for (const heal of heals) heal()
    expectOne(script, 4)
  })

  it('sees a quorum: it stays, and the one that asked goes on alone and comes back [PT3] [PT4]', () => {
    const script = newScript({ forks: false })
    const members = script.group(4) as [SimPeer, SimPeer, SimPeer, SimPeer]
    const [first, second, third, fourth] = members
    for (const other of [second, third]) script.world.network.cut(other.id, first.id)
    script.run(50)
    for (const other of [second, third, fourth]) first.input({ type: 'suspect', member: other.self })
    script.until('it is without a quorum', () => first.blocked)
    first.input({ type: 'fork' })
    script.world.network.heal()
    expectOne(script, 4)
    expect(fourth.alive).toBe(true)
  })
})

describe('joiners in a fork', () => {
  it('whose provider is on the other side get their state in the fork [PT3] [ST3]', () => {
    const script = newScript({ bytesPerMs: 20, statePaddedBytes: 100_000 })
    const members = script.group(4)
    const joiner = script.world.start()
    script.until('one is in without state', () => joiner.view?.members.length === 5 && !joiner.ready)
    const heal = script.part([members[0]!, joiner], members.slice(1))
    within(script, 40_000, 'it has its state from the one that forked', are(script, [members[0]!, joiner]))
    heal()
    expectOne(script, 5)
  })

  it('that nobody can give state to wait until the others are there [PT3] [ST3]', () => {
    const script = newScript({ bytesPerMs: 20, statePaddedBytes: 100_000 })
    const members = script.group(4)
    const joiner = script.world.start()
    script.until('one is in without state', () => joiner.view?.members.length === 5 && !joiner.ready)
    const heal = script.part([joiner], members)
    script.run(20_000)
    expect(joiner.ready).toBe(false)
    heal()
    expectOne(script, 5)
  })
})

describe('forks of forks', () => {
  it('three deep, with multicasts in each, are one in the end: each multicast is there once [PT3] [PT4]', () => {
    const script = newScript()
    const members = script.group(8)
    const load = script.load(500)
    const heals: (() => void)[] = []
    for (const [from, to] of [
      [0, 4],
      [4, 6],
      [6, 7],
    ] as const) {
      heals.push(script.part(members.slice(from, to), members.slice(to)))
      within(script, 30_000, 'both parts go on', () =>
        [members.slice(from, to), members.slice(to)].every((part) => script.inOneView(part)),
      )
    }
    expect(new Set(members.map(({ view }) => view!.lineage)).size).toBe(4)
    for (const heal of heals) heal()
    script.run(10_000)
    load.stop()
    expectOne(script, 8)
    expectOnce(script)
  })

  it('of one view, two at once, and what is left of it: one in the end [PT3] [PT4]', () => {
    const script = newScript()
    const members = script.group(6)
    const load = script.load(500)
    const parts = [members.slice(0, 2), members.slice(2, 4), members.slice(4)]
    const heals = [script.part(parts[0]!, [...parts[1]!, ...parts[2]!]), script.part(parts[1]!, parts[2]!)]
    within(script, 30_000, 'all parts go on', () => parts.every((part) => script.inOneView(part)))
    expect(new Set(members.map(({ view }) => view!.lineage)).size).toBe(3)
    for (const heal of heals) heal()
    script.run(10_000)
    load.stop()
    expectOne(script, 6)
    expectOnce(script)
  })
})

function newScript(options: Partial<WorldOptions> = {}): Script {
  return new Script({ witness: false, forks: true, onMerge: 'replay', ...options })
}

/** A group of seven, of which the last three are cut off and without a quorum, and about to fork. */
function parted() {
  const script = newScript()
  const members = script.group(7)
  const few = members.slice(4) as [SimPeer, SimPeer, SimPeer]
  const many = members.slice(0, 4)
  const heal = script.part(few, many)
  script.until(
    'four go on, three are without a quorum',
    () => script.inOneView(many) && few.every((peer) => peer.blocked),
  )
  return { script, many, few, heal }
}

function isAlive({ alive }: SimPeer): boolean {
  return alive
}

function isAlone({ view }: SimPeer): boolean {
  return view?.members.length === 1
}

function expectOne(script: Script, count: number): void {
  expectOneGroup(script, count, 60_000, 1_000)
}
