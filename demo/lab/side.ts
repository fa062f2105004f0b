import type { CastKind, TraceBody } from '../../peer/index.ts'

/** A member, as people call it: a, b, c … */
export type Name = string

/** A multicast as a member's application got it. */
export interface Delivered {
  readonly from: Name
  readonly value: string
  readonly kind: CastKind
  readonly atMs: number
}

/**
 * Something that happened and can be drawn: a line of the trace in which members are called `a.1` instead of `p1.1`, or what
 * only the lab knows. `t`: milliseconds since the scenario began.
 */
export type LabEvent = { readonly t: number; readonly peer: string; readonly group: string } & (
  | (TraceBody & { readonly value?: string })
  | { readonly event: 'plain-send'; readonly id: string; readonly to: readonly Name[]; readonly value: string }
  | { readonly event: 'plain-receive'; readonly id: string; readonly from: Name; readonly value: string }
  | { readonly event: 'wedged' }
  | { readonly event: 'note'; readonly text: string; readonly isBad?: boolean }
)

export type LabEventBody = LabEvent extends infer E
  ? E extends LabEvent
    ? Omit<E, 't' | 'peer' | 'group'>
    : never
  : never

/** The first attempt of `a` at being a member is `a.1`. */
export function nameOf(member: string): Name {
  return member.slice(0, member.lastIndexOf('.'))
}

/** The first attempt of a member at being one. */
export function memberOf(name: Name): string {
  return `${name}.1`
}

/** What the applications of one side are told, in the order in which it happens. */
export interface SideListener {
  deliver(at: Name, message: Delivered): void
  /** Whom this member takes for the members from now on, in order of rank where there is one. */
  view(at: Name, members: readonly Name[]): void
  /** Everybody is known to have it. */
  stable(at: Name, value: string): void
  /** Something outside the group arrives: a telephone call, a database, a note on a table. */
  letter(at: Name, from: Name, value: string): void
  event(event: LabEvent): void
}

/** One side of a scenario: members, a network and the time, moved by hand. Unknown or dead members are ignored. */
export interface Side {
  /** Milliseconds since the scenario began. */
  readonly now: number
  /** All that ever took part, in order of arrival. */
  readonly names: readonly Name[]
  /** Frames given to the network since the scenario began. */
  readonly framesSent: number
  /** What the simulation itself found broken; it stands still then. */
  readonly broken: string | undefined
  isAlive(name: Name): boolean
  /** What has been ordered of this link. */
  linkState(a: Name, b: Name): LinkState
  /** What the member's application has got so far, what it loaded included. */
  log(name: Name): readonly Delivered[]
  /** Whether the member could send. */
  cast(kind: CastKind, from: Name, value: string): boolean
  tell(from: Name, to: Name, value: string): void
  note(who: Name, text: string, isBad?: boolean): void
  join(name: Name): void
  leave(name: Name): void
  crash(name: Name): void
  freeze(name: Name, forMs: number): void
  /** From now on nothing gets through, either way. */
  cut(a: Name, b: Name): void
  mend(a: Name, b: Name): void
  /** What one sends the other in this time is lost; then the link breaks and is set up again. */
  lose(from: Name, to: Name, forMs: number): void
  /** What one sends the other takes so long from now on. */
  delay(from: Name, to: Name, ms: number): void
  run(untilMs: number): void
  /** Runs something at a time that is not past. */
  at(ms: number, run: () => void): void
}

/** What one side is made with. */
export interface SideOptions {
  readonly seed: number
  readonly members: readonly Name[]
  /** What a link carries each way; undefined: any amount at once. */
  readonly bytesPerMs?: number
  /** A state that is given to one who joins is padded to this size. */
  readonly stateBytes?: number
  /** Whether members without a quorum go on as a history of their own, and send again what the other lacks. */
  readonly forks?: boolean
}

export type LinkState = 'cut' | 'slow' | 'fine'

/** Which kinds of groups the lab can run. */
export type System = 'plain' | 'tutti' | 'lock-step'
