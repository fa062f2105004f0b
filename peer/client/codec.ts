import { TuttiError } from '../base/errors.ts'
import { Reader, WireError, Writer } from '../wire/bytes.ts'
import type { Codec } from './types.ts'

/**
 * The codec of messages and states unless an application brings its own: JSON values, Uint8Array, bigint, undefined and
 * Date, nested anywhere; -0, NaN, the infinities and lone surrogates are kept. Decoded bytes are copies. Anything else
 * (functions, symbols, class instances, cycles) throws `not-encodable` and names the place; so do bytes that are none.
 */
export const defaultCodec: Codec<unknown> = {
  encode(value) {
    const writer = new Writer()
    try {
      write(writer, value, { names: [], ancestors: [] })
    } catch (cause) {
      if (cause instanceof TuttiError) throw cause
      throw new TuttiError('not-encodable', 'reading this value threw an error', { cause })
    }
    return writer.finish()
  },
  decode(bytes) {
    try {
      const reader = new Reader(bytes)
      const value = read(reader, 0)
      reader.end()
      return value
    } catch (cause) {
      throw new TuttiError('not-encodable', 'these bytes are no value of the default codec', { cause })
    }
  },
}

/** Bytes before the content of an encoded Uint8Array or long string; 0 before any other value. */
export function headBytes(encoded: Uint8Array): number {
  if (encoded[0] !== BYTES && encoded[0] !== STRING) return 0
  const reader = new Reader(encoded.subarray(1))
  return encoded.length - reader.varint()
}

// One byte says what follows. Small integers and short strings are that byte's own low bits.
const NULL = 0
const UNDEFINED = 1
const FALSE = 2
const TRUE = 3
const INTEGER = 4
const NEGATIVE = 5
const FLOAT32 = 6
const FLOAT64 = 7
const STRING = 8
const UTF16 = 9
const BYTES = 10
const BIGINT = 11
const NEGATIVE_BIGINT = 12
const DATE = 13
const ARRAY = 14
const OBJECT = 15
const SMALL_INTEGER = 0x80
const SHORT_STRING = 0xc0

const SMALL_MAX = 0x3f
const DEPTH_MAX = 500

const utf8 = new TextEncoder()
// A byte order mark is a character like any other.
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const scratch = new DataView(new ArrayBuffer(8))

/** Where the writer is: the keys that lead there, the objects around it. */
interface Place {
  readonly names: (string | number)[]
  readonly ancestors: object[]
}

function write(writer: Writer, value: unknown, place: Place): void {
  switch (typeof value) {
    case 'undefined':
      writer.byte(UNDEFINED)
      return
    case 'boolean':
      writer.byte(value ? TRUE : FALSE)
      return
    case 'number':
      writeNumber(writer, value)
      return
    case 'string':
      writeString(writer, value)
      return
    case 'bigint':
      writer.byte(value < 0n ? NEGATIVE_BIGINT : BIGINT).bytes(bytesOf(value < 0n ? -value : value))
      return
    case 'object':
      if (value === null) writer.byte(NULL)
      else writeObject(writer, value, place)
      return
    default:
      refuse(place, `is a ${typeof value}`)
  }
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (value >= 0 && value <= SMALL_MAX) writer.byte(SMALL_INTEGER | value)
    else if (value >= 0) writer.byte(INTEGER).varint(value)
    else writer.byte(NEGATIVE).varint(-value)
  } else if (Object.is(Math.fround(value), value)) {
    scratch.setFloat32(0, value)
    writer.byte(FLOAT32).raw(new Uint8Array(scratch.buffer, 0, 4))
  } else {
    writeFloat64(writer.byte(FLOAT64), value)
  }
}

function writeFloat64(writer: Writer, value: number): void {
  scratch.setFloat64(0, value)
  writer.raw(new Uint8Array(scratch.buffer, 0, 8))
}

function writeString(writer: Writer, text: string): void {
  if (!/\p{Surrogate}/u.test(text)) {
    const bytes = utf8.encode(text)
    if (bytes.length <= SMALL_MAX) writer.byte(SHORT_STRING | bytes.length).raw(bytes)
    else writer.byte(STRING).bytes(bytes)
    return
  }
  writer.byte(UTF16).varint(text.length)
  for (let i = 0; i < text.length; i++) writer.byte(text.charCodeAt(i) & 0xff).byte(text.charCodeAt(i) >>> 8)
}

function writeObject(writer: Writer, value: object, place: Place): void {
  if (place.ancestors.includes(value)) refuse(place, 'refers back to something around it')
  if (place.ancestors.length >= DEPTH_MAX) refuse(place, `is nested more than ${DEPTH_MAX} deep`)
  place.ancestors.push(value)
  if (Array.isArray(value)) {
    writer.byte(ARRAY).varint(value.length)
    for (let i = 0; i < value.length; i++) writeAt(writer, i, value[i], place)
  } else if (isPlain(value)) {
    writePlain(writer, value, place)
  } else {
    writeBuiltIn(writer, value, place)
  }
  place.ancestors.pop()
}

function writePlain(writer: Writer, value: Record<string, unknown>, place: Place): void {
  const symbol = Object.getOwnPropertySymbols(value).find((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  )
  if (symbol !== undefined) refuse(place, `has a symbol (${symbol.description ?? 'no name'}) for a key`)
  const keys = Object.keys(value)
  writer.byte(OBJECT).varint(keys.length)
  for (const key of keys) {
    writeString(writer, key)
    writeAt(writer, key, value[key], place)
  }
}

function writeAt(writer: Writer, name: string | number, value: unknown, place: Place): void {
  place.names.push(name)
  write(writer, value, place)
  place.names.pop()
}

function writeBuiltIn(writer: Writer, value: object, place: Place): void {
  // By what they say they are: a page's frames have classes of their own.
  const kind = Object.prototype.toString.call(value)
  if (kind === '[object Uint8Array]' && ArrayBuffer.isView(value)) {
    writer.byte(BYTES).bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  } else if (value instanceof Date || kind === '[object Date]') {
    writeFloat64(writer.byte(DATE), Number(value))
  } else {
    const name = value.constructor?.name || kind.slice(8, -1)
    refuse(place, `is an instance of ${name}; make it plain objects, arrays or a Uint8Array first`)
  }
}

/** Plain: made by braces, here or in another frame, or without a prototype. */
function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function refuse(place: Place, why: string): never {
  const path = place.names.map((name) => (typeof name === 'number' ? `[${name}]` : `.${name}`)).join('')
  throw new TuttiError('not-encodable', `value${path} ${why}`)
}

function bytesOf(magnitude: bigint): Uint8Array {
  if (magnitude === 0n) return new Uint8Array()
  const digits = magnitude.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16))
}

function read(reader: Reader, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new WireError('nested too deep')
  const tag = reader.byte()
  if (tag >= SHORT_STRING) return fromUtf8.decode(reader.raw(tag & SMALL_MAX))
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
      return reader.varint()
    case NEGATIVE:
      return -reader.varint()
    case FLOAT32:
      return viewOf(reader.raw(4)).getFloat32(0)
    case FLOAT64:
      return viewOf(reader.raw(8)).getFloat64(0)
    case BYTES:
      return reader.bytes().slice()
    case BIGINT:
      return bigintOf(reader.bytes())
    case NEGATIVE_BIGINT:
      return -bigintOf(reader.bytes())
    case DATE:
      return new Date(viewOf(reader.raw(8)).getFloat64(0))
    case ARRAY:
      return reader.list(() => read(reader, depth + 1))
    case OBJECT:
      return readPlain(reader, depth + 1)
    default:
      return readLongString(reader, tag)
  }
}

function readLongString(reader: Reader, tag: number): string {
  if (tag === STRING) return fromUtf8.decode(reader.bytes())
  if (tag !== UTF16) throw new WireError('no such kind of value')
  const units = reader.list(() => reader.byte() | (reader.byte() << 8))
  return units.map((unit) => String.fromCharCode(unit)).join('')
}

function readPlain(reader: Reader, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  reader.list(() => {
    const key = read(reader, DEPTH_MAX)
    if (typeof key !== 'string') throw new WireError('a key that is no string')
    const member = read(reader, depth)
    // Assigning to `__proto__` would change the object's prototype instead.
    if (key === '__proto__') {
      Object.defineProperty(value, key, { value: member, enumerable: true, configurable: true, writable: true })
    } else {
      value[key] = member
    }
  })
  return value
}

function bigintOf(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  let digits = '0x'
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return BigInt(digits)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
