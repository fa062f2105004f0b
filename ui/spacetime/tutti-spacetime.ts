import { html, LitElement, type TemplateResult } from 'lit'
import { theme } from '../theme.ts'
import type { SpacetimeEvent, SpacetimeKind } from './spacetime-event.ts'

/**
 * The space-time diagram of a group, live: a line a member, a dot an event, an arrow a message from its send to each of its
 * deliveries, views as bars across the lines, a wedged or blocked member shaded. Time runs in reading direction. Source:
 * Lamport 1978, "Time, clocks, and the ordering of events".
 *
 * Inside a `<tutti-group>` it draws the trace of this page's member, and what that tells of the others; "Everyone's events"
 * asks the others for theirs. Anywhere else it draws what `add` is given:
 *
 * ```ts
 * const diagram = document.querySelector('tutti-spacetime')
 * diagram.names = new Map([['ada.1', 'Ada'], ['bob.1', 'Bob']]) // by member id or by peer id
 * diagram.lines = ['ada.1', 'bob.1'] // optional: the order of the lines; others follow as they appear
 * diagram.now = 0 // the time of a simulation, in its own milliseconds; leave it undefined to follow the clock
 * diagram.add([{ t: 3, peer: 'ada.1', group: 'g', event: 'multicast', id: 'l/1/ada.1/1', kind: 'causal', bytes: 5 }])
 * diagram.now = 40
 * ```
 *
 * @event {CustomEvent<{ event: SpacetimeEvent | undefined }>} tutti-choose - the visitor chose an event, or none any more
 */
export class TuttiSpacetime extends LitElement {
  static override styles = [theme]
  static override properties = {
    live: { type: Boolean, reflect: true },
    span: { type: Number },
    limit: { type: Number },
    now: { attribute: false },
    names: { attribute: false },
    lines: { attribute: false },
    everyone: { type: Boolean, reflect: true },
  }

  /** Whether the picture follows the time. False: paused, or scrolled back. Default true. */
  declare live: boolean
  /** How much time is seen at once, in milliseconds. Default 10,000. */
  declare span: number
  /** How many events are kept, the last ones; while paused twice as many. Default 10,000. */
  declare limit: number
  /** Virtual time in milliseconds, where the picture ends while it is live. Undefined: the clock of this page. */
  declare now: number | undefined
  /** What the lines are called: by member id or by peer id. In a group, what the members call themselves. */
  declare names: ReadonlyMap<string, string>
  /** Member or peer ids in the order of their lines; those not named follow as they appear. */
  declare lines: readonly string[]
  /** Whether the others of the group are asked for their events. Default false. */
  declare everyone: boolean

  #events: SpacetimeEvent[] = []

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
    return this.#events
  }

  /**
   * Draws these, too. Of one member in the order they happened; the members in any order, but what is later than `now` is
   * seen only when its time has come. Cheap: drawn with the next frame.
   */
  add(events: Iterable<SpacetimeEvent>): void {
    this.#events = [...this.#events, ...events].slice(-this.limit)
    this.requestUpdate()
  }

  /** Forgets all events, lines and what is chosen: before a simulation starts anew. */
  clear(): void {
    this.#events = []
    this.requestUpdate()
  }

  /** Which kinds are drawn: all of them unless told otherwise. */
  show(kind: SpacetimeKind, shown: boolean): void {
    void [kind, shown]
  }

  /** The diagram as it is seen now, as the text of an SVG file. */
  toSvg(): string {
    return ''
  }

  protected override render(): TemplateResult {
    return html``
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-spacetime': TuttiSpacetime
  }
}
