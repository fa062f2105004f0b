import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Member } from '../../peer/index.ts'
import { sheetGround } from '../../ui/board/sheet-ground.ts'
import { Viewport } from '../../ui/board/viewport.ts'
import { CursorTracks, type Place, placeIn } from '../../ui/cursors/cursor-tracks.ts'
import { type Ground, Grounds } from '../../ui/cursors/grounds.ts'
import { OwnPointer } from '../../ui/cursors/own-pointer.ts'

const member = (id: string): Member => ({ id, name: id, metadata: null, rank: 0 }) as unknown as Member
const [ada, bo] = [member('ada.1'), member('bo.1')]

function says(from: Member, at: unknown): { value: unknown; from: Member } {
  return { from, value: { tutti: 'cursors', space: '', at } }
}

describe("the others' pointers", () => {
  it('appear where they are, and move there smoothly afterwards', () => {
    const tracks = new CursorTracks()
    expect(tracks.apply(says(ada, { x: 100, y: 500 }), 0)).toBe(true)
    expect(tracks.shown('ada')).toEqual({ x: 100, y: 500 })
    expect(tracks.apply(says(ada, { x: 200, y: 500 }), 30)).toBe(false)
    const seen: number[] = []
    for (let now = 46; tracks.step(now, true); now += 16) seen.push(tracks.shown('ada')!.x)
    expect(seen.length).toBeGreaterThan(5)
    expect(seen.length).toBeLessThan(30)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(tracks.shown('ada')).toEqual({ x: 200, y: 500 })
  })

  it('jump where motion is not wanted, and where no frame was drawn for long', () => {
    const tracks = new CursorTracks()
    for (const [x, now, smoothly] of [
      [0, 0, true],
      [300, 10, false],
      [600, 5_000, true],
    ] as const) {
      tracks.apply(says(ada, { x, y: 0 }), now)
      tracks.step(now + 2_000, smoothly)
      expect(tracks.shown('ada')!.x).toBe(x)
    }
  })

  it('set out smoothly after a rest, too', () => {
    const tracks = new CursorTracks()
    tracks.apply(says(ada, { x: 0, y: 0 }), 0)
    tracks.step(16, true)
    tracks.apply(says(ada, { x: 100, y: 0 }), 9_000)
    expect(tracks.step(9_016, true)).toBe(true)
    expect(tracks.shown('ada')!.x).toBeLessThan(50)
  })

  it('go when they are said to be gone, when their member is, and when nothing comes from them', () => {
    const tracks = new CursorTracks()
    const point = (): void => {
      tracks.apply(says(ada, { x: 1, y: 1 }), 0)
      tracks.apply(says(bo, { x: 2, y: 2 }), 50)
    }
    point()
    expect(tracks.apply(says(ada, null), 60)).toBe(true)
    expect(tracks.cursors.map((cursor) => cursor.member)).toEqual([bo])
    point()
    expect(tracks.keepOnly([bo])).toBe(true)
    expect(tracks.keepOnly([bo])).toBe(false)
    point()
    expect(tracks.oldest).toBe(0)
    expect(tracks.expire(10)).toBe(true)
    expect([tracks.cursors.length, tracks.oldest]).toEqual([1, 50])
  })

  it('are one a person, whatever the member id [FD4]', () => {
    const tracks = new CursorTracks()
    tracks.apply(says(ada, { x: 1, y: 1 }), 0)
    tracks.apply(says(member('ada.2'), { x: 2, y: 2 }), 0)
    expect(tracks.cursors).toEqual([{ member: member('ada.2'), x: 2, y: 2 }])
  })

  it('stay on the content, and are never thrown off by what makes no sense', () => {
    const tracks = new CursorTracks()
    tracks.apply(says(ada, { x: -1e9, y: Number.POSITIVE_INFINITY }), 0)
    expect(tracks.shown('ada')).toEqual({ x: 0, y: 1000 })
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (x, y) => {
        for (const at of [x, { x, y }]) tracks.apply(says(bo, at), 0)
        tracks.apply({ from: bo, value: (x as object) ?? {} }, 0)
        tracks.step(16, true)
        const place = tracks.shown('bo')
        if (place !== undefined) {
          expect(Math.min(place.x, place.y)).toBeGreaterThanOrEqual(0)
          expect(Math.max(place.x, place.y)).toBeLessThanOrEqual(1000)
        }
      }),
    )
  })

  it('are anywhere on a ground, and do not fly from one to another', () => {
    const tracks = new CursorTracks()
    tracks.apply(says(ada, { x: 500, y: 500 }), 0)
    expect(tracks.apply(says(ada, { x: -3000, y: 2000, on: 'board' }), 10)).toBe(false)
    expect(tracks.shown('ada')).toEqual({ x: -3000, y: 2000, on: 'board' })
    tracks.apply(says(ada, { x: -2000, y: 2000, on: 'board' }), 20)
    expect(tracks.step(36, true)).toBe(true)
    expect(tracks.shown('ada')).toEqual({ x: expect.any(Number), y: 2000, on: 'board' })
    expect(tracks.shown('ada')!.x).toBeLessThan(-2000)
    tracks.apply(says(ada, { x: 500, y: 500 }), 40)
    expect(tracks.shown('ada')).toEqual({ x: 500, y: 500 })
    for (const on of [null, 7, 'x'.repeat(65)]) tracks.apply(says(bo, { x: 1, y: 1, on }), 0)
    tracks.apply(says(bo, { x: Number.POSITIVE_INFINITY, y: 1, on: 'board' }), 0)
    expect(tracks.shown('bo')).toBeUndefined()
  })

  it('are placed by the size of the content', () => {
    expect(placeIn(150, 20, 600, 80)).toEqual({ x: 250, y: 250 })
    expect(placeIn(1, 1, 3, 3)).toEqual({ x: 333.3, y: 333.3 })
    expect(placeIn(-5, 90, 600, 80)).toEqual({ x: 0, y: 1000 })
    expect(placeIn(1, 1, 0, 80)).toBeUndefined()
  })
})

describe('a ground', () => {
  const box = { left: 100, top: 50, right: 900, bottom: 650 } as DOMRect

  function sheet(): { viewport: Viewport; ground: Ground } {
    const viewport = new Viewport()
    viewport.resize(800, 600)
    return { viewport, ground: sheetGround(viewport, () => box) }
  }

  it('has the same place for all, however they pan and zoom', () => {
    const [mine, theirs] = [sheet(), sheet()]
    theirs.viewport.zoomBy(3, 700, 500)
    theirs.viewport.pan(-40, 25)
    const point = { clientX: 720, clientY: 500 }
    const place = mine.ground.placeAt(point)!
    expect(mine.ground.pointOf(place)).toEqual(point)
    const there = theirs.ground.pointOf(place)!
    expect(there).not.toEqual(point)
    const back = theirs.ground.placeAt(there)!
    expect(back.x).toBeCloseTo(place.x)
    expect(back.y).toBeCloseTo(place.y)
  })

  it('has no place beside it, and shows none that is out of sight', () => {
    const { viewport, ground } = sheet()
    for (const [clientX, clientY] of [
      [99, 300],
      [900, 300],
      [500, 49],
      [500, 650],
    ] as const) {
      expect(ground.placeAt({ clientX, clientY })).toBeUndefined()
    }
    expect(ground.pointOf({ x: 0, y: 0 })).toEqual({ clientX: 500, clientY: 350 })
    viewport.pan(500, 0)
    expect(ground.pointOf({ x: 0, y: 0 })).toBeUndefined()
  })

  it('is found by its name, in tenths of its units', () => {
    const grounds = new Grounds()
    const point = { clientX: 5, clientY: 6 }
    expect(grounds.placeAt(point)).toBeUndefined()
    grounds.add({ name: 'far', placeAt: () => undefined, pointOf: () => undefined })
    grounds.add({ name: 'near', placeAt: () => ({ x: 1 / 3, y: -2 / 3 }), pointOf: () => point })
    expect(grounds.placeAt(point)).toEqual({ x: 0.3, y: -0.7, on: 'near' })
    expect(grounds.pointOf({ x: 1, y: 1, on: 'near' })).toBe(point)
    for (const on of ['far', 'elsewhere']) expect(grounds.pointOf({ x: 1, y: 1, on })).toBeUndefined()
    expect(grounds.pointOf({ x: 1, y: 1 })).toBeUndefined()
  })
})

describe("one's own pointer", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function pointer(send: (at: Place | null) => PromiseLike<unknown> | undefined): OwnPointer {
    return new OwnPointer({ send, read: ({ clientX, clientY }) => ({ x: clientX, y: clientY }) })
  }

  it('is told at once, then some 30 times a second, and always where it came to rest', async () => {
    const sent: (Place | null)[] = []
    const own = pointer(async (at) => sent.push(at))
    for (let x = 1; x <= 1_000; x++) {
      own.move({ clientX: x, clientY: 0 })
      await vi.advanceTimersByTimeAsync(1)
    }
    await vi.advanceTimersByTimeAsync(100)
    expect(sent[0]).toEqual({ x: 1, y: 0 })
    expect(sent.at(-1)).toEqual({ x: 1_000, y: 0 })
    expect(sent.length).toBeGreaterThan(25)
    expect(sent.length).toBeLessThan(34)
  })

  it('is not told again where it did not move', async () => {
    const send = vi.fn(async () => {})
    const own = pointer(send)
    for (let n = 0; n < 10; n++) {
      own.move({ clientX: 5, clientY: 5 })
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('waits for what the group has not taken yet, and then tells only the latest', async () => {
    const sent: (Place | null)[] = []
    let take = (): void => {}
    const own = pointer((at) => {
      sent.push(at)
      return new Promise<void>((resolve) => {
        take = resolve
      })
    })
    for (let x = 1; x <= 50; x++) {
      own.move({ clientX: x, clientY: 0 })
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(sent).toHaveLength(1)
    take()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([
      { x: 1, y: 0 },
      { x: 50, y: 0 },
    ])
  })

  it('is told to be gone once, and only if it was told to be there', async () => {
    const send = vi.fn(async (_: Place | null) => {})
    const own = pointer(send)
    own.leave()
    own.move({ clientX: 5, clientY: 5 })
    own.leave()
    own.leave()
    await vi.advanceTimersByTimeAsync(200)
    expect(send.mock.calls).toEqual([[{ x: 5, y: 5 }], [null]])
  })

  it('is read again where what is below it has moved, until it is gone', async () => {
    const sent: (Place | null)[] = []
    let shift = 0
    const own = new OwnPointer({
      send: async (at) => sent.push(at),
      read: ({ clientX }) => (shift < 0 ? undefined : { x: clientX + shift, y: 0 }),
    })
    const again = async (by: number): Promise<void> => {
      shift = by
      own.again()
      await vi.advanceTimersByTimeAsync(50)
    }
    await again(1)
    own.move({ clientX: 5, clientY: 0 })
    await vi.advanceTimersByTimeAsync(50)
    for (const by of [1, 20, -1, 3]) await again(by)
    own.leave()
    await vi.advanceTimersByTimeAsync(50)
    await again(9)
    expect(sent.map((at) => at?.x)).toEqual([6, 25, undefined, 8, undefined])
  })

  it('goes on after a multicast that failed, or could not be made', async () => {
    const sent: (Place | null)[] = []
    const answers = [Promise.reject(new Error('excluded')), undefined, Promise.resolve()]
    const own = pointer((at) => {
      sent.push(at)
      return answers.shift()
    })
    for (let x = 1; x <= 3; x++) {
      own.move({ clientX: x, clientY: 0 })
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(sent.map((at) => at?.x)).toEqual([1, 2, 3])
  })
})
