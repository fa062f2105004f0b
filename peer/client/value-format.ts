/**
 * How the default codec writes a value: one byte says what follows. Small integers and short strings are that byte's own
 * low bits.
 */
export const NULL = 0
export const UNDEFINED = 1
export const FALSE = 2
export const TRUE = 3
/** A varint. */
export const INTEGER = 4
/** The varint of the number without its sign. */
export const NEGATIVE = 5
/** 4 bytes, big endian, as floats and dates are. */
export const FLOAT32 = 6
/** 8 bytes. */
export const FLOAT64 = 7
/** Its bytes in UTF-8, after their number as a varint. */
export const STRING = 8
/** Its units, 2 bytes each, little endian, after their number: a string that UTF-8 can't say. */
export const UTF16 = 9
/** The bytes after their number. */
export const BYTES = 10
/** The magnitude, big endian, after the number of its bytes. */
export const BIGINT = 11
export const NEGATIVE_BIGINT = 12
/** 8 bytes: a float of milliseconds. */
export const DATE = 13
/** The number of items, then each. */
export const ARRAY = 14
/** The number of keys, then each as a string, with its value. */
export const OBJECT = 15
/** Its type as a string, then the bytes after their number. */
export const BLOB = 16
/** Its name, its time as a number, then what a Blob has. */
export const FILE = 17
export const SMALL_INTEGER = 0x80
export const SHORT_STRING = 0xc0

/** The largest number that fits into the byte itself. */
export const SMALL_MAX = 0x3f
/** How deep values are nested at most. */
export const DEPTH_MAX = 500

/** Bytes of a number as a varint. */
export function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
