import { TuttiError } from '../base/errors.ts'
import { Reader } from '../wire/bytes.ts'
import { PendingValue, tooLarge } from './blobs.ts'
import type { Codec } from './types.ts'
import { BYTES, STRING } from './value-format.ts'
import { readValue } from './value-reader.ts'
import { ValueWriter } from './value-writer.ts'

/**
 * The codec of messages and states unless an application brings its own: JSON values, Uint8Array, bigint, undefined and
 * Date, nested anywhere; -0, NaN, the infinities and lone surrogates are kept. Decoded bytes are copies. Anything else
 * (functions, symbols, class instances, cycles) throws `not-encodable` and names the place; so do bytes that are none.
 * Blob, File and ReadableStream, which take time, are encoded by `encodeValue` alone.
 */
export const defaultCodec: Codec<unknown> = {
  encode(value) {
    const writer = idleWriter()
    const bytes = writer.write(value)
    const [hole] = writer.holes ?? []
    if (hole === undefined) return bytes
    throw new TuttiError('not-encodable', `${hole.place} has bytes that can not be read at once`)
  },
  decode(bytes) {
    try {
      return readValue(bytes)
    } catch (cause) {
      throw new TuttiError('not-encodable', 'these bytes are no value of the default codec', { cause })
    }
  },
}

/**
 * A value as the default codec writes it; a pending one if there are Blobs, Files or streams in it. `bytesMax`: how much
 * content there may be; what comes before the bytes or the text of a value that is nothing else does not count.
 * Throws a TuttiError: `not-encodable`, `too-large`.
 */
export function encodeValue(value: unknown, bytesMax: number): Uint8Array | PendingValue {
  const writer = idleWriter()
  const bytes = writer.write(value)
  if (writer.holes !== undefined) return new PendingValue(bytes, writer.holes, bytesMax)
  if (bytes.length <= bytesMax || bytes.length - headBytes(bytes) <= bytesMax) return bytes
  throw tooLarge(`${bytes.length} bytes, encoded`, bytesMax)
}

const shared = new ValueWriter()

/** A getter may multicast while the value that it belongs to is being written. */
function idleWriter(): ValueWriter {
  return shared.busy ? new ValueWriter() : shared
}

/** Bytes before the content of an encoded Uint8Array or long string; 0 before any other value. */
function headBytes(encoded: Uint8Array): number {
  if (encoded[0] !== BYTES && encoded[0] !== STRING) return 0
  return encoded.length - new Reader(encoded.subarray(1)).varint()
}
