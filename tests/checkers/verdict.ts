/** Purpose: what a checker answers, and how a rule hands it over. Rule TR2. */

import type { History } from './history.ts'
import type { TraceEvent } from './trace.ts'

export interface Evidence {
  readonly message: string
  /** The lines of the trace that break the rule together. */
  readonly events: readonly TraceEvent[]
}

export interface Verdict {
  /** The id of peer/SPEC.md, e.g. 'VW3'. */
  readonly rule: string
  /** 'undecided' where the trace has nothing to say. */
  readonly outcome: 'pass' | 'broken' | 'undecided'
  readonly evidence?: readonly Evidence[]
  /** Violations beyond those in `evidence`, which holds the first few. */
  readonly more?: number
}

/** A rule looks at the history of one group and reports. */
export interface Rule {
  readonly id: string
  check(history: History, report: Report): void
}

const EVIDENCE_MAX = 20

/** Collects one rule's findings over all groups of a trace. */
export class Report {
  #decided = false
  #more = 0
  readonly evidence: Evidence[] = []

  /** The trace has something to say about the rule. */
  decide(): void {
    this.#decided = true
  }

  broken(message: string, ...events: readonly (TraceEvent | undefined)[]): void {
    this.#decided = true
    if (this.evidence.length === EVIDENCE_MAX) this.#more++
    else this.evidence.push({ message, events: events.filter((event) => event !== undefined) })
  }

  verdict(rule: string): Verdict {
    if (this.evidence.length === 0) return { rule, outcome: this.#decided ? 'pass' : 'undecided' }
    const { evidence } = this
    return this.#more === 0
      ? { rule, outcome: 'broken', evidence }
      : { rule, outcome: 'broken', evidence, more: this.#more }
  }
}
