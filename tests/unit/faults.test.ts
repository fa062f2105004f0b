import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import type { LocalRuntimeOptions } from '../../peer/client/local-runtime.ts'
import type { Group } from '../../peer/client/types.ts'
import { FaultInjection } from '../../peer/faults/faults.ts'
import { FaultyRuntime } from '../../peer/faults/faulty-runtime.ts'
import { createFaults, type Whom } from '../../peer/faults/index.ts'
import { eventually, messages, Rig, size } from '../contract/group-support.ts'
import { Recorder } from '../contract/signaling-harness.ts'

/** Of all peers, in the order in which they were made. */
const faults: FaultInjection[] = []

vi.mock('../contract/group-runtime.ts', () => ({
  runtimeOfPeer: (options: LocalRuntimeOptions) => {
    const injection = new FaultInjection(
      (faultOf, ended) => new FaultyRuntime({ ...options, brokenAfterMs: 300, faultOf, ended }),
    )
    faults.push(injection)
    return injection.runtime.start()
  },
}))

let rig: Rig

beforeEach(() => {
  faults.length = 0
  rig = new Rig()
})

afterEach(() => rig.close())

describe('faults in a group', () => {
  it('that cut a link are routed around, and mended without a view change [FD2]', async () => {
    const [a, b] = await three()
    const lines = messages(b)
    const { number } = a.view
    faults[0]!.cut(b.self)
    expect(faults[0]!.list).toEqual([{ peer: peerOf(b), cut: true, delayMs: 0 }])
    a.cbcast('around')
    await eventually(() => lines).toEqual(['around'])
    await eventually(() => rigLink(0, b)).toMatchObject({ state: 'relayed' })
    faults[0]!.mend(b.self)
    expect(faults[0]!.list).toEqual([])
    await eventually(() => rigLink(0, b)).toMatchObject({ state: 'direct' })
    a.cbcast('straight on')
    await eventually(() => lines).toEqual(['around', 'straight on'])
    expect(a.view.number).toBe(number)
  })

  it('that crash a peer end its groups, and the others leave it out [FD3]', async () => {
    const [a, b] = await three()
    const watch = { signaling: rig.signaling.connect(), heard: new Recorder() }
    watch.signaling.open('watch' as PeerId, watch.heard)
    watch.signaling.enter('room')
    await watch.heard.hears(['room', 'room', peers.map(({ id }) => id)])
    const failed: unknown[] = []
    peers[0]!.addEventListener('error', ({ error }) => failed.push(error.code))
    faults[0]!.crash()
    await eventually(() => a.status).toBe('left')
    expect(failed).toEqual(['closed'])
    expect(() => a.cbcast('too late')).toThrow(expect.objectContaining({ code: 'closed' }))
    await size(b, 2)
    // No goodbye, to the server either.
    await watch.heard.hears(['left', 'room', peers[0]!.id, true])
    expect(watch.heard.count(['left', 'room', peers[0]!.id, false])).toBe(0)
    watch.signaling.close()
    faults[0]!.crash()
  })

  it('that delay a peer keep its order, and end together with all others', async () => {
    const [a, b] = await three()
    const lines = messages(b)
    faults[0]!.delay(peerOf(b), 30)
    faults[0]!.cut(peers[2]!.id)
    for (const word of ['one', 'two', 'three']) a.cbcast(word)
    await eventually(() => lines).toEqual(['one', 'two', 'three'])
    expect(faults[0]!.list).toHaveLength(2)
    faults[0]!.mendAll()
    expect(faults[0]!.list).toEqual([])
  })

  it('are for others than the peer itself', async () => {
    const [a] = await three()
    for (const strike of ['cut', 'mend'] as const) {
      expect(() => faults[0]![strike](a.self)).toThrow(/another peer/)
    }
  })
})

describe('createFaults', () => {
  it.each([
    { what: 'nobody', call: () => createFaults().cut(undefined as never) },
    { what: 'what is no id', call: () => createFaults().cut('a b' as Whom) },
    { what: 'a member without an attempt', call: () => createFaults().mend({ id: 'ada' } as never) },
    { what: 'a negative delay', call: () => createFaults().delay('ada' as Whom, -1) },
    { what: 'an endless delay', call: () => createFaults().delay('ada' as Whom, Number.POSITIVE_INFINITY) },
    { what: 'a time that is none', call: () => createFaults({ brokenAfterMs: Number.NaN }) },
  ])('refuses $what', ({ call }) => {
    expect(call).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })

  it('says that there is no WebRTC here, where there is none', () => {
    const { runtime } = createFaults()
    const wiring = { self: 'me' as never, before: 0, signal: () => {}, iceServers: () => [] }
    const rest = { needed: () => [], versionMismatch: () => {}, failed: () => {} }
    expect(() => runtime.start().connect({ ...wiring, ...rest })).toThrow(/wrtc/)
  })
})

let peers: ReturnType<Rig['peer']>[]

/** Three members of one group; the faults are those of the first. */
async function three(): Promise<[Group, Group, Group]> {
  peers = [rig.peer(), rig.peer(), rig.peer()]
  const groups: Group[] = []
  for (const peer of peers) groups.push(await peer.join('room'))
  await Promise.all(groups.map((group) => eventually(() => group.view.members.length).toBe(3)))
  return groups as [Group, Group, Group]
}

function peerOf(group: Group) {
  return peers.find(({ id }) => group.self.id.startsWith(`${id}.`))!.id
}

function rigLink(index: number, to: Group) {
  return peers[index]!.links.find(({ peer }) => peer === peerOf(to))
}
