import { writeVarint } from '../wire/bytes.ts'
import { SHORT_STRING, SMALL_MAX, STRING, UTF16, varintBytes } from './value-format.ts'

const NO_BYTES = new Uint8Array()
const NO_VIEW = new DataView(NO_BYTES.buffer)
const CHUNK_BYTES = 16 * 1024
/** Values up to this size share a chunk. */
const SHARED_MAX = 2 * 1024
/** Strings up to this length are first taken for ASCII: below, a call of the encoder costs more than a loop. */
const ASCII_MAX = 128
/** Strings up to this length are encoded in place, with room for three bytes a unit. */
const ENCODE_INTO_MAX = 16 * 1024
const LONE_SURROGATE = /\p{Surrogate}/u
const utf8 = new TextEncoder()

/**
 * The bytes of values, written one value after the other. Small ones share chunks of memory, since an engine takes as
 * long to make an array of a hundred bytes as one of thousands. What was handed out is not written to again.
 */
export class ByteWriter {
  #chunk = NO_BYTES
  #view = NO_VIEW
  /** Where the value that is being written begins, and how far it has come. */
  #start = 0
  #at = 0
  /** The chunk, and where it goes on, while a larger value is written to memory of its own. */
  #shared = NO_BYTES
  #sharedAt = 0

  /** Bytes of this value so far. */
  get length(): number {
    return this.#at - this.#start
  }

  /** A new value. */
  begin(): void {
    this.#start = this.#at
  }

  finish(): Uint8Array {
    if (this.#chunk === this.#shared) return this.#chunk.subarray(this.#start, this.#at)
    const own = this.#chunk
    const length = this.#at
    this.#share()
    return own.length - length > length / 8 ? own.slice(0, length) : own.subarray(0, length)
  }

  /** Forgets the value that was begun. */
  discard(): void {
    if (this.#chunk === this.#shared) this.#at = this.#start
    else this.#share()
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#chunk[this.#at++] = value
  }

  /** A tag, and a number after it as a varint. */
  head(tag: number, value: number): void {
    this.#reserve(9)
    this.#chunk[this.#at] = tag
    this.#at = writeVarint(this.#chunk, this.#at + 1, value)
  }

  /** A tag, and bytes after their number. */
  bytes(tag: number, bytes: Uint8Array): void {
    const { length } = bytes
    this.#reserve(9 + length)
    this.head(tag, length)
    this.#chunk.set(bytes, this.#at)
    this.#at += length
  }

  float32(tag: number, value: number): void {
    this.#reserve(5)
    this.#chunk[this.#at] = tag
    this.#view.setFloat32(this.#at + 1, value)
    this.#at += 5
  }

  float64(tag: number, value: number): void {
    this.#reserve(9)
    this.#chunk[this.#at] = tag
    this.#view.setFloat64(this.#at + 1, value)
    this.#at += 9
  }

  string(text: string): void {
    const { length } = text
    if (length > ASCII_MAX) {
      this.#unicode(text)
      return
    }
    this.#reserve(9 + length)
    const start = this.#at
    if (length <= SMALL_MAX) this.#chunk[this.#at++] = SHORT_STRING | length
    else this.head(STRING, length)
    const chunk = this.#chunk
    let at = this.#at
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) {
        this.#at = start
        this.#unicode(text)
        return
      }
      chunk[at++] = unit
    }
    this.#at = at
  }

  #unicode(text: string): void {
    if (text.length > ENCODE_INTO_MAX) {
      const bytes = utf8.encode(text)
      if (bytes.length !== text.length && LONE_SURROGATE.test(text)) this.#utf16(text)
      else this.bytes(STRING, bytes)
      return
    }
    // The text begins where it would after the head of an ASCII one, and moves if it was not.
    const guess = headBytes(text.length)
    this.#reserve(9 + 3 * text.length)
    const start = this.#at
    const { written } = utf8.encodeInto(text, this.#chunk.subarray(start + guess))
    if (written !== text.length && LONE_SURROGATE.test(text)) {
      this.#utf16(text)
      return
    }
    const head = headBytes(written)
    if (head !== guess) this.#chunk.copyWithin(start + head, start + guess, start + guess + written)
    if (head === 1) this.#chunk[start] = SHORT_STRING | written
    else this.head(STRING, written)
    this.#at = start + head + written
  }

  #utf16(text: string): void {
    this.#reserve(9 + 2 * text.length)
    this.head(UTF16, text.length)
    for (let i = 0; i < text.length; i++, this.#at += 2) this.#view.setUint16(this.#at, text.charCodeAt(i), true)
  }

  #reserve(more: number): void {
    if (this.#at + more > this.#chunk.length) this.#grow(more)
  }

  #grow(more: number): void {
    const written = this.#chunk.subarray(this.#start, this.#at)
    const needed = written.length + more
    const isOwn = needed > SHARED_MAX
    if (isOwn && this.#chunk === this.#shared) this.#sharedAt = this.#start
    this.#chunk = new Uint8Array(isOwn ? Math.max(needed, 2 * written.length) : CHUNK_BYTES)
    this.#chunk.set(written)
    if (!isOwn) this.#shared = this.#chunk
    this.#view = new DataView(this.#chunk.buffer)
    this.#start = 0
    this.#at = written.length
  }

  /** Back to the chunk. */
  #share(): void {
    this.#chunk = this.#shared
    this.#view = new DataView(this.#chunk.buffer)
    this.#at = this.#sharedAt
  }
}

/** Bytes before a string of so many bytes. */
function headBytes(length: number): number {
  return length <= SMALL_MAX ? 1 : 1 + varintBytes(length)
}
