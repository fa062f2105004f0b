import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Config, DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { PeerId } from '../../peer/base/ids.ts'
import type { GroupCore } from '../../peer/client/group-core.ts'
import { encodeInfo } from '../../peer/client/member-info.ts'
import type { CausalToken, Group, GroupEvent, JoinOptions } from '../../peer/client/types.ts'
import type { Output } from '../../peer/engine/io.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import {
  deliver,
  failure,
  install,
  LINEAGE,
  ManualClock,
  member,
  ScriptedEngine,
  stamped,
  thrown,
  turn,
} from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
const { GroupHandle: Handle } = await import('../../peer/client/group.ts')
const { GroupTrace } = await import('../../peer/client/group-trace.ts')
const { Mux } = await import('../../peer/runtime/mux.ts')

interface Opened {
  group: Group
  core: GroupCore<unknown, unknown>
  clock: ManualClock
  engine: ScriptedEngine
  ended: () => boolean
  traced: TraceEvent[]
  /** Has the engine put this out. */
  put(...outputs: Output[]): void
}

function open(join: JoinOptions = {}, config: Partial<Config> = {}): Opened {
  const clock = new ManualClock()
  const links = { send: () => {}, reset: () => {}, frameBytesMax: 1_000 }
  const mux = new Mux({ links, clock, versionMismatch: () => {} })
  const traced: TraceEvent[] = []
  let over = false
  const { group, core } = Handle.open<unknown, unknown>({
    name: 'room',
    peer: 'me' as PeerId,
    info: encodeInfo('Me', null, 1_000),
    join,
    config: { ...DEFAULT_CONFIG, ...config },
    clock,
    mux,
    trace: new GroupTrace((event) => traced.push(event)),
    host: {
      standing: () => {},
      ended: () => {
        over = true
      },
    },
  })
  const put = (...outputs: Output[]): void => {
    ScriptedEngine.last.script(outputs)
    core.membership.input({ type: 'tick' })
  }
  return { group, core, clock, engine: ScriptedEngine.last, ended: () => over, traced, put }
}

/** A member of a view of two that has joined, and may be told of messages. */
async function joined(join: JoinOptions = {}, config: Partial<Config> = {}): Promise<Opened> {
  const opened = open(join, config)
  opened.put(install(1, ['me.1']), install(2, ['me.1', 'you.1'], { joined: ['you.1'] }))
  await opened.core.joined
  await opened.clock.pass(0)
  return opened
}

const eventTypes = ['view', 'message', 'status', 'state', 'error'] as const

/** What listeners hear, in short. */
function heard(group: Group): string[] {
  const lines: string[] = []
  for (const type of eventTypes) group.addEventListener(type, (event) => lines.push(short(event)))
  return lines
}

function short(event: GroupEvent): string {
  switch (event.type) {
    case 'view':
      return `view ${event.view.number}`
    case 'message':
      return `message ${String(event.value)}`
    case 'status':
      return `status ${event.status}`
    case 'state':
      return `state ${event.bytes}/${event.total}`
    case 'error':
      return `error ${event.error.code} ${event.error.fate ?? ''}`.trim()
  }
}

async function take(iterator: AsyncIterator<GroupEvent>, count: number): Promise<string[]> {
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const next = await iterator.next()
    if (next.done) break
    lines.push(short(next.value))
  }
  return lines
}

const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})

afterEach(async () => {
  await turn()
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

describe('joining', () => {
  it('resolves before the first message is handed out', async () => {
    const { core, group, put, clock } = open()
    put(install(2, ['you.1', 'me.1'], { joined: ['me.1'] }), deliver('you.1', 'early'))
    const lines: string[] = []
    const join = core.joined.then(() => {
      group.addEventListener('message', (event) => lines.push(String(event.value)))
    })
    await join
    expect(lines).toEqual([])
    await clock.pass(0)
    expect(lines).toEqual(['early'])
  })

  it('waits for the state to be loaded, and loads it before any message [ST1]', async () => {
    const seen: string[] = []
    let finishLoad = (): void => {}
    const load = (state: unknown): Promise<void> => {
      seen.push(`load ${String(state)}`)
      return new Promise((resolve) => {
        finishLoad = resolve
      })
    }
    const { core, group, put, clock, engine } = open({ state: { save: () => 'mine', load } })
    let resolved = false
    void core.joined.then(() => {
      resolved = true
      group.addEventListener('message', (event) => seen.push(`message ${String(event.value)}`))
    })
    put(install(2, ['you.1', 'me.1'], { joined: ['me.1'] }))
    put(
      { type: 'load', lineage: LINEAGE, number: 2, from: member('you.1'), state: encoded('theirs') },
      deliver('you.1', 1),
    )
    await clock.pass(10)
    expect([resolved, ...seen]).toEqual([false, 'load theirs'])
    finishLoad()
    await clock.pass(0)
    expect(resolved).toBe(true)
    expect(engine.inputs).toContainEqual({ type: 'loaded', ok: true })
    expect(seen).toEqual(['load theirs', 'message 1'])
  })

  it('rejects when the state can not be loaded, and the member leaves', async () => {
    const load = (): void => {
      throw new RangeError('no such board')
    }
    const { core, put, engine, clock, ended } = open({ state: { save: () => 0, load } })
    engine.answer = (input) =>
      input.type === 'loaded' && !input.ok ? [{ type: 'ended', reason: 'state-load-failed' }] : []
    put(install(2, ['you.1', 'me.1'], { joined: ['me.1'] }), {
      type: 'load',
      lineage: LINEAGE,
      number: 2,
      from: member('you.1'),
      state: encoded(1),
    })
    const error = await failure(core.joined)
    expect(error.code).toBe('state-load-failed')
    expect(error.cause).toBeInstanceOf(RangeError)
    await clock.pass(0)
    expect(ended()).toBe(true)
  })

  it.each(['state-unavailable', 'state-mismatch'] as const)(
    'rejects with %s when the engine says so',
    async (reason) => {
      const { core, put } = open()
      put({ type: 'ended', reason })
      expect((await failure(core.joined)).code).toBe(reason)
    },
  )

  it('goes on trying after an attempt that found nobody', async () => {
    const { core, put, clock } = open()
    put({ type: 'ended', reason: 'orphaned' })
    await clock.pass(0)
    expect(ScriptedEngine.last.options.self).toBe('me.2')
    put(install(1, ['me.2']))
    await core.joined
  })
})

describe('events', () => {
  it('reach listeners and iterators in one order [DL6]', async () => {
    const { group, put, clock } = await joined()
    const lines = heard(group)
    const iterator = group[Symbol.asyncIterator]()
    const progress: Output = { type: 'progress', with: member('you.1'), bytes: 1, total: 2 }
    put(
      deliver('you.1', 'a'),
      progress,
      { type: 'status', status: 'blocked' },
      install(3, ['me.1'], { failed: ['you.1'] }),
    )
    await clock.pass(0)
    expect(lines).toEqual(['message a', 'state 1/2', 'status blocked', 'view 3'])
    expect(await take(iterator, 5)).toEqual(['view 2', ...lines])
  })

  it('show who came, who left and who failed, with their ranks', async () => {
    const { group, put } = await joined()
    const changes: unknown[] = []
    group.addEventListener('view', ({ view, joined, left, failed }) => {
      const named = (members: typeof joined): string[] => members.map(({ id, rank }) => `${id}:${rank}`)
      changes.push([view.number, named(joined), named(left), named(failed)])
    })
    put(install(3, ['me.1', 'we.1'], { joined: ['we.1'], failed: ['you.1'] }))
    expect(changes).toEqual([[3, ['we.1:1'], [], ['you.1:1']]])
    expect(group.self).toMatchObject({ id: 'me.1', rank: 0, name: 'me.1' })
  })

  it('do not stop when a listener throws; the host is told of the error', async () => {
    const { group, put } = await joined()
    const told: unknown[] = []
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => told.push(error))
    group.addEventListener('message', () => {
      throw new RangeError('in a listener')
    })
    const lines = heard(group)
    put(deliver('you.1', 1), deliver('you.1', 2))
    await turn()
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
    expect(lines).toEqual(['message 1', 'message 2'])
    expect(told).toHaveLength(2)
  })

  it('tell of a message that can not be decoded, and go on', async () => {
    const { group, put } = await joined()
    const lines = heard(group)
    put({ ...(deliver('you.1', 1) as Extract<Output, { type: 'deliver' }>), payload: Uint8Array.of(255, 255) })
    put(deliver('you.1', 2))
    expect(lines).toEqual(['error not-encodable', 'message 2'])
  })

  it('never nest: a multicast from inside a handler is queued [DL6]', async () => {
    const { group, put, engine } = await joined()
    engine.answer = (input) =>
      input.type === 'multicast' ? [stamped(input.ref), deliver('me.1', 'mine', { ref: 1 })] : []
    const steps: string[] = []
    group.addEventListener('message', ({ value }) => {
      steps.push(`begin ${String(value)}`)
      if (value === 'theirs') group.cbcast('mine')
      steps.push(`end ${String(value)}`)
    })
    put(deliver('you.1', 'theirs'))
    expect(steps).toEqual(['begin theirs', 'end theirs', 'begin mine', 'end mine'])
  })
})

describe('a receipt', () => {
  it('resolves when listeners ran and iterators hold the event [RC1]', async () => {
    const { group, put } = await joined()
    const lines = heard(group)
    const receipt = group.abcast('x')
    put(stamped(1), deliver('me.1', 'x', { ref: 1, order: 4 }))
    const { id, kind, view, order } = await receipt
    expect({ id, kind, order, number: view.number }).toEqual({
      id: `${LINEAGE}/1/me.1/1`,
      kind: 'total',
      order: 4,
      number: 2,
    })
    expect(lines).toEqual(['message x'])
  })

  it('is stable when the engine says so', async () => {
    const { group, put } = await joined()
    const receipt = group.cbcast('x')
    put(stamped(1), deliver('me.1', 'x', { ref: 1 }))
    let stable = false
    void receipt.stable.then(() => {
      stable = true
    })
    await receipt
    expect(stable).toBe(false)
    put({ type: 'stable', ref: 1 })
    await expect(receipt.stable).resolves.toMatchObject({ kind: 'causal' })
  })

  it.each(['not-sent', 'in-cut', 'unknown'] as const)(
    'rejects with the fate %s of what was not delivered here [RC1]',
    async (fate) => {
      const { group, put } = await joined()
      const receipt = group.abcast('x')
      put(stamped(1), { type: 'fate', ref: 1, id: undefined, fate }, { type: 'ended', reason: 'excluded' })
      expect(await failure(receipt)).toMatchObject({ code: 'excluded', fate })
      expect(await failure(receipt.stable)).toMatchObject({ code: 'excluded', fate })
    },
  )

  it('of what was delivered here tells its fate by `stable` alone', async () => {
    const { group, put } = await joined()
    const [kept, lost] = [group.cbcast('kept'), group.cbcast('lost')]
    put(stamped(1), deliver('me.1', 'kept', { ref: 1 }), stamped(2), deliver('me.1', 'lost', { ref: 2, seq: 2 }))
    put(
      { type: 'fate', ref: 1, id: undefined, fate: 'in-cut' },
      { type: 'fate', ref: 2, id: undefined, fate: 'not-sent' },
    )
    await Promise.all([kept, lost, kept.stable])
    expect(await failure(lost.stable)).toMatchObject({ fate: 'not-sent' })
  })

  it('that nobody awaits shows its failure as an event, in its place, and raises no unhandled rejection', async () => {
    const { group, put, clock } = await joined()
    const lines = heard(group)
    group.abcast('x')
    put(stamped(1), { type: 'fate', ref: 1, id: undefined, fate: 'unknown' }, { type: 'ended', reason: 'excluded' })
    await clock.pass(0)
    expect(lines).toEqual(['error excluded unknown', 'status rejoining'])
  })

  it('that is awaited shows no event', async () => {
    const { group, put, clock } = await joined()
    const lines = heard(group)
    const sending = (async () => group.abcast('x'))()
    put(stamped(1), { type: 'fate', ref: 1, id: undefined, fate: 'unknown' })
    expect(await failure(sending)).toMatchObject({ code: 'excluded' })
    await clock.pass(0)
    expect(lines).toEqual([])
  })

  it('settles at the end even if the engine said nothing of it [RC1]', async () => {
    const { group, put } = await joined()
    const [queued, sent] = [group.abcast(1), group.abcast(2)]
    put(stamped(2), { type: 'ended', reason: 'left' })
    expect(await failure(queued)).toMatchObject({ code: 'left', fate: 'not-sent' })
    expect(await failure(sent)).toMatchObject({ code: 'left', fate: 'unknown' })
  })
})

describe('a multicast that can not be', () => {
  it.each([
    ['not-encodable', () => 1],
    ['too-large', new Uint8Array(2_000)],
  ])('%s: throws at the call [RC2]', async (code, value) => {
    const { group, engine } = await joined({}, { messageBytesMax: 1_000 })
    expect(thrown(() => group.cbcast(value)).code).toBe(code)
    expect(engine.inputs).toEqual([])
  })

  it('throws queue-full when too many wait to be sent, and not once they are sent [RC2]', async () => {
    const { group, put } = await joined({}, { queueMessagesMax: 2 })
    group.cbcast(1)
    group.cbcast(2)
    expect(thrown(() => group.cbcast(3)).code).toBe('queue-full')
    put(stamped(1))
    group.cbcast(3)
    expect(group.inspect().queued.messages).toBe(2)
  })

  it('throws queue-full when too many bytes wait [RC2]', async () => {
    const { group } = await joined({}, { queueBytesMax: 1_000 })
    group.cbcast(new Uint8Array(900))
    expect(thrown(() => group.cbcast(new Uint8Array(200))).code).toBe('queue-full')
  })

  it.each([
    { after: [] },
    { causes: 'declared' as const },
    { safe: true },
    { durable: true },
    { keys: ['k'] },
    { loud: true } as object,
  ])('throws unsupported for %o, never ignoring it', async (options) => {
    const { group } = await joined()
    expect(thrown(() => group.abcast(1, options)).code).toBe('unsupported')
  })

  it('throws unsupported for what is not built yet', async () => {
    const { group } = await joined()
    expect(thrown(() => group.batch(() => {})).code).toBe('unsupported')
    expect(thrown(() => group.token()).code).toBe('unsupported')
    expect((await failure(group.reached('' as CausalToken))).code).toBe('unsupported')
    expect((await failure(group.fork())).code).toBe('unsupported')
  })

  it('throws left after leave, at the call', async () => {
    const { group, put } = await joined()
    const leaving = group.leave()
    expect(thrown(() => group.cbcast(1)).code).toBe('left')
    put({ type: 'ended', reason: 'left' })
    await leaving
    expect(thrown(() => group.cbcast(1)).code).toBe('left')
    expect(group.status).toBe('left')
  })

  it('throws closed once the page was closed', async () => {
    const { core, group } = await joined()
    core.close()
    expect(thrown(() => group.cbcast(1)).code).toBe('closed')
  })
})

describe('a signal', () => {
  it('takes a multicast back as long as it is not stamped', async () => {
    const { group, engine } = await joined()
    engine.answer = (input) =>
      input.type === 'cancel' ? [{ type: 'fate', ref: input.ref, id: undefined, fate: 'not-sent' }] : []
    const controller = new AbortController()
    const receipt = group.abcast('x', { signal: controller.signal })
    controller.abort()
    expect(await failure(receipt)).toMatchObject({ code: 'aborted', fate: 'not-sent' })
  })

  it('has no effect on one that is stamped', async () => {
    const { group, put, engine } = await joined()
    const controller = new AbortController()
    const receipt = group.abcast('x', { signal: controller.signal })
    put(stamped(1))
    controller.abort()
    put(deliver('me.1', 'x', { ref: 1, order: 1 }))
    await receipt
    expect(engine.inputs.map(({ type }) => type)).toEqual(['multicast'])
  })

  it('that was aborted before keeps the multicast from being sent', async () => {
    const { group, engine } = await joined()
    const receipt = group.abcast('x', { signal: AbortSignal.abort() })
    expect(await failure(receipt)).toMatchObject({ code: 'aborted', fate: 'not-sent' })
    expect(engine.inputs).toEqual([])
  })
})

describe('iterators', () => {
  it('each start with the current view, then have everything after their creation', async () => {
    const { group, put } = await joined()
    const early = group[Symbol.asyncIterator]()
    put(deliver('you.1', 'a'), install(3, ['me.1', 'you.1', 'we.1'], { joined: ['we.1'] }))
    const late = group[Symbol.asyncIterator]()
    put(deliver('you.1', 'b'))
    expect(await take(early, 4)).toEqual(['view 2', 'message a', 'view 3', 'message b'])
    expect(await take(late, 2)).toEqual(['view 3', 'message b'])
  })

  it('made inside a handler have what comes after it', async () => {
    const { group, put } = await joined()
    let iterator: AsyncIterator<GroupEvent> | undefined
    group.addEventListener('view', () => {
      iterator = group[Symbol.asyncIterator]()
    })
    put(install(3, ['me.1']), deliver('me.1', 'a'))
    expect(await take(iterator!, 2)).toEqual(['view 3', 'message a'])
  })

  it('end when the member has left, after what they still hold', async () => {
    const { group, put } = await joined()
    const iterator = group[Symbol.asyncIterator]()
    put(deliver('you.1', 'a'), { type: 'ended', reason: 'left' })
    expect(await take(iterator, 9)).toEqual(['view 2', 'message a', 'status left'])
    expect(await take(group[Symbol.asyncIterator](), 9)).toEqual(['view 2'])
  })

  it('that ask for nothing with a full queue end with consumer-stalled, and the member stays', async () => {
    const { group, put, clock } = await joined({}, { consumerQueueBytesMax: 1_000, consumerStallMs: 500 })
    const iterator = group[Symbol.asyncIterator]()
    put(deliver('you.1', new Uint8Array(2_000)))
    await clock.pass(499)
    expect(group.inspect().unread.iterators).toBe(1)
    await clock.pass(1)
    expect((await failure(iterator.next())).code).toBe('consumer-stalled')
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(group.status).toBe('member')
    expect(group.inspect().unread).toEqual({ iterators: 0, bytes: 0 })
  })

  it('do not hold up an abcast that is awaited inside for await', async () => {
    const { group, put, engine } = await joined()
    engine.answer = (input) =>
      input.type === 'multicast' ? [stamped(1), deliver('me.1', 'mine', { ref: 1, order: 1 })] : []
    const lines: string[] = []
    const loop = (async () => {
      for await (const event of group) {
        if (event.type !== 'message') continue
        lines.push(String(event.value))
        if (event.value === 'mine') return
        await group.abcast('mine')
      }
    })()
    put(deliver('you.1', 'theirs'))
    await loop
    expect(lines).toEqual(['theirs', 'mine'])
  })
})

describe('saving', () => {
  const save: Output = { type: 'save', lineage: LINEAGE, number: 3 }

  it('happens in its place: after earlier listeners, before later events [ST1]', async () => {
    const steps: string[] = []
    let finish = (_state: unknown): void => {}
    const { group, put, engine, clock } = await joined({
      state: {
        save: () => {
          steps.push('save')
          return new Promise((resolve) => {
            finish = resolve
          })
        },
        load: () => {},
      },
    })
    group.addEventListener('message', ({ value }) => steps.push(String(value)))
    put(deliver('you.1', 'before'), save, install(3, ['me.1', 'you.1']), deliver('you.1', 'after'))
    await clock.pass(100)
    expect(steps).toEqual(['before', 'save'])
    expect(group.inspect().busy).toBe('saving')
    finish('state')
    await clock.pass(0)
    expect(steps).toEqual(['before', 'save', 'after'])
    expect(engine.inputs).toEqual([{ type: 'saved', number: 3, state: encoded('state') }])
  })

  it('waits until every iterator asked for its next event', async () => {
    let saved = 0
    const { group, put, clock } = await joined({ state: { save: () => ++saved, load: () => {} } })
    const busy = group[Symbol.asyncIterator]()
    group[Symbol.asyncIterator]()
    await busy.next()
    put(deliver('you.1', 'a'), save)
    await clock.pass(100)
    expect(saved).toBe(0)
    await busy.next()
    await clock.pass(100)
    expect(saved).toBe(0)
    const asking = busy.next()
    await clock.pass(0)
    expect(saved).toBe(1)
    await busy.return?.()
    await asking
  })

  it('counts as failed after consumerWaitMs', async () => {
    const { group, put, clock, engine } = await joined({ state: { save: () => 1, load: () => {} } })
    const lines = heard(group)
    const busy = group[Symbol.asyncIterator]()
    await busy.next()
    put(deliver('you.1', 'a'), save, deliver('you.1', 'b'))
    await clock.pass(DEFAULT_CONFIG.consumerWaitMs)
    expect(engine.inputs).toEqual([{ type: 'saved', number: 3, state: undefined }])
    expect(lines).toEqual(['message a', 'error state-unavailable', 'message b'])
  })

  it.each([
    ['throws', 'state-unavailable', () => Promise.reject(new Error('no'))],
    ['returns what can not be encoded', 'not-encodable', () => new Map()],
  ])('counts as failed when it %s, and says so', async (_how, code, fail) => {
    const { group, put, clock, engine } = await joined({ state: { save: fail, load: () => {} } })
    const lines = heard(group)
    put(save)
    await clock.pass(0)
    expect(engine.inputs).toEqual([{ type: 'saved', number: 3, state: undefined }])
    expect(lines).toEqual([`error ${code}`])
  })

  it('counts as failed after saveTimeoutMs, and events still wait until it settles', async () => {
    let finish = (): void => {}
    const slow = (): Promise<number> =>
      new Promise((resolve) => {
        finish = () => resolve(1)
      })
    const { group, put, clock, engine } = await joined({ state: { save: slow, load: () => {} } }, { saveTimeoutMs: 50 })
    const lines = heard(group)
    put(save, deliver('you.1', 'after'))
    await clock.pass(60)
    expect(engine.inputs).toEqual([{ type: 'saved', number: 3, state: undefined }])
    expect(lines).toEqual([])
    finish()
    await clock.pass(0)
    expect(lines).toEqual(['message after'])
    expect(engine.inputs).toHaveLength(1)
  })
})

describe('rejoining', () => {
  it('keeps the group, its listeners and iterators; self.id changes and load replaces the state [FD4]', async () => {
    const loads: unknown[] = []
    const { group, put, clock } = await joined({ state: { save: () => 0, load: (state) => void loads.push(state) } })
    const lines = heard(group)
    const iterator = group[Symbol.asyncIterator]()
    put({ type: 'ended', reason: 'excluded' })
    await clock.pass(0)
    expect(group.status).toBe('rejoining')
    put(install(5, ['you.1', 'me.2'], { joined: ['me.2'] }))
    expect(group.status).toBe('rejoining')
    put(
      { type: 'load', lineage: LINEAGE, number: 5, from: member('you.1'), state: encoded('new') },
      deliver('you.1', 'x'),
    )
    await clock.pass(0)
    expect(loads).toEqual(['new'])
    expect(group.self.id).toBe('me.2')
    expect(lines).toEqual(['status rejoining', 'view 5', 'status member', 'message x'])
    expect(await take(iterator, 5)).toEqual(['view 2', ...lines])
  })

  it('rejects what is multicast meanwhile as not sent', async () => {
    const { group, put, clock } = await joined()
    put({ type: 'ended', reason: 'excluded' })
    expect(await failure(group.cbcast(1))).toMatchObject({ code: 'excluded', fate: 'not-sent' })
    const lines = heard(group)
    group.cbcast(2)
    await clock.pass(0)
    expect(lines).toEqual(['error excluded not-sent'])
  })

  it('loads once iterators asked for their next; one that never does ends with consumer-stalled', async () => {
    const loads: unknown[] = []
    const { group, put, clock } = await joined(
      { state: { save: () => 0, load: (state) => void loads.push(state) } },
      { consumerStallMs: 700 },
    )
    const busy = group[Symbol.asyncIterator]()
    await busy.next()
    put(deliver('you.1', 'old'), { type: 'ended', reason: 'excluded' })
    await clock.pass(0)
    put(install(5, ['you.1', 'me.2']), {
      type: 'load',
      lineage: LINEAGE,
      number: 5,
      from: member('you.1'),
      state: encoded(1),
    })
    await clock.pass(699)
    expect(loads).toEqual([])
    await clock.pass(1)
    expect(loads).toEqual([1])
    expect((await failure(busy.next())).code).toBe('consumer-stalled')
  })

  it('that comes to nothing ends the membership with a word', async () => {
    const { group, put, clock } = await joined()
    put({ type: 'ended', reason: 'excluded' })
    await clock.pass(0)
    const lines = heard(group)
    put({ type: 'ended', reason: 'state-unavailable' })
    expect(lines).toEqual(['error state-unavailable', 'status left'])
    expect(thrown(() => group.cbcast(1)).code).toBe('left')
  })
})

describe('leaving', () => {
  it('ends after leaveTimeoutMs and a little, whatever the engine does', async () => {
    const { group, clock, ended } = await joined({}, { leaveTimeoutMs: 100 })
    const leaving = group.leave()
    await clock.pass(1_100)
    await leaving
    expect(ended()).toBe(true)
    expect(clock.timers).toBe(0)
  })

  it('tells once, at the end, and both calls end', async () => {
    const { group, put } = await joined()
    const lines = heard(group)
    const both = [group.leave(), group[Symbol.asyncDispose]()]
    put({ type: 'ended', reason: 'left' })
    await Promise.all(both)
    expect(lines).toEqual(['status left'])
  })

  it('while being left out leaves the attempt that follows, too', async () => {
    const { group, put, clock } = await joined()
    const leaving = group.leave()
    put({ type: 'ended', reason: 'excluded' })
    await clock.pass(0)
    expect(ScriptedEngine.last.inputs).toEqual([{ type: 'leave' }])
    put({ type: 'ended', reason: 'left' })
    await leaving
  })

  it('while the page closes gives the vote away and ends in the same turn', async () => {
    const { core, group, engine, ended } = await joined()
    engine.answer = (input) => (input.type === 'close' ? [{ type: 'ended', reason: 'closed' }] : [])
    core.close()
    expect(engine.inputs).toEqual([{ type: 'close' }])
    expect([ended(), group.status]).toEqual([true, 'left'])
  })
})

describe('writable, inspect and trace', () => {
  it('accepts a write when the one before was delivered here [FL2]', async () => {
    const { group, put } = await joined()
    const writer = group.writable('abcast').getWriter()
    void writer.write('a')
    const second = writer.write('b')
    await turn()
    expect(group.inspect().queued.messages).toBe(1)
    put(stamped(1), deliver('me.1', 'a', { ref: 1, order: 1 }))
    await turn()
    put(stamped(2), deliver('me.1', 'b', { ref: 2, order: 2 }))
    await second
  })

  it('shows what is going on as plain data', async () => {
    const { group } = await joined()
    expect(group.inspect()).toEqual({
      name: 'room',
      self: 'me.1',
      status: 'member',
      view: group.view,
      queued: { messages: 0, bytes: 0 },
      unread: { iterators: 0, bytes: 0 },
      busy: undefined,
      engine: { scripted: true },
    })
  })

  it('traces from the first install on, and to listeners until they stop [TR1]', async () => {
    const { group, put, traced } = await joined()
    const heardOnes: TraceEvent[] = []
    const stop = group.trace((event) => heardOnes.push(event))
    put(deliver('you.1', 'a'))
    stop()
    put(deliver('you.1', 'b'))
    expect(traced.map(({ event }) => event)).toEqual(['install', 'install', 'deliver', 'deliver'])
    expect(heardOnes.map(({ event }) => event)).toEqual(['deliver'])
  })
})

function encoded(value: unknown): Uint8Array {
  return (deliver('x.1', value) as Extract<Output, { type: 'deliver' }>).payload
}
