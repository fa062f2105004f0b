import type { Bound, Contestant, Figures, Pick, RowSpec, Scenario } from './support/scenario.ts'
import type { Stage } from './support/stage.ts'
import { type Spread, spreadOf } from './support/stats.ts'

/** One figure of one contestant, over all repetitions. */
export interface Measured extends Spread {
  readonly contestant: string
}

/** One line of the table, as it is kept in results.json. */
export interface Row {
  readonly name: string
  readonly what: string
  readonly unit: string
  readonly of: Measured
  readonly over?: Measured
  /** What the bound is for: the ratio of the two medians, or the one median. */
  readonly value: number
  /** Least and most of it in one repetition. */
  readonly range: { readonly min: number; readonly max: number }
  readonly bound?: Bound
  readonly met?: boolean
  /** Measured with fewer messages and repetitions than it takes to hold anybody to it. */
  readonly quick?: true
}

/** Where a run stands. */
export interface RunOptions {
  readonly repetitions: number
  say(line: string): void
}

/** Repetition by repetition, and in each one contestant after the other: what disturbs one disturbs its neighbours. */
export async function runScenario(scenario: Scenario, stage: Stage, { repetitions, say }: RunOptions): Promise<Row[]> {
  const { name, contestants } = scenario
  const taken = new Map<string, Figures[]>(contestants.map((contestant) => [contestant.name, []]))
  await stage.freshBrowser()
  for (let repetition = 0; repetition < Math.min(repetitions, scenario.repetitions ?? repetitions); repetition++) {
    for (const contestant of rotated(contestants, repetition)) {
      const figures = await contestant.run(stage)
      taken.get(contestant.name)!.push(figures)
      say(`${name} ${repetition + 1}, ${contestant.name}: ${describe(figures)}`)
    }
  }
  return scenario.rows.map((row) => rowOf(row, taken, stage.quick))
}

/** Nobody is always the first, or always after the same one. */
function rotated(contestants: readonly Contestant[], by: number): Contestant[] {
  const shift = by % contestants.length
  const turned = [...contestants.slice(shift), ...contestants.slice(0, shift)]
  return by % 2 === 0 ? turned : turned.reverse()
}

function rowOf({ of, over, bound, ...told }: RowSpec, taken: ReadonlyMap<string, Figures[]>, quick: boolean): Row {
  const above = valuesOf(of, taken)
  const below = over === undefined ? undefined : valuesOf(over, taken)
  const measured = { contestant: of.contestant, ...spreadOf(above) }
  const against = over === undefined ? undefined : { contestant: over.contestant, ...spreadOf(below!) }
  const each = above.map((value, repetition) => value / (below?.[repetition] ?? 1))
  const value = measured.median / (against?.median ?? 1)
  return {
    ...told,
    of: measured,
    ...(against === undefined ? {} : { over: against }),
    value,
    range: { min: Math.min(...each), max: Math.max(...each) },
    ...(bound === undefined ? {} : { bound, met: isMet(value, bound) }),
    ...(quick ? { quick } : {}),
  }
}

function valuesOf({ contestant, figure }: Pick, taken: ReadonlyMap<string, Figures[]>): number[] {
  return taken.get(contestant)!.map((figures) => {
    const value = figures[figure]
    if (!Number.isFinite(value)) throw new Error(`${contestant} has no figure ${figure}: ${describe(figures)}`)
    return value!
  })
}

function isMet(
  value: number,
  { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Bound,
): boolean {
  return value >= atLeast && value <= atMost
}

function describe(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ')
}
