import { describe, expect, it, vi } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { TuttiError } from '../../peer/base/errors.ts'
import type { Output } from '../../peer/engine/io.ts'
import { encoded, forbidUnhandledRejections, heard, joined, open, take } from './client-group-support.ts'
import { deliver, failure, install, LINEAGE, member, ScriptedEngine, stamped, thrown } from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
forbidUnhandledRejections()

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

  it('that was given up loads no state any more', async () => {
    const loads: unknown[] = []
    const { core, put, engine } = open({ state: { save: () => 0, load: (state) => void loads.push(state) } })
    put(install(2, ['you.1', 'me.1'], { joined: ['me.1'] }))
    core.giveUp(new TuttiError('aborted', 'given up'))
    put({ type: 'load', lineage: LINEAGE, number: 2, from: member('you.1'), state: encoded(1) })
    expect((await failure(core.joined)).code).toBe('aborted')
    expect(loads).toEqual([])
    expect(engine.inputs).toEqual([{ type: 'leave' }, { type: 'loaded', ok: false }])
  })

  it('goes on trying after an attempt that found nobody', async () => {
    const { core, put, clock } = open()
    put({ type: 'ended', reason: 'orphaned' })
    await clock.pass(0)
    expect(ScriptedEngine.last.options.self).toBe('me.2')
    put(install(1, ['me.2']))
    await core.joined
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

  it('of a page that is put aside: the attempt ends at once, whatever the application has to save first', async () => {
    const saves: ((state: unknown) => void)[] = []
    const save = (): Promise<unknown> => new Promise((resolve) => saves.push(resolve))
    const { core, group, put, engine, clock } = await joined({ state: { save, load: () => {} } })
    engine.answer = (input) => (input.type === 'close' ? [{ type: 'ended', reason: 'closed' }] : [])
    put({ type: 'save', lineage: LINEAGE, number: 3 }, { type: 'save', lineage: LINEAGE, number: 4 })
    await clock.pass(0)
    core.pause()
    expect([core.membership.ended, group.status]).toEqual([true, 'member'])
    saves[0]!('state')
    await clock.pass(0)
    expect([saves.length, group.status]).toEqual([1, 'rejoining'])
    expect(ScriptedEngine.last.options.self).toBe('me.1')
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
  it('ends after fateTimeoutMs and a little, whatever the engine does', async () => {
    const { group, clock, ended } = await joined({}, { fateTimeoutMs: 100 })
    const leaving = group.leave()
    await clock.pass(1_100)
    await leaving
    expect(ended()).toBe(true)
    expect(clock.timers).toBe(0)
  })

  it('in the middle of a save that never ends tells honestly of what was sent meanwhile [RC1, TR1]', async () => {
    const { group, clock, put, engine, traced } = await joined({
      state: { save: () => new Promise(() => {}), load: () => {} },
    })
    put({ type: 'save', lineage: LINEAGE, number: 2 })
    const receipts = [group.cbcast('sent'), group.cbcast('not sent')]
    put(stamped(1), deliver('me.1', 'sent', { ref: 1 }))
    engine.answer = (input) => (input.type === 'close' ? [{ type: 'ended', reason: 'closed' }] : [])
    const failures = receipts.map((receipt) => failure(receipt))
    const leaving = group.leave()
    await clock.pass(10_000)
    await leaving
    expect((await Promise.all(failures)).map(({ fate }) => fate)).toEqual(['unknown', 'not-sent'])
    expect(traced.at(-1)?.event).toBe('left')
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
