import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Group } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import { peerOf } from '../peer-of.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { theme } from '../theme.ts'
import { type Description, describe } from './describe.ts'
import { History } from './history.ts'
import { headHeight } from './layout.ts'
import type { Moment } from './line.ts'
import { OwnTrace, pageTime } from './own-trace.ts'
import { Picture, type View } from './picture.ts'
import type { Lane } from './scene.ts'
import type { SpacetimeEvent, SpacetimeKind } from './spacetime-event.ts'
import { spacetimeStyles } from './spacetime-styles.ts'
import { timeText } from './time-axis.ts'
import { TraceSharing } from './trace-sharing.ts'
import { moved, showing, type Viewport, windowOf, zoomed } from './viewport.ts'
import { across, along, extreme, follow, type Ground, nearest } from './walk.ts'

/**
 * The space-time diagram of a group, live: a line a member, a dot an event, an arrow a message from its send to each of its
 * deliveries, views as bars across the lines, a wedged or blocked member shaded. Of a chosen event all that may have led to
 * it is lit, and the rest dimmed. Time runs in reading direction. Source: Lamport 1978, "Time, clocks, and the ordering of
 * events".
 *
 * Inside a `<tutti-group>` it draws the trace of this page's member, and what that tells of the others; "Everyone's events"
 * asks the others for theirs. Anywhere else it draws what `add` is given:
 *
 * ```ts
 * const diagram = document.querySelector('tutti-spacetime')
 * diagram.names = new Map([['ada', 'Ada'], ['bob', 'Bob']]) // by member id or by peer id
 * diagram.lines = ['ada', 'bob'] // optional: the order of the lines; others follow as they appear
 * diagram.now = 0 // the time of a simulation, in its own milliseconds; leave it undefined to follow the clock
 * diagram.add([{ t: 3, peer: 'ada.1', group: 'g', event: 'multicast', id: 'l/1/ada.1/1', kind: 'causal', bytes: 5 }])
 * diagram.now = 40
 * ```
 *
 * Keys, on the picture: arrows walk from event to event, Enter follows a message, Home and End go to the first and the last
 * event, Page Up and Page Down scroll, plus and minus zoom, Space pauses and goes on, Escape chooses nothing.
 *
 * @event {TuttiChooseEvent} tutti-choose - the visitor chose an event (`detail.event`), or none any more
 * @csspart tools - the row of tools
 * @csspart names - the lines' names
 * @csspart picture - names and diagram
 * @csspart said - what is said of the chosen event
 * @csspart tip - what is said of the event under the pointer
 * @cssprop --tutti-fifo - colour of FBCASTs
 * @cssprop --tutti-causal - colour of CBCASTs
 * @cssprop --tutti-total - colour of ABCASTs
 * @cssprop --tutti-plain - colour of sends without a group
 * @cssprop --tutti-state - colour of states on their way to a joiner
 * @cssprop --tutti-wedged - shade of a member that has stopped sending in its view
 * @cssprop --tutti-blocked - shade of a member that is blocked
 * @cssprop --tutti-lane-height - height of a line, in px (44px)
 * @cssprop --tutti-spacetime-names - width of the names (8rem)
 */
export class TuttiSpacetime extends LitElement {
  static override styles = [theme, spacetimeStyles]
  static override properties = {
    live: { type: Boolean },
    span: { type: Number },
    limit: { type: Number },
    now: { attribute: false },
    names: { attribute: false },
    lines: { attribute: false },
    everyone: { type: Boolean },
  }

  /** Whether the picture follows the time. False: paused, or scrolled back. Default true. */
  declare live: boolean
  /** How much time is seen at once, in milliseconds. Default 10,000. */
  declare span: number
  /** How many events are kept, the last ones; while paused twice as many. Default 10,000. */
  declare limit: number
  /** Virtual time in milliseconds, where the picture ends while it is live. Undefined: the clock of this page. */
  declare now: number | undefined
  /** What the lines are called: by member id or by peer id. In a group: instead of what the members call themselves. */
  declare names: ReadonlyMap<string, string>
  /** Member or peer ids in the order of their lines; those not named follow as they appear. */
  declare lines: readonly string[]
  /** Whether the others of the group are asked for their events. Default false. */
  declare everyone: boolean

  readonly #history = new History()
  readonly #tutti = new GroupController(this, { standsAlone: true })
  readonly #resizes = new ResizeObserver(() => this.#resized())
  readonly #sights = new IntersectionObserver((entries) => this.#sighted(entries.at(-1)!.isIntersecting))
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  readonly #hiddenKinds = new Set<SpacetimeKind>()
  readonly #hiddenPeers = new Set<string>()
  readonly #knownNames = new Map<string, string>()
  #picture: Picture | undefined
  #source: Source | undefined
  /** Where what is seen ends; undefined while it is live. */
  #endMs: number | undefined
  #chosen: Moment | undefined
  #past: { readonly of: Moment; readonly version: number; readonly moments: ReadonlySet<Moment> } | undefined
  #pointed: { readonly moment: Moment; readonly x: number; readonly y: number } | undefined
  #drag: { readonly pointer: number; x: number; moved: number } | undefined
  #isInSight = false
  #isMirrored = false
  #laneHeight = laneHeight
  #frame = 0
  #painted = ''

  constructor() {
    super()
    this.live = true
    this.span = 10_000
    this.limit = 10_000
    this.now = undefined
    this.names = new Map()
    this.lines = []
    this.everyone = false
  }

  /** What is kept, in the order it came. */
  get events(): readonly SpacetimeEvent[] {
    return [...this.#history.moments].flatMap(({ event, isImplied }) => (isImplied ? [] : [event]))
  }

  /** The event that is chosen. Setting it, to one of `events`, scrolls there and pauses; undefined: none. */
  get chosen(): SpacetimeEvent | undefined {
    return this.#chosen?.event
  }

  set chosen(event: SpacetimeEvent | undefined) {
    this.#choose(event && [...this.#history.moments].find((moment) => moment.event === event))
  }

  /**
   * Draws these, too. Of one member in the order they happened; the members in any order. What is later than `now` is seen
   * only when its time has come. Cheap: drawn with the next frame.
   */
  add(events: Iterable<SpacetimeEvent>): void {
    for (const event of events) this.#history.add(event)
    this.#paintSoon()
  }

  /** Forgets all events, lines and what is chosen: before a simulation starts anew. Live again. */
  clear(): void {
    this.#history.clear()
    this.#choose(undefined)
    this.live = true
    this.#paintSoon()
  }

  /** Shows or hides the messages of one kind. */
  showKind(kind: SpacetimeKind, shown: boolean): void {
    if (shown) this.#hiddenKinds.delete(kind)
    else this.#hiddenKinds.add(kind)
    this.requestUpdate()
  }

  /** Shows or hides a line, by member id or peer id. */
  showLine(member: string, shown: boolean): void {
    if (shown) this.#hiddenPeers.delete(peerOf({ id: member }))
    else this.#hiddenPeers.add(peerOf({ id: member }))
    this.requestUpdate()
  }

  /** Zooms so that all that is kept is seen. */
  fit(): void {
    const times = [...this.#history.lines.values()].flatMap(({ moments }) => [moments[0]?.at, moments.at(-1)?.at])
    const known = times.filter((at) => at !== undefined)
    if (known.length === 0) return
    const from = Math.min(...known)
    const to = this.live ? this.#now : Math.max(...known)
    this.span = Math.max((to - from) * 1.1, 10)
    this.#endMs = to + this.span * 0.05
    this.requestUpdate()
  }

  /** The diagram as it is seen now, as the text of an SVG file. */
  toSvg(): string {
    return this.#picture?.toSvg(this.#view, this.#label) ?? ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#scheme.addEventListener('change', this.#recolor)
    this.#sights.observe(this)
    const sheet = this.renderRoot.querySelector('.sheet')
    if (sheet) this.#resizes.observe(sheet)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#scheme.removeEventListener('change', this.#recolor)
    this.#sights.disconnect()
    this.#resizes.disconnect()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#isInSight = false
    this.#follow(undefined)
  }

  protected override willUpdate(): void {
    // The end of time goes on while the picture is live; then it is held where it was.
    this.#endMs = this.live ? undefined : (this.#endMs ?? windowOf({ ...this.#viewport, live: true }, this.#now).to)
    this.#history.limit = this.live ? this.limit : this.limit * 2
    this.#follow(this.isConnected ? this.#tutti.host : undefined)
  }

  protected override render(): TemplateResult {
    const lanes = this.#lanes
    return html`
      <div part="tools" class="tools" role="toolbar" aria-label="Diagram">
        <button aria-pressed=${this.live ? 'false' : 'true'} @click=${this.#toggle}>${this.live ? 'Pause' : 'Go on'}</button>
        <span role="group" aria-label="Zoom">
          <button aria-label="See more time" @click=${() => this.#zoom(zoomStep)}>−</button>
          <output aria-live="off" dir="ltr">${timeText(this.span, this.span / 100)}</output>
          <button aria-label="See less time" @click=${() => this.#zoom(1 / zoomStep)}>+</button>
          <button @click=${this.fit}>All</button>
        </span>
        <fieldset>
          <legend class="visually-hidden">What is drawn</legend>
          ${kinds.map(([kind, name]) => this.#renderKind(kind, name))}
        </fieldset>
        ${this.#renderEveryone()}
        <button class="save" @click=${this.#save} title="Save what is seen as an SVG file">SVG</button>
      </div>
      <div part="picture" class="picture">
        <ul part="names" class="names" aria-label="Lines" style="padding-top: ${headHeight}px">
          ${repeat(
            lanes,
            ({ peer }) => peer,
            (lane) => this.#renderName(lane),
          )}
        </ul>
        <div class="sheet">
          <canvas class=${this.live ? '' : 'held'} tabindex="0" role="application" aria-roledescription="space-time diagram"
            aria-label=${this.#label} aria-describedby="keys" @keydown=${this.#key}
            @pointerdown=${this.#press} @pointermove=${this.#move} @pointerup=${this.#lift} @pointercancel=${this.#lift}
            @pointerleave=${this.#leave} @wheel=${this.#wheel}></canvas>
          ${lanes.length === 0 ? html`<p class="empty">Nothing has happened yet.</p>` : nothing}
          ${this.#renderTip()}
        </div>
      </div>
      <p part="said" class="said" aria-live="polite">${this.#renderChosen()}</p>
      <p id="keys" class="visually-hidden">
        Arrow keys walk from event to event, Enter follows a message, plus and minus zoom, Page Up and Page Down scroll, Space
        pauses, Escape chooses nothing.
      </p>
    `
  }

  protected override firstUpdated(): void {
    this.#picture = new Picture(this.#canvas)
    this.#resizes.observe(this.renderRoot.querySelector('.sheet')!)
  }

  protected override updated(): void {
    this.#paintSoon()
  }

  #renderKind(kind: SpacetimeKind, name: string): TemplateResult | typeof nothing {
    if (kind === 'plain' && !this.#history.hasPlain) return nothing
    return html`<label class=${kind}>
      <input type="checkbox" .checked=${!this.#hiddenKinds.has(kind)}
        @change=${(event: Event) => this.showKind(kind, (event.target as HTMLInputElement).checked)} />
      <i class="swatch" aria-hidden="true"></i>${name}
    </label>`
  }

  #renderEveryone(): TemplateResult | typeof nothing {
    if (this.#tutti.host === undefined) return nothing
    return html`<label title="Ask the others for what happens at them">
      <input type="checkbox" .checked=${this.everyone}
        @change=${(event: Event) => {
          this.everyone = (event.target as HTMLInputElement).checked
        }} />
      Everyone’s events
    </label>`
  }

  #renderName({ peer, name, height, isShown }: Lane): TemplateResult {
    return html`<li style="height: ${height}px">
      <label title=${name}>
        <input type="checkbox" .checked=${isShown}
          @change=${(event: Event) => this.showLine(peer, (event.target as HTMLInputElement).checked)} />
        <bdi>${name}</bdi>
      </label>
    </li>`
  }

  #renderChosen(): TemplateResult {
    if (this.#chosen === undefined) {
      return html`<span class="hint">Choose an event to see what led to it.
        <span class="keys">By keyboard: <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>, <kbd>Enter</kbd></span></span>`
    }
    const past = this.#pastOf(this.#chosen).size - 1
    return html`${renderDescription(this.#describe(this.#chosen))}
      <span class="when">· ${past} ${past === 1 ? 'event' : 'events'} may have led to it</span>`
  }

  #renderTip(): TemplateResult | typeof nothing {
    if (this.#pointed === undefined) return nothing
    const { moment, x, y } = this.#pointed
    const width = this.#picture?.width ?? 0
    const side = x > width / 2 ? `right: ${width - x + 12}px` : `left: ${x + 12}px`
    return html`<div part="tip" class="tip" aria-hidden="true" style="top: ${y + 12}px; ${side}">
      <p>${renderDescription(this.#describe(moment))}</p>
    </div>`
  }

  // What is seen

  get #now(): number {
    return this.now ?? pageTime()
  }

  /** The time that the axis counts from: a simulation's begins at 0. */
  get #origin(): number {
    return this.now === undefined ? (this.#history.origin ?? 0) : 0
  }

  get #viewport(): Viewport {
    return { live: this.live, spanMs: this.span, endMs: this.#endMs ?? this.#now }
  }

  set #viewport({ live, spanMs, endMs }: Viewport) {
    this.live = live
    this.span = spanMs
    this.#endMs = live ? undefined : endMs
  }

  get #view(): View {
    return {
      history: this.#history,
      window: windowOf(this.#viewport, this.#now),
      origin: this.#origin,
      now: this.#now,
      lanes: this.#lanes,
      hiddenKinds: this.#hiddenKinds,
      chosen: this.#chosen,
      past: this.#chosen && this.#pastOf(this.#chosen),
      isMirrored: this.#isMirrored,
    }
  }

  get #lanes(): readonly Lane[] {
    const known = [...this.#history.lines.keys()]
    const first = this.lines.map((id) => peerOf({ id })).filter((peer) => this.#history.lines.has(peer))
    let top = headHeight
    return [...new Set([...first, ...known])].map((peer) => {
      const isShown = !this.#hiddenPeers.has(peer)
      const height = isShown ? this.#laneHeight : hiddenLaneHeight
      const lane = { peer, name: this.#nameOf(peer), y: top + height / 2, height, isShown }
      top += height
      return lane
    })
  }

  get #ground(): Ground {
    return { history: this.#history, lanes: this.#lanes, hiddenKinds: this.#hiddenKinds }
  }

  get #label(): string {
    const count = this.#history.lines.size
    return `Space-time diagram, ${count} ${count === 1 ? 'line' : 'lines'}`
  }

  #pastOf(moment: Moment): ReadonlySet<Moment> {
    const { version } = this.#history
    if (this.#past?.of !== moment || this.#past.version !== version) {
      this.#past = { of: moment, version, moments: this.#history.pastOf(moment) }
    }
    return this.#past.moments
  }

  #nameOf(id: string): string {
    const peer = peerOf({ id })
    const host = this.#tutti.host
    const member = host?.group?.view.members.find((one) => peerOf(one) === peer)
    const given = this.names.get(id) ?? this.names.get(peer) ?? (host && member && host.profileOf(member).name)
    // Of those who are gone nobody else knows it any more.
    if (given !== undefined) this.#knownNames.set(peer, plainText(given, nameCharactersMax))
    return this.#knownNames.get(peer) ?? peer.slice(0, 8)
  }

  #describe(moment: Moment): Description {
    return describe(moment, this.#origin, (member) => this.#nameOf(member))
  }

  // Painting

  #paintSoon(): void {
    if (this.#frame === 0 && this.#isInSight) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  #paint(): void {
    this.#frame = 0
    const view = this.#view
    this.#picture?.paint(view)
    const shown = view.lanes.map(({ peer, name }) => `${peer} ${name}`).join()
    if (shown !== this.#painted) this.requestUpdate()
    this.#painted = shown
    if (this.#isMoving(view)) this.#paintSoon()
  }

  /** Whether the next frame differs from this one: time passes, and something of it is to be seen. */
  #isMoving({ window }: View): boolean {
    if (!this.live || this.now !== undefined) return false
    return [...this.#history.lines.values()].some(({ moments }) => (moments.at(-1)?.at ?? 0) >= window.from)
  }

  #resized(): void {
    const { clientWidth } = this.renderRoot.querySelector('.sheet')!
    this.#picture?.resize(clientWidth)
    this.#recolor()
  }

  #sighted(isInSight: boolean): void {
    this.#isInSight = isInSight
    this.#paintSoon()
  }

  readonly #recolor = (): void => {
    const style = getComputedStyle(this)
    this.#laneHeight = Number.parseFloat(style.getPropertyValue('--tutti-lane-height')) || laneHeight
    this.#isMirrored = style.direction === 'rtl'
    this.#picture?.recolor()
    this.requestUpdate()
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!
  }

  // Hands

  #toggle(): void {
    this.live = !this.live
  }

  #zoom(factor: number, around = this.#chosen?.at ?? this.#now): void {
    const { from, to } = windowOf(this.#viewport, this.#now)
    const center = around >= from && around <= to ? around : (from + to) / 2
    this.#viewport = zoomed(this.#viewport, factor, center, this.#now)
  }

  #scroll(pixels: number): void {
    const perPixel = this.span / Math.max(this.#picture?.width ?? 1, 1)
    this.#viewport = moved(this.#viewport, pixels * perPixel * (this.#isMirrored ? -1 : 1), this.#now)
  }

  #choose(moment: Moment | undefined): void {
    if (moment === this.#chosen) return
    this.#chosen = moment
    if (moment !== undefined) this.#viewport = showing(this.#viewport, moment.at, this.#now)
    const detail = { event: moment?.event }
    this.dispatchEvent(new CustomEvent('tutti-choose', { detail, bubbles: true, composed: true }))
    this.requestUpdate()
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = this.#acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  readonly #acts: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => this.#walk((from) => along(this.#ground, from, this.#isMirrored ? 1 : -1)),
    ArrowRight: () => this.#walk((from) => along(this.#ground, from, this.#isMirrored ? -1 : 1)),
    ArrowUp: () => this.#walk((from) => across(this.#ground, from, -1)),
    ArrowDown: () => this.#walk((from) => across(this.#ground, from, 1)),
    Enter: () => this.#walk((from) => follow(this.#ground, from)),
    Home: () => this.#choose(extreme(this.#ground, 'first')),
    End: () => this.#choose(extreme(this.#ground, 'last')),
    Escape: () => this.#choose(undefined),
    PageUp: () => this.#scroll((this.#isMirrored ? 0.5 : -0.5) * (this.#picture?.width ?? 0)),
    PageDown: () => this.#scroll((this.#isMirrored ? -0.5 : 0.5) * (this.#picture?.width ?? 0)),
    '+': () => this.#zoom(1 / zoomStep),
    '=': () => this.#zoom(1 / zoomStep),
    '-': () => this.#zoom(zoomStep),
    ' ': () => this.#toggle(),
  }

  /** From what is chosen, or to the newest that is seen. */
  #walk(step: (from: Moment) => Moment | undefined): void {
    if (this.#chosen !== undefined) return this.#choose(step(this.#chosen) ?? this.#chosen)
    const { to } = windowOf(this.#viewport, this.#now)
    const lane = this.#lanes.find(({ isShown }) => isShown)
    this.#choose(lane && nearest(this.#ground, lane, to))
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    this.#canvas.setPointerCapture(event.pointerId)
    this.#drag = { pointer: event.pointerId, x: event.clientX, moved: 0 }
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag
    if (drag?.pointer !== event.pointerId) return this.#point(event)
    const by = event.clientX - drag.x
    drag.moved += Math.abs(by)
    drag.x = event.clientX
    if (drag.moved > clickMax) this.#scroll(-by)
  }

  #lift(event: PointerEvent): void {
    if (event.type === 'pointerup' && this.#drag && this.#drag.moved <= clickMax) {
      this.#choose(this.#picture?.at(event.offsetX, event.offsetY))
    }
    this.#drag = undefined
  }

  #point({ offsetX: x, offsetY: y }: PointerEvent): void {
    const moment = this.#picture?.at(x, y)
    if (moment === this.#pointed?.moment) return
    this.#pointed = moment && { moment, x, y }
    this.requestUpdate()
  }

  #leave(): void {
    this.#pointed = undefined
    this.requestUpdate()
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      const { from } = windowOf(this.#viewport, this.#now)
      const width = Math.max(this.#picture?.width ?? 1, 1)
      const x = this.#isMirrored ? width - event.offsetX : event.offsetX
      this.#zoom(Math.exp(event.deltaY / 300), from + (x / width) * this.span)
    } else if (event.deltaX !== 0 || event.shiftKey) {
      event.preventDefault()
      this.#scroll(event.deltaX || event.deltaY)
    }
  }

  #save(): void {
    const url = URL.createObjectURL(new Blob([this.toSvg()], { type: 'image/svg+xml' }))
    Object.assign(document.createElement('a'), { href: url, download: 'spacetime.svg' }).click()
    URL.revokeObjectURL(url)
  }

  // Where the events come from

  /** Of a group: the trace of this page's member, and those of the others if they are asked for. */
  #follow(host: GroupHost | undefined): void {
    const group = host?.group ?? undefined
    if (this.#source?.group !== group) {
      this.#source?.close()
      this.#source = group && host && this.#open(group, host)
    }
    this.#source?.sharing.want(this.#others, this.everyone)
  }

  #open(group: Group<unknown, unknown>, host: GroupHost): Source {
    const trace = new OwnTrace(group, (events) => this.add(events))
    const sharing = TraceSharing.of(host)
    const closeSharing = sharing.open(this.#others)
    return {
      group,
      sharing,
      close() {
        trace.close()
        closeSharing()
      },
    }
  }

  readonly #others = {
    take: (events: readonly SpacetimeEvent[]) => this.add(events),
    offset: (peer: string, offsetMs: number) => {
      this.#history.setOffset(peer, offsetMs)
      this.#paintSoon()
    },
  }
}

/** Where the events of a group come from. */
interface Source {
  readonly group: Group<unknown, unknown>
  readonly sharing: TraceSharing
  close(): void
}

export type TuttiChooseEvent = CustomEvent<{ readonly event: SpacetimeEvent | undefined }>

const kinds = [
  ['fifo', 'fifo'],
  ['causal', 'causal'],
  ['total', 'total'],
  ['plain', 'plain'],
  ['state', 'state'],
] as const satisfies [SpacetimeKind, string][]

const laneHeight = 44
const hiddenLaneHeight = 26
const zoomStep = 1.5
/** A press that moves no further than this, in pixels, is a click. */
const clickMax = 4

function renderDescription({ what, when, vector }: Description): TemplateResult {
  return html`${what} <span class="when">· ${when}${vector === '' ? nothing : ` · ${vector}`}</span>`
}

declare global {
  interface HTMLElementEventMap {
    'tutti-choose': TuttiChooseEvent
  }
  interface HTMLElementTagNameMap {
    'tutti-spacetime': TuttiSpacetime
  }
}
