import type { TraceEvent, TraceHeader } from '../../peer/index.ts'

/**
 * One thing that happened at one member, as the diagram takes it: an event of a group's trace (`group.trace`, the
 * simulator), or one of a few that a trace does not have. All have `t` in milliseconds, `peer` (the member id) and `group`.
 * What is written on a `label` stands beside the event.
 */
export type SpacetimeEvent = (TraceEvent | (TraceHeader & ExtraBody)) & { readonly label?: string }

/** What the diagram knows and a trace does not tell. */
export type ExtraBody =
  /** Nothing was heard of this member before, and this is the view that it is in. */
  | {
      readonly event: 'begin'
      readonly lineage: string
      readonly number: number
      readonly members: readonly string[]
      readonly primary: boolean
    }
  /** From here on the member has stopped sending in its view, up to `unwedged` or the next view. */
  | { readonly event: 'wedged' }
  | { readonly event: 'unwedged' }
  /** A send to each of `to` that no group is behind; `id` is any name of the message, as one for all it goes to. */
  | { readonly event: 'plain-send'; readonly id: string; readonly to: readonly string[] }
  /** The message of that id came to this member. One that never comes is drawn as lost. */
  | { readonly event: 'plain-receive'; readonly id: string; readonly from: string }
  /** Anything else worth a mark on the member's line. */
  | { readonly event: 'note'; readonly text: string }

/** @throws TypeError if an event has not what its place in the picture takes */
export function checkEvent({ t, peer }: SpacetimeEvent): void {
  if (Number.isFinite(t) && typeof peer === 'string') return
  throw new TypeError(
    `an event of <tutti-spacetime> has \`t\`, a time in ms, and \`peer\`, a member id; got t: ${String(t)}, peer: ${String(peer)}`,
  )
}

/** What an arrow and the dots at its ends are coloured by. */
export type SpacetimeKind = 'fifo' | 'causal' | 'total' | 'plain' | 'state'
