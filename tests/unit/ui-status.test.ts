import { describe, expect, it } from 'vitest'
import { TuttiError, type TuttiErrorCode } from '../../peer/index.ts'
import { explainFailure } from '../../ui/status/failure-text.ts'
import { describe as describeStatus, type GroupSituation, type Situation } from '../../ui/status/status-text.ts'

const well: GroupSituation = {
  status: 'member',
  members: 3,
  forked: false,
  forking: false,
  silent: [],
  relayed: [],
  queued: 0,
  merged: undefined,
}

function situation(group: Partial<GroupSituation>, more: Partial<Situation> = {}): Situation {
  return { phase: 'joined', error: undefined, signaling: 'open', offline: false, group: { ...well, ...group }, ...more }
}

function text(group: Partial<GroupSituation>, more?: Partial<Situation>): string {
  return describeStatus(situation(group, more)).text
}

describe('the status line', () => {
  it.each<{ signaling: Situation['signaling']; line: string }>([
    { signaling: undefined, line: 'Connecting …' },
    { signaling: 'connecting', line: 'Connecting …' },
    { signaling: 'open', line: 'Joining …' },
    { signaling: 'unreachable', line: 'The server is out of reach. Trying again …' },
  ])('says what joining waits for: $signaling', ({ signaling, line }) => {
    const joining = { phase: 'joining', error: undefined, signaling, group: undefined } as const
    const { text, waiting } = describeStatus({ ...joining, offline: false })
    expect([text, waiting]).toEqual([line, true])
  })

  it('says that it is the network of the visitor where the browser knows', () => {
    const joining = { phase: 'joining', error: undefined, signaling: 'unreachable', group: undefined } as const
    expect(describeStatus({ ...joining, offline: true }).text).toBe('You are offline. Waiting for the network …')
    const cutOff = { signaling: 'unreachable', offline: true } as const
    expect(text({ status: 'blocked' }, cutOff)).toMatch(/What you write waits\. You are offline\.$/)
    expect(text({ status: 'rejoining' }, cutOff)).toBe('You were cut off. You are offline: still trying to come back …')
  })

  it('says that the server is out of reach, too', () => {
    const cutOff = { signaling: 'unreachable' } as const
    expect(text({ status: 'blocked' }, cutOff)).toMatch(/The server is out of reach, too: is your network up\?$/)
    const back = 'You were cut off. The server is out of reach: still trying to come back …'
    expect(text({ status: 'rejoining' }, cutOff)).toBe(back)
  })

  it('has no room to speak of before there is one', () => {
    const idle = { phase: 'idle', error: undefined, signaling: undefined, offline: false, group: undefined } as const
    expect(describeStatus(idle)).toEqual({ mood: 'warn', text: 'No room yet.' })
  })

  it('says why joining failed, and offers to try again', () => {
    const error = new Error('The room is full.')
    const failed = { phase: 'failed', error, signaling: 'open', offline: false, group: undefined } as const
    expect(describeStatus(failed)).toEqual({
      mood: 'bad',
      text: 'Could not join. The room is full.',
      action: 'join',
    })
  })

  it('does not offer what will not help', () => {
    const error = new TuttiError('unsupported', 'This browser has no WebRTC.')
    const failed = { phase: 'failed', error, signaling: undefined, offline: false, group: undefined } as const
    expect(describeStatus(failed)).toEqual({ mood: 'bad', text: 'Could not join. This browser has no WebRTC.' })
  })

  it('says why one is no longer in the group', () => {
    const error = new TuttiError('excluded', 'this member was left out of the group for good')
    expect(describeStatus(situation({ status: 'left' }, { phase: 'left', error }))).toEqual({
      mood: 'bad',
      text: 'You are no longer in the group. The others went on without you.',
      action: 'join',
    })
  })

  it.each([
    { what: 'one who left', of: situation({ status: 'left' }, { phase: 'left' }) },
    { what: 'one whose group has ended', of: situation({ status: 'left' }) },
  ])('offers $what to join again', ({ of }) => {
    expect(describeStatus(of)).toMatchObject({ mood: 'bad', action: 'join' })
  })

  it.each<{ group: Partial<GroupSituation>; line: string; mood: string }>([
    { group: {}, line: '3 people here', mood: 'good' },
    { group: { members: 1 }, line: 'Only you, so far', mood: 'good' },
    { group: { silent: ['Ada'] }, line: '3 people here. Ada does not answer.', mood: 'warn' },
    { group: { silent: ['Ada', 'Bo'] }, line: '3 people here. Ada and Bo do not answer.', mood: 'warn' },
    { group: { silent: ['A', 'B', 'C'] }, line: '3 people here. A, B and C do not answer.', mood: 'warn' },
    {
      group: { silent: ['A', 'B', 'C', 'D', 'E'] },
      line: '3 people here. A, B and 3 more do not answer.',
      mood: 'warn',
    },
    { group: { relayed: ['Cy'] }, line: '3 people here. You reach Cy through others.', mood: 'good' },
    {
      group: { silent: ['Ada'], relayed: ['Cy'] },
      line: '3 people here. Ada does not answer. You reach Cy through others.',
      mood: 'warn',
    },
  ])('says who is here, and how: $line', ({ group, line, mood }) => {
    expect(describeStatus(situation(group))).toEqual({ mood, text: line })
  })

  it('says that the server is gone, and that this is no harm', () => {
    expect(text({}, { signaling: 'unreachable' })).toBe('3 people here. The server is out of reach, the group goes on.')
  })

  it('says that a blocked page waits, how much, and offers to go on without the others [PT2, PT3]', () => {
    expect(describeStatus(situation({ status: 'blocked', silent: ['Ada'] }))).toEqual({
      mood: 'warn',
      waiting: true,
      text: 'Too many people are out of reach to go on. What you write waits.',
      action: 'fork',
    })
    expect(text({ status: 'blocked', queued: 1 })).toContain('What you write waits: 1 message so far.')
    expect(text({ status: 'blocked', queued: 2 })).toContain('2 messages so far.')
  })

  it('says that a fork is on its way, and keeps the button, which has the focus [PT3]', () => {
    expect(describeStatus(situation({ status: 'blocked', forking: true }))).toEqual({
      mood: 'warn',
      waiting: true,
      text: 'Going on without those who are out of reach …',
      action: 'fork',
    })
  })

  it.each([
    { members: 1, people: 'Only you here' },
    { members: 2, people: '2 people here' },
  ])('says in a fork that it is one [PT3]: $people', ({ members, people }) => {
    const line = `${people}. You went on without the others; when they come back, both sides are put together.`
    expect(describeStatus(situation({ members, forked: true }))).toEqual({ mood: 'warn', text: line })
  })

  it('says whether one comes back because of an error, or because two sides meet [FD4, PT4]', () => {
    expect(text({ status: 'rejoining' })).toBe('You were cut off. Coming back …')
    const merged = { messages: 1, replayed: true, isPartial: false }
    expect(text({ status: 'rejoining', merged })).toContain('Putting both sides together …')
  })

  it.each([
    { messages: 0, replayed: true, isPartial: false, fate: '' },
    { messages: 1, replayed: true, isPartial: false, fate: ' 1 message of your side is sent again.' },
    { messages: 3, replayed: true, isPartial: false, fate: ' 3 messages of your side are sent again.' },
    { messages: 3, replayed: false, isPartial: false, fate: ' 3 messages of your side are left behind.' },
    {
      messages: 3,
      replayed: true,
      isPartial: true,
      fate: ' 3 messages of your side are sent again. Some more may be missing.',
    },
    { messages: 0, replayed: true, isPartial: true, fate: ' Some messages of your side may be missing.' },
  ])('says what became of this side after a merge [PT4]: %o', ({ fate, ...merged }) => {
    expect(describeStatus(situation({ merged }))).toEqual({
      mood: 'good',
      text: `3 people here. Back together with the others.${fate}`,
    })
  })
})

describe('the words for a failure', () => {
  it.each<[TuttiErrorCode, boolean]>([
    ['not-admitted', true],
    ['version-mismatch', true],
    ['state-load-failed', true],
    ['state-unavailable', true],
    ['excluded', true],
    ['internal', true],
    ['too-large', false],
    ['not-encodable', false],
  ])('are for visitors: %s', (code, mayRetry) => {
    const failure = explainFailure(new TuttiError(code, 'words for a program'))
    expect(failure.mayRetry).toBe(mayRetry)
    expect(failure.text).toMatch(/^[A-Z][^`]+\.$/)
    expect(failure.text).not.toContain('program')
  })

  it.each([
    [new Error('no room left'), 'No room left.'],
    [new TuttiError('invalid-option', 'signaling is to be an address'), 'Signaling is to be an address.'],
    ['Really?', 'Really?'],
    [new Error(''), ''],
  ])('are its own where nothing better is known: %s', (error, text) => {
    expect(explainFailure(error).text).toBe(text)
  })
})
