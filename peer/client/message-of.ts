import { TuttiError } from '../base/errors.ts'
import type { Codec, GroupEvent, Message } from './types.ts'

/** What a delivery tells the application: the message, or that this member's codec can't read it. */
export function messageOf<M>(
  codec: Codec<M>,
  payload: Uint8Array,
  place: Omit<Message, 'type' | 'value'>,
): GroupEvent<M> {
  try {
    return { type: 'message', ...place, value: codec.decode(payload) }
  } catch (cause) {
    const message = `a message of ${place.from.id} can not be decoded: all members need the same codec`
    return { type: 'error', error: new TuttiError('not-encodable', message, { cause }) }
  }
}
