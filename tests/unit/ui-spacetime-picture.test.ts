import { describe, expect, it } from 'vitest'
import { ClockOffsets } from '../../ui/spacetime/clock-offsets.ts'
import { describe as tell } from '../../ui/spacetime/describe.ts'
import { draw, type Palette } from '../../ui/spacetime/draw.ts'
import { History } from '../../ui/spacetime/history.ts'
import { dotsBeside, type LayoutOptions, layOut } from '../../ui/spacetime/layout.ts'
import type { Scene } from '../../ui/spacetime/scene.ts'
import { checkEvent, type SpacetimeEvent } from '../../ui/spacetime/spacetime-event.ts'
import { SvgSurface } from '../../ui/spacetime/svg-surface.ts'
import { ticksOf, timeText } from '../../ui/spacetime/time-axis.ts'
import { readRow, writeRow } from '../../ui/spacetime/trace-words.ts'
import { moved, showing, windowOf, zoomed } from '../../ui/spacetime/viewport.ts'
import { deliver, fill, install, line, momentOf, send } from './ui-spacetime-support.ts'

const members = ['ada.1', 'bob.1']

function sceneOf(history: History, options: Partial<LayoutOptions> = {}): Scene {
  return layOut(optionsOf(history, options))
}

/** 10 pixels a millisecond. */
function optionsOf(history: History, options: Partial<LayoutOptions> = {}): LayoutOptions {
  const lanes = [...history.lines.keys()].map((peer, index) => ({
    peer,
    name: peer,
    y: 50 + index * 40,
    height: 40,
    isShown: true,
  }))
  return {
    history,
    window: { from: 0, to: 100 },
    origin: 0,
    now: 100,
    width: 1_000,
    height: 200,
    lanes,
    hiddenKinds: new Set(),
    chosen: undefined,
    past: undefined,
    isMirrored: false,
    ...options,
  }
}

function small(): { history: History; sent: SpacetimeEvent; heard: SpacetimeEvent } {
  const [sent, heard] = [send(20, 'ada.1', 1), deliver(30, 'bob.1', 'ada.1', 1)]
  const events = [
    install(0, 'ada.1', 1, members),
    sent,
    deliver(20, 'ada.1', 'ada.1', 1),
    heard,
    send(60, 'bob.1', 1, 'total'),
  ]
  return { history: fill(new History(), events), sent, heard }
}

describe('the layout', () => {
  it('draws time along the lines, and an arrow from a send to its delivery', () => {
    const { history, sent } = small()
    const scene = sceneOf(history)
    expect(scene.arrows).toMatchObject([{ x1: 200, y1: 50, x2: 300, y2: 90, kind: 'causal', sort: 'message' }])
    // What is delivered where it is sent lies upon its send, and does not hide it.
    expect(scene.dots.filter(({ x }) => x === 200).map(({ moment }) => moment.event)).toEqual([sent])
    expect(scene.bars.map(({ label, points }) => [label, points[0]?.x])).toEqual([['view 1', 0]])
  })

  it('mirrors time where one reads from the right', () => {
    expect(sceneOf(small().history, { isMirrored: true }).arrows).toMatchObject([{ x1: 800, x2: 700 }])
  })

  it('leaves out the kinds and the lines that are hidden', () => {
    const { history } = small()
    expect(sceneOf(history, { hiddenKinds: new Set(['causal']) })).toMatchObject({ arrows: [] })
    const lanes = sceneOf(history).lanes.map((lane) => ({ ...lane, isShown: lane.peer !== 'ada' }))
    const scene = sceneOf(history, { lanes })
    expect([scene.arrows, scene.dots.map(({ y }) => y)]).toEqual([[], [90, 90]])
  })

  it('lights the past of what is chosen', () => {
    const { history, heard } = small()
    const chosen = momentOf(history, heard)
    const scene = sceneOf(history, { chosen, past: history.pastOf(chosen) })
    expect(scene.dots.map(({ x, isLit, isChosen }) => [x, isLit, isChosen])).toEqual([
      [0, true, false],
      [200, true, false],
      [300, true, true],
      [600, false, false],
    ])
  })

  it('paints of a burst no more than there are pixels', () => {
    const history = new History()
    for (let seq = 1; seq <= 4_000; seq++)
      fill(history, [send(seq / 80, 'ada.1', seq), deliver(50 + seq / 80, 'bob.1', 'ada.1', seq)])
    const { dots, arrows } = sceneOf(history)
    expect(dots.length).toBeLessThan(800)
    expect(arrows.length).toBeLessThan(400)
  })

  it('finds what lies beside a place, from wherever time runs', () => {
    const { history, sent } = small()
    for (const isMirrored of [false, true]) {
      const options = optionsOf(history, { isMirrored })
      const beside = (x: number): unknown[] => dotsBeside(options, x, 14).map(({ moment }) => moment.event)
      expect([isMirrored ? 810 : 190, isMirrored ? 785 : 215].map(beside)).toEqual([[sent], []])
    }
  })

  it('writes labels as plain text, and not at any length', () => {
    const label = `\u202e${'long '.repeat(20)}`
    const history = fill(new History(), [{ ...send(10, 'ada.1', 1), label }])
    const [text] = sceneOf(history).labels.map((found) => found.text)
    expect(text).toMatch(/^long long .*…$/)
    expect(text!.length).toBeLessThanOrEqual(40)
  })

  it('lets the dashes of a line move with the time', () => {
    const history = fill(new History(), [send(1, 'ada.1', 1)])
    const starts = [0, 7, 14].map((from) => sceneOf(history, { window: { from, to: from + 100 } }).dashX)
    // 6 pixels are a dash and its gap, and 7 ms are 70 pixels.
    expect(starts.map((x, index) => Math.round(x + index * 70) % 6)).toEqual([0, 0, 0])
    for (const x of starts) expect(x).toBeLessThanOrEqual(0)
  })

  it('ends a plain send that never came in the open', () => {
    const history = fill(new History(), [
      line(1, 'bob.1', { event: 'note', text: 'here' }),
      line(10, 'ada.1', { event: 'plain-send', id: 'm', to: ['bob.1'] }),
    ])
    expect(sceneOf(history).arrows).toMatchObject([{ sort: 'lost', kind: 'plain', x1: 100 }])
    fill(history, [line(15, 'bob.1', { event: 'plain-receive', id: 'm', from: 'ada.1' })])
    expect(sceneOf(history).arrows).toMatchObject([{ sort: 'message', x2: 150 }])
  })
})

it('writes what it draws as an SVG file, whatever it is called', () => {
  const names = [
    'text',
    'muted',
    'line',
    'surface',
    'accent',
    'bad',
    'wedged',
    'blocked',
    'fifo',
    'causal',
    'total',
    'plain',
    'state',
  ]
  const palette = Object.fromEntries(names.map((name) => [name, `var(--${name})`])) as unknown as Palette
  const surface = new SvgSurface('system-ui')
  draw(sceneOf(small().history), palette, surface)
  const file = surface.file(0, 1_000, 200, 'a < b & "c" \u0000\ud800')
  expect(file).toContain('<title>a &#60; b &#38; &#34;c&#34; </title>')
  expect(file).toMatch(/class="message causal" d="M200 50L300 90"/)
  expect(file).not.toContain('NaN')
})

it('tells of many members the first, and how many more there are', () => {
  const crowd = Array.from({ length: 100 }, (_, index) => `m${index}.1`)
  const entering = install(1, 'm0.1', 1, crowd)
  const history = fill(new History(), [entering])
  const told = tell(momentOf(history, entering), 0, (id) => id.replace('.1', ''))
  expect(told.what).toBe(
    'm0 enters view 1: m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15 and 84 more',
  )
  expect(told.vector).toMatch(/^m0 0, .*, m15 0 and 84 more$/)
})

it.each([
  [{ t: Number.NaN, peer: 'ada.1' }, 't: NaN'],
  [{ t: '7', peer: 'ada.1' }, 't: 7'],
  [{ t: 7 }, 'peer: undefined'],
])('refuses %j for an event, and says what one has', (event, said) => {
  expect(() => checkEvent({ event: 'crash', ...event } as unknown as SpacetimeEvent)).toThrow(said)
})

it('tells times in the unit that suits', () => {
  expect(ticksOf({ from: 0, to: 1_000 }, 420).map(({ label }) => label)).toEqual([
    '0.0 s',
    '0.2 s',
    '0.4 s',
    '0.6 s',
    '0.8 s',
    '1.0 s',
  ])
  expect(ticksOf({ from: 10, to: 12 }, 200).map(({ label }) => label)).toEqual(['10 ms', '11 ms', '12 ms'])
  expect([timeText(12.3), timeText(12_345), timeText(61_000, 1_000)]).toEqual(['12 ms', '12.345 s', '1:01 min'])
})

describe('what is seen', () => {
  const live = { live: true, spanMs: 100, endMs: 0 }

  it('ends a little after now, until it is scrolled back; at the end it is live again', () => {
    expect(windowOf(live, 1_000)).toEqual({ from: 903, to: 1_003 })
    const back = moved(live, -50, 1_000)
    expect([back.live, windowOf(back, 2_000)]).toEqual([false, { from: 853, to: 953 }])
    expect(moved(back, 60, 1_000).live).toBe(true)
  })

  it('zooms around a place', () => {
    const paused = { live: false, spanMs: 100, endMs: 1_000 }
    expect(windowOf(zoomed(paused, 2, 950, 1_000), 1_000)).toEqual({ from: 850, to: 1_050 })
    expect(zoomed(paused, 1e-9, 950, 1_000).spanMs).toBe(2)
  })

  it('moves to what is to be shown, and no further than needed', () => {
    expect(showing(live, 950, 1_000).endMs).toBe(1_003)
    expect(windowOf(showing(live, 500, 1_000), 1_000)).toEqual({ from: 475, to: 575 })
  })
})

describe('clocks', () => {
  it('believes the answer that was fastest', () => {
    const clocks = new ClockOffsets()
    // The other's clock is 1,000 ms fast; one way of the first answer took 40 ms longer.
    expect(clocks.note('bob', { asked: 0, heard: 1_045, said: 1_045, got: 50 })).toBe(-1_020)
    expect(clocks.note('bob', { asked: 100, heard: 1_102, said: 1_110, got: 112 })).toBe(-1_000)
    expect(clocks.note('bob', { asked: 200, heard: 1_290, said: 1_290, got: 300 })).toBe(-1_000)
  })
})

describe('traces of others', () => {
  const events = [
    send(1, 'ada.1', 1),
    deliver(2, 'ada.1', 'bob.1', 7),
    { ...deliver(3, 'ada.1', 'bob.1', 8, 'total'), order: 4 },
    install(4, 'ada.1', 1, members),
    line(5, 'ada.1', { event: 'state-loaded', lineage: 'l', number: 1, digest: 'd', from: 'bob.1' }),
    line(6, 'ada.1', { event: 'wedged' }),
    line(7, 'ada.1', { event: 'left', reason: 'left' }),
  ]

  it.each(events.map((event) => [event.event, event] as const))('%s comes as it was', (_, event) => {
    expect(readRow(JSON.parse(JSON.stringify(writeRow(event))), 'ada.1', 'room')).toEqual(event)
  })

  it.each([
    null,
    7,
    'x',
    [],
    [0, 1, 'no/id', 'causal', 1],
    [0, Number.NaN, 'l/1/a.1/1', 'causal', 1],
    [1, 1, 'l/1/a.1/1', 'loud', 0],
    { t: 1, event: 'constructor' },
    { t: 1, event: 'install', lineage: 'l', number: 1, members: [7], primary: true },
    { t: 1, event: 'left', reason: 'x'.repeat(2_000) },
    { event: 'crash', t: '1' },
  ])('nothing is made of %j', (row) => {
    expect(readRow(row, 'ada.1', 'room')).toBeUndefined()
  })

  it('an event is of the one who tells it', () => {
    const row = { ...line(6, 'bob.1', { event: 'wedged' }), extra: 1 }
    expect(readRow(row, 'ada.1', 'room')).toEqual(line(6, 'ada.1', { event: 'wedged' }))
  })
})
