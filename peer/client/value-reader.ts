import { WireError } from '../wire/bytes.ts'
import {
  ARRAY,
  BIGINT,
  BLOB,
  BYTES,
  DATE,
  DEPTH_MAX,
  FALSE,
  FILE,
  FLOAT32,
  FLOAT64,
  INTEGER,
  NEGATIVE,
  NEGATIVE_BIGINT,
  NULL,
  OBJECT,
  SHORT_STRING,
  SMALL_INTEGER,
  SMALL_MAX,
  STRING,
  TRUE,
  UNDEFINED,
  UTF16,
} from './value-format.ts'

// A byte order mark is a character like any other.
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const float = new DataView(new ArrayBuffer(8))

/** Reads a value in the format of the default codec. Throws a WireError on anything else. */
export class ValueReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The one value that all of the bytes are. */
  read(): unknown {
    const value = this.#value(this.#byte(), 0)
    if (this.#at !== this.#bytes.length) throw new WireError('bytes left over')
    return value
  }

  #value(tag: number, depth: number): unknown {
    if (tag >= SHORT_STRING) return this.#text(tag & SMALL_MAX)
    if (tag >= SMALL_INTEGER) return tag & SMALL_MAX
    switch (tag) {
      case NULL:
        return null
      case UNDEFINED:
        return undefined
      case FALSE:
        return false
      case TRUE:
        return true
      case INTEGER:
        return this.#varint()
      case NEGATIVE:
        return -this.#varint()
      case FLOAT32:
        return this.#float(4).getFloat32(0)
      case FLOAT64:
        return this.#float(8).getFloat64(0)
      case STRING:
        return this.#text(this.#varint())
      case UTF16:
        return this.#utf16()
      case BYTES:
        return this.#copy(this.#varint())
      case BIGINT:
        return bigintOf(this.#raw(this.#varint()))
      case NEGATIVE_BIGINT:
        return -bigintOf(this.#raw(this.#varint()))
      case DATE:
        return new Date(this.#float(8).getFloat64(0))
      case ARRAY:
        return this.#array(depth + 1)
      case OBJECT:
        return this.#object(depth + 1)
      case BLOB:
        return this.#blob()
      case FILE:
        return this.#file()
      default:
        throw new WireError('no such kind of value')
    }
  }

  #byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new WireError('cut short')
    return value
  }

  #varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.#byte()
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

  /** The end of so many bytes from here on. */
  #end(length: number): number {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new WireError('cut short')
    return end
  }

  #raw(length: number): Uint8Array {
    const end = this.#end(length)
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  #float(length: number): DataView {
    for (let i = 0; i < length; i++) float.setUint8(i, this.#byte())
    return float
  }

  #copy(length: number): Uint8Array {
    const end = this.#end(length)
    const copy = copyOf(this.#bytes, this.#at, end)
    this.#at = end
    return copy
  }

  #text(length: number): string {
    const end = this.#end(length)
    const ascii = length <= SMALL_MAX ? asciiOf(this.#bytes, this.#at, end) : undefined
    if (ascii === undefined) return fromUtf8.decode(this.#raw(length))
    this.#at = end
    return ascii
  }

  #utf16(): string {
    const units: string[] = []
    for (let left = this.#length(); left > 0; left--) {
      units.push(String.fromCharCode(this.#byte() | (this.#byte() << 8)))
    }
    return units.join('')
  }

  /** Of a list: its items have a byte each at least. */
  #length(): number {
    const length = this.#varint()
    this.#end(length)
    return length
  }

  #array(depth: number): unknown[] {
    if (depth > DEPTH_MAX) throw new WireError('nested too deep')
    const items: unknown[] = []
    for (let left = this.#length(); left > 0; left--) items.push(this.#value(this.#byte(), depth))
    return items
  }

  #object(depth: number): Record<string, unknown> {
    if (depth > DEPTH_MAX) throw new WireError('nested too deep')
    const object: Record<string, unknown> = {}
    for (let left = this.#length(); left > 0; left--) {
      const key = this.#key()
      const value = this.#value(this.#byte(), depth)
      // Assigning to `__proto__` would change the object's prototype instead.
      if (key === '__proto__') {
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      } else {
        object[key] = value
      }
    }
    return object
  }

  /** Most keys were read before. */
  #key(): string {
    const tag = this.#byte()
    const length = tag & SMALL_MAX
    if (tag <= SHORT_STRING || length > KNOWN_KEY_MAX) return this.#string(tag)
    const end = this.#end(length)
    const bytes = this.#bytes
    const at = this.#at
    const slot = ((bytes[at] as number) * 7 + (bytes[end - 1] as number) * 31 + length) & (knownKeys.length - 1)
    const known = knownKeys[slot] as string
    if (isText(known, bytes, at, end)) {
      this.#at = end
      return known
    }
    const key = this.#text(length)
    // As many units as bytes: ASCII.
    if (key.length === length) knownKeys[slot] = key
    return key
  }

  #string(tag: number): string {
    const text = this.#value(tag, DEPTH_MAX)
    if (typeof text !== 'string') throw new WireError('this must be a string')
    return text
  }

  #blob(): Blob {
    const type = this.#string(this.#byte())
    return new Blob([this.#raw(this.#varint()) as BlobPart], { type })
  }

  #file(): Blob {
    const name = this.#string(this.#byte())
    const lastModified = this.#value(this.#byte(), DEPTH_MAX)
    if (typeof lastModified !== 'number') throw new WireError('a time that is no number')
    const blob = this.#blob()
    return typeof File === 'undefined' ? blob : new File([blob], name, { type: blob.type, lastModified })
  }
}

const KNOWN_KEY_MAX = 24
/** A key is found by its first byte, its last and its length. */
const knownKeys: string[] = new Array<string>(256).fill('')

function isText(text: string, bytes: Uint8Array, at: number, end: number): boolean {
  if (text.length !== end - at) return false
  for (let i = 0; at + i < end; i++) {
    if (text.charCodeAt(i) !== bytes[at + i]) return false
  }
  return true
}

/** The text, if it is ASCII. Short ones take a decoder longer to begin with. Four at a time, for fewer strings in between. */
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

/** Arrays up to this size share a buffer. */
const POOLED_MAX = 1024
const POOL_BYTES = 4 * 1024
let pool = new Uint8Array()
let poolAt = 0

/**
 * A copy. To make a buffer takes an engine much longer than to copy a few bytes, so small copies share one; each begins
 * where an array of any type of numbers may begin.
 */
function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to - from > POOLED_MAX) return new Uint8Array(bytes.subarray(from, to))
  // All of the bytes are copied faster than a part, for which a view has to be made.
  const isWhole = from < ALIGNMENT && to === bytes.length
  const skipped = isWhole ? from : 0
  let at = align(poolAt + skipped)
  if (at + to - from > pool.length) {
    pool = new Uint8Array(POOL_BYTES)
    at = ALIGNMENT
  }
  pool.set(isWhole ? bytes : bytes.subarray(from, to), at - skipped)
  poolAt = at + to - from
  return new Uint8Array(pool.buffer, at, to - from)
}

const ALIGNMENT = 8

function align(at: number): number {
  return (at + ALIGNMENT - 1) & -ALIGNMENT
}

function bigintOf(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  let digits = '0x'
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return BigInt(digits)
}
