import type { CastKind } from '../../peer/base/cast-kind.ts'
import type { Config } from '../../peer/base/config.ts'

/** What a member does once, at any time or never. */
export interface Act {
  /** Index of the member, which is its rank in the first view. */
  readonly by: number
  readonly act: CastKind | 'close' | 'leave' | 'fork'
}

/** The witness of the room, the shipping one, and what may happen to it. */
export interface WitnessScenario {
  /** Whether the first view carries its token; else each member is told it at any time, and it enters with a change. */
  readonly isInView: boolean
  /** It may forget everything and come back with another token; the members notice, and are told, at any time later. */
  readonly restarts: number
  /** Connections to it that may break; what is under way between the member and it is lost from any point on. */
  readonly disconnects: number
}

/** What may happen to a group; everything that may is tried in every order. */
export interface Scenario {
  readonly name: string
  /** Members of the first view, in rank order: a, b, c … */
  readonly members: number
  /** Peers that have just asked the members to be let in; named after them. */
  readonly joiners: number
  /** Members of a second lineage of the group that the first has just got links to; named after them. */
  readonly strangers: number
  readonly acts: readonly Act[]
  /** Peers that may crash, at any time; what a crashed one had in flight is lost from any point on, link by link. */
  readonly crashes: number
  /** Suspicions of live members, at any time; each member suspects each other one wrongly at most once. */
  readonly wrongSuspicions: number
  /** Links that may break, at any time, and are replaced: what is in flight either way is lost from any point on. */
  readonly linkBreaks: number
  /** Ranks that may be cut off from the others, at any time; suspicions across the cut are not wrong. */
  readonly cutOff: readonly number[]
  /** Whether links may come up again between the two sides, at any time. */
  readonly heals: boolean
  /** Ballots in the first view. A state in which one more is started, or any in a later view, is checked but not followed. */
  readonly ballots: number
  /** How often a member's clock goes on, at any time; all that is due by then fires. Nobody's clock goes on otherwise. */
  readonly timers: number
  /** By how much; 0: to the next deadline. */
  readonly timerMs: number
  readonly witness: WitnessScenario | undefined
  /** What differs from the default. */
  readonly config: Partial<Config>
}

const BASE: Omit<Scenario, 'name'> = {
  members: 3,
  joiners: 0,
  strangers: 0,
  acts: [],
  crashes: 1,
  wrongSuspicions: 6,
  linkBreaks: 0,
  cutOff: [],
  heals: false,
  ballots: 2,
  timers: 0,
  timerMs: 0,
  witness: undefined,
  config: {},
}

const WITNESS: WitnessScenario = { isInView: true, restarts: 1, disconnects: 0 }

const PAIR: Omit<Scenario, 'name'> = {
  ...BASE,
  members: 2,
  acts: [{ by: 1, act: 'causal' }],
  wrongSuspicions: 2,
  ballots: 3,
  witness: WITNESS,
}

/** The longest first, so that two at a time end together. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...BASE,
    name: 'three messages',
    acts: [
      { by: 0, act: 'causal' },
      { by: 1, act: 'total' },
      { by: 2, act: 'fifo' },
    ],
    wrongSuspicions: 1,
  },
  { ...BASE, name: 'causal', acts: [{ by: 1, act: 'causal' }] },
  { ...BASE, name: 'total', acts: [{ by: 1, act: 'total' }] },
  { ...BASE, name: 'fifo', acts: [{ by: 1, act: 'fifo' }] },
  { ...PAIR, name: 'witness, joiner', joiners: 1, acts: [], wrongSuspicions: 1, ballots: 2 },
  { ...PAIR, name: 'witness, token changes', acts: [], wrongSuspicions: 1, timers: 2, timerMs: 2_000 },
  {
    ...PAIR,
    name: 'witness, token enters',
    acts: [],
    wrongSuspicions: 1,
    timers: 2,
    timerMs: 2_000,
    witness: { ...WITNESS, isInView: false },
  },
  { ...BASE, name: 'merge of pairs', members: 2, strangers: 2, acts: [{ by: 2, act: 'total' }], wrongSuspicions: 0 },
  { ...BASE, name: 'broken link', acts: [{ by: 1, act: 'total' }], wrongSuspicions: 1, linkBreaks: 1 },
  { ...BASE, name: 'merge', members: 1, strangers: 2, acts: [{ by: 1, act: 'causal' }], wrongSuspicions: 2, timers: 1 },
  { ...PAIR, name: 'witness, timers', wrongSuspicions: 1, timers: 2 },
  {
    ...BASE,
    name: 'fork of two',
    members: 4,
    acts: [
      { by: 3, act: 'causal' },
      { by: 2, act: 'fork' },
      { by: 3, act: 'fork' },
    ],
    wrongSuspicions: 0,
    cutOff: [2, 3],
  },
  {
    ...BASE,
    name: 'leaver',
    acts: [
      { by: 0, act: 'causal' },
      { by: 0, act: 'leave' },
    ],
    wrongSuspicions: 1,
    timers: 1,
  },
  {
    ...BASE,
    name: 'closing page',
    acts: [
      { by: 0, act: 'total' },
      { by: 0, act: 'close' },
    ],
    wrongSuspicions: 1,
    timers: 1,
  },
  {
    ...BASE,
    name: 'window of one',
    acts: [
      { by: 0, act: 'causal' },
      { by: 0, act: 'total' },
      { by: 1, act: 'causal' },
    ],
    wrongSuspicions: 0,
    config: { windowMessages: 1 },
  },
  {
    ...BASE,
    name: 'value in two parts',
    acts: [{ by: 1, act: 'total' }],
    wrongSuspicions: 1,
    config: { windowMessages: 1, fragmentBytes: 6 },
  },
  { ...BASE, name: 'timers', acts: [{ by: 1, act: 'total' }], wrongSuspicions: 1, timers: 1 },
  { ...BASE, name: 'clock', acts: [{ by: 1, act: 'causal' }], wrongSuspicions: 1, timers: 1, timerMs: 500 },
  { ...BASE, name: 'joiner', members: 2, joiners: 1, wrongSuspicions: 1, timers: 1 },
  { ...PAIR, name: 'witness' },
  { ...PAIR, name: 'witness, cut off', crashes: 0, cutOff: [1], witness: { ...WITNESS, restarts: 0, disconnects: 1 } },
  {
    ...PAIR,
    name: 'witness, halves',
    members: 4,
    acts: [{ by: 3, act: 'total' }],
    crashes: 0,
    wrongSuspicions: 0,
    cutOff: [2, 3],
    ballots: 2,
    witness: { ...WITNESS, restarts: 0 },
  },
  {
    ...BASE,
    name: 'two messages',
    acts: [
      { by: 0, act: 'causal' },
      { by: 1, act: 'total' },
    ],
    wrongSuspicions: 1,
  },
  { ...BASE, name: 'timers of two', members: 2, acts: [{ by: 1, act: 'total' }], wrongSuspicions: 2, timers: 4 },
  {
    ...BASE,
    name: 'fork, healed',
    acts: [
      { by: 1, act: 'total' },
      { by: 2, act: 'fork' },
    ],
    crashes: 0,
    wrongSuspicions: 0,
    cutOff: [2],
    heals: true,
  },
  {
    ...BASE,
    name: 'fork',
    acts: [
      { by: 1, act: 'total' },
      { by: 2, act: 'fork' },
    ],
    wrongSuspicions: 1,
    cutOff: [2],
  },
  { ...PAIR, name: 'witness, closing page', acts: [...PAIR.acts, { by: 0, act: 'close' }], wrongSuspicions: 1 },
]
