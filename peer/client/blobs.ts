import { TuttiError } from '../base/errors.ts'
import { Writer } from '../wire/bytes.ts'
import { varintBytes } from './value-format.ts'

/** A place in a written value where bytes are still to come, after their number. */
export interface Hole {
  readonly source: Blob | ReadableStream<Uint8Array>
  /** A stream's is not known. */
  readonly size: number | undefined
  /** Bytes of the value before it. */
  readonly at: number
  /** How an error names it: the keys that lead there. */
  readonly place: string
}

/** Before the bytes of a value that is one Blob, File or stream: its tag, length, type and name count beyond this only. */
export const HEAD_BYTES_MAX = 1_024
/** A Blob is read in pieces of this size, so that it can be given up in between. */
const PIECE_BYTES = 4 * 1024 * 1024

/** A value with Blobs, Files or streams in it: all of it but their bytes, which can't be read at once. */
export class PendingValue {
  /** What it will have at least: streams are counted as empty. */
  readonly bytes: number
  readonly #written: Uint8Array
  readonly #holes: readonly Hole[]
  readonly #bytesMax: number

  /** Throws a TuttiError, `too-large`, if its content is more than `bytesMax` as it is. */
  constructor(written: Uint8Array, holes: readonly Hole[], bytesMax: number) {
    this.#written = written
    this.#holes = holes
    this.#bytesMax = bytesMax
    const sizes = holes.map((hole) => hole.size ?? 0)
    this.bytes = this.#length(sizes)
    const content = this.#content(sizes)
    if (content > bytesMax) throw tooLarge(`${content} bytes, encoded`, bytesMax)
  }

  /**
   * Reads what is missing, once; streams are locked when this returns. Rejects with a TuttiError of fate `not-sent`:
   * `too-large`, `aborted`, `not-encodable` (what could not be read). Streams are cancelled then.
   */
  async finish(signal?: AbortSignal): Promise<Uint8Array> {
    const readers: Reader[] = []
    const cancel = (reason: unknown): void => {
      // Whether a source can be told that nobody reads on changes nothing here.
      for (const reader of readers) reader.cancel(reason).catch(() => {})
    }
    const abort = (): void => cancel(signal?.reason)
    signal?.addEventListener('abort', abort)
    try {
      const parts = this.#holes.map((hole) => open(hole, readers))
      return await this.#fill(await this.#readStreams(parts, signal), signal)
    } catch (error) {
      cancel(signal?.aborted ? signal.reason : error)
      throw signal?.aborted ? abortedError(signal) : error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** What fills the holes: the bytes of streams, and Blobs as they are. */
  async #readStreams(
    parts: readonly (Blob | Reader)[],
    signal: AbortSignal | undefined,
  ): Promise<(Blob | Uint8Array)[]> {
    const sizes = this.#holes.map((hole) => hole.size ?? 0)
    const filled: (Blob | Uint8Array)[] = []
    for (const [i, part] of parts.entries()) {
      const grow = (size: number): void => {
        sizes[i] = size
        if (this.#content(sizes) <= this.#bytesMax) return
        throw tooLarge('a stream in it that has more bytes than fit', this.#bytesMax, 'not-sent')
      }
      filled.push('read' in part ? await readStream(part, this.#place(i), grow, signal) : part)
    }
    return filled
  }

  async #fill(parts: readonly (Blob | Uint8Array)[], signal: AbortSignal | undefined): Promise<Uint8Array> {
    const sizes = parts.map(sizeOf)
    const bytes = new Uint8Array(this.#length(sizes))
    let at = 0
    const put = (more: Uint8Array): void => {
      bytes.set(more, at)
      at += more.length
    }
    let written = 0
    for (const [i, part] of parts.entries()) {
      const { at: next, place } = this.#holes[i] as Hole
      put(this.#written.subarray(written, next))
      put(new Writer().varint(sizes[i] as number).finish())
      if (part instanceof Uint8Array) put(part)
      else await readBlob(part, place, put, signal)
      written = next
    }
    put(this.#written.subarray(written))
    return bytes
  }

  /** Bytes of the whole, holes filled with so many each. */
  #length(sizes: readonly number[]): number {
    return sizes.reduce((sum, size) => sum + varintBytes(size) + size, this.#written.length)
  }

  #content(sizes: readonly number[]): number {
    const length = this.#length(sizes)
    const isAlone = this.#place(0) === WHOLE
    return isAlone ? length - Math.min(length - (sizes[0] as number), HEAD_BYTES_MAX) : length
  }

  #place(hole: number): string {
    return (this.#holes[hole] as Hole).place
  }
}

/** The place of what is the value itself. */
export const WHOLE = 'value'

export function tooLarge(size: string, bytesMax: number, fate?: 'not-sent'): TuttiError {
  const message = `this value has ${size}; messageBytesMax is ${bytesMax}: send it in parts`
  return new TuttiError('too-large', message, fate && { fate })
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Nobody else is to read a stream from now on. */
function open({ source, place }: Hole, readers: Reader[]): Blob | Reader {
  if (!('getReader' in source)) return source
  try {
    const reader = source.getReader()
    readers.push(reader)
    return reader
  } catch (cause) {
    throw unreadable(`${place} is a stream that somebody reads already`, cause)
  }
}

/** A stream's bytes; `grow` is told how many they are before more are kept, and may throw. */
async function readStream(
  reader: Reader,
  place: string,
  grow: (size: number) => void,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Writer()
  for (;;) {
    signal?.throwIfAborted()
    const { done, value } = await settled(reader.read(), place)
    if (done) break
    if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
      throw unreadable(`${place} is a stream of something else than Uint8Arrays`)
    }
    grow(bytes.length + value.length)
    bytes.raw(value)
  }
  signal?.throwIfAborted()
  return bytes.finish()
}

async function readBlob(
  blob: Blob,
  place: string,
  put: (more: Uint8Array) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let from = 0; from < blob.size; from += PIECE_BYTES) {
    signal?.throwIfAborted()
    const piece = blob.slice(from, from + PIECE_BYTES)
    const bytes = await settled(piece.arrayBuffer(), place)
    if (bytes.byteLength !== piece.size) throw unreadable(`${place} changed while it was read`)
    put(new Uint8Array(bytes))
  }
  signal?.throwIfAborted()
}

async function settled<T>(read: Promise<T>, place: string): Promise<T> {
  try {
    return await read
  } catch (cause) {
    throw unreadable(`${place} could not be read to its end`, cause)
  }
}

function sizeOf(part: Blob | Uint8Array): number {
  return 'size' in part ? part.size : part.length
}

function unreadable(message: string, cause?: unknown): TuttiError {
  return new TuttiError('not-encodable', message, { fate: 'not-sent', cause })
}

function abortedError(signal: AbortSignal): TuttiError {
  const message = 'this multicast was taken back by its signal before it was sent'
  return new TuttiError('aborted', message, { fate: 'not-sent', cause: signal.reason })
}
