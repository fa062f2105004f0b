import type { Stage } from './stage.ts'

/** What one run of one contestant measured, by name. */
export type Figures = Readonly<Record<string, number>>

/** One side of a comparison. */
export interface Contestant {
  readonly name: string
  /** One repetition, from new tabs to their end, with its own warm-up. */
  run(stage: Stage): Promise<Figures>
}

export interface Bound {
  readonly atLeast?: number
  readonly atMost?: number
}

/** One figure of one contestant. */
export interface Pick {
  readonly contestant: string
  readonly figure: string
}

/** One line of the table: a ratio of two figures, or one figure that is held to a bound as it is. */
export interface RowSpec {
  readonly name: string
  /** What is measured. */
  readonly what: string
  readonly unit: string
  readonly of: Pick
  readonly over?: Pick
  /** None: told, and held to nothing. */
  readonly bound?: Bound
}

/** Contestants whose repetitions take turns, and the rows that come of it. */
export interface Scenario {
  readonly name: string
  readonly contestants: readonly Contestant[]
  readonly rows: readonly RowSpec[]
  /** How often, where it is not as often as all others. */
  readonly repetitions?: number
  /** Runs only when it is asked for. */
  readonly isSoak?: boolean
}
