import type { GroupStatus, SignalingState } from '../../peer/index.ts'
import type { Phase } from '../group/group-host.ts'
import { explainFailure } from './failure-text.ts'

/** All that the status line speaks of. Names are as shown. */
export interface Situation {
  readonly phase: Phase
  readonly error: unknown
  readonly signaling: SignalingState | undefined
  /** The browser knows that it has no network. */
  readonly offline: boolean
  /** From the first view on. */
  readonly group: GroupSituation | undefined
}

export interface GroupSituation {
  readonly status: GroupStatus
  /** In the view, oneself counted. */
  readonly members: number
  /** In a fork: the group may go on elsewhere, too. */
  readonly forked: boolean
  /** Asked to go on without the others, which takes a moment. */
  readonly forking: boolean
  /** Who does not answer. */
  readonly silent: readonly string[]
  /** Who is reached through others only. */
  readonly relayed: readonly string[]
  /** Multicasts that wait to be sent. */
  readonly queued: number
  /** The two sides of the group have just met. */
  readonly merged: Merged | undefined
}

/** What became of this side's messages when two sides met. */
export interface Merged {
  readonly messages: number
  readonly replayed: boolean
  /** Whether there may be more that nobody knows of any more. */
  readonly isPartial: boolean
}

export interface Description {
  readonly mood: 'good' | 'warn' | 'bad'
  /** Something is going on, or waited for. */
  readonly waiting?: boolean
  readonly text: string
  /** What the visitor can do: join again, or go on without those who are out of reach. */
  readonly action?: 'join' | 'fork'
}

/** One line for a visitor. */
export function describe(situation: Situation): Description {
  const { phase, error, group } = situation
  switch (phase) {
    case 'idle':
      return { mood: 'warn', text: 'No room yet.' }
    case 'joining':
      return { mood: 'warn', waiting: true, text: joining(situation) }
    case 'failed':
      return ended('Could not join.', error)
    case 'left':
      return ended('You are no longer in the group.', error)
    case 'joined':
      return group === undefined ? { mood: 'warn', waiting: true, text: 'Joining …' } : joined(group, situation)
  }
}

/** With why, where that is known. */
function ended(what: string, error: unknown): Description {
  if (error === undefined) return { mood: 'bad', text: what, action: 'join' }
  const { text, mayRetry } = explainFailure(error)
  return { mood: 'bad', text: `${what} ${text}`.trim(), ...(mayRetry ? { action: 'join' } : {}) }
}

function joining({ signaling, offline }: Situation): string {
  if (signaling === 'open') return 'Joining …'
  if (signaling !== 'unreachable') return 'Connecting …'
  return offline ? 'You are offline. Waiting for the network …' : 'The server is out of reach. Trying again …'
}

function joined(group: GroupSituation, situation: Situation): Description {
  switch (group.status) {
    case 'blocked':
      return blocked(group, situation)
    case 'rejoining':
      return { mood: 'warn', waiting: true, text: rejoining(group, situation) }
    case 'left':
      return ended('You are no longer in the group.', situation.error)
    case 'member':
      return member(group, situation)
  }
}

function blocked({ forking, queued }: GroupSituation, { signaling, offline }: Situation): Description {
  const fork = { mood: 'warn', waiting: true, action: 'fork' } as const
  if (forking) return { ...fork, text: 'Going on without those who are out of reach …' }
  const waits = queued === 0 ? 'What you write waits.' : `What you write waits: ${count(queued, 'message')} so far.`
  const mine = offline ? 'You are offline.' : 'The server is out of reach, too: is your network up?'
  const hint = signaling === 'unreachable' ? ` ${mine}` : ''
  return { ...fork, text: `Too many people are out of reach to go on. ${waits}${hint}` }
}

function rejoining({ merged }: GroupSituation, { signaling, offline }: Situation): string {
  if (merged !== undefined) return 'The others are in reach again. Putting both sides together …'
  if (signaling !== 'unreachable') return 'You were cut off. Coming back …'
  return `You were cut off. ${offline ? 'You are offline' : 'The server is out of reach'}: still trying to come back …`
}

function member(group: GroupSituation, { signaling }: Situation): Description {
  const { members, merged, forked, silent, relayed } = group
  const people = members > 1 ? `${members} people here` : forked ? 'Only you here' : 'Only you, so far'
  const news = [
    ...(merged === undefined ? [] : [mergedText(merged)]),
    ...(forked ? ['You went on without the others; when they come back, both sides are put together.'] : []),
    ...(silent.length > 0 ? [`${list(silent)} ${silent.length === 1 ? 'does' : 'do'} not answer.`] : []),
    ...(relayed.length > 0 ? [`You reach ${list(relayed)} through others.`] : []),
    ...(signaling === 'unreachable' ? ['The server is out of reach, the group goes on.'] : []),
  ]
  const isWell = !forked && silent.length === 0 && signaling !== 'unreachable'
  return { mood: isWell ? 'good' : 'warn', text: news.length === 0 ? people : `${people}. ${news.join(' ')}` }
}

function mergedText({ messages, replayed, isPartial }: Merged): string {
  const met = 'Back together with the others.'
  if (messages === 0 && !isPartial) return met
  const fate = replayed ? 'sent again' : 'left behind'
  const lost = isPartial ? ' Some more may be missing.' : ''
  return messages === 0
    ? `${met} Some messages of your side may be missing.`
    : `${met} ${count(messages, 'message')} of your side ${messages === 1 ? 'is' : 'are'} ${fate}.${lost}`
}

const namesMax = 3

/** `Ada, Bo and Cy`; of many only the first few. */
function list(names: readonly string[]): string {
  const shown =
    names.length > namesMax ? [...names.slice(0, namesMax - 1), `${names.length - namesMax + 1} more`] : names
  if (shown.length === 1) return shown[0]!
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
