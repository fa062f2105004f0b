import type { Chaos } from './chaos.ts'
import { SILENCED_AT, silenceAtStep } from './silence.ts'

export type Severity = 'none' | 'light' | 'default' | 'hard'

export interface Fault {
  readonly name: string
  readonly weight: number
  /** Only runs of this severity and above have it. */
  readonly from: 'light' | 'default' | 'hard'
  /** False when there was nobody to strike. */
  strike(chaos: Chaos): boolean
}

/** What a chaos may strike with. */
export interface Arsenal {
  readonly faults: readonly Fault[]
  /** The least and the most strikes in a run, by severity. */
  readonly strikes: Readonly<Record<Exclude<Severity, 'none'>, readonly [number, number]>>
}

const FAULTS: readonly Fault[] = [
  { name: 'crash', weight: 8, from: 'light', strike: (chaos) => chaos.kill((peer) => peer.crash()) },
  { name: 'crash at a step', weight: 14, from: 'default', strike: (chaos) => chaos.trap() },
  {
    name: 'gone without notice',
    weight: 5,
    from: 'light',
    strike: (chaos) => chaos.kill((peer) => chaos.vanish(peer)),
  },
  { name: 'closing page', weight: 7, from: 'light', strike: (chaos) => chaos.kill((peer) => peer.close()) },
  { name: 'leave', weight: 6, from: 'light', strike: (chaos) => chaos.member((peer) => peer.leave()) },
  { name: 'leave while another crashes', weight: 4, from: 'default', strike: (chaos) => chaos.leaveAndCrash() },
  { name: 'join', weight: 8, from: 'light', strike: (chaos) => chaos.joins(1) },
  { name: 'burst of joins', weight: 5, from: 'default', strike: (chaos) => chaos.joins(chaos.random.whole(2, 5)) },
  { name: 'joiners that vanish', weight: 5, from: 'default', strike: (chaos) => chaos.vanishingJoins() },
  { name: 'freeze', weight: 7, from: 'light', strike: (chaos) => chaos.freeze(chaos.random.between(200, 4_000)) },
  {
    name: 'long freeze',
    weight: 3,
    from: 'default',
    strike: (chaos) => chaos.freeze(chaos.random.between(9_000, 25_000)),
  },
  { name: 'late timers', weight: 4, from: 'light', strike: (chaos) => chaos.throttle() },
  {
    name: 'link break',
    weight: 6,
    from: 'light',
    strike: (chaos) => chaos.pair((a, b) => chaos.world.network.break(a.id, b.id)),
  },
  { name: 'link cut', weight: 5, from: 'default', strike: (chaos) => chaos.cut(true) },
  { name: 'one-way cut', weight: 5, from: 'default', strike: (chaos) => chaos.cut(false) },
  {
    name: 'missing link',
    weight: 4,
    from: 'default',
    strike: (chaos) => chaos.pair((a, b) => chaos.world.network.bar(a.id, b.id)),
  },
  { name: 'partition', weight: 6, from: 'default', strike: (chaos) => chaos.partition() },
  { name: 'slow member', weight: 5, from: 'light', strike: (chaos) => chaos.slow() },
  { name: 'server away', weight: 4, from: 'default', strike: (chaos) => chaos.serverAway() },
  {
    name: 'false hint',
    weight: 3,
    from: 'default',
    strike: (chaos) => chaos.member((peer) => chaos.world.introducer.hintAt(peer.id)),
  },
  {
    name: 'wrong suspicion',
    weight: 4,
    from: 'default',
    strike: (chaos) => chaos.pair((a, b) => a.input({ type: 'suspect', member: b.self })),
  },
  { name: 'failing saves', weight: 4, from: 'default', strike: (chaos) => chaos.failingSaves() },
]

/** What strikes at any time, or at a step by a crash. */
export const RANDOM_FAULTS: Arsenal = {
  faults: FAULTS,
  strikes: { light: [0, 3], default: [1, 6], hard: [5, 14] },
}

const SILENCES: readonly Fault[] = [
  { name: 'muted at a step', weight: 10, from: 'default', strike: (chaos) => silenceAtStep(chaos, 'muted') },
  { name: 'held back at a step', weight: 6, from: 'default', strike: (chaos) => silenceAtStep(chaos, 'held back') },
  { name: 'clock jump', weight: 3, from: 'default', strike: (chaos) => chaos.jump() },
]

/** Words that are lost or late at a step, and clocks that jump. They have randomness of their own: the others stay as they are. */
export const SILENCE_FAULTS: Arsenal = {
  faults: SILENCES,
  strikes: { light: [0, 0], default: [0, 4], hard: [3, 9] },
}

export const faultNames: readonly string[] = [
  ...FAULTS.map(({ name }) => name),
  ...SILENCES.map(({ name }) => name),
  ...SILENCED_AT.map((kind) => `muted at ${kind}`),
  'crash of the eldest',
  'save that failed',
  'narrow links',
]
