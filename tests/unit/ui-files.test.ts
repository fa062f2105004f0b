import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { FileModel } from '../../ui/files/file-model.ts'
import { downloadName, fileBytesMax, fileName, filesMax, mediaType } from '../../ui/files/file-values.ts'
import { endingOf, refusalText, sizeText } from '../../ui/files/file-words.ts'
import type { PartMessage } from '../../ui/group/parts.ts'

const LIMIT = 1000
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units))

describe('the files', () => {
  it('are the same at all members, whatever is offered, sent, removed and given up at once, and within the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9_999), { minLength: 1, maxLength: 120 }), (script) => {
        const world = new World(['a', 'b', 'c'])
        for (const choice of script) {
          world.act(choice)
          for (const { model } of world.pages) expect(model.bytes).toBeLessThanOrEqual(LIMIT)
        }
        world.settle()
        const [first, ...others] = world.pages.map(({ model }) => shown(model))
        for (const other of others) expect(other).toEqual(first)
      }),
      { numRuns: 300 },
    )
  })

  it('that were offered before have the room, and the loser alone is told', () => {
    const refused: unknown[] = []
    const model = new FileModel({ changed: () => {}, refused: (...what) => refused.push(what) })
    model.apply(offer('a', 1, 600))
    model.apply(offer('b', 1, 600))
    expect(model.files.map(({ id }) => id)).toEqual(['a/1'])
    expect(refused).toEqual([['b/1', 'full']])
    model.apply(message('c', { op: 'remove', id: 'a/1' }))
    model.apply(offer('b', 1, 600))
    model.apply(offer('a', 1, 10))
    expect(model.files.map(({ id }) => id)).toEqual(['b/1'])
    expect(refused.at(-1)).toEqual(['a/1', 'removed'])
    for (let n = 2; n < filesMax + 3; n++) model.apply(offer('b', n, 0))
    expect(model.files).toHaveLength(filesMax)
    expect(refused.at(-1)).toEqual([`b/${filesMax + 2}`, 'many'])
  })

  it('reach a latecomer with all their bytes, and so does what is still on its way', async () => {
    const model = new FileModel({ changed: () => {} })
    model.apply(offer('a', 1, 4))
    model.apply(offer('a', 2, 3))
    model.apply(content('a', 1, new Blob(['abcd'], { type: 'text/html' })))
    model.apply(message('b', { op: 'remove', id: 'b/7' }))
    const late = new FileModel({ changed: () => {} })
    late.load(model.save())
    expect(shown(late)).toEqual(shown(model))
    late.apply(content('a', 2, new Blob(['xyz'])))
    expect(await Promise.all(late.files.map((file) => file.content!.text()))).toEqual(['abcd', 'xyz'])
    expect(late.files[0]!.content!.type).toBe('')
    expect(late.wasRemoved('b/7')).toBe(true)
  })

  it('come from whom they were offered by, once, with the bytes that were said', () => {
    const model = new FileModel({ changed: () => {} })
    model.apply(offer('a', 1, 4))
    model.apply(content('b', 1, new Blob(['abcd']), 'a'))
    model.apply(content('a', 1, new Blob(['abcde'])))
    model.apply(message('a', { op: 'content', id: 'a/1', content: { size: 4 } }))
    model.apply({ ...content('a', 1, new Blob(['abcd'])), kind: 'fifo' })
    expect(model.files[0]!.content).toBeUndefined()
    const arrived = new Blob(['abcd'])
    model.apply(content('a', 1, arrived))
    const before = model.files[0]!.content
    model.apply(content('a', 1, new Blob(['wxyz'])))
    expect(model.files[0]!.content).toBe(before)
    // Nobody offers in the name of another.
    model.apply({ ...offer('b', 9, 4), from: member('a') })
    expect(model.files).toHaveLength(1)
  })

  it('of one who is gone take no room; of one who is back under a new id they do', () => {
    const model = new FileModel({ changed: () => {} })
    for (const n of [1, 2]) model.apply(offer('a', n, 400, 'a.1'))
    model.apply(offer('a', 2, 400, 'a.2'))
    for (const n of [1, 2]) model.apply(message('b.1', { op: 'free', id: `a/${n}`, by: 'a.1' }))
    expect(model.files.map(({ id, by }) => [id, by])).toEqual([['a/2', 'a.2']])
    // Given up, not removed: it may be offered again.
    model.apply(offer('a', 1, 400, 'a.2'))
    expect(model.files).toHaveLength(2)
  })

  it('take values that make no sense without throwing, alike', () => {
    const [one, two] = [new FileModel({ changed: () => {} }), new FileModel({ changed: () => {} })]
    const keys = ['id', 'name', 'type', 'size', 'limit', 'from', 'content', 'by']
    fc.assert(
      fc.property(fc.constantFrom('offer', 'content', 'remove', 'free', 'x'), fc.anything(), (op, rest) => {
        const base = { ...(offer('a', 1, 4).value as object), op }
        const values = [{ ...(rest as object), op }, ...keys.map((key) => ({ ...base, [key]: rest }))]
        for (const value of values) for (const model of [one, two]) model.apply(message('a', value))
        expect(shown(one)).toEqual(shown(two))
        for (const model of [one, two]) model.load({ files: rest, gone: rest })
        for (const model of [one, two]) model.load(rest)
      }),
    )
    one.load(undefined)
    one.apply(offer('a', 5, fileBytesMax + 1))
    expect(one.files).toEqual([])
  })
})

describe('a name', () => {
  it('is shown on one line, as text, cut with a mark in front of its ending', () => {
    expect(fileName('<b>report</b>.pdf')).toBe('<b>report</b>.pdf')
    expect(fileName('a\u0000b\nc\td\u202Egpj.exe\u200f')).toBe('a b c d gpj.exe')
    const long = fileName(`${'n'.repeat(10_000)}.tar.gz`)
    expect([...long].length).toBeLessThanOrEqual(80)
    expect(long).toMatch(/^n+…\.gz$/)
    for (const nothing of ['', ' \u0000 ', undefined, 7]) expect(fileName(nothing)).toBe('Unnamed')
    fc.assert(fc.property(anyText, (name) => [...fileName(name)].length <= 80))
  })

  it('leads to no other folder where it is saved', () => {
    expect(downloadName('../../etc/passwd')).toBe('__.._etc_passwd')
    expect(downloadName('C:\\con|<x>?.txt')).toBe('C__con__x__.txt')
    fc.assert(fc.property(anyText, (name) => !/[/\\:\n]|^\./.test(downloadName(name))))
  })

  it('says by its ending what it is, and a type is one or nothing', () => {
    expect(['a.pdf', 'a.tar.gz', 'noending', 'a.<b>', 'a.toolong'].map(endingOf)).toEqual(['PDF', 'GZ', '', '', ''])
    expect(['image/PNG', 'text/html; charset=x', 'x', 7, `a/${'b'.repeat(200)}`].map(mediaType)).toEqual([
      'image/png',
      '',
      '',
      '',
      '',
    ])
  })
})

it('sizes are told as people read them, never more than they are', () => {
  expect([0, 1, 999, 1000, 9_960, 64_000_000, 1_999_999_999].map(sizeText)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1 kB',
    '9.9 kB',
    '64 MB',
    '1.9 GB',
  ])
  const limits = { each: 64_000_000, all: 100_000_000, free: 12_000_000 }
  expect(refusalText('film.mkv', 2_100_000_000, 'large', limits)).toBe(
    '“film.mkv” is too large: 2.1 GB, where a file may have 64 MB. It was not sent.',
  )
})

interface Page {
  readonly name: string
  attempt: number
  readonly model: FileModel
  /** What of `World.sent` it has, by place. */
  readonly got: Set<number>
}

interface Sent {
  readonly message: PartMessage
  readonly past: ReadonlySet<number>
  readonly isTotal: boolean
}

/** Members with causal delivery, and one order of what is total. */
class World {
  readonly pages: Page[]
  readonly #sent: Sent[] = []
  #n = 0

  constructor(names: readonly string[]) {
    this.pages = names.map((name) => ({
      name,
      attempt: 1,
      model: new FileModel({ changed: () => {} }),
      got: new Set<number>(),
    }))
  }

  act(choice: number): void {
    const page = this.pages[choice % 3]!
    const { files } = page.model
    const any = files[choice % Math.max(1, files.length)]
    const { name } = page
    const self = `${name}.${page.attempt}`
    const own = files.find(({ by, content }) => by === self && content === undefined)
    const kind = Math.floor(choice / 3) % 16
    if (kind < 4) this.#send(page, offer(name, ++this.#n, choice % 400, self))
    else if (kind < 7 && own) {
      this.#send(page, content(self, Number(own.id.split('/')[1]), new Blob(['x'.repeat(own.size)]), name))
    } else if (kind < 9 && any) this.#send(page, message(self, { op: 'remove', id: any.id }))
    else if (kind === 9) this.#comeBack(page)
    else if (kind === 10 && any && this.#isGone(any.by))
      this.#send(page, message(self, { op: 'free', id: any.id, by: any.by }))
    else if (kind === 11 && any?.id.startsWith(name)) {
      this.#send(page, offer(name, Number(any.id.split('/')[1]), any.size, self))
    } else this.#deliverOne(page)
  }

  /** It was left out: all who go on have delivered the same by then, and so does it, before it begins again. */
  #comeBack(page: Page): void {
    this.settle()
    page.attempt += 1
  }

  #isGone(by: string): boolean {
    return this.pages.every(({ name, attempt }) => by !== `${name}.${attempt}`)
  }

  settle(): void {
    for (const page of this.pages) while (page.got.size < this.#sent.length) this.#deliverOne(page)
  }

  #send(page: Page, message: PartMessage): void {
    const isTotal = message.kind === 'total'
    this.#sent.push({ message, past: new Set(page.got), isTotal })
    if (!isTotal) this.#deliver(page, this.#sent.length - 1)
  }

  /** The first that may come, but for every other time: then the last. */
  #deliverOne(page: Page): void {
    const ready = [...this.#sent.keys()].filter((place) => !page.got.has(place) && this.#isReady(page, place))
    const place = page.got.size % 2 === 0 ? ready[0] : ready.at(-1)
    if (place !== undefined) this.#deliver(page, place)
  }

  #isReady({ got }: Page, place: number): boolean {
    const { past, isTotal } = this.#sent[place]!
    const before = this.#sent.slice(0, place).every((sent, index) => !isTotal || !sent.isTotal || got.has(index))
    return before && [...past].every((one) => got.has(one))
  }

  #deliver(page: Page, place: number): void {
    page.got.add(place)
    page.model.apply(this.#sent[place]!.message)
  }
}

function shown(model: FileModel): unknown {
  return { ...model.save(), files: model.files.map(({ content, ...file }) => ({ ...file, has: content?.size })) }
}

function offer(peer: string, n: number, size: number, from = peer): PartMessage {
  const about = { name: 'a.txt', type: 'text/plain', from: { name: 'Ada', color: 1 }, limit: LIMIT }
  return message(from, { op: 'offer', id: `${peer}/${n}`, size, ...about })
}

function content(from: string, n: number, blob: Blob, peer = from): PartMessage {
  return { ...message(from, { op: 'content', id: `${peer}/${n}`, content: blob }), kind: 'causal' }
}

function message(from: string, value: object): PartMessage {
  return { id: 'l/1/a/1' as MessageId, kind: 'total', value: { tutti: 'files', ...value }, from: member(from) }
}

function member(id: string): Member {
  return { id, name: id, metadata: null, rank: 0 } as unknown as Member
}
