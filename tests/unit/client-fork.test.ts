import { describe, expect, it, vi } from 'vitest'
import type { Lineage } from '../../peer/base/ids.ts'
import type { Output } from '../../peer/engine/io.ts'
import { forbidUnhandledRejections, heard, joined, type Opened } from './client-group-support.ts'
import { failure, install, ScriptedEngine, turn } from './client-support.ts'

vi.mock('../../peer/engine/engine.ts', async () => ({ Engine: (await import('./client-support.ts')).ScriptedEngine }))
forbidUnhandledRejections()

const BLOCKED: Output = { type: 'status', status: 'blocked' }
const MEMBER: Output = { type: 'status', status: 'member' }

function firstOfFork(): Output {
  const { view, ...change } = install(3, ['me.1'], { failed: ['you.1'] })
  return { ...change, view: { ...view, lineage: 'lineage~2.0' as Lineage } }
}

async function blocked(): Promise<Opened> {
  const opened = await joined()
  opened.put(BLOCKED)
  return opened
}

/** Whether it has resolved or rejected. */
function watch(promise: Promise<unknown>): { readonly settled: boolean } {
  const state = { settled: false }
  const settle = (): void => {
    state.settled = true
  }
  promise.then(settle, settle)
  return state
}

describe('fork', () => {
  it('asks the engine, and resolves in the first view of the fork [PT3]', async () => {
    const { group, engine, put } = await blocked()
    const lines = heard(group)
    const fork = group.fork()
    const state = watch(fork)
    await turn()
    expect([engine.inputs.at(-1), state.settled]).toEqual([{ type: 'fork' }, false])
    put(firstOfFork(), MEMBER)
    await fork
    expect([group.status, group.view.lineage, group.view.primary]).toEqual(['member', 'lineage~2.0', false])
    expect(lines).toEqual(['view 3', 'status member'])
  })

  it('resolves in the first view of the fork even if that is blocked again at once', async () => {
    const { group, put } = await blocked()
    const fork = group.fork()
    put(firstOfFork())
    await fork
    expect(group.status).toBe('blocked')
  })

  it.each<{ what: string; outputs: Output[]; status: string }>([
    { what: 'the others are in reach again', outputs: [MEMBER], status: 'member' },
    { what: 'the others had gone on', outputs: [{ type: 'ended', reason: 'excluded' }], status: 'rejoining' },
  ])('resolves when $what', async ({ outputs, status }) => {
    const { group, put } = await blocked()
    const fork = group.fork()
    put(...outputs)
    await fork
    expect(group.status).toBe(status)
  })

  it('waits through views of the same lineage', async () => {
    const { group, put } = await blocked()
    const fork = group.fork()
    const state = watch(fork)
    put(install(3, ['me.1', 'you.1']))
    await turn()
    expect(state.settled).toBe(false)
    put(MEMBER)
    await fork
  })

  it('rejects with not-blocked where there is a quorum, and one is coming back anyway', async () => {
    const { group, engine, put } = await joined()
    expect((await failure(group.fork())).code).toBe('not-blocked')
    put({ type: 'ended', reason: 'excluded' })
    expect((await failure(group.fork())).code).toBe('not-blocked')
    expect(engine.inputs).not.toContainEqual({ type: 'fork' })
  })

  it.each(['left', 'broken'] as const)('rejects when the membership ends: %s', async (reason) => {
    const { group, put } = await blocked()
    const fork = failure(group.fork())
    put({ type: 'ended', reason })
    expect((await fork).code).toBe('left')
    expect((await failure(group.fork())).code).toBe('left')
  })

  it('rejects when the peer is closed meanwhile, and after that', async () => {
    const { group, core } = await blocked()
    const fork = failure(group.fork())
    void core.leave('closed')
    core.close()
    expect((await fork).code).toBe('closed')
    expect((await failure(group.fork())).code).toBe('closed')
  })
})

describe('a merge', () => {
  it('is an event before what follows from it [PT4]', async () => {
    const { group, put } = await joined({ onMerge: 'replay' })
    const lines = heard(group)
    const { view } = install(2, ['me.1', 'you.1'])
    put(
      { type: 'dissolved', view, into: 'bigger' as Lineage, fates: [], members: view.members.map(({ id }) => id) },
      { type: 'ended', reason: 'merged' },
    )
    expect(lines).toEqual(['merge lineage into bigger', 'status rejoining'])
  })

  it('keeps what was queued for the other lineage', async () => {
    const { group, put, clock } = await joined()
    const receipt = group.cbcast('x')
    const state = watch(receipt.stable)
    const { view } = install(2, ['me.1', 'you.1'])
    put(
      { type: 'dissolved', view, into: 'bigger' as Lineage, fates: [], members: view.members.map(({ id }) => id) },
      { type: 'unsent', ref: 1, kind: 'causal', payload: new Uint8Array([1]), isBulk: false },
      { type: 'ended', reason: 'merged' },
    )
    await clock.pass(0)
    const sent = () => ScriptedEngine.last.inputs.filter(({ type }) => type === 'multicast')
    expect(sent()).toEqual([])
    put(install(3, ['you.1', 'me.2']))
    await clock.pass(0)
    expect(sent()).toMatchObject([{ ref: 1 }])
    expect([state.settled, group.inspect().queued.messages]).toEqual([false, 1])
  })
})
