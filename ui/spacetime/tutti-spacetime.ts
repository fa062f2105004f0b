import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { download } from '../board/download.ts'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import { Pace } from '../pace.ts'
import { peerOf } from '../peer-of.ts'
import { theme } from '../theme.ts'
import { openSource, type Source } from './group-source.ts'
import { Hand } from './hand.ts'
import { actsByKey } from './keys.ts'
import type { Moment } from './line.ts'
import { renderNames } from './names.ts'
import { Picture, pointReach } from './picture.ts'
import { checkEvent, type SpacetimeEvent, type SpacetimeKind } from './spacetime-event.ts'
import { spacetimeStyles } from './spacetime-styles.ts'
import { Stage } from './stage.ts'
import { type Pointed, renderChosen, renderTip } from './told.ts'
import { renderTools, type ToolActs, type ToolState } from './tools.ts'

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
 * @csspart pause - the button that holds the picture, and lets it go on
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
    span: { converter: (text: string | null) => positive(text, spanMs) },
    limit: { converter: (text: string | null) => positive(text, eventsMax) },
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

  readonly #tutti = new GroupController(this, { standsAlone: true })
  readonly #resizes = new ResizeObserver(() => this.#resized())
  readonly #sights = new IntersectionObserver((entries) => this.#sighted(entries.at(-1)!.isIntersecting))
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  readonly #stage = new Stage(this, (peer) => this.#nameInGroup(peer))
  #picture: Picture | undefined
  #source: Source | undefined
  /** The group that was drawn last, and this page's place in it. */
  #place: string | undefined
  #pointed: Pointed | undefined
  #isInSight = false
  readonly #pace = new Pace(() => this.#paint())
  #painted = ''

  constructor() {
    super()
    this.live = true
    this.span = spanMs
    this.limit = eventsMax
    this.now = undefined
    this.names = new Map()
    this.lines = []
    this.everyone = false
  }

  /** What is kept, in the order it came. */
  get events(): readonly SpacetimeEvent[] {
    return [...this.#stage.history.moments].flatMap(({ event, isImplied }) => (isImplied ? [] : [event]))
  }

  /** The event that is chosen. Setting it, to one of `events`, scrolls there and pauses; undefined: none. */
  get chosen(): SpacetimeEvent | undefined {
    return this.#stage.chosen?.event
  }

  set chosen(event: SpacetimeEvent | undefined) {
    this.#choose(event && [...this.#stage.history.moments].find((moment) => moment.event === event))
  }

  /**
   * Draws these, too. Of one member in the order they happened; the members in any order. What is later than `now` is seen
   * only when its time has come. Cheap: drawn with the next frame.
   * @throws TypeError at an event without a time or a member; those before it are taken
   */
  add(events: Iterable<SpacetimeEvent>): void {
    this.#paintSoon()
    for (const event of events) {
      checkEvent(event)
      this.#stage.history.add(event)
    }
  }

  /** Forgets all events, lines and what is chosen: before a simulation starts anew. Live again. */
  clear(): void {
    this.#stage.history.clear()
    this.#choose(undefined)
    this.#pointed = undefined
    this.live = true
    this.#paintSoon()
  }

  /** Shows or hides the messages of one kind. */
  showKind(kind: SpacetimeKind, shown: boolean): void {
    if (shown) this.#stage.hiddenKinds.delete(kind)
    else this.#stage.hiddenKinds.add(kind)
    this.requestUpdate()
  }

  /** Shows or hides a line, by member id or peer id. */
  showLine(member: string, shown: boolean): void {
    if (shown) this.#stage.hiddenPeers.delete(peerOf({ id: member }))
    else this.#stage.hiddenPeers.add(peerOf({ id: member }))
    this.requestUpdate()
  }

  /** Zooms so that all that is kept is seen. */
  fit(): void {
    this.#stage.fit()
    this.requestUpdate()
  }

  /** The diagram as it is seen now, as the text of an SVG file. */
  toSvg(): string {
    return this.#picture?.toSvg(this.#stage.view, this.#stage.label) ?? ''
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
    this.#pace.stop()
    this.#isInSight = false
    this.#follow(undefined)
  }

  protected override willUpdate(): void {
    this.#follow(this.isConnected ? this.#tutti.host : undefined)
    this.#stage.settle(this.limit >= 1 ? this.limit : eventsMax)
  }

  protected override render(): TemplateResult {
    const lanes = this.#stage.lanes
    return html`
      ${renderTools(this.#toolState, this.#toolActs)}
      <div part="picture" class="picture">
        ${renderNames(lanes, (peer, shown) => this.showLine(peer, shown))}
        <div class="sheet">
          <canvas class=${this.live ? '' : 'held'} tabindex="0" role="application" aria-roledescription="space-time diagram"
            aria-label=${this.#stage.label} aria-describedby="keys" @keydown=${this.#key}
            @pointerdown=${this.#hand.press} @pointermove=${this.#hand.move} @pointerup=${this.#hand.lift}
            @pointercancel=${this.#hand.lift} @pointerleave=${this.#leave} @wheel=${this.#hand.wheel}></canvas>
          ${lanes.length === 0 ? html`<p class="empty">Nothing has happened yet.</p>` : nothing}
          ${this.#pointed === undefined ? nothing : renderTip(this.#pointed, this.#stage)}
        </div>
      </div>
      <p part="said" class="said" aria-live="polite">${renderChosen(this.#stage)}</p>
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

  get #toolState(): ToolState {
    const { live, span } = this
    const { hiddenKinds, history } = this.#stage
    const everyone = this.#tutti.host === undefined ? undefined : this.everyone
    return { live, span, everyone, hasPlain: history.hasPlain, hiddenKinds }
  }

  readonly #toolActs: ToolActs = {
    toggle: () => this.#toggle(),
    zoom: (factor) => this.#stage.zoom(factor),
    fit: () => this.fit(),
    showKind: (kind, shown) => this.showKind(kind, shown),
    askEveryone: (wanted) => {
      this.everyone = wanted
    },
    save: () => download(new Blob([this.toSvg()], { type: 'image/svg+xml' }), 'spacetime.svg'),
  }

  #paintSoon(): void {
    if (this.#isInSight) this.#pace.soon()
  }

  #paint(): void {
    const { chosen, history } = this.#stage
    // What is forgotten can't be shown.
    if (chosen !== undefined && !history.moments.has(chosen)) this.#choose(undefined)
    const { view } = this.#stage
    this.#picture?.paint(view)
    const shown = view.lanes.map(({ peer, name }) => `${peer} ${name}`).join()
    if (shown !== this.#painted) this.requestUpdate()
    this.#painted = shown
    // The picture moves on under a pointer that rests.
    if (this.#pointed !== undefined && !this.#isStillThere(this.#pointed)) this.#leave()
    if (this.#stage.isMoving) this.#paintSoon()
  }

  #resized(): void {
    const { clientWidth } = this.renderRoot.querySelector('.sheet')!
    this.#stage.width = clientWidth
    this.#picture?.resize(clientWidth)
    this.#recolor()
  }

  #sighted(isInSight: boolean): void {
    this.#isInSight = isInSight
    this.#paintSoon()
  }

  readonly #recolor = (): void => {
    const style = getComputedStyle(this)
    this.#stage.laneHeight = Number.parseFloat(style.getPropertyValue('--tutti-lane-height')) || laneHeight
    this.#stage.isMirrored = style.direction === 'rtl'
    this.#picture?.recolor()
    this.requestUpdate()
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!
  }

  #toggle(): void {
    this.live = !this.live
  }

  #choose(moment: Moment | undefined): void {
    if (moment === this.#stage.chosen) return
    this.#stage.choose(moment)
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

  readonly #acts = actsByKey(this.#stage, {
    choose: (moment) => this.#choose(moment),
    toggle: () => this.#toggle(),
  })

  readonly #hand = new Hand({
    point: (x, y) => this.#point(x, y),
    choose: (x, y) => this.#choose(this.#picture?.at(x, y)),
    scroll: (pixels) => this.#stage.scroll(pixels),
    zoom: (factor, x) => this.#stage.zoom(factor, this.#stage.timeAt(x)),
  })

  #point(x: number, y: number): void {
    const moment = this.#picture?.at(x, y)
    if (moment === this.#pointed?.moment) return
    this.#pointed = moment && { moment, x, y }
    this.requestUpdate()
  }

  #isStillThere({ moment, x }: Pointed): boolean {
    return this.#stage.history.moments.has(moment) && Math.abs(this.#stage.xOf(moment.at) - x) <= pointReach
  }

  #leave(): void {
    this.#pointed = undefined
    this.requestUpdate()
  }

  #nameInGroup(peer: string): string | undefined {
    const host = this.#tutti.host
    const member = host?.group?.view.members.find((one) => peerOf(one) === peer)
    return host && member && host.profileOf(member).name
  }

  /** Of a group: the trace of this page's member, and those of the others if they are asked for. */
  #follow(host: GroupHost | undefined): void {
    const group = host?.group ?? undefined
    if (this.#source?.group !== group) {
      this.#source?.close()
      if (group !== undefined) this.#enter(group)
      this.#source = group && host && openSource(group, host, this.#taker)
    }
    this.#source?.want(this.everyone)
  }

  /** What happened in another group, or to another member, is no past of what comes. */
  #enter({ name, self }: Source['group']): void {
    const place = `${peerOf(self)} ${name}`
    if (this.#place !== undefined && this.#place !== place) this.clear()
    this.#place = place
  }

  readonly #taker = {
    take: (events: readonly SpacetimeEvent[]) => this.add(events),
    offset: (peer: string, offsetMs: number) => {
      this.#stage.history.setOffset(peer, offsetMs)
      this.#paintSoon()
    },
  }
}

export type TuttiChooseEvent = CustomEvent<{ readonly event: SpacetimeEvent | undefined }>

const laneHeight = 44
const spanMs = 10_000
const eventsMax = 10_000

function positive(text: string | null, otherwise: number): number {
  const value = Number(text)
  return value > 0 ? value : otherwise
}

declare global {
  interface HTMLElementEventMap {
    'tutti-choose': TuttiChooseEvent
  }
  interface HTMLElementTagNameMap {
    'tutti-spacetime': TuttiSpacetime
  }
}
