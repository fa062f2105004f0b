import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PendingValue } from '../../peer/client/blobs.ts'
import { defaultCodec, encodeValue } from '../../peer/client/codec.ts'
import { loadState, saveState } from '../../peer/client/save-load.ts'
import { errorOf, rejectionOf } from './client-codec-support.ts'

const MIB = 1024 * 1024

describe('a value with Blobs, Files and streams in it', () => {
  it('arrives as it was, a stream as a Blob', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 })
    const leaf = fc.oneof(
      fc.record({ kind: fc.constant('blob' as const), pieces, type: fc.constantFrom('', 'text/plain') }),
      fc.record({ kind: fc.constant('file' as const), pieces, type: fc.constant('image/png'), name: fc.string() }),
      fc.record({ kind: fc.constant('stream' as const), pieces, type: fc.constant('') }),
      fc.string({ maxLength: 5 }),
    )
    const tree = fc.dictionary(fc.string(), fc.oneof(leaf, fc.array(leaf, { maxLength: 4 })), { maxKeys: 4 })
    await fc.assert(
      fc.asyncProperty(tree, async (plan) => {
        const value = mapLeaves(plan, (part) => (typeof part === 'string' ? part : sourceOf(part as Part)))
        const decoded = defaultCodec.decode(await bytesOf(value))
        expect(await described(decoded)).toEqual(await described(mapLeaves(plan, expected)))
      }),
    )
  })

  it('keeps type, name and time', async () => {
    const file = new File(['abc'], 'näme.txt', { type: 'text/plain', lastModified: 1_234_567_890_123 })
    const back = (await roundTrip([file])) as [File]
    expect(back[0]).toBeInstanceOf(File)
    expect([back[0].name, back[0].type, back[0].lastModified]).toEqual(['näme.txt', 'text/plain', 1_234_567_890_123])
    expect(await back[0].text()).toBe('abc')
  })

  it('is written at the call: what changes afterwards is not in it', async () => {
    const value = { file: new Blob(['x']), text: 'before' }
    const pending = encodeValue(value, 100) as PendingValue
    value.text = 'after'
    expect(defaultCodec.decode(await pending.finish())).toMatchObject({ text: 'before' })
  })

  it('comes in pieces, in the order of their places', async () => {
    const large = new Uint8Array(9 * MIB).map((_, i) => i * 31)
    const back = (await roundTrip([new Blob([large]), 'between', streamOf([large, large])], 40 * MIB)) as [
      Blob,
      string,
      Blob,
    ]
    expect(back[1]).toBe('between')
    expect(Buffer.compare(await bytesIn(back[0]), large)).toBe(0)
    expect(back[2].size).toBe(2 * large.length)
    expect(Buffer.compare(await bytesIn(back[2].slice(large.length)), large)).toBe(0)
  })

  it('does not wait if there is none', () => {
    expect(encodeValue({ say: 'hello' }, 100)).toEqual(defaultCodec.encode({ say: 'hello' }))
  })

  it('has a File become a Blob where there are no Files', async () => {
    const bytes = await bytesOf(new File(['abc'], 'a.txt', { type: 'text/plain' }))
    const { File: original } = globalThis
    Reflect.deleteProperty(globalThis, 'File')
    try {
      const back = defaultCodec.decode(bytes) as Blob
      expect([back.constructor.name, back.type, await back.text()]).toEqual(['Blob', 'text/plain', 'abc'])
    } finally {
      globalThis.File = original
    }
  })

  it('is handed to a latecomer as part of a state [ST1]', async () => {
    const saved = { photos: [new Blob(['one'])], log: streamOf([Uint8Array.of(1)]) }
    const bytes = await saveState({ save: () => saved, load: () => {} }, 100)
    let loaded: { photos: [Blob]; log: Blob } | undefined
    await loadState<unknown>(
      {
        save: () => saved,
        load: (state) => {
          loaded = state as typeof loaded
        },
      },
      bytes,
    )
    expect(await loaded?.photos[0].text()).toBe('one')
    expect(loaded?.log.size).toBe(1)
  })
})

describe('one that is too large', () => {
  it('throws at the call if a Blob is, and leaves streams alone [RC2]', () => {
    const stream = streamOf([Uint8Array.of(1)])
    const error = errorOf(() =>
      encodeValue({ a: new Blob(['x'.repeat(60)]), b: new Blob(['x'.repeat(60)]), stream }, 100),
    )
    expect(error).toMatchObject({ code: 'too-large', fate: undefined })
    expect(error.message).toMatch(/this value has 1\d\d bytes, encoded; messageBytesMax is 100/)
    expect(stream.locked).toBe(false)
  })

  it('is measured by its bytes alone if it is nothing but a Blob, a File or a stream', async () => {
    const bytes = new Uint8Array(1_000)
    const file = new File([bytes], 'a name.png', { type: 'image/png' })
    for (const value of [new Blob([bytes]), file, streamOf([bytes])]) {
      expect((await bytesOf(value, 1_000)).length).toBeGreaterThan(1_000)
    }
    expect(errorOf(() => encodeValue(file, 999)).code).toBe('too-large')
    expect(errorOf(() => encodeValue([file], 1_000)).code).toBe('too-large')
    expect(errorOf(() => encodeValue(new File([], 'x'.repeat(3_000)), 1_000)).code).toBe('too-large')
  })

  it('is read no further than that: its stream is cancelled with the error [RC2]', async () => {
    const { stream, cancelled, taken } = endless(1_000)
    const other = endless(1)
    const error = await rejectionOf((encodeValue([stream, other.stream], 5_000) as PendingValue).finish())
    expect(error).toMatchObject({ code: 'too-large', fate: 'not-sent' })
    expect(error.message).toContain('messageBytesMax is 5000')
    expect(taken()).toBeLessThan(10)
    expect(await cancelled).toBe(error)
    expect(await other.cancelled).toBe(error)
  })

  it('is refused as a state, too, and nothing is said of multicasts', async () => {
    const error = await rejectionOf(saveState({ save: () => ({ log: endless(10).stream }), load: () => {} }, 100))
    expect(error).toMatchObject({ code: 'too-large', fate: undefined })
    expect(error.message).toBe('the saved state has more than stateBytesMax allows: 100 bytes')
  })
})

describe('an abort', () => {
  it('ends the reading of a stream that gives nothing', async () => {
    const reason = new Error('changed my mind')
    const { stream, cancelled } = silent()
    const controller = new AbortController()
    const finished = rejectionOf((encodeValue({ stream }, 100) as PendingValue).finish(controller.signal))
    expect(stream.locked).toBe(true)
    controller.abort(reason)
    expect(await finished).toMatchObject({ code: 'aborted', fate: 'not-sent', cause: reason })
    expect(await cancelled).toBe(reason)
  })

  it('before the reading keeps it from beginning', async () => {
    const { stream, cancelled } = silent()
    const pending = encodeValue([new Blob(['x']), stream], 100) as PendingValue
    expect((await rejectionOf(pending.finish(AbortSignal.abort('no')))).code).toBe('aborted')
    expect(await cancelled).toBe('no')
  })

  it('ends the reading of a Blob between two pieces', async () => {
    const controller = new AbortController()
    const blob = new Blob([new Uint8Array(20 * MIB)])
    const pieces: number[] = []
    const slice = blob.slice.bind(blob)
    blob.slice = (from, to) => {
      pieces.push(from ?? 0)
      controller.abort()
      return slice(from, to)
    }
    const finished = (encodeValue(blob, 64 * MIB) as PendingValue).finish(controller.signal)
    expect((await rejectionOf(finished)).code).toBe('aborted')
    expect(pieces).toEqual([0])
  })

  it('afterwards changes nothing', async () => {
    const controller = new AbortController()
    const bytes = await (encodeValue(new Blob(['x']), 100) as PendingValue).finish(controller.signal)
    controller.abort()
    expect(defaultCodec.decode(bytes)).toBeInstanceOf(Blob)
  })
})

describe('what can not be read is named', () => {
  const broken = new Error('the disk is gone')
  const failing = (): ReadableStream => new ReadableStream({ pull: (controller) => controller.error(broken) })
  const locked = (): ReadableStream => {
    const stream = streamOf([])
    stream.getReader()
    return stream
  }

  it('a stream that fails', async () => {
    const other = silent()
    const error = await rejectionOf(bytesOf({ a: [failing()], b: other.stream }))
    expect(error).toMatchObject({ code: 'not-encodable', fate: 'not-sent', cause: broken })
    expect(error.message).toBe('value.a[0] could not be read to its end')
    expect(await other.cancelled).toBe(error)
  })

  it('a stream of texts', async () => {
    const error = await rejectionOf(bytesOf({ log: new ReadableStream({ start: (c) => c.enqueue('text') }) }))
    expect(error.message).toBe('value.log is a stream of something else than Uint8Arrays')
  })

  it('a stream that somebody reads already, at the call', () => {
    expect(errorOf(() => encodeValue([locked()], 100)).message).toBe('value[0] is a stream that somebody reads already')
  })

  it('a stream that stands in two places', async () => {
    const stream = streamOf([Uint8Array.of(1)])
    const error = await rejectionOf(bytesOf([stream, stream]))
    expect(error).toMatchObject({ code: 'not-encodable', fate: 'not-sent' })
    expect(error.message).toContain('is a stream that somebody reads already')
  })

  it('a Blob that fails', async () => {
    const blob = new Blob(['abc'])
    blob.slice = () => Object.assign(new Blob(['abc']), { arrayBuffer: () => Promise.reject(broken) })
    const error = await rejectionOf(bytesOf({ blob }))
    expect(error).toMatchObject({
      code: 'not-encodable',
      message: 'value.blob could not be read to its end',
      cause: broken,
    })
  })

  it('a Blob that is another by now', async () => {
    const blob = new Blob(['abc'])
    blob.slice = () => Object.assign(new Blob(['abc']), { arrayBuffer: () => Promise.resolve(new ArrayBuffer(2)) })
    expect((await rejectionOf(bytesOf({ blob }))).message).toBe('value.blob changed while it was read')
  })

  it('what takes time, where there is none', () => {
    const error = errorOf(() => defaultCodec.encode({ photo: new Blob(['x']) }))
    expect(error).toMatchObject({ code: 'not-encodable' })
    expect(error.message).toContain('value.photo')
  })

  it('a state, without a word of multicasts', async () => {
    const error = await rejectionOf(saveState({ save: () => failing(), load: () => {} }, 100))
    expect(error).toMatchObject({ code: 'not-encodable', fate: undefined, cause: broken })
    expect(error.message).toBe('the saved state: value could not be read to its end')
  })
})

interface Part {
  readonly kind: 'blob' | 'file' | 'stream'
  readonly pieces: Uint8Array<ArrayBuffer>[]
  readonly type: string
  readonly name?: string
}

function sourceOf({ kind, pieces, type, name }: Part): unknown {
  if (kind === 'stream') return streamOf(pieces)
  return kind === 'blob' ? new Blob(pieces, { type }) : new File(pieces, name ?? '', { type, lastModified: 5 })
}

function expected(part: unknown): unknown {
  if (typeof part === 'string') return part
  const { kind, pieces, type, name } = part as Part
  return kind === 'file' ? new File(pieces, name ?? '', { type, lastModified: 5 }) : new Blob(pieces, { type })
}

function mapLeaves(plan: Record<string, unknown>, map: (leaf: unknown) => unknown): unknown {
  return Object.fromEntries(
    Object.entries(plan).map(([key, leaf]) => [key, Array.isArray(leaf) ? leaf.map(map) : map(leaf)]),
  )
}

/** A value with each Blob in it as a list of what it says of itself. */
async function described(value: unknown): Promise<unknown> {
  if (value instanceof Blob) {
    const { name, lastModified } = value as Partial<File>
    return [value.constructor.name, value.type, name, lastModified, [...(await bytesIn(value))]]
  }
  if (Array.isArray(value)) return Promise.all(value.map(described))
  if (typeof value !== 'object') return value
  const entries = Object.entries(value ?? {}).map(async ([key, member]) => [key, await described(member)] as const)
  return new Map(await Promise.all(entries))
}

async function bytesIn(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
}

async function bytesOf(value: unknown, bytesMax = MIB): Promise<Uint8Array> {
  const encoded = encodeValue(value, bytesMax)
  return encoded instanceof PendingValue ? encoded.finish() : encoded
}

async function roundTrip(value: unknown, bytesMax?: number): Promise<unknown> {
  return defaultCodec.decode(await bytesOf(value, bytesMax))
}

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

interface Watched {
  readonly stream: ReadableStream<Uint8Array>
  /** Resolves with the reason. */
  readonly cancelled: Promise<unknown>
  taken(): number
}

function endless(chunkBytes: number): Watched {
  return watched((controller) => controller.enqueue(new Uint8Array(chunkBytes)))
}

function silent(): Watched {
  return watched(() => new Promise(() => {}))
}

function watched(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>): Watched {
  let taken = 0
  let cancel: (reason: unknown) => void = () => {}
  const cancelled = new Promise<unknown>((resolve) => {
    cancel = resolve
  })
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken++
      return pull(controller)
    },
    cancel: (reason) => cancel(reason),
  })
  return { stream, cancelled, taken: () => taken }
}
