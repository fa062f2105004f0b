import { WireError } from '../wire/bytes.ts'
import { ByteReader } from './byte-reader.ts'
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

/** Reads a value in the format of the default codec. Throws a WireError on anything else. */
export function readValue(bytes: Uint8Array): unknown {
  const reader = new ByteReader(bytes)
  const value = read(reader, reader.byte(), 0)
  if (!reader.done) throw new WireError('bytes left over')
  return value
}

function read(from: ByteReader, tag: number, depth: number): unknown {
  if (tag >= SHORT_STRING) return from.text(tag & SMALL_MAX)
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
      return from.varint()
    case NEGATIVE:
      return -from.varint()
    case FLOAT32:
      return from.float32()
    case FLOAT64:
      return from.float64()
    case STRING:
      return from.text(from.varint())
    case UTF16:
      return from.utf16()
    case BYTES:
      return from.copy(from.varint())
    case BIGINT:
      return bigintOf(from.raw(from.varint()))
    case NEGATIVE_BIGINT:
      return -bigintOf(from.raw(from.varint()))
    case DATE:
      return new Date(from.float64())
    case ARRAY:
      return readArray(from, depth + 1)
    case OBJECT:
      return readObject(from, depth + 1)
    case BLOB:
      return readBlob(from)
    case FILE:
      return readFile(from)
    default:
      throw new WireError('no such kind of value')
  }
}

function readArray(from: ByteReader, depth: number): unknown[] {
  if (depth > DEPTH_MAX) throw new WireError('nested too deep')
  const items: unknown[] = []
  for (let left = from.count(); left > 0; left--) items.push(read(from, from.byte(), depth))
  return items
}

function readObject(from: ByteReader, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) throw new WireError('nested too deep')
  const object: Record<string, unknown> = {}
  for (let left = from.count(); left > 0; left--) {
    const tag = from.byte()
    const key = tag >= SHORT_STRING ? from.key(tag & SMALL_MAX) : readString(from, tag)
    const value = read(from, from.byte(), depth)
    // Assigning to `__proto__` would change the object's prototype instead.
    if (key === '__proto__') {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
    } else {
      object[key] = value
    }
  }
  return object
}

function readString(from: ByteReader, tag: number): string {
  const text = read(from, tag, DEPTH_MAX)
  if (typeof text !== 'string') throw new WireError('this must be a string')
  return text
}

function readBlob(from: ByteReader): Blob {
  const type = readString(from, from.byte())
  return new Blob([from.raw(from.varint()) as BlobPart], { type })
}

function readFile(from: ByteReader): Blob {
  const name = readString(from, from.byte())
  const lastModified = read(from, from.byte(), DEPTH_MAX)
  if (typeof lastModified !== 'number') throw new WireError('a time that is no number')
  const blob = readBlob(from)
  return typeof File === 'undefined' ? blob : new File([blob], name, { type: blob.type, lastModified })
}

function bigintOf(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  let digits = '0x'
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return BigInt(digits)
}
