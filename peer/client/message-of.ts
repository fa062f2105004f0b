import { TuttiError } from '../base/errors.ts'
import type { MergedOutput } from '../runtime/membership.ts'
import type { PortOutput } from './membership-port.ts'
import type { Codec, GroupEvent, Member, Merge, Message, Progress, ValueProgress } from './types.ts'

/** What a delivery tells the application: the message, or that this member's codec can't read it. */
export function messageOf<M>(
  codec: Codec<M>,
  payload: Uint8Array,
  { id, kind, from, view, order }: Omit<Message, 'type' | 'value' | 'order'> & { readonly order: number | undefined },
): GroupEvent<M> {
  try {
    const message = { type: 'message', id, kind, from, view, value: codec.decode(payload) } as const
    return order === undefined ? message : { ...message, order }
  } catch (cause) {
    const message = `a message of ${from.id} can not be decoded: all members need the same codec`
    return { type: 'error', error: new TuttiError('not-encodable', message, { cause }) }
  }
}

/** How far a transfer of state, or a large value, is. */
export function progressOf(
  { type, bytes, total }: Extract<PortOutput, { type: 'progress' | 'value-progress' }>,
  from: Member,
): Progress | ValueProgress {
  return { type: type === 'progress' ? 'state' : 'progress', from, bytes, total }
}

/** That this member's lineage is over. */
export function mergeOf({ from, into, unmerged, orphaned, replayed, forgotten }: MergedOutput): Merge {
  return { type: 'merge', from, into, unmerged, orphaned, replayed, forgotten }
}
