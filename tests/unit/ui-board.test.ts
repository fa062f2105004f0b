import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member, MessageId } from '../../peer/index.ts'
import { BoardModel, type PartMessage } from '../../ui/index.ts'

const member = (id: string): Member => ({ id, name: id, metadata: null, rank: 0 }) as unknown as Member

describe('the board', () => {
  it('ends the same at all members, whatever order concurrent messages came in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 80 }), fc.nat(), (script, seed) => {
        const world = new World(['a', 'b', 'c'])
        for (const choice of script) world.act(choice)
        world.settle(seed)
        const [first, ...others] = world.boards()
        for (const other of others) expect(other).toEqual(first)
      }),
      { numRuns: 300 },
    )
  })

  it('gives a latecomer what the others have, and what a clear took', () => {
    const board = new BoardModel(() => {})
    board.apply(message('a', { op: 'start', n: 1, at: 1, color: 2, width: 5, points: [1, 2, 50], end: true }))
    board.apply(message('a', board.clearValue('a', 1)))
    board.apply(message('b', { op: 'start', n: 1, at: 2, color: 2, width: 5, points: [3, 4, 50] }))
    const late = new BoardModel(() => {})
    late.load(structuredClone(board.save()))
    const undo = message('a', board.undoValue('a')!)
    for (const each of [board, late]) each.apply(undo)
    expect(late.save()).toEqual(board.save())
    expect(late.strokes.map(({ id }) => id)).toEqual(['a/1', 'b/1'])
  })

  it('is as its author left it when all of it is sent again under a new member id [PT4]', () => {
    const [board, other] = [new BoardModel(() => {}), new BoardModel(() => {})]
    const stroke = (n: number) => ({ op: 'start', n, at: n, color: 2, width: 5, points: [n, 2, 50], end: true })
    const values: object[] = []
    const say = (value: object): void => {
      values.push(value)
      board.apply(message('a.1', value))
    }
    other.apply(message('b.1', stroke(1)))
    say(stroke(1))
    say(stroke(2))
    say(board.undoValue('a')!)
    say(board.clearValue('a', 2))
    say(stroke(3))
    for (const value of values) other.apply(message('a.2', value))
    expect(other.strokes.map(({ id }) => id)).toEqual(['b/1', 'a/3'])
    other.apply(message('a.2', other.undoValue('a')!))
    expect(other.strokes.map(({ id }) => id)).toEqual(['b/1'])
  })

  it('takes values that make no sense without throwing', () => {
    const board = new BoardModel(() => {})
    fc.assert(
      fc.property(fc.constantFrom('start', 'more', 'clear', 'undo', 'restore', 'x'), fc.anything(), (op, rest) => {
        board.apply(message('a', { ...(rest as object), op }))
        for (const key of ['n', 'at', 'points', 'seen', 'stroke', 'clear'])
          board.apply(message('a', { op, [key]: rest }))
        board.load({ strokes: rest, cleared: rest })
        board.load(rest)
      }),
    )
  })

  it('keeps points on the sheet', () => {
    const board = new BoardModel(() => {})
    board.apply(message('a', { op: 'start', n: 1, at: 1, color: 99, width: 1e9, points: [-5, 1e9, Number.NaN] }))
    expect(board.strokes[0]).toMatchObject({ color: 0, width: 80, points: [0, 1200, 0] })
  })
})

let messages = 0

function message(from: string, value: object): PartMessage {
  messages += 1
  return {
    id: `l/1/${from}/${messages}` as MessageId,
    kind: 'causal',
    value: { tutti: 'board', ...value },
    from: member(from),
  }
}

interface Site {
  readonly name: string
  readonly board: BoardModel
  readonly got: Set<Sent>
}

interface Sent {
  readonly message: PartMessage
  readonly past: ReadonlySet<Sent>
  readonly order: number | undefined
}

/** Three members with causal delivery, one total order among clears and undos, and all else as late as may be. */
class World {
  readonly #sites: readonly Site[]
  readonly #sent: Sent[] = []
  #orders = 0
  #numbers = 0

  constructor(names: readonly string[]) {
    this.#sites = names.map((name) => ({ name, board: new BoardModel(() => {}), got: new Set<Sent>() }))
  }

  /** One step: someone draws, goes on drawing, clears, undoes or receives. */
  act(choice: number): void {
    const site = this.#sites[choice % 3]!
    const { name, board } = site
    const last = board.strokes.findLast(({ author }) => author === name)
    const points = [choice, choice, 50]
    switch (Math.floor(choice / 3) % 8) {
      case 0:
      case 1:
        return this.#send(site, { op: 'start', n: ++this.#numbers, at: board.tick(), color: 1, width: 5, points })
      case 2:
        return last && this.#send(site, { op: 'more', n: last.n, points })
      case 3:
        return this.#send(site, board.clearValue(name, this.#numbers), true)
      case 4: {
        const undo = board.undoValue(name)
        return undo && this.#send(site, undo, true)
      }
      default:
        this.#deliverOne(site, choice)
    }
  }

  settle(seed: number): void {
    for (let step = seed % 1000; this.#sites.some(({ got }) => got.size < this.#sent.length); step += 7) {
      this.#deliverOne(this.#sites[step % 3]!, step)
    }
  }

  boards(): unknown[] {
    return this.#sites.map(({ board }) => board.save())
  }

  #send(site: Site, value: object, total = false): void {
    const order = total ? ++this.#orders : undefined
    // A total message's past must be delivered, and its predecessors in the order too, before it is.
    const sent = { message: message(site.name, value), past: new Set(site.got), order }
    this.#sent.push(sent)
    if (!total) this.#deliver(site, sent)
  }

  #deliverOne(site: Site, choice: number): void {
    const ready = this.#sent.filter((sent) => !site.got.has(sent) && this.#isReady(site, sent))
    if (ready.length > 0) this.#deliver(site, ready[choice % ready.length]!)
  }

  #isReady({ got }: Site, { message, past, order }: Sent): boolean {
    const before = this.#sent.filter((other) => order !== undefined && other.order !== undefined && other.order < order)
    const own = this.#sent.slice(
      0,
      this.#sent.findIndex((other) => other.message === message),
    )
    const fifo = own.filter((other) => other.message.from.id === message.from.id)
    return [...past, ...before, ...fifo].every((other) => got.has(other))
  }

  #deliver(site: Site, sent: Sent): void {
    site.got.add(sent)
    site.board.apply(structuredClone(sent.message))
  }
}
