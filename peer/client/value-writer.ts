import { TuttiError } from '../base/errors.ts'
import { type Hole, WHOLE } from './blobs.ts'
import { ByteWriter } from './byte-writer.ts'
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
  SMALL_INTEGER,
  SMALL_MAX,
  TRUE,
  UNDEFINED,
} from './value-format.ts'

/** Writes values in the format of the default codec, one after the other. */
export class ValueWriter {
  readonly #out = new ByteWriter()
  /** The objects around what is being written: the first `#depth` of them. */
  readonly #around: (object | undefined)[] = []
  #depth = 0
  #holes: Hole[] | undefined
  #busy = false

  /** Whether a value is being written: a getter of it, or a proxy, may want to write another. */
  get busy(): boolean {
    return this.#busy
  }

  /** The bytes that the value written last still lacks. */
  get holes(): readonly Hole[] | undefined {
    return this.#holes
  }

  /** Throws a TuttiError, `not-encodable`, that names the place. */
  write(value: unknown): Uint8Array {
    this.#busy = true
    this.#holes = undefined
    this.#out.begin()
    try {
      this.#value(value)
      return this.#out.finish()
    } catch (cause) {
      this.#out.discard()
      this.#around.length = 0
      this.#depth = 0
      if (cause instanceof TuttiError) throw cause
      throw new TuttiError('not-encodable', 'reading this value threw an error', { cause })
    } finally {
      this.#busy = false
    }
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'object':
        if (value === null) this.#out.byte(NULL)
        else if (value instanceof Uint8Array) this.#out.bytes(BYTES, value)
        else this.#object(value)
        return
      case 'string':
        this.#out.string(value)
        return
      case 'number':
        this.#number(value)
        return
      case 'boolean':
        this.#out.byte(value ? TRUE : FALSE)
        return
      case 'undefined':
        this.#out.byte(UNDEFINED)
        return
      case 'bigint':
        this.#out.bytes(value < 0n ? NEGATIVE_BIGINT : BIGINT, bytesOf(value < 0n ? -value : value))
        return
      default:
        this.#refuse(value, `is a ${typeof value}`, this.#depth)
    }
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value < 0) this.#out.head(NEGATIVE, -value)
      else if (value <= SMALL_MAX) this.#out.byte(SMALL_INTEGER | value)
      else this.#out.head(INTEGER, value)
    } else if (Object.is(Math.fround(value), value)) {
      this.#out.float32(FLOAT32, value)
    } else {
      this.#out.float64(FLOAT64, value)
    }
  }

  #object(value: object): void {
    const depth = this.#depth
    const around = this.#around
    for (let i = 0; i < depth; i++) {
      if (around[i] === value) this.#refuse(value, 'refers back to something around it', depth)
    }
    if (depth >= DEPTH_MAX) this.#refuse(value, `is nested more than ${DEPTH_MAX} deep`, depth)
    around[depth] = value
    this.#depth = depth + 1
    if (Array.isArray(value)) {
      this.#out.head(ARRAY, value.length)
      for (let i = 0; i < value.length; i++) this.#value(value[i])
    } else if (isPlain(value)) {
      this.#plain(value)
    } else {
      this.#builtIn(value)
    }
    this.#depth = depth
    around[depth] = undefined
  }

  #plain(value: Record<string, unknown>): void {
    const symbols = Object.getOwnPropertySymbols(value)
    if (symbols.length > 0) this.#checkSymbols(value, symbols)
    const keys = Object.keys(value)
    this.#out.head(OBJECT, keys.length)
    for (const key of keys) {
      this.#out.string(key)
      this.#value(value[key])
    }
  }

  #checkSymbols(value: object, symbols: readonly symbol[]): void {
    const symbol = symbols.find((key) => Object.prototype.propertyIsEnumerable.call(value, key))
    if (symbol === undefined) return
    this.#refuse(value, `has a symbol (${symbol.description ?? 'no name'}) for a key`, this.#depth - 1)
  }

  #builtIn(value: object): void {
    // By what they say they are: a page's frames have classes of their own.
    const kind = Object.prototype.toString.call(value).slice(8, -1)
    if (kind === 'Uint8Array' && ArrayBuffer.isView(value)) this.#out.bytes(BYTES, value as Uint8Array)
    else if (value instanceof Date || kind === 'Date') this.#out.float64(DATE, Number(value))
    else if (kind === 'File') this.#file(value as File)
    else if (kind === 'Blob') this.#blob(value as Blob)
    else if (kind === 'ReadableStream') this.#stream(value as ReadableStream<Uint8Array>)
    else {
      const advice = 'make it plain objects, arrays or a Uint8Array first'
      this.#refuse(value, `is an instance of ${value.constructor?.name || kind}; ${advice}`, this.#depth - 1)
    }
  }

  #file(file: File): void {
    this.#out.byte(FILE)
    this.#out.string(file.name)
    this.#number(file.lastModified)
    this.#out.string(file.type)
    this.#hole(file, file.size)
  }

  #blob(blob: Blob): void {
    this.#out.byte(BLOB)
    this.#out.string(blob.type)
    this.#hole(blob, blob.size)
  }

  #stream(stream: ReadableStream<Uint8Array>): void {
    if (stream.locked) this.#refuse(stream, 'is a stream that somebody reads already', this.#depth - 1)
    this.#out.byte(BLOB)
    this.#out.string('')
    this.#hole(stream, undefined)
  }

  #hole(source: Hole['source'], size: number | undefined): void {
    this.#holes ??= []
    this.#holes.push({ source, size, at: this.#out.length, place: this.#place(source, this.#depth - 1) })
  }

  #refuse(value: unknown, why: string, depth: number): never {
    throw new TuttiError('not-encodable', `${this.#place(value, depth)} ${why}`)
  }

  /** The keys that lead to a value inside of the first `depth` objects around it. */
  #place(value: unknown, depth: number): string {
    const path = [...this.#around.slice(0, depth), value]
    return path.slice(1).reduce<string>((place, inner, i) => place + keyOf(path[i] as object, inner), WHOLE)
  }
}

/** Plain: made by braces, here or in another frame, or without a prototype. */
function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

function keyOf(outer: object, inner: unknown): string {
  if (Array.isArray(outer)) return `[${outer.indexOf(inner)}]`
  // A getter may give another object each time.
  const [key] = Object.entries(outer).find(([, value]) => value === inner) ?? ['?']
  return `.${key}`
}

function bytesOf(magnitude: bigint): Uint8Array {
  if (magnitude === 0n) return new Uint8Array()
  const digits = magnitude.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16))
}
