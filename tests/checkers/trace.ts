/**
 * Purpose: the trace of a group as data: one JSON object a line, written by every peer. Rule TR1.
 * A file may be the concatenation of several peers' files: only the order of the lines of one `peer` means anything.
 */

export type Kind = 'fifo' | 'causal' | 'total'
export type FateOf = 'not-sent' | 'in-cut' | 'unknown'

interface Line {
  /** Milliseconds on the clock of whoever wrote the line; never compared across peers. */
  readonly t: number
  /** The member id, `peer.attempt`. */
  readonly peer: string
  readonly group: string
}

interface Marks {
  readonly safe?: boolean
  readonly durable?: boolean
  readonly keys?: readonly string[]
  readonly batch?: string | number
  readonly declared?: boolean
  readonly replayOf?: string
  /** Not the application's: a step of bringing two states together. */
  readonly purpose?: string
}

export interface Install extends Line {
  readonly event: 'install'
  readonly lineage: string
  readonly number: number
  /** Member ids in rank order. */
  readonly members: readonly string[]
  readonly primary: boolean
  /** Token of the witness that votes on the view after this one. */
  readonly witness?: string
}
export interface Multicast extends Line, Marks {
  readonly event: 'multicast'
  /** `lineage/number/sender/seq` */
  readonly id: string
  readonly kind: Kind
  readonly bytes: number
  readonly causes?: readonly string[]
}
export interface Deliver extends Line, Marks {
  readonly event: 'deliver'
  readonly id: string
  readonly kind: Kind
  readonly from: string
  readonly lineage: string
  readonly number: number
  /** The place among the ABCASTs of the view, from 1. */
  readonly order?: number
}
export interface Fate extends Line {
  readonly event: 'fate'
  readonly id: string
  readonly fate: FateOf
}
export interface StateSaved extends Line {
  readonly event: 'state-saved'
  readonly lineage: string
  /** The number of the view that begins at the boundary. */
  readonly number: number
  readonly digest: string
}
export interface StateLoaded extends Line {
  readonly event: 'state-loaded'
  readonly lineage: string
  readonly number: number
  readonly digest: string
  readonly from: string
}
export interface Suspect extends Line {
  readonly event: 'suspect'
  readonly of: string
}
export interface Blocked extends Line {
  readonly event: 'blocked'
}
export interface Unblocked extends Line {
  readonly event: 'unblocked'
}
export interface Left extends Line {
  readonly event: 'left'
  readonly reason: string
  /** With reason 'merged', of one who had a state: the lineage that it goes to. */
  readonly into?: string
  /** Ids of this peer's multicasts that are not part of that lineage's history. */
  readonly unmerged?: readonly string[]
  /** Whether it sends them again there. */
  readonly replayed?: boolean
}
/** The end of one whose lineage is over for it, with a word on what the other lacks. */
export type Merged = Left & Required<Pick<Left, 'into' | 'unmerged' | 'replayed'>>
export interface Crash extends Line {
  readonly event: 'crash'
  /** The member was on its way out and may have voted for its own departure. Written by the harness, which knows. */
  readonly leaving?: boolean
}

export type TraceEvent =
  | Install
  | Multicast
  | Deliver
  | Fate
  | StateSaved
  | StateLoaded
  | Suspect
  | Blocked
  | Unblocked
  | Left
  | Crash

/** Text that is not a trace; `line` counts from 1. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

export interface ParsedTrace {
  readonly events: TraceEvent[]
  /** `lines[i]` is the line number, from 1, of `events[i]`. */
  readonly lines: number[]
}

/**
 * Reads JSON lines; empty lines are skipped. Checks only what is needed to sort lines by group and peer:
 * a wrong field is for rule TR1 to report.
 * @throws TraceError at the first line that is not an event of some peer in some group
 */
export function parseTrace(text: string): ParsedTrace {
  const events: TraceEvent[] = []
  const lines: number[] = []
  let number = 0
  for (const line of text.split('\n')) {
    number++
    if (line.trim() === '') continue
    events.push(parseLine(line, number))
    lines.push(number)
  }
  return { events, lines }
}

function parseLine(line: string, number: number): TraceEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new TraceError(number, `not JSON: ${excerpt(line)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TraceError(number, `not a JSON object: ${excerpt(line)}`)
  }
  for (const field of ['peer', 'group', 'event']) {
    if (typeof (value as Record<string, unknown>)[field] !== 'string') {
      throw new TraceError(number, `no string '${field}': ${excerpt(line)}`)
    }
  }
  return value as TraceEvent
}

function excerpt(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
