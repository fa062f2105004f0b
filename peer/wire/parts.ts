/**
 * A message larger than a frame travels in parts, one a frame, and is put together again at the other end of the link:
 * `0, 1 if more follow, bytes`. No kind of message has number 0. Links keep order, so parts need no numbers.
 */

const PART = 0
/** Bytes that a part takes beside what it carries. */
const PART_HEAD_BYTES = 2
/** The most that one sender may have in parts here; nothing that the protocols send comes near it. */
const ASSEMBLY_BYTES_MAX = 64 * 1024 * 1024

export function isPart(message: Uint8Array): boolean {
  return message[0] === PART
}

/** The parts of a message, each of `partBytes` at most. */
export function split(message: Uint8Array, partBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  const step = partBytes - PART_HEAD_BYTES
  for (let at = 0; at < message.length; at += step) {
    const piece = message.subarray(at, at + step)
    const part = new Uint8Array(PART_HEAD_BYTES + piece.length)
    part[0] = PART
    part[1] = at + step < message.length ? 1 : 0
    part.set(piece, PART_HEAD_BYTES)
    parts.push(part)
  }
  return parts
}

/** Puts the parts of one link and group together again. */
export class Assembly {
  #pieces: Uint8Array[] = []
  #bytes = 0

  /** The whole message with its last part, 'more' before, 'bad' for a part that is none or too much. */
  take(part: Uint8Array): Uint8Array | 'more' | 'bad' {
    const more = part[1]
    this.#bytes += part.length - PART_HEAD_BYTES
    if (more === undefined || more > 1 || part.length === PART_HEAD_BYTES || this.#bytes > ASSEMBLY_BYTES_MAX) {
      this.#reset()
      return 'bad'
    }
    this.#pieces.push(part.subarray(PART_HEAD_BYTES))
    if (more === 1) return 'more'
    const whole = new Uint8Array(this.#bytes)
    let at = 0
    for (const piece of this.#pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    this.#reset()
    return whole.length > 0 && !isPart(whole) ? whole : 'bad'
  }

  #reset(): void {
    this.#pieces = []
    this.#bytes = 0
  }
}
