import { describe, expect, it, vi } from 'vitest'
import { FailureEvent, type Group, TuttiError } from '../../peer/index.ts'
import { GroupHost, type Trouble } from '../../ui/group/group-host.ts'
import type { SavedParts } from '../../ui/group/parts.ts'

const peer = Object.assign(new EventTarget(), { join: () => new Promise(() => {}) })
vi.mock('../../peer/index.ts', async (original) => ({ ...(await original<object>()), connect: () => peer }))

describe('what the server refuses', () => {
  it('comes as trouble, even while joining goes on', () => {
    const host = new GroupHost()
    const troubles: unknown[] = []
    host.addEventListener('trouble', (event) => troubles.push((event as Trouble).error))
    void host.join({ signaling: 'http://server', room: 'room', profile: { name: 'Me' } })
    const error = new TuttiError('not-admitted', 'a token is asked for')
    peer.dispatchEvent(new FailureEvent({ error }))
    expect([host.phase, troubles]).toEqual(['joining', [error]])
  })
})

describe('what an element multicasts', () => {
  it('is refused while the member is coming back, since it would not be sent', () => {
    const host = new GroupHost()
    const value = { tutti: 'chat' }
    expect(host.cast('cbcast', value)).toBe(false)
    const group = { status: 'rejoining', cbcast: vi.fn() }
    host.group = group as unknown as Group<unknown, SavedParts>
    expect(host.cast('cbcast', value)).toBe(false)
    group.status = 'member'
    expect(host.cast('cbcast', value)).toBe(true)
    expect(group.cbcast.mock.calls).toEqual([[value]])
  })
})
