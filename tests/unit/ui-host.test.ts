import { describe, expect, it, vi } from 'vitest'
import type { Group } from '../../peer/index.ts'
import { GroupHost } from '../../ui/group/group-host.ts'
import type { SavedParts } from '../../ui/group/parts.ts'

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
