import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Presence } from '../../peer/yjs/presence.ts'

/** The clock of y-protocols, which takes hold of it as soon as it is loaded. */
const clock = vi.hoisted(() => {
  const real = Date.now
  const restore = (): void => {
    Date.now = real
  }
  const made = { aheadMs: 0, restore }
  Date.now = () => real() + made.aheadMs
  return made
})

function pass(ms: number): void {
  clock.aheadMs += ms
  vi.advanceTimersByTime(ms)
}

afterAll(() => clock.restore())

describe('presence', () => {
  const awarenesses: Awareness[] = []

  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))

  afterEach(() => {
    for (const awareness of awarenesses.splice(0)) awareness.destroy()
    vi.useRealTimers()
  })

  function awareness(): Awareness {
    const made = new Awareness(new Y.Doc())
    awarenesses.push(made)
    return made
  }

  /** What a page says of itself. */
  function told(of: Awareness, state: object): Uint8Array {
    of.setLocalState(state as Record<string, unknown>)
    return encodeAwarenessUpdate(of, [of.clientID])
  }

  it('of a member lasts as long as it is one, however long it says nothing', () => {
    const [here, there] = [awareness(), awareness()]
    const presence = new Presence(here, {}, () => {})
    expect(presence.apply(told(there, { name: 'Bo' }), 'bo.1')).toBe(true)
    pass(300_000)
    expect(here.getStates().get(there.clientID)).toEqual({ name: 'Bo' })
    expect(presence.memberOf(there.clientID)).toBe('bo.1')
    presence.keepOnly(new Set())
    expect([...here.getStates().keys()]).toEqual([here.clientID])
    presence.close()
  })

  it('that another provider brought is told to the others, and that it timed out, too', async () => {
    const [here, stranger, other] = [awareness(), awareness(), awareness()]
    const beyond = new Presence(other, {}, () => {})
    const presence = new Presence(here, {}, (update) => beyond.apply(update, 'here.1'))
    applyAwarenessUpdate(here, told(stranger, { name: 'Cy' }), 'another provider')
    await Promise.resolve()
    expect(other.getStates().get(stranger.clientID)).toEqual({ name: 'Cy' })
    pass(60_000)
    await Promise.resolve()
    expect(here.getStates().has(stranger.clientID)).toBe(false)
    expect(other.getStates().has(stranger.clientID)).toBe(false)
    presence.close()
    beyond.close()
  })

  it('that ends in nonsense leaves nobody behind', () => {
    const [here, there] = [awareness(), awareness()]
    const presence = new Presence(here, {}, () => {})
    const update = told(there, { name: 'Bo' })
    // It says that it holds two.
    update[0] = 2
    expect(presence.apply(update, 'bo.1')).toBe(false)
    expect(here.getStates().has(there.clientID)).toBe(false)
    presence.close()
  })

  it('belongs to its member also where a handler of the application fails, which is told', async () => {
    const [here, there] = [awareness(), awareness()]
    const presence = new Presence(here, {}, () => {})
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const fail = (): never => {
      throw new Error('a handler')
    }
    here.on('change', fail)
    expect(presence.apply(told(there, { name: 'Bo' }), 'bo.1')).toBe(true)
    here.off('change', fail)
    vi.unstubAllGlobals()
    expect(reported).toHaveBeenCalledExactlyOnceWith(new Error('a handler'))
    presence.remove('bo.1')
    expect(here.getStates().has(there.clientID)).toBe(false)
    presence.close()
  })
})
