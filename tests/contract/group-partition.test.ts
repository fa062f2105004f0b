import { afterEach, describe, expect, it } from 'vitest'
import type { TuttiError } from '../../peer/base/errors.ts'
import type { Group, GroupEvent, JoinOptions, Peer, Receipt } from '../../peer/client/types.ts'
import { eventually, type PeerOptions, Rig } from './group-support.ts'

// Groups over real engines whose links are cut: without a quorum, as forks, and back together.

let rig: Rig

afterEach(() => rig.close())

interface Member {
  readonly peer: Peer
  readonly group: Group<string, string[]>
  /** Its state: the values delivered. */
  readonly state: string[]
  /** All that it was told but messages, in short. */
  readonly told: string[]
  /** What became of what it said. */
  readonly fates: Map<string, string>
}

type Join = JoinOptions<string, string[]>

/** Members of one view, whose state is the list of all values delivered. */
async function together(count: number, join: Join = {}, options: PeerOptions = {}): Promise<Member[]> {
  rig = new Rig({ witness: options.witness ?? false })
  const members: Member[] = []
  for (let i = 0; i < count; i++) members.push(await enter(rig.peer(options), join))
  await agreed(members)
  for (const { told } of members) told.length = 0
  return members
}

async function enter(peer: Peer, join: Join): Promise<Member> {
  const state: string[] = []
  const group = await peer.join<string, string[]>('room', {
    state: { save: () => [...state], load: (saved) => void state.splice(0, state.length, ...saved) },
    ...join,
  })
  group.addEventListener('message', ({ value }) => state.push(value))
  return { peer, group, state, told: listen(group), fates: new Map() }
}

function listen(group: Group<string>): string[] {
  const told: string[] = []
  const note = (event: GroupEvent): void => void told.push(short(event))
  for (const type of ['view', 'status', 'merge', 'error'] as const) group.addEventListener(type, note)
  return told
}

function short(event: GroupEvent): string {
  switch (event.type) {
    case 'view':
      return `${event.view.primary ? 'view' : 'fork'} of ${event.view.members.length}`
    case 'status':
      return event.status
    case 'merge':
      return `merge: ${event.unmerged.length} unmerged, ${event.replayed ? 'replayed' : 'left behind'}`
    case 'error':
      return `error ${event.error.code}`
    default:
      return event.type
  }
}

/** All but views. */
function statuses(told: readonly string[]): string[] {
  return told.filter((line) => !line.startsWith('view'))
}

/** Multicasts, and writes down what becomes of it. */
function say({ group, fates }: Member, value: string): Receipt {
  const receipt = group.cbcast(value)
  receipt.stable.then(
    () => fates.set(value, 'stable'),
    ({ code, fate }: TuttiError) => fates.set(value, `${code} ${fate}`),
  )
  return receipt
}

/** Resolves when these are the members of one view, and no other. */
async function agreed(members: readonly Member[]): Promise<void> {
  const place = ({ group: { status, view } }: Member): string => `${status} ${view.lineage} ${view.members.length}`
  const { group } = members[0]!
  const expected = (): string => `member ${group.view.lineage} ${members.length}`
  await eventually(() => members.every((member) => place(member) === expected())).toBe(true)
}

async function blocked(...members: Member[]): Promise<void> {
  await eventually(() => members.map(({ group }) => group.status)).toEqual(members.map(() => 'blocked'))
}

/** Resolves when everyone's state is these values, in whatever order. */
async function same(members: readonly Member[], values: readonly string[]): Promise<void> {
  const sorted = [...values].sort()
  await eventually(() => members.map(({ state }) => [...state].sort())).toEqual(members.map(() => sorted))
}

function sides(members: readonly Member[], first: number): [Member[], Member[]] {
  const [one, other] = [members.slice(0, first), members.slice(first)]
  rig.split(
    one.map(({ peer }) => peer),
    other.map(({ peer }) => peer),
  )
  return [one, other]
}

describe('without a quorum', () => {
  it('members are blocked; what they multicast waits, up to a bound, until they are back [PT2, RC2]', async () => {
    const members = await together(3, {}, { config: { queueMessagesMax: 2 } })
    rig.split(...members.map(({ peer }) => [peer]))
    await blocked(...members)
    for (const [i, member] of members.entries()) {
      say(member, `first ${i}`)
      say(member, `second ${i}`)
      expect(() => member.group.cbcast('third')).toThrow(expect.objectContaining({ code: 'queue-full' }))
      expect(member.group.inspect().queued.messages).toBe(2)
    }
    expect(members.map(({ state }) => state)).toEqual([[], [], []])
    rig.mend()
    await agreed(members)
    const values = ['first 0', 'second 0', 'first 1', 'second 1', 'first 2', 'second 2']
    await same(members, values)
    await eventually(() => members.flatMap(({ fates }) => [...fates.values()])).toEqual(values.map(() => 'stable'))
    for (const { told } of members) {
      expect(new Set(statuses(told))).toEqual(new Set(['blocked', 'member']))
    }
  })

  it('the smaller part is blocked, and comes back; what it queued meanwhile was not sent [PT1, PT2, FD4]', async () => {
    const members = await together(5)
    const [three, two] = sides(members, 3)
    await blocked(...two)
    say(two[0]!, 'of the two')
    await agreed(three)
    await say(three[0]!, 'of the three')
    rig.mend()
    await agreed(members)
    await same(members, ['of the three'])
    await eventually(() => two[0]!.fates.get('of the two')).toBe('excluded not-sent')
    expect(statuses(two[0]!.told)[0]).toBe('blocked')
    expect(statuses(two[0]!.told).slice(-2)).toEqual(['rejoining', 'member'])
  })
})

describe('a fork', () => {
  it('asked for by one member, takes all that are blocked with it along, and sends what waited [PT3]', async () => {
    const members = await together(5)
    const [three, two] = sides(members, 3)
    await blocked(...two)
    say(two[1]!, 'waiting')
    await two[1]!.group.fork()
    await agreed(two)
    expect(two.map(({ group }) => group.view.primary)).toEqual([false, false])
    await same(two, ['waiting'])
    await eventually(() => two[1]!.fates.get('waiting')).toBe('stable')
    for (const { told } of two) expect([...told].sort()).toEqual(['blocked', 'fork of 2', 'member'])
    await agreed(three)
    expect(three[0]!.group.view.primary).toBe(true)
    await expect(three[0]!.group.fork()).rejects.toMatchObject({ code: 'not-blocked' })
  })

  it('comes by itself where members do not want to wait [PT3]', async () => {
    const members = await together(3, { onQuorumLoss: 'fork' })
    const [two, one] = sides(members, 2)
    await agreed(one)
    await agreed(two)
    expect([one, two].map(([member]) => member!.group.view.primary)).toEqual([false, true])
  })

  it.each<{ onMerge: 'adopt' | 'replay'; left: string[]; words: string }>([
    { onMerge: 'replay', left: ['before', 'of the three', 'of the two', 'of the two, too'], words: 'replayed' },
    { onMerge: 'adopt', left: ['before', 'of the three'], words: 'left behind' },
  ])('that meets the others ends in them: $onMerge [PT4]', async ({ onMerge, left, words }) => {
    const members = await together(5, { onQuorumLoss: 'fork', onMerge })
    await say(members[0]!, 'before').stable
    const [three, two] = sides(members, 3)
    await Promise.all([agreed(three), agreed(two)])
    await say(three[2]!, 'of the three').stable
    await say(two[0]!, 'of the two').stable
    await say(two[1]!, 'of the two, too').stable
    rig.mend()
    await agreed(members)
    await same(members, left)
    expect(new Set(members.map(({ group }) => group.view.primary))).toEqual(new Set([true]))
    for (const { told } of two) {
      const after = told.slice(told.findIndex((line) => line.startsWith('merge')))
      expect(after.slice(0, 2)).toEqual([`merge: 1 unmerged, ${words}`, 'rejoining'])
      expect(statuses(after.slice(2))).toEqual(['member'])
    }
    for (const { told } of three) expect(statuses(told)).toEqual([])
  })
})

describe('a function for merges', () => {
  it('makes one state of both, once, which everyone loads [PT4]', async () => {
    const calls: [string[], string[]][] = []
    const onMerge = (mine: string[], theirs: string[]): string[] => {
      calls.push([mine, theirs])
      return [...theirs, ...mine.filter((value) => !theirs.includes(value))]
    }
    const members = await together(5, { onQuorumLoss: 'fork', onMerge })
    await say(members[0]!, 'before').stable
    const [three, two] = sides(members, 3)
    await Promise.all([agreed(three), agreed(two)])
    await say(three[2]!, 'of the three').stable
    await say(two[0]!, 'of the two').stable
    rig.mend()
    await agreed(members)
    await same(members, ['before', 'of the three', 'of the two'])
    expect(calls).toEqual([
      [
        ['before', 'of the two'],
        ['before', 'of the three'],
      ],
    ])
    await say(members[4]!, 'after').stable
    await same(members, ['before', 'of the three', 'of the two', 'after'])
  })
})

describe('the witness', () => {
  it.each([0, 1])('lets one of two go on when the other is gone: member %i [PT1, PT5]', async (stays) => {
    const members = await together(2, {}, { witness: true })
    const lost = members[1 - stays]!
    rig.isolate(lost.peer)
    rig.signaling.cut(lost.peer.id)
    await agreed([members[stays]!])
    expect(members[stays]!.group.view.primary).toBe(true)
    await blocked(lost)
    rig.signaling.mend(lost.peer.id)
    rig.mend()
    await agreed(members)
  })

  it('lets no more than one of two go on', async () => {
    const members = await together(2, {}, { witness: true })
    sides(members, 1)
    const ofSize = (size: number): Member[] => members.filter(({ group }) => group.view.members.length === size)
    await eventually(() => ofSize(1).length).toBe(1)
    const [other] = ofSize(2)
    await eventually(() => other!.group.status).not.toBe('member')
    rig.mend()
    await agreed(members)
  })

  it('is left alone by those who do without', async () => {
    rig = new Rig({ witness: true })
    const members = [await enter(rig.peer({ witness: false }), {}), await enter(rig.peer({ witness: false }), {})]
    await agreed(members)
    rig.isolate(members[0]!.peer)
    await blocked(members[1]!)
    await members[1]!.group.fork()
    expect(members[1]!.group.view).toMatchObject({ primary: false, members: [members[1]!.group.self] })
  })
})

describe('two members without a link between them', () => {
  it('go on through a third, and the links say so [FD2]', async () => {
    const members = await together(3)
    const [one, relay, other] = members as [Member, Member, Member]
    rig.network.cut(one.peer.id, other.peer.id)
    const links = (): string[] => one.peer.links.map(({ peer, state, via }) => `${peer} ${state} ${via ?? ''}`.trim())
    await eventually(() => links().sort()).toEqual(
      [`${relay.peer.id} direct`, `${other.peer.id} relayed ${relay.peer.id}`].sort(),
    )
    await Promise.all([say(one, 'there').stable, say(other, 'and back').stable])
    await same(members, ['there', 'and back'])
    rig.mend()
    await eventually(() => links().sort()).toEqual([`${relay.peer.id} direct`, `${other.peer.id} direct`].sort())
    for (const { told } of members) expect(statuses(told)).toEqual([])
  })
})
