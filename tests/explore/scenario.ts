import type { CastKind } from '../../peer/base/cast-kind.ts'

/** What a member does once, at any time or never. A member has at most one multicast. */
export interface Act {
  /** Index of the member, which is its rank in the first view. */
  readonly by: number
  readonly act: CastKind | 'close' | 'leave'
}

/** What may happen to a group; everything that may is tried in every order. */
export interface Scenario {
  readonly name: string
  /** Members of the first view, in rank order: a, b, c … */
  readonly members: number
  /** Peers that have just asked the members to be let in; named after them. */
  readonly joiners: number
  readonly acts: readonly Act[]
  /** Peers that may crash, at any time; what a crashed one had in flight is lost from any point on, link by link. */
  readonly crashes: number
  /** Suspicions of live members, at any time; each member suspects each other one wrongly at most once. */
  readonly wrongSuspicions: number
  /** Ballots in the first view. A state in which one more is started, or any in a later view, is checked but not followed. */
  readonly ballots: number
  /** How often a member's clock may run on until its heartbeat and whatever else is due have fired; once a member. */
  readonly clockJumps: number
}

const BASE: Omit<Scenario, 'name'> = {
  members: 3,
  joiners: 0,
  acts: [],
  crashes: 1,
  wrongSuspicions: 6,
  ballots: 2,
  clockJumps: 0,
}

export const SCENARIOS: readonly Scenario[] = [
  { ...BASE, name: 'causal', acts: [{ by: 1, act: 'causal' }] },
  { ...BASE, name: 'total', acts: [{ by: 1, act: 'total' }] },
  { ...BASE, name: 'fifo', acts: [{ by: 1, act: 'fifo' }] },
  {
    ...BASE,
    name: 'two messages',
    acts: [
      { by: 0, act: 'causal' },
      { by: 1, act: 'total' },
    ],
    wrongSuspicions: 1,
  },
  { ...BASE, name: 'joiner', members: 2, joiners: 1, wrongSuspicions: 1 },
  {
    ...BASE,
    name: 'closing page',
    acts: [
      { by: 0, act: 'total' },
      { by: 0, act: 'close' },
    ],
    wrongSuspicions: 1,
  },
  {
    ...BASE,
    name: 'leaver',
    acts: [
      { by: 0, act: 'causal' },
      { by: 0, act: 'leave' },
    ],
    wrongSuspicions: 1,
  },
  { ...BASE, name: 'clock', acts: [{ by: 1, act: 'causal' }], wrongSuspicions: 1, clockJumps: 1 },
]
