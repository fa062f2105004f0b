import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GroupStatus, Member } from '../../peer/index.ts'
import { type Health, unknownHealth } from '../../ui/controllers/health.ts'
import { Newcomers } from '../../ui/roster/newcomers.ts'
import { entryLabel, initial, type RosterSituation, rosterEntries } from '../../ui/roster/roster-entries.ts'

const [ada, bo, cy] = ['ada', 'bo', 'cy'].map(
  (name, rank) => ({ id: `${name}.1`, name, metadata: null, rank }) as unknown as Member,
) as [Member, Member, Member]

function entries(situation: Partial<RosterSituation> = {}) {
  return rosterEntries({
    members: [ada, bo, cy],
    self: bo,
    status: 'member',
    health: unknownHealth,
    newcomers: new Set(),
    departed: [],
    profileOf: ({ name }) => ({ name, color: 1 }),
    ...situation,
  })
}

describe('the roster', () => {
  it('has the members by rank, and says who coordinates and who one is', () => {
    expect(entries().map(entryLabel)).toEqual(['ada, coordinator', 'bo, you', 'cy'])
    expect(entries().map(({ isSelf, isCoordinator }) => [isSelf, isCoordinator])).toEqual([
      [false, true],
      [true, false],
      [false, false],
    ])
  })

  it.each<[GroupStatus, string]>([
    ['blocked', 'bo, you, waiting'],
    ['rejoining', 'bo, you, coming back'],
  ])('says of oneself what is the matter: %s', (status, label) => {
    expect(entryLabel(entries({ status })[1]!)).toBe(label)
  })

  it('says who does not answer, and who is reached through whom [FD2]', () => {
    const health: Health = {
      queued: 0,
      members: new Map([
        [ada.id, { suspected: true, via: undefined }],
        [cy.id, { suspected: false, via: 'ada' }],
      ]),
    }
    const shown = entries({ health })
    expect(shown.map(({ state }) => state)).toEqual(['silent', 'here', 'here'])
    expect(shown.map(entryLabel)).toEqual(['ada, does not answer, coordinator', 'bo, you', 'cy, through ada'])
    const through = new Map([[cy.id, { suspected: false, via: 'somebody' }]])
    expect(entryLabel(entries({ health: { queued: 0, members: through } })[2]!)).toBe('cy, through others')
  })

  it('says who has just come, but not of oneself', () => {
    expect(entries({ newcomers: new Set([bo.id, cy.id]) }).map(entryLabel)).toEqual([
      'ada, coordinator',
      'bo, you',
      'cy, just came',
    ])
  })

  it('says who went, unless they are back under another member id [FD3, FD4]', () => {
    const gone = (id: string, failed: boolean) => ({ id, name: id, color: 2, failed })
    const shown = entries({ departed: [gone('dee.1', false), gone('eve.1', true), gone('cy.0', true)] }).slice(3)
    expect(shown.map(({ state }) => state)).toEqual(['left', 'failed'])
    expect(shown.map(entryLabel)).toEqual(['dee.1, left', 'eve.1, out of reach'])
  })

  it.each([
    ['ada', 'A'],
    ['ßo', 'SS'],
    ['🦊 fox', '🦊'],
    ['<b>', '<'],
    ['', '?'],
  ])('shows of the name %j the letter %s', (name, letter) => {
    expect(initial(name)).toBe(letter)
  })
})

describe('newcomers', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are new for a while, or until the next view', () => {
    const changed = vi.fn()
    const newcomers = new Newcomers(changed)
    newcomers.came(['a.1'])
    vi.advanceTimersByTime(20_000)
    newcomers.came(['b.1'])
    expect([...newcomers.ids]).toEqual(['b.1'])
    vi.advanceTimersByTime(20_000)
    expect([newcomers.ids.size, changed.mock.calls.length]).toEqual([1, 0])
    vi.advanceTimersByTime(20_000)
    expect([newcomers.ids.size, changed.mock.calls.length]).toEqual([0, 1])
    newcomers.came(['c.1'])
    newcomers.forget()
    expect([newcomers.ids.size, vi.getTimerCount()]).toEqual([0, 0])
  })
})
