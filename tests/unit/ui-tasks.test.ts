import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import type { PartMessage } from '../../ui/group/parts.ts'
import { cardBeside } from '../../ui/tasks/card-keys.ts'
import type { Step } from '../../ui/tasks/card-mover.ts'
import { readColumns, sortCards } from '../../ui/tasks/task-columns.ts'
import { type Overtaken, TaskModel } from '../../ui/tasks/task-model.ts'
import { cardCharactersMax, cardsMax, type TaskCard, type TaskOp, type TaskValue } from '../../ui/tasks/task-values.ts'

describe('the tasks', () => {
  it('end the same at all members, each of whom sees its own changes at once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9_999), { minLength: 1, maxLength: 120 }), (script) => {
        const world = new World(['a', 'b', 'c'])
        for (const choice of script) world.act(choice)
        world.settle()
        const [first, ...others] = world.pages.map(({ model }) => model.save())
        for (const other of others) expect(other).toEqual(first)
        for (const { model } of world.pages) {
          expect(model.pending.count).toBe(0)
          expect(model.list.cards).toEqual(model.settled)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('give a latecomer what the others have, at whatever place of the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9_999), { minLength: 1, maxLength: 60 }), fc.nat(60), (script, at) => {
        const world = new World(['a', 'b'])
        let late: Page | undefined
        for (const [index, choice] of script.entries()) {
          if (index === at % script.length) late = world.join('z')
          world.act(choice)
        }
        world.settle()
        expect(late!.model.save()).toEqual(world.pages[0]!.model.save())
      }),
    )
  })

  it('end the same at all when what one side did is sent again on the other, whatever was done there [PT4]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9_999), { maxLength: 40 }),
        fc.array(fc.nat(9_999), { maxLength: 40 }),
        (one, two) => {
          const [here, there] = [new World(['a', 'b']), new World(['c', 'd'])]
          for (const choice of one) here.act(choice)
          for (const choice of two) there.act(choice)
          here.settle()
          there.settle()
          const saved = there.pages[0]!.model.save()
          const all = [...there.pages, ...here.pages]
          for (const { model } of here.pages) model.load(structuredClone(saved))
          for (const message of here.order) for (const { model } of all) model.apply(message)
          for (const { model } of all) expect(model.save()).toEqual(all[0]!.model.save())
        },
      ),
    )
  })

  it('let the last of two concurrent moves count, and tell whose was overtaken', () => {
    const world = new World(['a', 'b'])
    const [a, b] = world.pages as [Page, Page]
    world.do(a, add('a/1', 'To do', 'Tune the piano'))
    world.settle()
    world.do(a, { op: 'move', id: 'a/1', seen: 0, ...placed('Doing') })
    world.do(b, { op: 'move', id: 'a/1', seen: 0, ...placed('Done') })
    expect([a, b].map(({ model }) => model.list.cards[0]!.column)).toEqual(['Doing', 'Done'])
    world.settle()
    expect([a, b].map(({ model }) => model.settled[0]!.column)).toEqual(['Done', 'Done'])
    expect(a.notices).toMatchObject([{ what: 'moved', operation: { column: 'Done' }, by: { name: 'b' } }])
    expect(b.notices).toEqual([])
    // One who has seen it overtakes nobody.
    world.do(b, { op: 'move', id: 'a/1', seen: 2, ...placed('To do') })
    world.settle()
    expect(a.notices).toHaveLength(1)
  })

  it('keep the text of who was overtaken, by another text or by a deletion', () => {
    const world = new World(['a', 'b'])
    const [a, b] = world.pages as [Page, Page]
    for (const id of ['a/1', 'a/2']) world.do(a, add(id, 'To do', 'Tune the piano'))
    world.settle()
    world.do(a, { op: 'edit', id: 'a/1', text: 'Tune the violin', seen: 0 })
    world.do(b, { op: 'edit', id: 'a/1', text: 'Sell the piano', seen: 0 })
    world.settle()
    expect(a.notices).toMatchObject([{ what: 'edited', card: { text: 'Tune the violin' } }])
    world.do(b, { op: 'remove', id: 'a/2', seen: 0 })
    world.do(a, { op: 'edit', id: 'a/2', text: 'Play the piano', seen: 0 })
    world.settle()
    expect(a.notices[1]).toMatchObject({ what: 'removed', own: { text: 'Play the piano' } })
    expect(a.notices).toHaveLength(2)
    expect(b.notices).toEqual([])
    expect(a.model.settled.map(({ text }) => text)).toEqual(['Sell the piano'])
  })

  it('put a restored card where it was, and keep a deleted one deleted', () => {
    const world = new World(['a', 'b'])
    const [a] = world.pages as [Page]
    for (const id of ['a/1', 'a/2', 'a/3']) world.do(a, add(id, 'To do', id))
    world.do(a, { op: 'remove', id: 'a/2', seen: 0 })
    world.settle()
    expect(a.removed).toMatchObject([[{ text: 'a/2' }, 'a/1']])
    world.do(a, add('a/2', 'Done', 'again'))
    world.settle()
    expect(a.model.settled.map(({ id }) => id)).toEqual(['a/1', 'a/3'])
    world.do(a, { ...add('a/2', 'To do', 'a/2'), op: 'restore', after: 'a/1' })
    world.settle()
    expect(a.model.settled.map(({ id }) => id)).toEqual(['a/1', 'a/2', 'a/3'])
  })

  it('send what waited in order, and what was not sent once more', () => {
    const model = new TaskModel({ changed: () => {}, self: () => 'a' })
    const sent: string[] = []
    const numbers = new Map<string, number>()
    let isOpen = false
    const send = ({ id, n }: TaskValue): boolean => isOpen && numbers.set(id, n) && sent.push(id) > 0
    for (const id of ['a/1', 'a/2', 'a/3']) model.begin(add(id, 'To do', id))
    model.flush(send)
    expect([sent, model.pending]).toEqual([[], { count: 3, waiting: 3 }])
    isOpen = true
    model.flush(send)
    for (const id of ['a/2', 'a/3']) model.settle(numbers.get(id)!, 'again')
    model.flush(send)
    expect(sent).toEqual(['a/1', 'a/2', 'a/3', 'a/2', 'a/3'])
    model.settle(numbers.get('a/1')!, 'over')
    expect(model.pending).toEqual({ count: 2, waiting: 0 })
    for (let index = 0; model.begin(add(`a/${index + 9}`, 'To do', 'x')); index++) expect(index).toBeLessThan(1000)
  })

  it('take what two elements of one page do for the doings of two', () => {
    const page = new World(['a', 'a'])
    const [one, two] = page.pages as [Page, Page]
    page.do(one, add(one.model.newId('a'), 'To do', 'Tune the piano'))
    page.do(two, add(two.model.newId('a'), 'To do', 'Ask for chairs'))
    one.model.begin({ op: 'edit', id: one.model.list.cards[0]!.id, text: 'Tune it', seen: 0 })
    page.settle()
    expect(one.model.pending.count).toBe(1)
    expect(one.model.list.cards.map(({ text }) => text)).toEqual(['Tune it', 'Ask for chairs'])
    expect(two.model.list.cards.map(({ text }) => text)).toEqual(['Tune the piano', 'Ask for chairs'])
  })

  it('hold so many cards, of so many characters, and say who was late', () => {
    const world = new World(['a', 'b'])
    const [a, b] = world.pages as [Page, Page]
    for (let index = 1; index < cardsMax; index++) world.do(a, add(`a/${index}`, 'To do', 'x'))
    world.settle()
    world.do(b, add('b/1', 'To do', 'y'.repeat(10_000)))
    world.do(a, add('a/500', 'To do', 'too late'))
    world.settle()
    expect(a.model.settled).toHaveLength(cardsMax)
    const last = a.model.settled.at(-1)!
    expect([...last.text]).toHaveLength(cardCharactersMax)
    expect(last.text.endsWith('…')).toBe(true)
    expect(a.notices).toMatchObject([{ what: 'full', own: { text: 'too late' } }])
  })

  it('take values that make no sense without throwing, alike', () => {
    const [one, two] = [0, 1].map(() => new TaskModel({ changed: () => {}, self: () => 'a' })) as [TaskModel, TaskModel]
    const keys = ['id', 'n', 'seen', 'text', 'column', 'before', 'after', 'name', 'color']
    fc.assert(
      fc.property(fc.constantFrom('add', 'move', 'edit', 'remove', 'restore', 'x'), fc.anything(), (op, rest) => {
        const values = [
          { ...(rest as object), op },
          ...keys.map((key) => ({ ...add('a/1', 'To do', 'x'), op, [key]: rest })),
        ]
        for (const value of values) for (const model of [one, two]) model.apply(message('a', value))
        for (const model of [one, two]) model.load({ cards: rest, gone: rest })
        for (const model of [one, two]) model.load(rest)
        expect(one.save()).toEqual(two.save())
      }),
    )
  })

  it('take nothing but what has a place in the common order', () => {
    const model = new TaskModel({ changed: () => {}, self: () => 'a' })
    model.apply({ ...message('b', add('b/1', 'To do', 'x')), kind: 'causal' })
    expect(model.list.cards).toEqual([])
  })
})

describe('columns', () => {
  it('are read from an attribute and from a list', () => {
    expect(readColumns(' Ideas,  Doing,,Doing ')).toEqual(['Ideas', 'Doing'].map((id) => ({ id, title: id })))
    expect(readColumns([{ id: 'a', title: 'First' }, 'b'])).toEqual([
      { id: 'a', title: 'First' },
      { id: 'b', title: 'b' },
    ])
    for (const nothing of [null, undefined, '', [], [null, 7, {}], 7]) {
      expect(readColumns(nothing).map(({ title }) => title)).toEqual(['To do', 'Doing', 'Done'])
    }
  })

  it('that a page does not have hide nothing, and arrows lead there and back', () => {
    const columns = readColumns('To do, Doing, Done')
    const cards = ['To do', 'To do', 'Done', 'Review', 'Other'].map(
      (column, id) => ({ id: `${id}`, column }) as TaskCard,
    )
    expect(sortCards(columns, cards).elsewhere.map(({ id }) => id)).toEqual(['3', '4'])
    const go = (from: number, step: Partial<Step>): string | undefined =>
      cardBeside(cards, columns, cards[from]!, { columns: 0, cards: 0, ...step })?.id
    expect([go(0, { cards: 1 }), go(0, { cards: -1 }), go(1, { cards: 1 })]).toEqual(['1', undefined, undefined])
    // Over a column that has none, to the card at the same height or the last.
    expect([go(1, { columns: 1 }), go(2, { columns: -1 }), go(0, { columns: -1 })]).toEqual(['2', '0', undefined])
    expect([go(2, { columns: 1 }), go(3, { cards: 1 }), go(4, { columns: -1 })]).toEqual(['3', '4', '2'])
    expect(go(4, { columns: 1 })).toBeUndefined()
  })
})

interface Page {
  readonly name: string
  readonly model: TaskModel
  readonly notices: Overtaken[]
  readonly removed: unknown[]
  /** How much of the order it has. */
  got: number
}

/** Members whose operations come in one order, to each of them when it pleases. */
class World {
  readonly pages: Page[]
  readonly order: PartMessage[] = []

  constructor(names: readonly string[]) {
    this.pages = names.map(pageOf)
  }

  join(name: string): Page {
    const page = pageOf(name)
    const giver = this.pages[0]!
    page.model.load(structuredClone(giver.model.save()))
    page.got = giver.got
    this.pages.push(page)
    return page
  }

  do(page: Page, operation: TaskOp): void {
    page.model.begin(operation)
    page.model.flush((value) => this.order.push(message(page.name, value)) > 0)
  }

  act(choice: number): void {
    const page = this.pages[choice % this.pages.length]!
    const { cards } = page.model.list
    const card = cards[choice % Math.max(1, cards.length)]
    const other = cards[(choice >> 3) % Math.max(1, cards.length)]
    const column = ['To do', 'Doing', 'Done'][choice % 3]!
    const about = { before: other?.id, after: card?.id, column }
    const kind = Math.floor(choice / 7) % 8
    if (kind === 0 || kind === 1) this.do(page, { ...add(page.model.newId(page.name), column, `${choice}`), ...about })
    else if (kind === 2 && card) this.do(page, { op: 'move', id: card.id, seen: card.moves, ...about })
    else if (kind === 3 && card) this.do(page, { op: 'edit', id: card.id, text: `${choice}`, seen: card.edits })
    else if (kind === 4 && card) this.do(page, { op: 'remove', id: card.id, seen: 0 })
    else if (kind === 5 && card) this.do(page, { ...add(card.id, column, card.text), op: 'restore', ...about })
    else this.#deliver(page)
  }

  settle(): void {
    for (const page of this.pages) while (page.got < this.order.length) this.#deliver(page)
  }

  #deliver(page: Page): void {
    const next = this.order[page.got]
    if (next === undefined) return
    page.got += 1
    page.model.apply(next)
  }
}

function pageOf(name: string): Page {
  const notices: Overtaken[] = []
  const removed: unknown[] = []
  const model = new TaskModel({
    changed: () => {},
    self: () => name,
    overtaken: (notice) => notices.push(notice),
    removed: (...what) => removed.push(what),
  })
  return { name, model, notices, removed, got: 0 }
}

function add(id: string, column: string, text: string): TaskOp & { op: 'add' } {
  return { op: 'add', id, text, name: 'Ada', color: 1, ...placed(column) }
}

function placed(column: string): { column: string; before: undefined; after: undefined } {
  return { column, before: undefined, after: undefined }
}

function message(from: string, value: object): PartMessage {
  const member = { id: from, name: from, metadata: null, rank: 0 } as unknown as Member
  return { id: 'l/1/a/1' as MessageId, kind: 'total', value: { tutti: 'tasks', ...value }, from: member }
}
