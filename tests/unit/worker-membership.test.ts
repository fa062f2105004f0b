import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { Lineage, MemberId, PeerId } from '../../peer/base/ids.ts'
import { LocalConnections } from '../../peer/client/local-runtime.ts'
import type { PortOutput } from '../../peer/client/membership-port.ts'
import { realClock } from '../../peer/runtime/clock.ts'
import { createLoopbackNetwork } from '../../peer/transport/loopback.ts'
import { HostedGroup } from '../../peer/worker/hosted-group.ts'
import { type Door, Mail } from '../../peer/worker/mail.ts'
import type { ToPage, ToWorker } from '../../peer/worker/protocol.ts'
import { WorkerMembership } from '../../peer/worker/worker-membership.ts'

const me = 'me.1' as MemberId
const settings = {
  group: 'room',
  peer: 'me' as PeerId,
  info: new Uint8Array(1),
  hasState: false,
  forks: false,
  replays: false,
  config: DEFAULT_CONFIG,
}

describe('a membership in a worker, at the page', () => {
  it('says, when it stops, that what it does not know of may have been sent [RC1]', async () => {
    const { membership, said, told } = atPage()
    for (const ref of [1, 2, 3, 4]) membership.input(multicast(ref))
    membership.take({ type: 'output', group: 1, output: { type: 'fate', ref: 2, id: undefined, fate: 'not-sent' } })
    membership.take({ type: 'output', group: 1, output: { type: 'stamped', ref: 3 } })
    told.length = 0
    membership.stop()
    expect(told).toEqual([
      { type: 'stamped', ref: 1 },
      { type: 'stamped', ref: 4 },
    ])
    await Promise.resolve()
    expect(said().map(({ type }) => type)).toEqual(['join', 'multicasts', 'stop'])
    membership.take({ type: 'output', group: 1, output: { type: 'ended', reason: 'left' } })
    expect(told).toHaveLength(2)
  })

  it('asks for an inspection once at a time, and knows the last one', async () => {
    const { membership, said } = atPage()
    expect([membership.inspect(), membership.inspect()]).toEqual([undefined, undefined])
    await Promise.resolve()
    expect(said().filter(({ type }) => type === 'inspect')).toHaveLength(1)
    membership.take({ type: 'inspected', group: 1, engine: { phase: 'joining' } as never })
    expect(membership.inspect()).toEqual({ phase: 'joining' })
    await Promise.resolve()
    expect(said().filter(({ type }) => type === 'inspect')).toHaveLength(2)
  })

  it('tells the worker when somebody begins to read the trace, before what is multicast then [TR1]', async () => {
    const { membership, said, trace } = atPage()
    membership.input(multicast(1))
    trace.isRead = true
    membership.input(multicast(2))
    await Promise.resolve()
    expect(said().map(({ type }) => type)).toEqual(['join', 'multicasts', 'traced', 'multicasts'])
  })
})

describe('a membership in a worker, at the worker', () => {
  it('does not send what was asked for in an attempt that is over [RC1]', async () => {
    const { group, told } = await atWorker()
    const run = (self: MemberId, ref: number): void => group.take(multicasts(self, ref))
    run('me.9' as MemberId, 1)
    run(me, 2)
    await Promise.resolve()
    await Promise.resolve()
    const fates = told().flatMap((item) => (item.type === 'output' && item.output.type === 'fate' ? item.output : []))
    expect(fates).toEqual([{ type: 'fate', ref: 1, id: undefined, fate: 'not-sent' }])
    expect(told().filter(({ type }) => type === 'run').length).toBeGreaterThan(0)
    group.membership.stop()
  })

  it('tells the group that its page does not keep up, until it does [FL1, FL2]', async () => {
    const { group, told } = await atWorker({ consumerQueueBytesMax: 1_000 })
    for (let ref = 1; ref <= 10; ref++) group.take(multicasts(me, ref, 200))
    const isFull = (): boolean => group.membership.inspect().view!.members[0]!.full
    await expect.poll(isFull).toBe(true)
    const bytes = told().reduce((sum, item) => sum + (item.type === 'run' ? item.run.length : 0), 0)
    group.take({ type: 'taken', group: 1, bytes })
    await expect.poll(isFull).toBe(false)
    group.membership.stop()
  })
})

function atPage() {
  const { mail, items } = noting<ToWorker>()
  const told: PortOutput[] = []
  const trace = { isRead: false }
  const options = { ...settings, isTraced: () => trace.isRead, app: (output: PortOutput) => void told.push(output) }
  return { membership: new WorkerMembership(1, options, mail), told, trace, said: items }
}

/** A group founded in a worker, its page's words to come from the test. */
async function atWorker(config: Partial<typeof DEFAULT_CONFIG> = {}) {
  const { mail, items } = noting<ToPage>()
  const connections = new LocalConnections({
    self: settings.peer,
    clock: realClock,
    transport: createLoopbackNetwork().transport(settings.peer),
    needed: () => [],
    versionMismatch: () => {},
  })
  const changed = { ...settings, config: { ...DEFAULT_CONFIG, ...config } }
  const group = new HostedGroup(1, { ...changed, isTraced: false }, connections, mail)
  group.take({ type: 'input', group: 1, input: { type: 'found', lineage: 'line' as Lineage } })
  await Promise.resolve()
  return { group, told: items }
}

function multicast(ref: number, bytes = 1) {
  return { type: 'multicast', ref, kind: 'causal', payload: new Uint8Array(bytes) } as const
}

function multicasts(self: MemberId, ref: number, bytes = 1) {
  const { mail, items } = noting<ToWorker>()
  const membership = new WorkerMembership(1, { ...settings, app: () => {} }, mail)
  membership.self = self
  membership.input(multicast(ref, bytes))
  mail.flush()
  return items().find((item) => item.type === 'multicasts')!
}

function noting<Item>(): { mail: Mail<Item>; items(): Item[] } {
  const posted: Item[][] = []
  const door: Door = { postMessage: (message) => posted.push(message as Item[]), addEventListener: () => {} }
  return { mail: new Mail<Item>(door), items: () => posted.flat() }
}
