import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { GroupEvent } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import { colorOf, theme } from '../theme.ts'
import { type TimelineEntry, TimelineLog } from './timeline-log.ts'
import { timelineStyles } from './timeline-styles.ts'

/**
 * Views and deliveries as they happen here, newest last. A multicast by ABCAST shows its number, which is the same on
 * every screen. Keeps the last 200 entries.
 *
 * @csspart tape - the entries
 * @csspart legend - what the colours mean
 * @cssprop --tutti-fifo - colour of FBCAST deliveries
 * @cssprop --tutti-causal - colour of CBCAST deliveries
 * @cssprop --tutti-total - colour of ABCAST deliveries
 */
export class TuttiTimeline extends LitElement {
  static override styles = [theme, timelineStyles]

  readonly #log = new TimelineLog()
  readonly #tutti = new GroupController(this, { observe: (event) => this.#add(event) })
  #shown: GroupHost['group'] = null
  #atEnd = true

  /** What is shown, oldest first. */
  get entries(): readonly TimelineEntry[] {
    return this.#log.entries
  }

  protected override render(): TemplateResult {
    return html`
      <ol part="tape" class="tape" tabindex="0" aria-label="What happened, newest last">
        ${repeat(this.entries, entryKey, renderEntry)}
      </ol>
      <p part="legend" class="legend">
        <span class="view">view</span><span class="causal">causal</span><span class="total">total #order</span>
      </p>
    `
  }

  protected override willUpdate(): void {
    const group = this.#tutti.host?.group ?? null
    // The view this page joined with was before any event.
    if (group !== null && group !== this.#shown && this.entries.length === 0) {
      this.#add({ type: 'view', view: group.view, joined: [], left: [], failed: [] })
    }
    this.#shown = group
    const tape = this.renderRoot.querySelector('.tape')
    if (tape !== null) this.#atEnd = tape.scrollWidth - Math.abs(tape.scrollLeft) - tape.clientWidth < 60
  }

  protected override updated(): void {
    const tape = this.renderRoot.querySelector('.tape')!
    if (!this.#atEnd) return
    tape.scrollLeft = tape.scrollWidth * (getComputedStyle(tape).direction === 'rtl' ? -1 : 1)
  }

  #add(event: GroupEvent): void {
    const { host } = this.#tutti
    if (host === undefined) return
    this.#log.add(event, (member) => host.profileOf(member))
    this.requestUpdate()
  }
}

function entryKey({ key }: TimelineEntry): number {
  return key
}

function renderEntry(entry: TimelineEntry): TemplateResult {
  switch (entry.type) {
    case 'view':
      return html`<li class="view"><b>view ${entry.number}</b> <bdi>${entry.changes || `${entry.size} in`}</bdi></li>`
    case 'note':
      return html`<li class="note ${entry.bad ? 'bad' : ''}"><bdi>${entry.text}</bdi></li>`
    case 'delivery':
      return html`<li class=${entry.kind} title="${entry.kind} order">
        <bdi style="color: ${colorOf(entry.who.color)}">${entry.who.name}</bdi>
        <span>${entry.what}${entry.count > 1 ? ` ×${entry.count}` : nothing}</span>
        ${entry.order === undefined ? nothing : html`<b>#${entry.order}</b>`}
      </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-timeline': TuttiTimeline
  }
}
