/**
 * Purpose: what the events of one group come to: members, views, stays and messages, for all rules to read.
 * build-history.ts makes it.
 */

import type {
  Blocked,
  Crash,
  Deliver,
  Fate,
  Install,
  Left,
  Merged,
  Multicast,
  StateLoaded,
  StateSaved,
  Suspect,
  TraceEvent,
  Unblocked,
} from './trace.ts'

export interface Message {
  readonly id: string
  readonly lineage: string
  readonly number: number
  readonly sender: string
  readonly seq: number
  /** Its sender's line, if the trace has it. */
  sent: Multicast | undefined
  /** The view of its id, if anyone installed that. */
  view: View | undefined
  /** The sender's rank in `view`, or -1. */
  rank: number
  /** Its index in `view.messages`. */
  index: number
  /** By rank in `view`: how many messages of that member happened before this one, within the view. */
  past: Int32Array
}

export interface Delivery {
  readonly event: Deliver
  readonly message: Message
}
export interface Sending {
  readonly event: Multicast
  readonly message: Message
}
/** What moves causality, in the order of the member's lines. */
export type Step = Delivery | Sending

export interface View {
  readonly lineage: string
  readonly number: number
  /** As first seen in the trace; rule VW3 compares the others. */
  readonly members: readonly string[]
  readonly installs: Install[]
  readonly stays: Stay[]
  readonly messages: Message[]
  readonly rankOf: ReadonlyMap<string, number>
  /** The lineage begins here, as far as the trace goes back, and was not split off: its members need no state from anyone. */
  first: boolean
  previous: View | undefined
  next: View | undefined
  /** The view of another lineage that this one, the first of a fork, was split off from. */
  parent: View | undefined
  /** The first views of the forks of this one. */
  forks: View[]
  /** The first view of the chain that leads here, over forks too. */
  root: View
  /** Those that go from here to the same place: the next view, a fork's first, or another lineage into which this one dissolves. */
  groups: Group[]
}

/** Who goes on from a view together, and has the state from its beginning on: bound by DL3. */
export interface Group {
  /** The view in which they go on, this one itself at the end of a settled run; 'end': their lineage dissolves. */
  readonly to: View | 'end'
  readonly stays: Stay[]
}

/** One member's time in one view. */
export interface Stay {
  readonly member: Member
  readonly view: View
  readonly install: Install
  readonly steps: Step[]
  readonly deliveries: Delivery[]
  readonly sendings: Sending[]
  /** The same member's next stay, in whatever view. */
  following: Stay | undefined
  /** With whom it goes on; undefined: nobody knows that it does. It may be none of them itself, for want of state. */
  group: Group | undefined
  /** By index of a message in the view: 1 + the place of its first delivery in `deliveries`, or 0. */
  places: Int32Array
}

export interface Member {
  readonly id: string
  /** All its well-formed lines. */
  readonly lines: TraceEvent[]
  readonly stays: Stay[]
  readonly loads: Load[]
  readonly fates: Map<string, Fate[]>
  crash: Crash | undefined
  left: Left | undefined
  /** Its last word on having a quorum. */
  status: Blocked | Unblocked | undefined
}

export interface Load {
  readonly event: StateLoaded
  /** How many views it had installed before. */
  readonly staysBefore: number
  /** It had delivered nothing in the lineage before. */
  readonly isBlank: boolean
}

export interface History {
  readonly group: string
  readonly members: ReadonlyMap<string, Member>
  readonly views: readonly View[]
  /** By lineage, then number. */
  readonly lineages: ReadonlyMap<string, ReadonlyMap<number, View>>
  readonly messages: ReadonlyMap<string, Message>
  readonly suspicions: ReadonlyMap<string, Suspect>
  readonly saves: readonly StateSaved[]
  /** Lines with a wrong or missing field; no other rule sees them. */
  readonly malformed: readonly { readonly event: TraceEvent; readonly fault: string }[]
  /** Joiners get a state from a member; where nobody does, they count from the view that lets them in. */
  readonly transfersState: boolean
  /** See the option. */
  readonly settled: boolean
}

/**
 * From the view of this number on the member has the state of the lineage; Infinity if it never has. A state loaded before
 * anything was delivered replaces one of an earlier boundary.
 */
export function countsFrom(member: Member, { root }: View, history: History): number {
  if (!history.transfersState) return Number.NEGATIVE_INFINITY
  const entered = member.stays.find(({ view }) => view.root === root)
  if (entered?.view.first === true) return Number.NEGATIVE_INFINITY
  const loads = member.loads.filter(({ event }) => rootOf(event.lineage, history) === root)
  const load = loads.findLast(({ isBlank }) => isBlank) ?? loads[0]
  return load?.event.number ?? Number.POSITIVE_INFINITY
}

/** The first view of the chain of a lineage, over forks too. */
export function rootOf(lineage: string, { lineages }: History): View | undefined {
  return lineages.get(lineage)?.values().next().value?.root
}

/** Its end, if its lineage was over for it and it has said what the other one lacks. */
export function mergedOf({ left }: Member): Merged | undefined {
  return left?.into === undefined ? undefined : (left as Merged)
}

/**
 * Its lineage was ended by agreement. One without a quorum leaves singly, for any lineage: it, and one that lost the quorum
 * after it had voted, are not told apart.
 */
export function isDissolved(member: Member): boolean {
  return mergedOf(member) !== undefined && member.status?.event !== 'blocked'
}

/** Neither crashed nor left, as far as the trace goes. */
export function isAlive(member: Member): boolean {
  return member.crash === undefined && member.left === undefined
}
