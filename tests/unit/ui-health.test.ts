import type { ReactiveController } from 'lit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GroupInspection, MemberId } from '../../peer/index.ts'
import { healthOf, readHealth, relayOf } from '../../ui/controllers/health.ts'
import { HealthController } from '../../ui/controllers/health-controller.ts'
import { peerOf } from '../../ui/peer-of.ts'

type Seen = Pick<GroupInspection, 'self' | 'queued' | 'engine'>

const me = 'me.1' as MemberId
const ada = { id: 'ada.2' as MemberId }
const bo = { id: 'bo.1' as MemberId }

function seen(members: unknown, messages = 0): Seen {
  return { self: me, queued: { messages, bytes: 0 }, engine: { view: { members } } }
}

describe('how members are reached', () => {
  it('is read from the inspection [FD2]', () => {
    const health = readHealth(
      seen([
        { id: me, direct: true, suspected: false },
        { id: ada.id, direct: false, suspected: false, via: 'bo' },
        { id: bo.id, direct: false, suspected: true, via: 'ada' },
      ]),
    )
    expect(healthOf(health, ada)).toEqual({ suspected: false, via: 'bo' })
    expect(healthOf(health, bo)).toEqual({ suspected: true, via: undefined })
    expect(relayOf(healthOf(health, ada), [ada, bo])).toBe(bo)
    expect(relayOf(healthOf(health, bo), [ada, bo])).toBeUndefined()
  })

  it.each([
    { what: 'a link of its own', member: { direct: true, via: 'bo' } },
    { what: 'a goodbye', member: { direct: false, departed: true, via: 'bo' } },
    { what: 'no way yet', member: { direct: false } },
    { what: 'something unknown', member: { direct: 'yes', suspected: 'no', via: 7 } },
  ])('is taken to be well with $what', ({ member }) => {
    const health = readHealth(seen([{ id: ada.id, ...member }]))
    expect(healthOf(health, ada)).toEqual({ suspected: false, via: undefined })
  })

  it.each([[undefined], [7], [[{}]]])('is unknown where the inspection has another shape: %j', (members) => {
    expect(healthOf(readHealth(seen(members)), ada)).toEqual({ suspected: false, via: undefined })
  })

  it('knows a peer again under a new id', () => {
    expect(['a.b.1', 'a.b.12', 'a.c.1'].map((id) => peerOf({ id }))).toEqual(['a.b', 'a.b', 'a.c'])
  })
})

describe('looking at it', () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('document', page)
    page.visibilityState = 'visible'
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  function element(): { look: Seen; looks: number; updates: number; controller: HealthController } {
    const state = { look: seen([]), looks: 0, updates: 0 }
    const inspect = (): GroupInspection => {
      state.looks++
      return state.look as GroupInspection
    }
    const controllers: ReactiveController[] = []
    const host = {
      addController: (controller: ReactiveController) => controllers.push(controller),
      removeController: () => {},
      requestUpdate: () => {
        state.updates++
        for (const controller of controllers) controller.hostUpdate?.()
      },
      updateComplete: Promise.resolve(true),
    }
    return Object.assign(state, { controller: new HealthController(host, () => ({ inspect })) })
  }

  it('is done once a second, and renders only what changed', () => {
    const shown = element()
    shown.controller.hostConnected()
    vi.advanceTimersByTime(3_000)
    expect(shown.updates).toBe(0)
    shown.look = seen([{ id: ada.id, suspected: true }])
    vi.advanceTimersByTime(3_000)
    expect(shown.updates).toBe(1)
    expect(healthOf(shown.controller.health, ada).suspected).toBe(true)
    shown.look = seen([{ id: ada.id, suspected: true }], 4)
    vi.advanceTimersByTime(1_000)
    expect([shown.updates, shown.controller.health.queued]).toEqual([2, 4])
    shown.controller.hostDisconnected()
  })

  it('rests while the page is hidden, and while the element is not in it', () => {
    const shown = element()
    shown.controller.hostConnected()
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    const before = shown.looks
    vi.advanceTimersByTime(10_000)
    expect(shown.looks).toBe(before)
    page.visibilityState = 'visible'
    page.dispatchEvent(new Event('visibilitychange'))
    vi.advanceTimersByTime(2_000)
    expect(shown.looks).toBe(before + 3)
    shown.controller.hostDisconnected()
    page.dispatchEvent(new Event('visibilitychange'))
    vi.advanceTimersByTime(10_000)
    expect(shown.looks).toBe(before + 3)
    expect(vi.getTimerCount()).toBe(0)
  })
})
