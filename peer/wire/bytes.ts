/** Reading and writing of the wire's primitives: bytes, varints (LEB128, up to 2^53 - 1), UTF-8 text, byte strings. */

/** Every runtime has these two; the core's library of types, which knows no platform, does not. */
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Thrown inside `wire` for bytes that are no message; never leaves `decode` and `unpack`. */
export class WireError extends Error {}

/** Writes a varint into `target` from `at` on. Returns where it ends. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = value
  let end = at
  while (rest > 0x7f) {
    target[end++] = (rest & 0x7f) | 0x80
    rest = rest > 0x7fff_ffff ? Math.floor(rest / 128) : rest >>> 7
  }
  target[end++] = rest
  return end
}

/** Small byte strings are cut from chunks of this size: an array of its own costs many times as much. */
const CHUNK_BYTES = 16 * 1024
/** The chunk that is being filled, and how far it is. Its bytes are written once. */
const chunk = { bytes: new Uint8Array(CHUNK_BYTES), at: 0 }

/** Room for that many bytes, from `at` on, to be written and then taken by `takeRoom`, before the next call. */
export function roomFor(bytes: number): { readonly bytes: Uint8Array; readonly at: number } {
  if (bytes > chunk.bytes.length - chunk.at) {
    chunk.bytes = new Uint8Array(Math.max(bytes, CHUNK_BYTES))
    chunk.at = 0
  }
  return chunk
}

/** What was written into the room that was given last, up to `end`. */
export function takeRoom(end: number): Uint8Array {
  const start = chunk.at
  chunk.at = end
  return chunk.bytes.subarray(start, end)
}

export class Writer {
  #bytes: Uint8Array
  #length = 0

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
    return this
  }

  varint(value: number): this {
    this.#reserve(8)
    this.#length = writeVarint(this.#bytes, this.#length, value)
    return this
  }

  uint32(value: number): this {
    return this.byte(value & 0xff)
      .byte((value >>> 8) & 0xff)
      .byte((value >>> 16) & 0xff)
      .byte(value >>> 24)
  }

  /** Bytes without their length: the reader must know where they end. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  bytes(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes)
  }

  text(text: string): this {
    return this.bytes(encoder.encode(text))
  }

  varints(values: readonly number[]): this {
    this.varint(values.length)
    for (const value of values) this.varint(value)
    return this
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.varint(items.length)
    for (const item of items) write(item)
    return this
  }

  /** The bytes written, without a copy: the writer is not to be used again. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** Reads what `Writer` wrote. Byte strings are views into the input, not copies. Throws WireError on anything else. */
export class Reader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** How far it has read. */
  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new WireError('cut short')
    return value
  }

  varint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let scale = 128
    for (let i = 1; i < 8; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (byte === 0) throw new WireError('number not in its shortest form')
        if (!Number.isSafeInteger(value)) throw new WireError('number too large')
        return value
      }
      scale *= 128
    }
    throw new WireError('number too long')
  }

  uint32(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0
  }

  raw(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new WireError('cut short')
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  bytes(): Uint8Array {
    return this.raw(this.varint())
  }

  text(): string {
    try {
      return decoder.decode(this.bytes())
    } catch (error) {
      if (error instanceof WireError) throw error
      throw new WireError('text is not UTF-8')
    }
  }

  varints(): number[] {
    return this.list(() => this.varint())
  }

  /** A list; its claimed length is checked against the bytes that are left, one each at least. */
  list<T>(read: () => T): T[] {
    const length = this.varint()
    if (length > this.#bytes.length - this.#at) throw new WireError('list longer than its bytes')
    const items: T[] = []
    for (let i = 0; i < length; i++) items.push(read())
    return items
  }

  /** Whether a zero comes next; goes past it if so. */
  skipZero(): boolean {
    if (this.#bytes[this.#at] !== 0) return false
    this.#at++
    return true
  }

  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at)
  }

  /** Asserts that nothing is left over. */
  end(): void {
    if (!this.done) throw new WireError('bytes left over')
  }
}
