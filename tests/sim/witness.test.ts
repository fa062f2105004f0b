import { describe, expect, it } from 'vitest'
import type { SimPeer } from '../../peer/simulator/peer.ts'
import { HOP_MS, Script } from '../../peer/simulator/script.ts'
import type { WorldOptions } from '../../peer/simulator/world.ts'
import { decodeWitnessRequest, encodeWitnessRequest, type WitnessRequest } from '../../peer/wire/witness.ts'
import { are, expectRulesKept, expectSettled, within } from './faults-table-support.ts'

/** The witness breaks ties, and nothing else: whoever dies, is cut off or forgets while it votes. */

type Pair = [SimPeer, SimPeer]

/** After a request has left: its answer is there. */
const AFTER_ITS_ANSWER_MS = 2 * HOP_MS + 5

describe('two members that take each other for failed, and both reach the witness', () => {
  it.each([
    ['neither asks it sooner', 0],
    ['the younger asks it sooner', 40],
    ['the younger asks it much sooner', 250],
  ])('%s: exactly one goes on, the other comes back once they are linked [PT1] [PT5]', (_what, laterMs) => {
    const script = newScript()
    const [elder, younger] = witnessed(script, 2) as Pair
    const load = script.load(300)
    const heal = script.part([elder], [younger])
    script.run(50)
    younger.input({ type: 'suspect', member: elder.self })
    script.run(laterMs)
    elder.input({ type: 'suspect', member: younger.self })
    within(script, 5_000, 'one goes on', () => [elder, younger].some((peer) => script.inOneView([peer])))
    script.run(10_000)
    const going = [elder, younger].filter((peer) => peer.view?.members.length === 1 && !peer.blocked)
    expect(going).toHaveLength(1)
    heal()
    load.stop()
    expectOne(script, 2)
  })
})

describe('a witness that forgets', () => {
  const MOMENTS = ['before it is asked', 'between prepare and accept', 'once its vote is known'] as const

  it.each(MOMENTS)(
    '%s, while one of two has died: the other never goes on by a vote that is lost [PT1] [PT5]',
    (moment) => {
      for (const dead of [0, 1]) {
        const script = newScript()
        const members = witnessed(script, 2) as Pair
        const last = members[1 - dead]!
        forgetAt(script, moment)
        members[dead]!.crash(() => 0)
        script.run(20_000)
        // Where its vote came in time it was decided by it; else nobody can tell the tie any more.
        expect(last.view!.members.length === 1 && !last.blocked).toBe(moment === 'once its vote is known')
        expect(script.settle()).toBe(moment === 'once its vote is known' ? 'one view' : 'blocked')
        expectRulesKept(script)
      }
    },
  )

  it.each(MOMENTS)(
    '%s, and the coordinator of three dies then: the two others go on, and get its new token [PT5] [VW8]',
    (moment) => {
      const script = newScript()
      const members = witnessed(script, 3)
      forgetAt(script, moment, () => members[0]!.crash(() => 0))
      members[2]!.input({ type: 'leave' })
      within(script, 30_000, 'the last two, or one, go on', () =>
        members.slice(1).every((peer) => !peer.alive || (peer.ready && !peer.blocked && !has(peer, members[0]!))),
      )
      expectSettled(script)
    },
  )

  it('while one of two is taken for failed and comes back: both are in a view with the new token [PT5]', () => {
    const script = newScript()
    const [elder, younger] = witnessed(script, 2) as Pair
    const heal = script.part([elder], [younger])
    script.run(50)
    script.world.introducer.forgetVotes()
    for (const [by, of] of [
      [elder, younger],
      [younger, elder],
    ] as const)
      by.input({ type: 'suspect', member: of.self })
    script.run(4_000)
    expect([elder, younger].map(({ view }) => view?.members.length)).toEqual([2, 2])
    heal()
    within(script, 10_000, 'the view has the new token', () =>
      [elder, younger].every(
        ({ view }) => view?.members.length === 2 && view.witness === script.world.introducer.token,
      ),
    )
    expectOne(script, 2)
  })
})

describe('a server that is gone for good', () => {
  it('its token leaves the view, and ties are the eldest’s again [PT1] [PT5]', () => {
    for (const dead of [0, 1]) {
      const script = newScript()
      const members = witnessed(script, 2) as Pair
      script.world.introducer.down()
      within(script, 6_000, 'the view has no token', () => members.every(({ view }) => view?.witness === undefined))
      members[dead]!.crash(() => 0)
      script.run(20_000)
      expect(members[1 - dead]!.blocked).toBe(dead === 0)
      expect(script.settle()).toBe(dead === 0 ? 'blocked' : 'one view')
      expectRulesKept(script)
    }
  })

  it('changes the view once for that, not again and again [PT5]', () => {
    const script = newScript()
    const members = witnessed(script, 3)
    const { number } = members[0]!.view!
    script.world.introducer.down()
    script.run(60_000)
    expect(members.map(({ view }) => view!.number)).toEqual([number + 1, number + 1, number + 1])
    expectSettled(script)
  })
})

describe('four members, two and two, of which one side reaches the witness', () => {
  it.each([
    ['the elder two', [0, 1], [2, 3]],
    ['the younger two', [2, 3], [0, 1]],
    ['the first and the last', [0, 3], [1, 2]],
  ])('%s: exactly that side goes on [PT1] [PT5]', (_what, near, far) => {
    const script = newScript()
    const members = witnessed(script, 4)
    const [going, stuck] = [near.map((rank) => members[rank]!), far.map((rank) => members[rank]!)]
    const heal = script.part(going, stuck)
    outOfReach(script, stuck)
    within(script, 20_000, 'one side goes on', () => script.inOneView(going) && going.every(({ blocked }) => !blocked))
    expect(stuck.every(({ blocked, view }) => blocked && view!.members.length === 4)).toBe(true)
    heal()
    expectOne(script, 4)
  })
})

describe('a witness that was asked about a view far ahead', () => {
  it('votes no more in this lineage: three go on without it, of two the last does not [PT5]', () => {
    const script = newScript()
    const members = witnessed(script, 3)
    const { lineage, witness } = members[0]!.view!
    const ahead = encodeWitnessRequest({ kind: 'prepare', lineage, number: 1_000_000, token: witness, ballot: 4096 })
    script.world.introducer.askWitness(members[0]!.id, ahead)
    script.run(100)
    members[2]!.crash(() => 0)
    within(script, 20_000, 'two go on', are(script, members.slice(0, 2)))
    members[1]!.crash(() => 0)
    script.run(20_000)
    const last = members[0]!
    expect(last.view?.lineage !== lineage || (last.blocked && last.view.members.length === 2)).toBe(true)
    expectRulesKept(script)
  })
})

function newScript(options: Partial<WorldOptions> = {}): Script {
  return new Script({ witness: true, ...options })
}

/** A group of so many, in a view that carries the witness's token. */
function witnessed(script: Script, count: number): SimPeer[] {
  const members = script.group(count)
  const { introducer } = script.world
  script.until('the view carries the token', () => members.every(({ view }) => view?.witness === introducer.token))
  return members
}

/** The witness forgets at the next vote that it is asked for. */
function forgetAt({ world }: Script, moment: string, then: () => void = () => {}): void {
  let isOver = false
  onAsked(world.introducer, ({ kind }, pass) => {
    const isNow = !isOver && kind === (moment === 'before it is asked' ? 'prepare' : 'accept')
    if (!isNow) return pass()
    isOver = true
    if (moment === 'once its vote is known') pass()
    if (moment === 'once its vote is known')
      world.scheduler.after(AFTER_ITS_ANSWER_MS, () => world.introducer.forgetVotes())
    else world.introducer.forgetVotes()
    then()
    if (moment !== 'once its vote is known') pass()
  })
}

/** From now on neither the witness nor its token gets to these. */
function outOfReach({ world }: Script, peers: readonly SimPeer[]): void {
  const gone = new Set(peers.map(({ id }) => id))
  onAsked(world.introducer, (_request, pass, peer) => gone.has(peer) || pass())
  for (const peer of peers) peer.input({ type: 'witness', token: undefined })
}

/** Puts itself between the members and their witness. */
function onAsked(
  introducer: Script['world']['introducer'],
  take: (request: WitnessRequest, pass: () => void, peer: SimPeer['id']) => unknown,
): void {
  const ask = introducer.askWitness.bind(introducer)
  introducer.askWitness = (peer, bytes) => {
    const request = decodeWitnessRequest(bytes)
    if (request.kind !== 'invalid') take(request, () => ask(peer, bytes), peer)
  }
}

function has({ view }: SimPeer, other: SimPeer): boolean {
  return view?.members.some(({ id }) => id === other.self) === true
}

/** All that live are one view of so many, and no rule is broken. */
function expectOne(script: Script, count: number): void {
  within(script, 60_000, `${count} are one`, () =>
    script.world.living().every(({ ready, view }) => ready && view?.members.length === count),
  )
  script.run(1_000)
  expectSettled(script)
}
