import { describe, expect, it, vi } from 'vitest'
import type { CausalToken } from '../../peer/client/types.ts'
import { forbidUnhandledRejections, heard, joined } from './client-group-support.ts'
import { deliver, failure, LINEAGE, stamped, thrown } from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
forbidUnhandledRejections()

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

  it('that nobody awaits shows its failure even when the page goes in that turn', async () => {
    const { core, group, engine, put } = await joined()
    const lines = heard(group)
    group.abcast('x')
    put(stamped(1))
    engine.answer = (input) => (input.type === 'close' ? [{ type: 'ended', reason: 'closed' }] : [])
    core.close()
    expect(lines).toEqual(['error closed unknown', 'status left'])
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

  it.each([256, 1_000, 256 * 1024])('is not one that has %i bytes, if that is messageBytesMax', async (bytes) => {
    const { group } = await joined({}, { messageBytesMax: bytes })
    for (const fill of [(size: number) => new Uint8Array(size), (size: number) => 'x'.repeat(size)]) {
      group.cbcast(fill(bytes))
      expect(thrown(() => group.cbcast(fill(bytes + 1))).code).toBe('too-large')
    }
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

  it('throws closed once its peer is closing', async () => {
    const { core, group, put } = await joined()
    const receipt = group.abcast(1)
    const closing = core.leave('closed')
    expect(thrown(() => group.cbcast(1))).toMatchObject({ code: 'closed', message: expect.stringContaining('connect') })
    put({ type: 'ended', reason: 'left' })
    expect(await failure(receipt)).toMatchObject({ code: 'left', fate: 'not-sent' })
    await closing
    expect(thrown(() => group.cbcast(1)).code).toBe('closed')
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
