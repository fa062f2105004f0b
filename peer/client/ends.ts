import { TuttiError } from '../base/errors.ts'
import type { MessageId } from '../base/ids.ts'
import type { EndReason } from '../engine/io.ts'

/** Why a member can't multicast any more. */
export type GoneCode = 'left' | 'closed' | 'excluded'

export const GONE: Record<GoneCode, string> = {
  left: 'this member has left the group',
  closed: 'this peer is closed',
  excluded: 'this member was left out of the group for good',
}

/** A member on its way out. */
export class Going {
  code: 'left' | 'closed'
  readonly done: Promise<void>
  /** Takes back the timer that would end it by force. */
  cancel: () => void = () => {}
  #resolve!: () => void

  constructor(code: 'left' | 'closed') {
    this.code = code
    this.done = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  finish(): void {
    this.cancel()
    this.#resolve()
  }
}

/** Whether the application asked for that end, or was told of it by an event already. */
export function isTold({ code }: TuttiError): boolean {
  return code === 'left' || code === 'closed' || code === 'state-load-failed'
}

/** A membership's end as the application is told of it. */
export function endError(reason: EndReason): TuttiError {
  switch (reason) {
    case 'left':
    case 'closed':
      return new TuttiError(reason, GONE[reason])
    case 'state-unavailable':
      return new TuttiError(reason, 'no member of the group could give its state')
    case 'state-mismatch':
      return new TuttiError(
        reason,
        'some members of the group have the option `state` and some have not: give it to all',
      )
    case 'group-full':
      return new TuttiError('not-admitted', 'the group has as many members as it takes: join again later')
    case 'state-load-failed':
      return new TuttiError(reason, 'the state of the group could not be loaded: this member leaves')
    case 'broken':
      return new TuttiError(
        'internal',
        'an invariant of the protocol broke at this member, which has stopped: please report it',
      )
    default:
      return new TuttiError('excluded', GONE.excluded)
  }
}

/** Why this member was left out, if its application is to blame. */
export function heldUp(): TuttiError {
  const message = 'an iterator of this member held up the others for too long: it was left out, and comes back'
  return new TuttiError('consumer-stalled', message)
}

/** What was sent again after a merge went the way of this member's attempt. */
export function replayLost(id: MessageId): TuttiError {
  const message = `${id} was sent again after a merge, and this member was left out before it knew that the others have it`
  return new TuttiError('excluded', message, { fate: 'unknown' })
}
