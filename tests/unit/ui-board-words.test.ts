import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BoardNews } from '../../ui/board/board-model.ts'
import type { Thing, ThingKind } from '../../ui/board/thing.ts'
import { Announcer, describe as wordsFor } from '../../ui/board/words.ts'

describe('what others do at a board', () => {
  let said: string[]
  let announcer: Announcer

  beforeEach(() => {
    vi.useFakeTimers()
    said = []
    announcer = new Announcer((sentence) => said.push(sentence))
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  it('is told after a while, all that came together in a sentence each', () => {
    take('Ada', 'begin', thing('pen'))
    take('Ada', 'end', thing('pen'), thing('text', 'Hello\nall'))
    take('Bo', 'move', thing('line', '', 'b/1'))
    take('Bo', 'text', thing('text', 'x', 'b/1'))
    take('Bo', 'erase', thing('line'), thing('line'))
    expect(said).toEqual([])
    vi.runAllTimers()
    expect(said).toEqual(['Ada added 1 stroke, 1 text “Hello all”. Bo changed 1 thing, erased 2 things.'])
    take('Bo', 'clear')
    take('Bo', 'restore', thing('pen'))
    vi.runAllTimers()
    expect(said.slice(1)).toEqual(['Bo cleared the board, brought back 1 thing.'])
  })

  it('is not told where nothing is to be seen of it', () => {
    take('Ada', 'erase')
    take('Ada', 'end')
    take('Bo', 'draw', thing('pen'))
    vi.runAllTimers()
    expect(said).toEqual([])
    take('Ada', 'erase')
    take('Bo', 'erase', thing('pen'))
    vi.runAllTimers()
    expect(said).toEqual(['Bo erased 1 thing.'])
  })

  it('is not told any more once the board is gone', () => {
    take('Ada', 'clear')
    announcer.stop()
    vi.runAllTimers()
    expect(said).toEqual([])
  })

  function take(name: string, act: BoardNews['act'], ...things: Thing[]): void {
    announcer.take(name, { by: name, act, things })
  }
})

it('what is on a board is told by kinds, and texts by their words', () => {
  expect(wordsFor([])).toBe('Nothing on the board.')
  const texts = Array.from({ length: 7 }, (_, n) => thing('text', `t${n}`))
  expect(wordsFor([thing('pen'), thing('pen'), ...texts])).toBe(
    'On the board: 2 strokes, 7 texts. Texts: “t0”, “t1”, “t2”, “t3”, “t4”, ….',
  )
})

let things = 0

function thing(kind: ThingKind, text = '', id = `a/${++things}`): Thing {
  const [author, n] = id.split('/') as [string, string]
  return {
    id,
    author,
    n: Number(n),
    at: 1,
    kind,
    color: 0,
    width: 7,
    points: [0, 0, 50],
    text,
    dx: 0,
    dy: 0,
    ended: true,
  }
}
