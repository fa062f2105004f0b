import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundedLog } from '../../ui/board/bounded-log.ts'
import { Desk } from '../../ui/board/desk.ts'
import { svgOf } from '../../ui/board/export.ts'
import { boxOf, hits } from '../../ui/board/geometry.ts'
import { packPoints, unpackPoints } from '../../ui/board/points.ts'
import { isRightToLeft } from '../../ui/board/text-layout.ts'
import { home, type Thing, type ThingKind } from '../../ui/board/thing.ts'
import { Viewport } from '../../ui/board/viewport.ts'
import { BoardModel } from '../../ui/index.ts'
import { message } from './ui-board-support.ts'

const style = { color: 1, width: 10 }

describe('a desk at the board', () => {
  it('takes back and does again what was done, one act after the other', () => {
    const { desk, model } = begin()
    const first = desk.add('rectangle', style, [0, 0, 50, 100, 100, 50])
    desk.add('text', style, [5, 5, 50], 'words')
    desk.select([first])
    desk.nudge(10, 20)
    desk.acts.erase([first])
    const states = [seen(model)]
    while (desk.acts.undo() !== undefined) states.push(seen(model))
    expect(states).toEqual([
      ['text 0,0'],
      ['rectangle 10,20', 'text 0,0'],
      ['rectangle 0,0', 'text 0,0'],
      ['rectangle 0,0'],
      [],
    ])
    const again = [seen(model)]
    while (desk.acts.redo() !== undefined) again.push(seen(model))
    expect(again.toReversed()).toEqual(states)
  })

  it('passes over what others took out of sight or moved on, and comes back to it', () => {
    const { desk, model } = begin()
    const [first, second] = [desk.add('pen', style, [0, 0, 50]), desk.add('pen', style, [9, 9, 50])]
    model.apply(message('other', { op: 'erase', n: 1, at: 99, things: [second] }))
    expect(desk.acts.undo()).toMatchObject({ cover: [first] })
    expect(desk.acts.undo()).toBeUndefined()
    model.apply(message('other', { op: 'restore', acts: [1] }))
    expect(desk.acts.undo()).toMatchObject({ cover: [second] })

    desk.acts.redo()
    desk.select([second])
    desk.nudge(5, 5)
    model.apply(message('other', { op: 'move', n: 2, at: 200, moves: [[second, 70, 70]] }))
    expect(desk.acts.undo()).toMatchObject({ is: 'cover' })
  })

  it('forgets how to redo when something new is done', () => {
    const { desk } = begin()
    desk.add('pen', style, [0, 0, 50])
    desk.acts.undo()
    desk.add('pen', style, [9, 9, 50])
    expect(desk.acts.redo()).toBeUndefined()
  })

  it('goes on with another stroke where one is full, and takes both back at once', () => {
    const { desk, model } = begin()
    desk.drafts.press(1, 'pen', style, [0, 0, 50])
    desk.drafts.move(
      1,
      Array.from({ length: 1500 }, (_, i) => [2 * i, 0, 50] as const),
    )
    desk.drafts.lift(1)
    expect(model.things.map(({ points }) => points.length / 3)).toEqual([1000, 501])
    expect(model.things[1]!.points.slice(0, 3)).toEqual(model.things[0]!.points.slice(-3))
    desk.acts.undo()
    expect(model.things).toHaveLength(0)
  })

  it('leaves nothing of what was begun by mistake, and nothing to undo', () => {
    const { desk, model } = begin()
    desk.drafts.press(1, 'pen', style, [0, 0, 50])
    desk.flush()
    expect(model.things).toHaveLength(1)
    desk.acts.discard(desk.drafts.cancel(1))
    expect(model.things).toHaveLength(0)
    expect(desk.acts.undo()).toBeUndefined()
    expect(desk.drafts.things).toHaveLength(0)
  })

  it('shows what is dragged where it is dragged to, and keeps it on the sheet', () => {
    const { desk, model } = begin()
    const id = desk.add('rectangle', style, [0, 0, 50, 100, 100, 50])
    desk.select([id])
    desk.grab()
    desk.dragTo(99_999, 30)
    expect(desk.layers.still).toHaveLength(0)
    expect(boxOf(desk.layers.live[0]!).right).toBeCloseTo(3200)
    desk.drop()
    expect(desk.layers.live).toHaveLength(0)
    expect(model.get(id)!.dy).toBe(30)
  })

  it('lets go of what was under way when it acts under another member id', () => {
    const { desk, values } = begin(false)
    desk.add('pen', style, [0, 0, 50])
    expect(desk.drafts.things).toHaveLength(1)
    desk.become('me.2')
    expect(desk.drafts.things).toHaveLength(0)
    desk.add('pen', style, [0, 0, 50])
    expect(values).toHaveLength(2)
    expect(desk.acts.undo()).toMatchObject({ is: 'cover' })
  })
})

describe('the bounded log', () => {
  it('keeps the same, whatever order entries came and grew in', () => {
    const entry = fc.record({ at: fc.nat(30), weight: fc.integer({ min: 1, max: 20 }), grows: fc.nat(15) })
    fc.assert(
      fc.property(fc.array(entry, { size: 'max', maxLength: 40 }), fc.infiniteStream(fc.nat(1000)), (entries, dice) => {
        const run = (shuffle: boolean): unknown => {
          const log = new BoundedLog<{ at: number; id: string; weight: number }>(80)
          const order = entries.map((each, index) => ({
            ...each,
            id: `${index}`,
            place: shuffle ? dice.next().value : index,
          }))
          for (const { at, id, weight, grows } of order.toSorted((a, b) => a.place - b.place)) {
            const added = { at, id, weight }
            if (log.add(added)) {
              log.trim()
              if (log.entries.includes(added)) log.grow(added, grows)
              log.trim()
            }
          }
          return { entries: log.entries, floor: log.floor }
        }
        expect(run(true)).toEqual(run(false))
      }),
      { numRuns: 500 },
    )
  })
})

describe('places on the sheet', () => {
  it('are the same after they travelled', () => {
    const point = fc.tuple(
      fc.integer({ min: -32_000, max: 32_000 }),
      fc.integer({ min: -24_000, max: 24_000 }),
      fc.nat(100),
    )
    fc.assert(
      fc.property(fc.array(point), (list) => {
        const points = list.flatMap(([x, y, pressure]) => [x / 10, y / 10, pressure])
        expect(unpackPoints(packPoints(points), 1000)).toEqual(points)
      }),
    )
    for (const odd of [new Uint8Array(7), [1, 2, 50], 'x', null]) expect(unpackPoints(odd, 9)).toEqual([])
  })

  it('are found near lines, and inside of shapes only where that is asked for', () => {
    expect(hits(thing('line', [0, 0, 50, 100, 100, 50]), 50, 52, 1)).toBe(true)
    expect(hits(thing('line', [0, 0, 50, 100, 100, 50]), 80, 50, 1)).toBe(false)
    for (const kind of ['rectangle', 'ellipse'] as const) {
      const shape = thing(kind, [0, 0, 50, 200, 100, 50])
      expect(hits(shape, 100, 2, 1)).toBe(true)
      expect(hits(shape, 100, 50, 1)).toBe(false)
      expect(hits(shape, 100, 50, 1, true)).toBe(true)
      expect(hits({ ...shape, dx: 500 }, 100, 2, 1)).toBe(false)
    }
    expect(hits(thing('pen', [0, 0, 50, 100, 0, 50, 100, 100, 50]), 97, 60, 1)).toBe(true)
    expect(hits(thing('pen', [0, 0, 50]), 3, 3, 0)).toBe(true)
  })

  it('stay under the pointer that zooms, and on the sheet', () => {
    const viewport = new Viewport()
    viewport.resize(800, 600)
    expect(viewport.toSheet(0, 0)).toEqual([home.left, home.top])
    const before = viewport.toSheet(100, 200)
    viewport.zoomBy(2.5, 100, 200)
    expect(viewport.toSheet(100, 200)[0]).toBeCloseTo(before[0])
    expect(viewport.zoom).toBeCloseTo(2.5)
    viewport.zoomBy(1e9)
    expect(viewport.zoom).toBeCloseTo(10)
    viewport.pan(1e9, -1e9)
    expect(viewport.middle).toEqual([3200, -2400])
    viewport.goHome()
    viewport.resize(400, 600)
    expect(viewport.toSheet(0, 300)).toEqual([home.left, 0])
  })
})

describe('the board as SVG', () => {
  it('has texts as text, and nothing that XML can not hold', () => {
    const text = thing('text', [0, 0, 50], `<script>&"'\ud800\ufffe`)
    const svg = svgOf([text], { inks: ['"red"'], paper: '#fff', font: '"Odd <font>"' })
    expect(svg).toContain(`>&#60;script&#62;&#38;&#34;'\ufffd\ufffd</text>`)
    expect(svg).not.toMatch(/<script|<font|""/)
  })

  it('knows where a line of text begins', () => {
    expect(isRightToLeft('12 שלום abc')).toBe(true)
    expect(isRightToLeft('مرحبا')).toBe(true)
    expect(isRightToLeft('abc שלום')).toBe(false)
    expect(isRightToLeft('12')).toBe(false)
  })
})

function thing(kind: ThingKind, points: number[], text = ''): Thing {
  return { id: 'a/1', author: 'a', n: 1, at: 1, kind, ...style, color: 0, points, text, dx: 0, dy: 0, ended: true }
}

/** A member alone with its board; `delivers`: what it multicasts comes back at once. */
function begin(delivers = true): { desk: Desk; model: BoardModel; values: object[] } {
  const values: object[] = []
  const model: BoardModel = new BoardModel((news) => desk.settle(news, news.by === 'me'))
  const desk: Desk = new Desk(model, (_kind, value) => {
    values.push(value)
    if (delivers) model.apply(structuredClone(message('me.1', value)))
    return true
  })
  desk.become('me.1')
  return { desk, model, values }
}

function seen(model: BoardModel): string[] {
  return model.things.map(({ kind, dx, dy }) => `${kind} ${dx},${dy}`)
}
