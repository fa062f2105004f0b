import type { MemberId } from '../base/ids.ts'
import type { EngineInspection } from '../engine/inspect.ts'
import type { EndReason, Input } from '../engine/io.ts'
import type { MembershipOptions, MembershipOutput } from '../runtime/membership.ts'

/** A membership as a group sees it, whether its engine runs in this thread or elsewhere. */
export interface MembershipPort {
  /** The attempt that is under way, or was the last, as far as is known here. */
  readonly self: MemberId
  /** There is no attempt, as far as is known here. */
  readonly ended: boolean
  /** An attempt is over, and the next is about to begin: it takes no inputs now. */
  readonly isBetween: boolean
  /** Between `pause` and `resume` there is no attempt. */
  readonly paused: boolean
  /** Whether another attempt follows the end of the present one for this reason. */
  comesBack(reason: EndReason): boolean
  /** Undefined: nothing is known yet. */
  inspect(): EngineInspection | undefined
  input(input: Input): void
  /** Who reads the trace may have changed. */
  noteTraced?(): void
  /** Ends the attempt as a closing page does; another follows once it is resumed. */
  pause(): void
  /** Stops without a word, as a crash would. */
  stop(): void
}

/** What a group is told by its membership: no more than it needs. */
export type PortOutput =
  | Exclude<MembershipOutput, { type: 'stamped' | 'deliver' }>
  | Pick<Extract<MembershipOutput, { type: 'stamped' }>, 'type' | 'ref'>
  | Omit<Extract<MembershipOutput, { type: 'deliver' }>, 'seq' | 'last'>

export interface MembershipPortOptions extends Omit<MembershipOptions, 'mux' | 'clock' | 'app'> {
  /** The application's one sequence, over all attempts. `self` is the attempt that speaks. */
  app(output: PortOutput, self: MemberId): void
}
