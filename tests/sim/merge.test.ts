import { describe, expect, it } from 'vitest'
import type { MessageId } from '../../peer/base/ids.ts'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { Script } from '../../peer/simulator/script.ts'
import type { World, WorldOptions } from '../../peer/simulator/world.ts'
import { are, within } from './faults-table-support.ts'
import { expectOnce, expectOneGroup, type Step } from './splits-support.ts'

/** Merges, step by step: whoever dies, closes, leaves or is cut off while one lineage dissolves into another. No witness. */

/** The steps of a lineage of three that dissolves, as its coordinator takes them. */
const STEPS: readonly (readonly [string, Step])[] = [
  ['has asked the other lineage', { kind: 'merge-ask', moment: 'sent', nth: 1 }],
  ['has its offer', { kind: 'merge-offer', moment: 'handled', nth: 1 }],
  ['has prepared at both', { kind: 'prepare', moment: 'sent', nth: 2 }],
  ['has both promises', { kind: 'promise', moment: 'received', nth: 2 }],
  ['has proposed to one', { kind: 'accept', moment: 'sent', nth: 1 }],
  ['has proposed to both', { kind: 'accept', moment: 'sent', nth: 2 }],
  ['has the vote of one', { kind: 'accepted', moment: 'received', nth: 1 }],
  ['has told one', { kind: 'decide', moment: 'sent', nth: 1 }],
  ['has told both', { kind: 'decide', moment: 'sent', nth: 2 }],
]

describe('the coordinator of a lineage that dissolves', () => {
  it.each(STEPS)(
    'dies when it %s: the others end in the other lineage, nothing of theirs is lost [PT4] [VW8]',
    (_what, step) => {
      const { script, losers, heal } = parted()
      const load = script.load(300)
      script.run(1_000)
      script.crashAt({ ...step, who: (peer) => peer === losers[0] })
      heal()
      script.run(12_000)
      load.stop()
      if (losers[0].alive) losers[0].crash(() => 0)
      expectOne(script, 5)
      expectOnce(script, losers[0])
    },
  )

  // Once it has decided, its attempt is over, and the page is in no lineage that it could say goodbye to.
  it.each(STEPS.slice(0, -2))('closes when it %s: the others end in the other lineage [PT4] [FD3]', (_what, step) => {
    const { script, losers, heal } = parted()
    script.crashAt({ ...step, who: (peer) => peer === losers[0], strike: (peer) => peer.close() })
    heal()
    script.until('it has closed', () => !losers[0].alive)
    expectOne(script, 5)
  })
})

describe('the other members of a lineage that dissolves', () => {
  it.each([
    ['dies', (peer: SimPeer) => peer.crash(() => 0)],
    ['closes', (peer: SimPeer) => peer.close()],
  ] as const)('one %s at each message: the rest ends in the other lineage [PT4]', (_what, strike) => {
    for (const [kind, moment] of [
      ['prepare', 'received'],
      ['prepare', 'handled'],
      ['accept', 'received'],
      ['accept', 'handled'],
      ['decide', 'received'],
    ] as const) {
      const { script, losers, heal } = parted()
      script.crashAt({ kind, moment, nth: 1, who: (peer) => peer === losers[1], strike })
      heal()
      script.until('it is gone', () => !losers[1].alive)
      expectOne(script, 5)
    }
  })

  it('one that missed the end goes by itself, and is told what became of its multicasts [PT4] [RC1]', () => {
    const { script, losers, heal } = parted()
    const [, , last] = losers
    script.crashAt({
      kind: 'decide',
      moment: 'sent',
      nth: 1,
      who: (peer) => peer === losers[0],
      strike: () =>
        script.part(
          [last],
          script.world.living().filter((peer) => peer !== last),
        ),
    })
    const load = script.load(300)
    heal()
    script.run(15_000)
    script.world.network.heal()
    script.run(10_000)
    load.stop()
    expectOne(script, 6)
    expectOnce(script)
  })

  it('what is asked for while it dissolves is sent in the other, after what its sender had multicast before [PT4] [OR1]', () => {
    const { script, losers, heal } = parted()
    const [first] = losers
    const before = first.cast('causal', 20)!
    script.run(1_000)
    let later: ReturnType<SimPeer['cast']>
    const stop = script.world.messages.watch(({ kind, from }) => {
      const { view } = first.membership.runtime.engine.inspect()
      if (kind !== 'prepare' || from !== first.id || view?.wedged !== true || later !== undefined) return
      later = first.cast('causal', 20)
    })
    heal()
    expectOne(script, 6)
    stop()
    const order = [...script.world.peers[0]!.application.ids].map((id) => originOf(script.world, id))
    expect(later?.id).toBeDefined()
    expect([order.indexOf(before.id!), order.indexOf(later!.id!)]).toEqual([0, 1])
  })

  it('one without state is let in again, in the other lineage, and gets its state [PT4] [ST3]', () => {
    const script = newScript({ bytesPerMs: 20, statePaddedBytes: 60_000 })
    const members = script.group(6)
    const last = script.world.start()
    script.until('the last is in, without state', () => last.view?.members.length === 7)
    // Whoever was giving it its state, the youngest, is on the other side.
    const [winners, losers] = [
      [...members.slice(0, 3), members[5]!],
      [...members.slice(3, 5), last],
    ]
    const heal = script.part(winners, losers)
    const isForked = () => losers.every(({ view }) => view?.members.length === 3)
    within(script, 30_000, 'both sides go on', () => isForked() && script.inOneView(winners))
    expect(last.ready).toBe(false)
    heal()
    expectOne(script, 7)
  })
})

describe('the lineage that others dissolve into', () => {
  it('is cut off right after: the eldest founds another, the rest follows, and all are one in the end [PT4]', () => {
    const { script, winners, losers, heal } = parted()
    const load = script.load(500)
    heal()
    script.until('the others have given theirs up', () =>
      losers.every((peer) => peer.view === undefined || isIn(peer, winners)),
    )
    const again = script.part(losers, winners)
    within(script, 60_000, 'they go on among themselves', are(script, losers))
    const { lineage } = losers[0].view!
    expect(lineage).not.toBe(winners[0].view!.lineage)
    script.run(5_000)
    again()
    script.run(10_000)
    load.stop()
    expectOne(script, 6)
    expectOnce(script)
  })

  it('and from one another: each that is left alone founds one, and all are one in the end [PT4]', () => {
    const { script, winners, losers, heal } = parted()
    const load = script.load(500)
    heal()
    script.until('the others have given theirs up', () =>
      losers.every((peer) => peer.view === undefined || isIn(peer, winners)),
    )
    const again = [
      script.part(losers, winners),
      script.part([losers[0]], losers.slice(1)),
      script.part([losers[1]], [losers[2]]),
    ]
    within(script, 90_000, 'each goes on alone', () => losers.every((peer) => script.inOneView([peer])))
    expect(new Set(losers.map(({ view }) => view!.lineage)).size).toBe(3)
    for (const mend of again) mend()
    script.run(15_000)
    load.stop()
    expectOne(script, 6)
    expectOnce(script)
  })

  it('dies with all its members right after: the others go on with what they had [PT4]', () => {
    const { script, winners, losers, heal } = parted()
    const load = script.load(500)
    script.run(1_000)
    heal()
    script.until('the others have given theirs up', () =>
      losers.every((peer) => peer.view === undefined || isIn(peer, winners)),
    )
    for (const peer of winners) peer.crash(() => 0)
    script.run(10_000)
    load.stop()
    expectOne(script, 3)
    for (const { by, receipt } of load.receipts) {
      const isGone = receipt.fate !== undefined && receipt.fate !== 'in-cut'
      if (by.alive && receipt.id !== undefined && !isGone) expectHeld(script, receipt.id)
    }
  })
})

describe('founders that did not know of each other', () => {
  it('both with multicasts: one lineage in the end, with the multicasts of both [PT4]', () => {
    const script = newScript()
    const one = script.world.start()
    const other = script.world.start()
    script.run(11)
    script.world.introducer.nameAnother(other.id)
    script.until('both have founded', () => {
      for (const peer of [one, other]) if (peer.application.delivered === 0) peer.cast('causal', 20)
      return one.view !== undefined && other.view !== undefined
    })
    expect(one.view!.lineage).not.toBe(other.view!.lineage)
    expectOne(script, 2)
    expectOnce(script)
  })
})

describe('one that makes one state out of two', () => {
  const PURPOSES = ['pause', 'state'] as const

  it.each(PURPOSES)('dies when its %s is sent, and when the first has it: the group goes on [PT4] [VW8]', (purpose) => {
    for (const event of ['multicast', 'deliver'] as const) {
      const { script, losers, heal } = parted({ onMerge: 'reconcile' })
      const load = script.load(300)
      heal()
      script.until(`${purpose}: ${event}`, () => seen(script, purpose, event))
      const eldest = script.world.peers.find(({ id }) => id === losers[0].id)!
      eldest.crash(() => 0)
      script.run(5_000)
      load.stop()
      expectOne(script, 5)
    }
  })

  it('two at once, each for its lineage: every multicast of all three is in the state [PT4]', () => {
    const script = newScript({ onMerge: 'reconcile' })
    const members = script.group(6)
    const load = script.load(300)
    const parts = [members.slice(0, 2), members.slice(2, 4), members.slice(4)] as const
    const heals = [script.part(parts[0], [...parts[1], ...parts[2]]), script.part(parts[1], parts[2])]
    within(script, 30_000, 'all parts go on', () => parts.every((part) => script.inOneView(part)))
    for (const heal of heals) heal()
    script.run(10_000)
    load.stop()
    expectOne(script, 6)
    expectOnce(script)
  })

  it('is interrupted by a newcomer: it asks again, and nothing is lost [PT4] [VW6]', () => {
    const { script, heal } = parted({ onMerge: 'reconcile' })
    const load = script.load(300)
    heal()
    script.until('a pause is under way', () => seen(script, 'pause', 'multicast'))
    script.world.start()
    script.run(10_000)
    load.stop()
    expectOne(script, 7)
    expectOnce(script)
  })

  it('is cut off in its pause: the others send again, and it comes back [PT2] [PT4]', () => {
    const { script, losers, heal } = parted({ onMerge: 'reconcile' })
    heal()
    script.until('a pause is under way', () => seen(script, 'pause', 'deliver'))
    const rest = script.world.peers.filter((peer) => peer !== losers[0])
    const again = script.part([losers[0]], rest)
    within(script, 30_000, 'the others go on', () => rest.every(({ view }) => view?.members.length === 5))
    const receipt = rest[0]!.cast('total', 20)!
    within(script, 5_000, 'they multicast again', () => receipt.stable)
    again()
    expectOne(script, 6)
  })
})

describe('a member without a quorum that meets a lineage that has one', () => {
  it('goes there by itself, and is told of each multicast no more than is certain [PT4] [RC1]', () => {
    const script = newScript({ forks: false })
    const [one, two, three, alone, forker] = script.group(5) as [SimPeer, SimPeer, SimPeer, SimPeer, SimPeer]
    const cuts = [script.part([alone], [forker])]
    const known = alone.cast('causal', 20)!
    script.run(15)
    cuts.push(script.part([alone], [one, two, three]))
    const unknown = alone.cast('causal', 20)!
    cuts.push(script.part([forker], [one, two, three]), script.part([one], [two, three]))
    script.until('nobody has a quorum', () => script.world.living().every(({ blocked }) => blocked))
    const queued = alone.cast('causal', 20)!
    forker.input({ type: 'fork' })
    script.until('one has forked', () => script.inOneView([forker]))
    cuts[0]!()
    within(script, 20_000, 'the one without a quorum goes there', are(script, [forker, alone]))
    expect([known.fate, unknown.fate, queued.fate]).toEqual(['unknown', 'unknown', 'not-sent'])
    const [, fromAlone, fromForker, fromOne] = cuts as [() => void, () => void, () => void, () => void]
    fromOne()
    within(script, 20_000, 'its own lineage goes on', () => one.view!.members.length === 3)
    for (const mend of [fromAlone, fromForker]) mend()
    expectOne(script, 5)
    expectHeld(script, known.id!)
  })
})

function newScript(options: Partial<WorldOptions> = {}): Script {
  return new Script({ witness: false, forks: true, onMerge: 'replay', ...options })
}

/** A group of six, of which the last three have forked; when they meet the first three again they will dissolve. */
function parted(options: Partial<WorldOptions> = {}) {
  const script = newScript(options)
  const members = script.group(6)
  const winners = members.slice(0, 3) as [SimPeer, SimPeer, SimPeer]
  const losers = members.slice(3) as [SimPeer, SimPeer, SimPeer]
  const heal = script.part(winners, losers)
  const parts = [winners, losers]
  script.until('both sides go on', () => parts.every((part) => script.inOneView(part)))
  script.run(1_000)
  return { script, winners, losers, heal }
}

function isIn({ view }: SimPeer, [one]: readonly SimPeer[]): boolean {
  return view?.lineage === one!.view?.lineage
}

/** Whether a multicast of that purpose was sent, or delivered by anyone. */
function seen({ world }: Script, purpose: string, event: 'multicast' | 'deliver'): boolean {
  return world.trace.some((line) => line.event === event && 'purpose' in line && line.purpose === purpose)
}

/** Everyone's state has the multicast once, by itself or as a repetition. */
function expectHeld({ world }: Script, id: MessageId): void {
  for (const { self, application } of world.living()) {
    const times = [...application.ids].filter((other) => originOf(world, other) === id).length
    expect(times, `${id} at ${self}`).toBe(1)
  }
}

/** What a repetition of a repetition is one of. */
function originOf(world: World, id: MessageId): MessageId {
  const before = world.replays.get(id)
  return before === undefined ? id : originOf(world, before)
}

function expectOne(script: Script, count: number): void {
  expectOneGroup(script, count, 90_000, 2_000)
}
