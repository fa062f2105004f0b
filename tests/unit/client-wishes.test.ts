import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { Wishes } from '../../peer/client/wishes.ts'
import { ManualClock } from './client-support.ts'

describe('wishes', () => {
  it('that are closed leave no timer behind, so that a program of Node can end', async () => {
    const clock = new ManualClock()
    const transport = { want: () => {}, unwant: () => {}, reset: () => {}, links: () => [] }
    const wishes = new Wishes({ self: 'me' as PeerId, clock, transport, needed: () => [] })
    wishes.keep('a' as PeerId, 2_000)
    wishes.keep('a' as PeerId, 60_000)
    wishes.keep('b' as PeerId, 60_000)
    expect(clock.timers).toBe(2)
    wishes.close()
    wishes.keep('c' as PeerId, 60_000)
    expect(clock.timers).toBe(0)
  })
})
