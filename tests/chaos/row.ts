import type { Stage } from './support/stage.ts'

/** One fault and what is to come of it. */
export interface Row {
  /** For the command line. */
  readonly name: string
  /** What happens, and what comes of it within which bound, with the rules that are at stake. */
  readonly title: string
  /** Links are cut, which takes network namespaces. */
  readonly cutsLinks?: true
  /** After this long a run of it has failed. Milliseconds. */
  readonly limitMs: number
  /** Resolves to all that speaks against it. */
  play(stage: Stage): Promise<string[]>
}
