import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TuttiError } from '../../peer/base/errors.ts'
import type { Group, GroupEvent, Peer } from '../../peer/client/types.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import { eventually, first, keepSending, messages, Rig, size } from './group-support.ts'

let rig: Rig
const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)

beforeEach(() => {
  rig = new Rig()
  unhandled.length = 0
  process.on('unhandledRejection', note)
})

afterEach(async () => {
  await rig.close()
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

/** Several peers in one group, all in one view. */
async function together(count: number): Promise<{ peers: Peer[]; groups: Group[] }> {
  const peers = Array.from({ length: count }, (_, i) => rig.peer({ name: `peer ${i}` }))
  const groups: Group[] = []
  for (const peer of peers) groups.push(await peer.join('room'))
  await Promise.all(groups.map((group) => size(group, count)))
  return { peers, groups }
}

describe('join', () => {
  it('founds a group where there is none', async () => {
    const group = await rig.peer({ name: 'Ada', metadata: { colour: 'red' } }).join('room')
    expect(group.view).toMatchObject({ number: 1, primary: true })
    expect(group.self).toMatchObject({ name: 'Ada', metadata: { colour: 'red' }, rank: 0 })
    expect(group.status).toBe('member')
    expect(group.name).toBe('room')
  })

  it('makes one group of all who join, eldest first', async () => {
    const { groups } = await together(4)
    const views = groups.map(({ view }) => view.members.map(({ name }) => name))
    expect(new Set(views.map(String))).toEqual(new Set(['peer 0,peer 1,peer 2,peer 3']))
  })

  it('makes one group of peers that come all at once', async () => {
    const groups = await Promise.all(Array.from({ length: 6 }, () => rig.peer().join('room')))
    await Promise.all(groups.map((group) => size(group, 6)))
    expect(new Set(groups.map(({ view }) => view.lineage)).size).toBe(1)
  })

  it('resolves before the first message is handed out [ST1]', async () => {
    const sender = await rig.peer().join<number>('room')
    const stop = keepSending(sender, 'cbcast')
    const group = await rig.peer().join('room')
    const events: GroupEvent[] = []
    for await (const event of group) if (events.push(event) === 5) break
    await stop()
    expect(events[0]).toMatchObject({ type: 'view' })
    const ids = events.flatMap((event) => (event.type === 'message' ? [Number(event.id.split('/').at(-1))] : []))
    expect(ids).toEqual(ids.map((_, i) => i + 1))
  })

  it('brings the state of the group to a latecomer, as of its place between the messages [ST1]', async () => {
    const logOf = (log: unknown[]) => ({
      save: () => [...log],
      load: (state: unknown[]) => void log.splice(0, log.length, ...state),
    })
    const [mine, theirs]: [unknown[], unknown[]] = [[], []]
    const sender = await rig.peer().join<number, unknown[]>('room', { state: logOf(mine) })
    sender.addEventListener('message', ({ value }) => mine.push(value))
    const stop = keepSending(sender, 'abcast')
    const group = await rig.peer().join<number, unknown[]>('room', { state: logOf(theirs) })
    const caughtUp = theirs.length
    group.addEventListener('message', ({ value }) => theirs.push(value))
    await eventually(() => theirs.length).toBeGreaterThan(caughtUp + 10)
    await stop()
    await eventually(() => theirs.length).toBe(mine.length)
    expect(theirs).toEqual(mine)
    expect(theirs).toEqual(mine.map((_, i) => i))
  })

  it('asks the next provider when a save fails, and rejects with state-unavailable when all do [ST3]', async () => {
    const broken = { save: () => Promise.reject(new Error('no')), load: () => {} }
    const whole = { save: () => 'whole', load: () => {} }
    await rig.peer().join('room', { state: broken })
    const failed = await rig
      .peer()
      .join('room', { state: broken })
      .catch((error) => error)
    expect(failed).toMatchObject({ code: 'state-unavailable' })
    const eldest = await rig.peer().join('other', { state: whole })
    const second = await rig.peer().join('other', { state: broken })
    await size(eldest, 2)
    await size(second, 2)
    const loaded: unknown[] = []
    await rig.peer().join('other', { state: { save: () => 0, load: (state) => void loaded.push(state) } })
    expect(loaded).toEqual(['whole'])
  })

  it('rejects with state-mismatch where some have state and some have not', async () => {
    await rig.peer().join('room', { state: { save: () => 0, load: () => {} } })
    const error = await rig
      .peer()
      .join('room')
      .catch((reason) => reason)
    expect(error).toMatchObject({ code: 'state-mismatch' })
  })

  it('rejects with state-load-failed when the state can not be loaded, and the member leaves', async () => {
    const eldest = await rig.peer().join('room', { state: { save: () => 0, load: () => {} } })
    const load = (): never => {
      throw new Error('no')
    }
    const error = await rig
      .peer()
      .join('room', { state: { save: () => 0, load } })
      .catch((reason) => reason)
    expect(error).toMatchObject({ code: 'state-load-failed' })
    await size(eldest, 1)
  })

  it('stays pending while nobody can be reached, and rejects when its signal aborts', async () => {
    const peer = rig.peer()
    rig.signaling.cut(peer.id)
    const controller = new AbortController()
    const join = peer.join('room', { signal: controller.signal })
    await new Promise((resolve) => peer.addEventListener('signaling', resolve, { once: true }))
    expect(peer.signaling).toBe('unreachable')
    controller.abort(new Error('enough'))
    const error = await join.catch((reason) => reason)
    expect(error).toMatchObject({ code: 'aborted', cause: controller.signal.reason })
    rig.signaling.mend(peer.id)
    await expect(peer.join('room')).resolves.toMatchObject({ status: 'member' })
  })

  it.each([
    { what: 'an empty name', name: '', options: {}, code: 'invalid-option' },
    { what: 'an oversized name', name: 'x'.repeat(129), options: {}, code: 'too-large' },
    { what: 'a name that is no text', name: '\ud800', options: {}, code: 'not-encodable' },
    {
      what: 'onQuorumLoss that is none',
      name: 'room',
      options: { onQuorumLoss: 'give up' } as object,
      code: 'invalid-option',
    },
    { what: 'onMerge that is none', name: 'room', options: { onMerge: 'mix' } as object, code: 'invalid-option' },
    { what: 'onMerge without a state', name: 'room', options: { onMerge: () => 0 }, code: 'invalid-option' },
    { what: 'admit', name: 'room', options: { admit: () => true }, code: 'unsupported' },
    {
      what: 'half a state option',
      name: 'room',
      options: { state: { save: () => 0 } } as object,
      code: 'invalid-option',
    },
    { what: 'an unknown option', name: 'room', options: { speed: 'high' } as object, code: 'unsupported' },
  ])('rejects what it can not do: $what', async ({ name, options, code }) => {
    const error = await rig
      .peer()
      .join(name, options)
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(TuttiError)
    expect(error).toMatchObject({ code })
  })

  it('rejects a second time for the same name while in the group, and not after leaving it', async () => {
    const peer = rig.peer()
    const group = await peer.join('room')
    const error = await peer.join('room').catch((reason) => reason)
    expect(error).toMatchObject({ code: 'invalid-option' })
    void group.leave()
    await expect(peer.join('room')).resolves.toMatchObject({ status: 'member' })
  })
})

describe('multicast', () => {
  it('is delivered by every member, its sender too [DL4, DL5]', async () => {
    const { groups } = await together(3)
    const logs = groups.map(messages)
    await Promise.all(
      groups.flatMap((group, i) => [
        group.cbcast(`c${i}`).stable,
        group.abcast(`a${i}`).stable,
        group.fbcast(`f${i}`).stable,
      ]),
    )
    const all = ['a0', 'a1', 'a2', 'c0', 'c1', 'c2', 'f0', 'f1', 'f2']
    for (const log of logs) await eventually(() => [...log].sort()).toEqual(all)
  })

  it('abcast: same order everywhere, order counted from 1 without gaps [OR3]', async () => {
    const { groups } = await together(3)
    const logs = groups.map(messages)
    const orders: number[] = []
    groups[0]!.addEventListener('message', ({ order }) => orders.push(order!))
    await Promise.all(groups.flatMap((group, i) => Array.from({ length: 20 }, (_, j) => group.abcast(`${i}.${j}`))))
    for (const log of logs) await eventually(() => log.length).toBe(60)
    expect(logs[1]).toEqual(logs[0])
    expect(logs[2]).toEqual(logs[0])
    expect(orders).toEqual(orders.map((_, i) => i + 1))
  })

  it('cbcast: an answer never overtakes what it answers [OR2]', async () => {
    const { groups } = await together(3)
    const logs = groups.map(messages)
    groups[1]!.addEventListener('message', ({ value }) => {
      if (String(value).startsWith('question')) groups[1]!.cbcast(`answer to ${value}`)
    })
    for (let i = 0; i < 10; i++) groups[0]!.cbcast(`question ${i}`)
    for (const log of logs) {
      await eventually(() => log.length).toBe(20)
      for (let i = 0; i < 10; i++) {
        expect(log.indexOf(`answer to question ${i}`)).toBeGreaterThan(log.indexOf(`question ${i}`))
      }
    }
  })

  it('asked for while a view changes is sent in the next view, without a retry [DL2]', async () => {
    const { groups } = await together(2)
    const log = messages(groups[1]!)
    const joining = rig.peer().join('room')
    const receipts = Array.from({ length: 200 }, (_, i) => groups[0]!.abcast(i))
    await joining
    await Promise.all(receipts)
    await eventually(() => log).toEqual(receipts.map((_, i) => String(i)))
  })

  it('its receipt says where and when [RC1]', async () => {
    const { groups } = await together(2)
    const { id, kind, view, at, order } = await groups[0]!.abcast('x')
    expect(id).toBe(`${view.lineage}/${view.number}/${groups[0]!.self.id}/1`)
    expect({ kind, order }).toEqual({ kind: 'total', order: 1 })
    expect(Math.abs(at - Date.now())).toBeLessThan(10_000)
  })

  it('carries values as they were, and shows who sent them', async () => {
    const { groups } = await together(2)
    const value = {
      bytes: Uint8Array.of(1, 2),
      big: 2n ** 70n,
      none: undefined,
      date: new Date(5),
      deep: [{ nan: Number.NaN }],
    }
    const arrived = first(groups[1]!, ({ type }) => type === 'message')
    groups[0]!.cbcast(value)
    const event = (await arrived) as Extract<GroupEvent, { type: 'message' }>
    expect(event.value).toStrictEqual(value)
    expect(event.from).toEqual(groups[0]!.self)
    expect(event.view).toBe(groups[1]!.view)
  })

  it('can be awaited inside for await', async () => {
    const { groups } = await together(2)
    const answered = (async () => {
      for await (const event of groups[1]!) {
        if (event.type === 'message' && event.value === 'ping') return groups[1]!.abcast('pong')
      }
      throw new Error('ended')
    })()
    groups[0]!.abcast('ping')
    expect((await answered).kind).toBe('total')
  })

  it('that fails with the group says what became of it, in an event when nobody awaits it [RC1]', async () => {
    const { peers, groups } = await together(3)
    const errors: TuttiError[] = []
    groups[2]!.addEventListener('error', ({ error }) => errors.push(error))
    rig.isolate(peers[2]!)
    await first(groups[2]!, (event) => event.type === 'status' && event.status === 'blocked')
    const [awaited] = [groups[2]!.abcast('awaited'), groups[2]!.abcast('not awaited')]
    const failure = awaited.then(
      () => undefined,
      (error) => error as TuttiError,
    )
    await groups[2]!.leave()
    expect(await failure).toMatchObject({ code: 'left' })
    expect((await failure)?.fate).toBe('not-sent')
    expect(errors.map(({ code, fate }) => `${code} ${fate}`)).toEqual(['left not-sent'])
  })
})

describe('members that go', () => {
  it('by leaving: the others are told that they left', async () => {
    const { groups } = await together(3)
    const change = first(groups[0]!, (event) => event.type === 'view' && event.left.length > 0)
    await groups[1]!.leave()
    expect(await change).toMatchObject({ left: [{ name: 'peer 1', rank: 1 }], failed: [] })
    expect(groups[1]!.status).toBe('left')
    expect(() => groups[1]!.cbcast('late')).toThrow(expect.objectContaining({ code: 'left' }))
  })

  it('by closing the peer: it leaves all its groups', async () => {
    const { peers, groups } = await together(2)
    await peers[1]!.close()
    expect(groups[1]!.status).toBe('left')
    expect(() => groups[1]!.cbcast('late')).toThrow(expect.objectContaining({ code: 'closed' }))
    await size(groups[0]!, 1)
    await expect(peers[1]!.join('room')).rejects.toMatchObject({ code: 'closed' })
  })

  it('by failing: the others go on', async () => {
    const { peers, groups } = await together(3)
    const change = first(groups[0]!, (event) => event.type === 'view' && event.failed.length > 0)
    rig.isolate(peers[2]!)
    expect(await change).toMatchObject({ failed: [{ name: 'peer 2' }] })
    await groups[0]!.abcast('on')
  })

  it('by mistake: they come back by themselves; the group stays the same object [FD4]', async () => {
    const { peers, groups } = await together(3)
    const [before, id] = [groups[2]!.self.id, peers[2]!.id]
    rig.isolate(peers[2]!)
    await size(groups[0]!, 2)
    rig.heal(peers[2]!)
    await size(groups[0]!, 3)
    await eventually(() => groups[2]!.status).toBe('member')
    expect(groups[2]!.self.id).not.toBe(before)
    expect(peers[2]!.id).toBe(id)
    const log = messages(groups[2]!)
    await groups[0]!.abcast('welcome')
    await eventually(() => log).toEqual(['welcome'])
  })
})

describe('a group without its server', () => {
  it('goes on, and takes in new peers once the server is back', async () => {
    const { groups } = await together(2)
    rig.signaling.restart()
    await groups[0]!.abcast('still here')
    const late = await rig.peer().join('room')
    await size(late, 3)
    expect(late.view.lineage).toBe(groups[0]!.view.lineage)
  })
})

describe('several groups', () => {
  it('share the links of one peer, and nothing else', async () => {
    const [one, other] = [rig.peer(), rig.peer()]
    const groups = await Promise.all([one.join('a'), one.join('b'), other.join('a'), other.join('b')])
    await Promise.all(groups.map((group) => size(group, 2)))
    expect(one.links.map(({ peer, state }) => [peer, state])).toEqual([[other.id, 'direct']])
    const logs = groups.map(messages)
    await Promise.all([groups[0]!.abcast('in a').stable, groups[1]!.abcast('in b').stable])
    await eventually(() => logs).toEqual([['in a'], ['in b'], ['in a'], ['in b']])
    await groups[0]!.leave()
    await size(groups[2]!, 1)
    await groups[1]!.abcast('still in b')
  })
})

describe('the trace', () => {
  it('begins with the first install and ends with left [TR1]', async () => {
    const traced: TraceEvent[] = []
    const group = await rig.peer({ trace: (event) => traced.push(event) }).join('room')
    await group.abcast('x').stable
    await group.leave()
    expect(traced.map(({ event }) => event)).toEqual(['install', 'multicast', 'deliver', 'left'])
  })
})
