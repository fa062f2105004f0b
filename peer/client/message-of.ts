import { TuttiError } from '../base/errors.ts'
import type { Codec, GroupEvent, Message } from './types.ts'

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
