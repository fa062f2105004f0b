import { peerOf } from '../peer-of.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { type Description, describe } from './describe.ts'
import { History } from './history.ts'
import { headHeight } from './layout.ts'
import type { Moment } from './line.ts'
import { pageTime } from './own-trace.ts'
import type { View } from './picture.ts'
import type { Lane } from './scene.ts'
import type { SpacetimeKind } from './spacetime-event.ts'
import { moved, showing, type Viewport, windowOf, zoomed } from './viewport.ts'
import { type Ground, nearest } from './walk.ts'

/** What the element is told: its properties of these names. */
export interface Staged {
  live: boolean
  span: number
  readonly now: number | undefined
  readonly names: ReadonlyMap<string, string>
  readonly lines: readonly string[]
}

/** What is seen of a history, and how one moves over it. */
export class Stage {
  readonly history = new History()
  readonly hiddenKinds = new Set<SpacetimeKind>()
  readonly hiddenPeers = new Set<string>()
  /** Of the picture, in CSS pixels. */
  width = 0
  laneHeight = 0
  /** Time runs from the right to the left. */
  isMirrored = false
  readonly #element: Staged
  /** What a peer calls itself, if it is in the group. */
  readonly #nameInGroup: (peer: string) => string | undefined
  readonly #knownNames = new Map<string, string>()
  /** Where what is seen ends; undefined while it is live. */
  #endMs: number | undefined
  #chosen: Moment | undefined

  constructor(element: Staged, nameInGroup: (peer: string) => string | undefined) {
    this.#element = element
    this.#nameInGroup = nameInGroup
  }

  get chosen(): Moment | undefined {
    return this.#chosen
  }

  get now(): number {
    return this.#element.now ?? pageTime()
  }

  get view(): View {
    return {
      history: this.history,
      window: windowOf(this.#viewport, this.now),
      origin: this.#origin,
      now: this.now,
      lanes: this.lanes,
      hiddenKinds: this.hiddenKinds,
      chosen: this.#chosen,
      past: this.#chosen && this.history.pastOf(this.#chosen),
      isMirrored: this.isMirrored,
    }
  }

  get lanes(): readonly Lane[] {
    const known = [...this.history.lines.keys()]
    const first = this.#element.lines.map((id) => peerOf({ id })).filter((peer) => this.history.lines.has(peer))
    let top = headHeight
    return [...new Set([...first, ...known])].map((peer) => {
      const isShown = !this.hiddenPeers.has(peer)
      const height = isShown ? this.laneHeight : hiddenLaneHeight
      const lane = { peer, name: this.#nameOf(peer), y: top + height / 2, height, isShown }
      top += height
      return lane
    })
  }

  get ground(): Ground {
    return { history: this.history, lanes: this.lanes, hiddenKinds: this.hiddenKinds }
  }

  get label(): string {
    const count = this.history.lines.size
    return `Space-time diagram, ${count} ${count === 1 ? 'line' : 'lines'}`
  }

  /** Whether the next frame differs from this one: time passes, and something of it is to be seen. */
  get isMoving(): boolean {
    if (!this.#element.live || this.#element.now !== undefined) return false
    const { from } = windowOf(this.#viewport, this.now)
    return [...this.history.lines.values()].some(({ moments }) => (moments.at(-1)?.at ?? 0) >= from)
  }

  /** The end of time goes on while the picture is live; then it is held where it was. Keeps `limit` events, or twice as many. */
  settle(limit: number): void {
    const { live } = this.#element
    this.#endMs = live ? undefined : (this.#endMs ?? windowOf({ ...this.#viewport, live: true }, this.now).to)
    this.history.limit = live ? limit : limit * 2
    for (const peer of this.#knownNames.keys()) if (!this.history.lines.has(peer)) this.#knownNames.delete(peer)
  }

  describe(moment: Moment): Description {
    return describe(moment, this.#origin, (member) => this.#nameOf(member))
  }

  choose(moment: Moment | undefined): void {
    this.#chosen = moment
    if (moment !== undefined) this.#viewport = showing(this.#viewport, moment.at, this.now)
  }

  /** Where a step leads from what is chosen; from nothing, to the newest that is seen. */
  walk(step: (from: Moment) => Moment | undefined): Moment | undefined {
    if (this.#chosen !== undefined) return step(this.#chosen) ?? this.#chosen
    const { to } = windowOf(this.#viewport, this.now)
    const lane = this.lanes.find(({ isShown }) => isShown)
    return lane && nearest(this.ground, lane, to)
  }

  zoom(factor: number, around = this.#chosen?.at ?? this.now): void {
    const { from, to } = windowOf(this.#viewport, this.now)
    const center = around >= from && around <= to ? around : (from + to) / 2
    this.#viewport = zoomed(this.#viewport, factor, center, this.now)
  }

  /** Zooms so that all that is kept is seen. */
  fit(): void {
    const times = [...this.history.lines.values()].flatMap(({ moments }) => [moments[0]?.at, moments.at(-1)?.at])
    const known = times.filter((at) => at !== undefined)
    if (known.length === 0) return
    const { live } = this.#element
    const from = Math.min(...known)
    const to = live ? this.now : Math.max(...known)
    const spanMs = Math.max((to - from) * 1.1, 10)
    this.#viewport = { live, spanMs, endMs: to + spanMs * 0.05 }
  }

  /** By so many pixels: what is to the right comes into sight. */
  scroll(pixels: number): void {
    const perPixel = this.#element.span / Math.max(this.width, 1)
    this.#viewport = moved(this.#viewport, pixels * perPixel * (this.isMirrored ? -1 : 1), this.now)
  }

  timeAt(x: number): number {
    const { from } = windowOf(this.#viewport, this.now)
    const share = (this.isMirrored ? this.width - x : x) / Math.max(this.width, 1)
    return from + share * this.#element.span
  }

  /** Where a time is seen, in pixels from the left. */
  xOf(at: number): number {
    const { from } = windowOf(this.#viewport, this.now)
    const x = ((at - from) / this.#element.span) * this.width
    return this.isMirrored ? this.width - x : x
  }

  /** The time that the axis counts from: a simulation's begins at 0. */
  get #origin(): number {
    return this.#element.now === undefined ? (this.history.origin ?? 0) : 0
  }

  get #viewport(): Viewport {
    const { live, span } = this.#element
    return { live, spanMs: span, endMs: this.#endMs ?? this.now }
  }

  set #viewport({ live, spanMs, endMs }: Viewport) {
    Object.assign(this.#element, { live, span: spanMs })
    this.#endMs = live ? undefined : endMs
  }

  #nameOf(id: string): string {
    const { names } = this.#element
    const peer = peerOf({ id })
    const member = this.history.lines.get(peer)?.stay?.member ?? id
    const given = names.get(id) ?? names.get(peer) ?? names.get(member) ?? this.#nameInGroup(peer)
    // Of those who are gone nobody else knows it any more.
    if (given !== undefined) this.#knownNames.set(peer, plainText(given, nameCharactersMax))
    return this.#knownNames.get(peer) ?? peer.slice(0, 8)
  }
}

const hiddenLaneHeight = 26
