import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TuttiError } from '../../peer/base/errors.ts'
import type { Group, Peer } from '../../peer/client/types.ts'
import { eventually, first, keepSending, type PeerOptions, Rig, size } from './group-support.ts'

let rig: Rig

beforeEach(() => {
  rig = new Rig()
})

afterEach(() => rig.close())

interface Member {
  peer: Peer
  group: Group<number, number[]>
  /** Its state: all values delivered, in order. */
  log: number[]
  /** What was saved and loaded, in order, with how much. */
  calls: string[]
}

/** A member whose state is the list of all that was delivered. */
async function join(options: PeerOptions = {}): Promise<Member> {
  const peer = rig.peer(options)
  const [log, calls]: [number[], string[]] = [[], []]
  const group = await peer.join<number, number[]>('room', {
    state: {
      save: () => {
        calls.push(`save ${log.length}`)
        return [...log]
      },
      load: (state) => {
        calls.push(`load ${state.length}`)
        log.splice(0, log.length, ...state)
      },
    },
  })
  group.addEventListener('message', ({ value }) => log.push(value))
  return { peer, group, log, calls }
}

async function sameLogs(...members: Member[]): Promise<void> {
  await eventually(() => new Set(members.map(({ log }) => log.join())).size).toBe(1)
}

describe('the state of a group', () => {
  it('is the same everywhere after joins under load from every member [ST1]', async () => {
    const members = [await join()]
    const stops = [keepSending(members[0]!.group, 'abcast')]
    for (let i = 0; i < 4; i++) {
      const member = await join()
      members.push(member)
      stops.push(keepSending(member.group, 'abcast'))
    }
    await Promise.all(stops.map((stop) => stop()))
    await sameLogs(...members)
    expect(members.slice(1).every(({ calls }) => calls[0]?.startsWith('load'))).toBe(true)
  })

  it('comes from another member while an iterator of the one that is asked is busy', async () => {
    const other = await join()
    // The youngest is asked first.
    const busy = await join({ config: { consumerWaitMs: 50 } })
    const errors: string[] = []
    busy.group.addEventListener('error', ({ error }) => errors.push(error.code))
    await size(busy.group, 2)
    await size(other.group, 2)
    const iterator = busy.group[Symbol.asyncIterator]()
    await iterator.next()
    await busy.group.abcast(1).stable
    const late = await join()
    expect(late.log).toEqual([1])
    expect(errors).toEqual(['state-unavailable'])
    expect(busy.calls).toEqual(['load 0'])
    expect(other.calls).toEqual(['save 0', 'save 1'])
    await iterator.return?.()
  })

  it('is saved and loaded while events wait, and nobody else does [ST2]', async () => {
    let finish = (): void => {}
    const saving = new Promise<void>((resolve) => {
      finish = resolve
    })
    const slow = await rig.peer().join<number, string>('room', {
      state: { save: () => saving.then(() => 'saved'), load: () => {} },
    })
    const loads: string[] = []
    const state = { save: () => 'other', load: (loaded: string) => void loads.push(loaded) }
    const second = rig.peer().join<number, string>('room', { state })
    await eventually(() => slow.inspect().busy).toBe('saving')
    const seen: string[] = []
    slow.addEventListener('view', ({ view }) => seen.push(`view of ${view.members.length}`))
    slow.addEventListener('message', ({ value }) => seen.push(`message ${value}`))
    const receipt = slow.abcast(7)
    expect(seen).toEqual([])
    finish()
    await receipt
    await second
    expect(loads).toEqual(['saved'])
    expect(seen.at(-1)).toBe('message 7')
  })

  it('replaces that of a member left out by mistake, which comes back; what it queued is not sent [FD4]', async () => {
    const members = [await join(), await join(), await join()]
    await Promise.all(members.map(({ group }) => size(group, 3)))
    const [one, , lost] = members as [Member, Member, Member]
    await one.group.abcast(1).stable
    rig.isolate(lost.peer)
    await first(lost.group, (event) => event.type === 'status' && event.status === 'blocked')
    const failure = lost.group.abcast(99).then(
      () => undefined,
      (error) => error as TuttiError,
    )
    await size(one.group, 2)
    await one.group.abcast(2)
    rig.heal(lost.peer)
    await size(one.group, 3)
    expect(await failure).toMatchObject({ code: 'excluded', fate: 'not-sent' })
    await one.group.abcast(3)
    await sameLogs(...members)
    expect(lost.log).toEqual([1, 2, 3])
    expect(lost.calls.at(-1)).toBe('load 2')
  })

  it('survives the reload of every member, one after the other', async () => {
    let members = [await join(), await join()]
    await members[0]!.group.abcast(1).stable
    for (let i = 0; i < 3; i++) {
      const [oldest, ...rest] = members as [Member, ...Member[]]
      void oldest.peer.close()
      members = [...rest, await join()]
    }
    expect(members.map(({ log }) => log)).toEqual([[1], [1]])
  })
})
