import { describe, expect, it, vi } from 'vitest'
import type { GroupEvent } from '../../peer/client/types.ts'
import type { Output } from '../../peer/engine/io.ts'
import type { TraceEvent } from '../../peer/runtime/trace.ts'
import { forbidUnhandledRejections, heard, joined, take } from './client-group-support.ts'
import { deliver, failure, install, member, stamped, thrown, turn } from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
forbidUnhandledRejections()

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

  it('takes back the write that waits when it is aborted, and does not wait for the others', async () => {
    const { group, engine } = await joined()
    engine.answer = (input) =>
      input.type === 'cancel' ? [{ type: 'fate', ref: input.ref, id: undefined, fate: 'not-sent' }] : []
    const writer = group.writable('abcast').getWriter()
    writer.closed.catch(() => {})
    const written = failure(writer.write('a'))
    await turn()
    await writer.abort()
    expect(await written).toMatchObject({ code: 'aborted', fate: 'not-sent' })
    expect(group.inspect().queued.messages).toBe(0)
  })

  it('refuse what they can not do anything with, at the call', async () => {
    const { group } = await joined()
    expect(thrown(() => group.writable('leave' as 'cbcast')).code).toBe('invalid-option')
    expect(thrown(() => group.trace(undefined as unknown as () => void)).code).toBe('invalid-option')
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
