import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packPoints } from '../../ui/board/points.ts'
import { strokePointsMax } from '../../ui/board/thing.ts'
import { BoardModel } from '../../ui/index.ts'
import { message, World } from './ui-board-support.ts'

const script = fc.array(fc.nat(3 * 14 * 40), { minLength: 1, maxLength: 90, size: 'max' })

describe('the board', () => {
  it('ends the same at all members, whatever order concurrent messages came in', () => {
    fc.assert(
      fc.property(script, fc.nat(), (choices, seed) => {
        const world = new World(['a', 'b', 'c'])
        for (const choice of choices) world.act(choice)
        world.settle(seed)
        expectSame(world)
      }),
      { numRuns: 300 },
    )
  })

  it('ends the same when there is too much, and the oldest went', () => {
    let full = 0
    fc.assert(
      fc.property(script, fc.nat(), (choices, seed) => {
        const world = new World(['a', 'b', 'c'], 330)
        for (const choice of choices) world.act(choice)
        world.settle(seed)
        expectSame(world)
        if (world.sites[0]!.board.save().floor !== undefined) full++
      }),
      { numRuns: 300 },
    )
    expect(full).toBeGreaterThan(50)
  })

  it('gives a latecomer what the others have, and what is hidden', () => {
    fc.assert(
      fc.property(script, script, fc.nat(), (choices, more, seed) => {
        const world = new World(['a', 'b', 'c'], 900)
        for (const choice of choices) world.act(choice)
        world.settle(seed)
        const late = new BoardModel(() => {}, 900)
        late.load(structuredClone(world.sites[0]!.board.save()))
        expect(late.save()).toEqual(world.sites[0]!.board.save())
        expect(late.things).toEqual(world.sites[0]!.board.things)
        world.sites[1]!.board.load(structuredClone(late.save()))
        for (const choice of more) world.act(choice)
        world.settle(seed)
        expectSame(world)
      }),
      { numRuns: 100 },
    )
  })

  it('is as its author left it when all of it is sent again under a new member id [PT4]', () => {
    const [board, other] = [new BoardModel(() => {}), new BoardModel(() => {})]
    const values: object[] = []
    const say = (value: object): void => {
      values.push(value)
      board.apply(message('a.1', value))
    }
    other.apply(message('b.1', stroke(1)))
    say(stroke(2))
    say(stroke(3))
    say({ op: 'erase', n: 4, at: 4, things: ['a/3'] })
    say({ op: 'clear', n: 5, at: 5, seen: board.seen('a', 5) })
    say(stroke(6))
    say({ op: 'move', n: 7, at: 7, moves: [['a/6', 5, 5]] })
    say({ op: 'restore', acts: [5] })
    for (const value of values) other.apply(message('a.2', value))
    for (const value of values) other.apply(message('a.3', value))
    expect(other.things.map(({ id, dx }) => [id, dx])).toEqual([
      ['b/1', 0],
      ['a/2', 0],
      ['a/6', 5],
    ])
  })

  it('knows where a thing is that comes after what moves and hides it, as after a merge', () => {
    const values = [
      message('a', stroke(1)),
      message('a', stroke(2)),
      message('b', { op: 'move', n: 3, at: 3, moves: [['a/1', 7, 8]] }),
      message('c', { op: 'erase', n: 4, at: 4, things: ['a/2'] }),
    ]
    const [board, other] = [new BoardModel(() => {}), new BoardModel(() => {})]
    for (const value of values) board.apply(value)
    for (const value of values.toReversed()) other.apply(value)
    expect(other.save()).toEqual(board.save())
    expect(other.things).toMatchObject([{ id: 'a/1', dx: 7, dy: 8 }])
  })

  it('lets nobody take back what another one cleared', () => {
    const board = new BoardModel(() => {})
    board.apply(message('a', stroke(1)))
    board.apply(message('a', { op: 'clear', n: 2, at: 2, seen: [['a', 1]] }))
    board.apply(message('b', { op: 'restore', acts: [2] }))
    expect(board.things).toHaveLength(0)
    board.apply(message('a', { op: 'restore', acts: [2] }))
    expect(board.things).toHaveLength(1)
  })

  it('keeps on the board what is drawn while another one clears', () => {
    const board = new BoardModel(() => {})
    board.apply(message('a', stroke(1)))
    board.apply(message('b', stroke(5)))
    board.apply(message('a', { op: 'clear', n: 2, at: 9, seen: [['a', 1]] }))
    expect(board.things.map(({ id }) => id)).toEqual(['b/5'])
  })

  it('takes values that make no sense without throwing', () => {
    const board = new BoardModel(() => {})
    const ops = ['start', 'more', 'move', 'text', 'erase', 'clear', 'restore', 'x']
    const keys = [
      'n',
      'at',
      'kind',
      'points',
      'seen',
      'things',
      'moves',
      'acts',
      'thing',
      'text',
      'from',
      'width',
      'color',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...ops), fc.constantFrom(...keys), fc.anything(), (op, key, rest) => {
        board.apply(message('a', { ...(rest as object), op }))
        board.apply(message('a', { ...stroke(1), ...known, op, [key]: rest }))
        board.apply({ ...message('a', {}), value: rest })
        board.load(rest)
        for (const part of ['things', 'hides', 'edits', 'floor']) board.load({ ...board.save(), [part]: [rest] })
        board.load({ things: rest, hides: rest, edits: rest, floor: rest })
      }),
    )
  })

  it('keeps points on the sheet, colours and widths in their limits', () => {
    const board = new BoardModel(() => {})
    const points = packPoints([-3276, 3000, 255])
    board.apply(message('a', { ...stroke(1), color: 99, width: 1e9, points }))
    expect(board.things[0]).toMatchObject({ color: 0, width: 200, points: [-3200, 2400, 100] })
  })

  it('cuts a stroke and a text that are too long', () => {
    const board = new BoardModel(() => {})
    const long = packPoints(Array.from({ length: 3 * 800 }, (_, i) => i % 90))
    board.apply(message('a', { ...stroke(1), points: long, end: undefined }))
    for (const from of [800, 1600]) board.apply(message('a', { op: 'more', n: 1, from, points: long }))
    expect(board.things[0]!.points).toHaveLength(3 * strokePointsMax)
    board.apply(message('a', { ...stroke(2), kind: 'text', text: `\u202e${'x'.repeat(10_000)}` }))
    expect(board.things[1]!.text).toMatch(/^x{499}…$/)
  })

  it('takes the points of a stroke once, whatever comes twice', () => {
    const board = new BoardModel(() => {})
    const more = { op: 'more', n: 1, from: 1, points: packPoints([5, 5, 50, 6, 6, 50]) }
    board.apply(message('a', { ...stroke(1), end: undefined }))
    board.apply(message('a', more))
    board.apply(message('a', more))
    expect(board.things[0]!.points).toEqual([1, 2, 50, 5, 5, 50, 6, 6, 50])
    board.apply(message('a', { ...more, from: 3, end: true }))
    board.apply(message('a', { ...more, from: 5 }))
    expect(board.things[0]!.points).toHaveLength(15)
  })

  it('goes on when somebody pushes the clock as far as it goes', () => {
    const board = new BoardModel(() => {})
    board.apply(message('a', { ...stroke(1), at: Number.MAX_SAFE_INTEGER }))
    expect(board.things).toHaveLength(0)
    board.apply(message('a', { ...stroke(1), at: 2 ** 50 }))
    board.apply(message('b', { ...stroke(2), at: board.tick() }))
    expect(board.things).toHaveLength(2)
  })
})

const known = { thing: 'a/1', things: ['a/1'], moves: [['a/1', 1, 1]], seen: [['a', 9]], acts: [1], text: 'x' }

function stroke(n: number): object {
  return { op: 'start', kind: 'pen', n, at: n, color: 2, width: 5, points: packPoints([n, 2, 50]), end: true }
}

function expectSame(world: World): void {
  const [first, ...others] = world.saved()
  for (const other of others) expect(other).toEqual(first)
  const [shown, ...shownElsewhere] = world.seen()
  for (const other of shownElsewhere) expect(other).toEqual(shown)
}
