import { peerOf } from '../peer-of.ts'
import { plainText } from '../plain-text.ts'
import { labelCharactersMax } from './describe.ts'
import type { History, KnownView } from './history.ts'
import type { Line, Moment } from './line.ts'
import type { Arrow, Bar, Dot, Lane, Scene } from './scene.ts'
import type { SpacetimeKind } from './spacetime-event.ts'
import { type Stretch, ticksOf } from './time-axis.ts'

export interface LayoutOptions {
  readonly history: History
  /** The stretch of time that is seen. */
  readonly window: Stretch
  /** Of what happened in that stretch only what comes after this time is laid out. Default: all of it. */
  readonly after?: number
  /** The time that the axis counts from. */
  readonly origin: number
  readonly now: number
  readonly width: number
  readonly height: number
  readonly lanes: readonly Lane[]
  readonly hiddenKinds: ReadonlySet<SpacetimeKind>
  readonly chosen: Moment | undefined
  /** Of what is chosen. */
  readonly past: ReadonlySet<Moment> | undefined
  /** Time runs from the right to the left. */
  readonly isMirrored: boolean
}

/** Pixels above the first lane, for the names of the views, and below the last one, for the times. */
export const headHeight = 24
export const footHeight = 22
/** Pixels from dash to dash of the line of one who is away. */
export const dashLength = 6

/** What of a history is seen in a window, and where. Nothing of it costs more than what is seen. */
export function layOut(options: LayoutOptions): Scene {
  const { history, window, origin, now, width, height, lanes } = options
  const sheet = new Sheet(options)
  const shown = lanes.filter(({ isShown }) => isShown)
  const relative = { from: window.from - origin, to: window.to - origin }
  const dashMs = ((window.to - window.from) / width) * dashLength
  return {
    width,
    height,
    isMirrored: options.isMirrored,
    lanes,
    ticks: ticksOf(relative, width).map(({ at, label }) => ({ x: sheet.x(at + origin), label })),
    dashX: sheet.x(Math.floor(relative.from / dashMs) * dashMs + origin),
    stays: shown.flatMap((lane) => staysOf(sheet, lane)),
    shades: shown.flatMap((lane) => shadesOf(sheet, lane)),
    bars: [...history.views.values()].flatMap((view) => barOf(sheet, view)),
    arrows: shown.flatMap((lane) => arrowsTo(sheet, lane)),
    dots: shown.flatMap((lane) => dotsOf(sheet, lane)),
    labels: shown.flatMap((lane) => labelsOf(sheet, lane)),
    nowX: now <= window.to ? sheet.x(now) : undefined,
  }
}

/** The dots that are at most `reach` pixels to the left or the right of a place. */
export function dotsBeside(options: LayoutOptions, x: number, reach: number): readonly Dot[] {
  const { window, width, isMirrored, lanes } = options
  const msPerPixel = (window.to - window.from) / width
  const at = window.from + (isMirrored ? width - x : x) * msPerPixel
  const sheet = new Sheet({ ...options, after: at - reach * msPerPixel })
  return lanes.flatMap((lane) => (lane.isShown ? dotsOf(sheet, lane, at + reach * msPerPixel) : []))
}

/** Where things are on it. */
class Sheet {
  readonly options: LayoutOptions
  readonly laneOf: ReadonlyMap<string, Lane>
  /** What is over before is not seen. */
  readonly from: number
  readonly #scale: number

  constructor(options: LayoutOptions) {
    this.options = options
    this.from = Math.max(options.window.from, options.after ?? options.window.from)
    this.laneOf = new Map(options.lanes.map((lane) => [lane.peer, lane]))
    this.#scale = options.width / (options.window.to - options.window.from)
  }

  x(at: number): number {
    const x = (at - this.options.window.from) * this.#scale
    return this.options.isMirrored ? this.options.width - x : x
  }

  lineOf({ peer }: Lane): Line | undefined {
    return this.options.history.lines.get(peer)
  }

  /** `x`, but no further out than just beyond the edges: a canvas has little love for lines of a million pixels. */
  edgeX(at: number): number {
    return Math.min(Math.max(this.x(at), -overhang), this.options.width + overhang)
  }

  isLit(moment: Moment): boolean {
    return this.options.past?.has(moment) ?? true
  }

  isHidden({ kind }: Moment): boolean {
    return kind !== undefined && this.options.hiddenKinds.has(kind)
  }
}

const overhang = 40

function staysOf(sheet: Sheet, lane: Lane): Scene['stays'] {
  const { window, now } = sheet.options
  const stays = sheet.lineOf(lane)?.stays ?? []
  return stays
    .filter(({ from, to }) => from <= window.to && (to ?? now) >= sheet.from)
    .map(({ from, to, end }) => ({ x1: sheet.edgeX(from), x2: sheet.edgeX(to ?? now), y: lane.y, end }))
}

function shadesOf(sheet: Sheet, lane: Lane): Scene['shades'] {
  const { window, now } = sheet.options
  const spans = sheet.lineOf(lane)?.spans ?? []
  return spans
    .filter(({ from, to }) => from <= window.to && (to ?? now) >= sheet.from)
    .map(({ type, from, to }) => {
      const [x1, x2] = [sheet.edgeX(from), sheet.edgeX(to ?? now)]
      // A wedge is short; it is to be seen nevertheless.
      const width = Math.max(Math.abs(x2 - x1), 3)
      return { type, x: Math.min(x1, x2), y: lane.y - lane.height / 2, width, height: lane.height }
    })
}

function barOf(sheet: Sheet, { number, members, primary, installs }: KnownView): Bar[] {
  const { window, lanes } = sheet.options
  const times = installs.map(({ at }) => at)
  if (Math.min(...times) > window.to || Math.max(...times) < sheet.from) return []
  const known = new Map(installs.map((moment) => [moment.line.peer, moment.at]))
  const within = new Set(members.map((id) => peerOf({ id })))
  const points: { x: number; y: number }[] = []
  let last = times[0]!
  for (const lane of lanes) {
    if (!within.has(lane.peer)) continue
    last = known.get(lane.peer) ?? last
    const [up, down] = [lane.y - lane.height / 2 + 3, lane.y + lane.height / 2 - 3]
    points.push({ x: sheet.edgeX(last), y: up }, { x: sheet.edgeX(last), y: down })
  }
  return points.length === 0 ? [] : [{ points, label: `view ${number}`, isPrimary: primary }]
}

function dotsOf(sheet: Sheet, lane: Lane, to = sheet.options.window.to): Dot[] {
  const { chosen } = sheet.options
  const line = sheet.lineOf(lane)
  if (line === undefined) return []
  const dots: Dot[] = []
  // Of those that would lie upon each other one is enough, or all of a burst would have to be painted.
  const lastX = new Map<number, number>()
  for (let index = line.firstAt(sheet.from); index < line.moments.length; index += 1) {
    const moment = line.moments[index]!
    if (moment.at > to) break
    if (sheet.isHidden(moment)) continue
    const x = sheet.x(moment.at)
    const { role, kind, isImplied } = moment
    const isLit = sheet.isLit(moment)
    const sort = sortOf(moment, isLit)
    const isChosen = moment === chosen
    if (!isChosen && (Math.abs(x - (lastX.get(sort) ?? Number.NaN)) < apartMin || isOnItsSend(sheet, moment, x)))
      continue
    lastX.set(sort, x)
    dots.push({ x, y: lane.y, role, kind, isImplied, isLit, isChosen, moment })
  }
  return dots
}

/** What a member multicasts it mostly delivers itself at once: that would hide the send. */
function isOnItsSend(sheet: Sheet, { role, flight, line }: Moment, x: number): boolean {
  const send = role === 'arrival' ? flight?.send : undefined
  return send?.line === line && Math.abs(sheet.x(send.at) - x) < 4
}

const apartMin = 1.5

/** A number for each way a moment can look. */
function sortOf({ role, kind }: Moment, isLit: boolean): number {
  return (roles.indexOf(role) * 8 + (kind === undefined ? 0 : kinds.indexOf(kind) + 1)) * 2 + Number(isLit)
}

const roles = ['send', 'arrival', 'other'] as const
const kinds = ['fifo', 'causal', 'total', 'plain', 'state'] as const
const sortsMax = 64
const headsApartMin = 5

function arrowsTo(sheet: Sheet, lane: Lane): Arrow[] {
  const { window, history } = sheet.options
  const line = sheet.lineOf(lane)
  if (line === undefined) return []
  const arrows: Arrow[] = []
  const drawn = new Map<number, Arrow>()
  let headX = Number.NEGATIVE_INFINITY
  for (let index = line.firstAt(sheet.from); index < line.moments.length; index += 1) {
    const moment = line.moments[index]!
    if (moment.at > window.to + history.longestMs) break
    if (sheet.isHidden(moment)) continue
    if (moment.event.event === 'plain-send') arrows.push(...lostOf(sheet, lane, moment))
    const arrow = moment.role === 'arrival' ? arrowTo(sheet, lane, moment) : undefined
    if (arrow === undefined) continue
    const sort = sortOf(moment, arrow.isLit) + Math.round(arrow.y1) * sortsMax
    const before = drawn.get(sort)
    if (before && Math.abs(arrow.x1 - before.x1) < apartMin && Math.abs(arrow.x2 - before.x2) < apartMin) continue
    drawn.set(sort, arrow)
    const hasHead = Math.abs(arrow.x2 - headX) >= headsApartMin
    if (hasHead) headX = arrow.x2
    arrows.push(hasHead ? arrow : { ...arrow, hasHead })
  }
  return arrows
}

function arrowTo(sheet: Sheet, lane: Lane, arrival: Moment): Arrow | undefined {
  const { send, kind } = arrival.flight!
  const from = send === undefined ? undefined : sheet.laneOf.get(send.line.peer)
  if (send === undefined || from?.isShown !== true || send.at > sheet.options.window.to || from === lane)
    return undefined
  const isLit = sheet.isLit(arrival)
  const [x1, x2] = [sheet.x(send.at), sheet.x(arrival.at)]
  return { x1, y1: from.y, x2, y2: lane.y, kind, sort: send.isImplied ? 'guess' : 'message', isLit, hasHead: true }
}

/** To those that a message has not come to. */
function lostOf(sheet: Sheet, lane: Lane, send: Moment): Arrow[] {
  const { event } = send
  if (event.event !== 'plain-send' || send.isImplied) return []
  const came = new Set(send.flight!.arrivals.map(({ line }) => line.peer))
  const lost = event.to.map((id) => peerOf({ id })).filter((peer) => !came.has(peer))
  const x1 = sheet.x(send.at)
  const forward = sheet.options.isMirrored ? -1 : 1
  return lost.flatMap((peer) => {
    const to = sheet.laneOf.get(peer)
    if (to?.isShown !== true) return []
    const [x2, y2] = [x1 + forward * 14, lane.y + (to.y - lane.y) * 0.4]
    return [{ x1, y1: lane.y, x2, y2, kind: 'plain', sort: 'lost', isLit: sheet.isLit(send), hasHead: false } as const]
  })
}

function labelsOf(sheet: Sheet, lane: Lane): Scene['labels'] {
  const { window } = sheet.options
  const line = sheet.lineOf(lane)
  if (line === undefined) return []
  const labels: { x: number; y: number; text: string; isLit: boolean }[] = []
  for (let index = line.firstAt(sheet.from); index < line.moments.length; index += 1) {
    const moment = line.moments[index]!
    if (moment.at > window.to) break
    const { label } = moment.event
    if (label === undefined || sheet.isHidden(moment)) continue
    const x = sheet.x(moment.at)
    if (Math.abs(x - (labels.at(-1)?.x ?? Number.NEGATIVE_INFINITY)) < labelApartMin) continue
    labels.push({ x, y: lane.y - 10, text: plainText(label, labelCharactersMax), isLit: sheet.isLit(moment) })
  }
  return labels
}

const labelApartMin = 18
