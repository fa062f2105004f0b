import { WireError } from '../wire/bytes.ts'
import { SMALL_MAX } from './value-format.ts'

// A byte order mark is a character like any other.
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const float = new DataView(new ArrayBuffer(8))

const KNOWN_KEY_MAX = 24
/** Keys that were read, each at a place that its first byte, its last and its length give. */
const knownKeys: string[] = new Array<string>(256).fill('')

/** Arrays up to this size share a buffer. */
const POOLED_MAX = 1024
const POOL_BYTES = 4 * 1024
/** Where an array of any type of numbers may begin. */
const ALIGNMENT = 8
let pool = new Uint8Array()
let poolAt = 0

/** Reads what a `ByteWriter` wrote. Throws a WireError on anything else. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
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
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (byte === 0 && i > 0) throw new WireError('number not in its shortest form')
        if (!Number.isSafeInteger(value)) throw new WireError('number too large')
        return value
      }
      scale *= 128
    }
    throw new WireError('number too long')
  }

  /** How long a list is: its items have a byte each at least. */
  count(): number {
    const count = this.varint()
    this.#end(count)
    return count
  }

  float32(): number {
    for (let i = 0; i < 4; i++) float.setUint8(i, this.byte())
    return float.getFloat32(0)
  }

  float64(): number {
    for (let i = 0; i < 8; i++) float.setUint8(i, this.byte())
    return float.getFloat64(0)
  }

  /** The next bytes, not copied. */
  raw(length: number): Uint8Array {
    const end = this.#end(length)
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  /** A copy of the next bytes. */
  copy(length: number): Uint8Array {
    const end = this.#end(length)
    const copy = copyOf(this.#bytes, this.#at, end)
    this.#at = end
    return copy
  }

  /** Text of so many bytes. */
  text(length: number): string {
    const end = this.#end(length)
    const ascii = length <= SMALL_MAX ? asciiOf(this.#bytes, this.#at, end) : undefined
    if (ascii === undefined) return fromUtf8.decode(this.raw(length))
    this.#at = end
    return ascii
  }

  /** Short text that was read before, most likely. */
  key(length: number): string {
    if (length === 0 || length > KNOWN_KEY_MAX) return this.text(length)
    const end = this.#end(length)
    const bytes = this.#bytes
    const at = this.#at
    const slot = ((bytes[at] as number) * 7 + (bytes[end - 1] as number) * 31 + length) & (knownKeys.length - 1)
    const known = knownKeys[slot] as string
    if (isText(known, bytes, at, end)) {
      this.#at = end
      return known
    }
    const key = this.text(length)
    // As many units as bytes: ASCII.
    if (key.length === length) knownKeys[slot] = key
    return key
  }

  utf16(): string {
    const units: string[] = []
    for (let left = this.count(); left > 0; left--) units.push(String.fromCharCode(this.byte() | (this.byte() << 8)))
    return units.join('')
  }

  #end(length: number): number {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new WireError('cut short')
    return end
  }
}

function isText(text: string, bytes: Uint8Array, at: number, end: number): boolean {
  if (text.length !== end - at) return false
  for (let i = 0; at + i < end; i++) {
    if (text.charCodeAt(i) !== bytes[at + i]) return false
  }
  return true
}

/** The text, if it is ASCII: a decoder takes longer to begin. Four at a time, for fewer strings in between. */
function asciiOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = ''
  let at = from
  for (; at + 4 <= to; at += 4) {
    const a = bytes[at] as number
    const b = bytes[at + 1] as number
    const c = bytes[at + 2] as number
    const d = bytes[at + 3] as number
    if ((a | b | c | d) > 0x7f) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < to; at++) {
    const unit = bytes[at] as number
    if (unit > 0x7f) return undefined
    text += String.fromCharCode(unit)
  }
  return text
}

/** A copy. To make a buffer takes an engine much longer than to copy a few bytes, so small copies share one. */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const length = to - from
  if (length > POOLED_MAX) return new Uint8Array(bytes.subarray(from, to))
  // All of the bytes are copied faster than a part, for which a view has to be made.
  const isWhole = from < ALIGNMENT && to === bytes.length
  const before = isWhole ? from : 0
  let at = (poolAt + before + ALIGNMENT - 1) & -ALIGNMENT
  if (at + length > pool.length) {
    pool = new Uint8Array(POOL_BYTES)
    at = ALIGNMENT
  }
  pool.set(isWhole ? bytes : bytes.subarray(from, to), at - before)
  poolAt = at + length
  return new Uint8Array(pool.buffer, at, length)
}
