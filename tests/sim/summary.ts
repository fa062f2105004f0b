import type { SimulationResult } from '../../peer/simulator/simulate.ts'
import type { Broken } from './run-seed.ts'

/** What a number of runs came to. */
export interface Summary {
  seeds: number
  events: number
  messages: number
  multicasts: number
  views: number
  virtualMs: number
  readonly ends: Record<string, number>
  readonly faults: Record<string, number>
  readonly branches: Record<string, number>
  readonly broken: Broken[]
}

export function emptySummary(): Summary {
  return {
    seeds: 0,
    events: 0,
    messages: 0,
    multicasts: 0,
    views: 0,
    virtualMs: 0,
    ends: {},
    faults: {},
    branches: {},
    broken: [],
  }
}

export function addRun(summary: Summary, { stats, ended }: SimulationResult, broken: readonly Broken[]): void {
  add(summary, {
    seeds: 1,
    events: stats.events,
    messages: stats.frames,
    multicasts: stats.multicasts,
    views: stats.views,
    virtualMs: stats.virtualMs,
    ends: { [ended]: 1 },
    faults: stats.faults,
    branches: stats.branches,
    broken,
  })
}

type Addend = Omit<Summary, 'ends' | 'faults' | 'branches' | 'broken'> & {
  readonly ends: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  readonly branches: Readonly<Record<string, number>>
  readonly broken: readonly Broken[]
}

export function add(summary: Summary, more: Addend): void {
  summary.seeds += more.seeds
  summary.events += more.events
  summary.messages += more.messages
  summary.multicasts += more.multicasts
  summary.views += more.views
  summary.virtualMs += more.virtualMs
  for (const key of ['ends', 'faults', 'branches'] as const) addCounts(summary[key], more[key])
  summary.broken.push(...more.broken)
}

function addCounts(into: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) into[name] = (into[name] ?? 0) + count
}

/** The summary for people; `command` replays a seed. */
export function describeSummary(summary: Summary, seconds: number, command: (seed: number) => string): string[] {
  const { seeds, events, messages, multicasts, views, virtualMs } = summary
  return [
    ...describeBroken(summary.broken, command),
    `${seeds} seeds in ${seconds.toFixed(1)} s: ${Math.round(virtualMs / 60_000)} virtual minutes, ${events} events, ${messages} frames, ${multicasts} multicasts, ${views} views`,
    `ended: ${counts(summary.ends)}`,
    `faults: ${counts(summary.faults)}`,
    `branches: ${counts(summary.branches)}`,
  ]
}

function counts(record: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ')
}

const SHOWN_PER_RULE = 3

/** Every violation in one line, and of each rule the first few with all that shows them. */
function describeBroken(broken: readonly Broken[], command: (seed: number) => string): string[] {
  const seen = new Map<string, number>()
  return [...broken]
    .sort((a, b) => a.seed - b.seed)
    .map(({ seed, rule, evidence }) => {
      const count = (seen.get(rule) ?? 0) + 1
      seen.set(rule, count)
      const shown = count <= SHOWN_PER_RULE ? evidence : evidence.split('\n', 1)[0]
      return `seed ${seed} breaks ${rule}: ${shown}\n    replay: ${command(seed)}`
    })
}
