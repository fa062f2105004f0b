import type { SpacetimeEvent, SpacetimeKind } from './spacetime-event.ts'

/** One event as the diagram knows it. */
export interface Moment {
  readonly event: SpacetimeEvent
  readonly line: Line
  /** What it is to a message: its send, its arrival, or neither. */
  readonly role: 'send' | 'arrival' | 'other'
  readonly kind: SpacetimeKind | undefined
  readonly flight: Flight | undefined
  /** It was not told of by its own member: that it was, follows from an arrival elsewhere. Its time is a guess. */
  readonly isImplied: boolean
  /** Undefined where it does not follow from what is known. */
  readonly vector: Vector | undefined
  /** When it is drawn, in ms: its own time, set right, and never before its causes. */
  at: number
}

/** One message on its way. */
export interface Flight {
  readonly id: string
  readonly kind: SpacetimeKind
  /** Undefined: forgotten, or not known of yet. */
  send: Moment | undefined
  readonly arrivals: Moment[]
}

/** How many multicasts of each member of the view a member knows of: its own sent, the others' delivered. */
export interface Vector {
  readonly members: readonly string[]
  /** Undefined: those before this diagram began, and none since. */
  readonly counts: readonly (number | undefined)[]
}

/** A time that a peer spends in the group under one member id. In ms, as drawn. */
export interface Stay {
  readonly member: string
  readonly from: number
  to: number | undefined
  /** How it ended. `gone`: others went on without it, and nothing else is known. */
  end: 'left' | 'crashed' | 'gone' | undefined
}

/** A time in which a member could not send. In ms, as drawn. */
export interface Span {
  readonly type: 'wedged' | 'blocked'
  readonly from: number
  to: number | undefined
}

/** The view that a member is in, with what it has delivered there. */
export interface ViewNow {
  readonly lineage: string
  readonly number: number
  /** Whether it is known from its beginning. */
  readonly isWhole: boolean
  readonly counts: Map<string, number | undefined>
  /** The keys of `counts`. */
  members: readonly string[]
}

/** One peer's events, by time. A peer that comes back under a new member id keeps its line. */
export class Line {
  readonly peer: string
  /** By time, and in the order in which they happened. */
  readonly moments: Moment[] = []
  readonly stays: Stay[] = []
  readonly spans: Span[] = []
  /** What is added to its clock, in ms. */
  offsetMs = 0
  view: ViewNow | undefined

  constructor(peer: string) {
    this.peer = peer
  }

  get stay(): Stay | undefined {
    return this.stays.at(-1)
  }

  /**
   * Places a moment; what happened is never drawn before what happened there earlier. Returns those that come after it, by
   * time, and are drawn before it still.
   */
  insert(moment: Moment): readonly Moment[] {
    let index = this.moments.length
    while (index > 0 && goesBefore(moment, this.moments[index - 1]!)) index -= 1
    const next = this.moments[index]
    if (moment.isImplied && next !== undefined) moment.at = Math.min(moment.at, next.at)
    moment.at = Math.max(moment.at, this.moments[index - 1]?.at ?? moment.at)
    this.moments.splice(index, 0, moment)
    let end = index + 1
    while (end < this.moments.length && this.moments[end]!.at < moment.at) end += 1
    return this.moments.slice(index + 1, end)
  }

  remove(moment: Moment): void {
    const index = this.indexOf(moment)
    if (index >= 0) this.moments.splice(index, 1)
  }

  /** -1: it is not here any more. */
  indexOf(moment: Moment): number {
    for (let index = this.firstAt(moment.at); index < this.moments.length; index += 1) {
      const found = this.moments[index]!
      if (found === moment) return index
      if (found.at > moment.at) break
    }
    return -1
  }

  /** Index of the first moment that is drawn at that time or later. */
  firstAt(at: number): number {
    let low = 0
    let high = this.moments.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.moments[middle]!.at < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** What a member told of happened in the order in which it was told; what only follows is fitted in. */
function goesBefore(moment: Moment, other: Moment): boolean {
  const order = sendOrder(moment, other)
  if (order !== 0) return order < 0
  if (!moment.isImplied && !other.isImplied) return false
  return moment.at < other.at
}

/** Negative: the first is an earlier multicast of the same member in the same view; 0: that can't be said. */
function sendOrder(one: Moment, other: Moment): number {
  if (one.role !== 'send' || other.role !== 'send' || !(one.isImplied || other.isImplied)) return 0
  const [a, b] = [one.flight!.id, other.flight!.id]
  const [cutA, cutB] = [a.lastIndexOf('/'), b.lastIndexOf('/')]
  if (cutA < 0 || a.slice(0, cutA) !== b.slice(0, cutB)) return 0
  return Number(a.slice(cutA + 1)) - Number(b.slice(cutB + 1)) || 0
}
