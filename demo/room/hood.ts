import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Faults } from '../../peer/faults/index.ts'
import { GroupController, theme } from '../../ui/index.ts'
import { ViewLog } from './view-log.ts'

const tabs = { spacetime: 'Space-time', mesh: 'Mesh', figures: 'Figures', views: 'Views' } as const
type Tab = keyof typeof tabs

/** What goes on in the group, in four pictures, beside the buttons that do harm. */
export class DemoHood extends LitElement {
  static override properties = { faults: { attribute: false }, link: {}, tab: { state: true } }

  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(17rem, 21rem);
        gap: 1.5rem;
        min-height: 0;
        height: 100%;
      }
      .inside {
        display: flex;
        flex-direction: column;
        gap: 0.5rem;
        min-width: 0;
        min-height: 0;
      }
      [role='tablist'] {
        display: flex;
        flex: none;
        gap: 0.25rem;
      }
      [role='tab'] {
        padding: 0.2rem 0.7rem;
        border-radius: 99px;
        color: var(--_muted);
        font-size: 0.8125rem;
      }
      [aria-selected='true'] {
        background: color-mix(in srgb, var(--_text) 9%, transparent);
        color: var(--_text);
      }
      [role='tabpanel'] {
        flex: 1;
        overflow: auto;
        min-height: 0;
        border-radius: 8px;
      }
      tutti-spacetime {
        --tutti-lane-height: 38px;
      }
      tutti-mesh {
        --tutti-mesh-height: 13rem;
        --tutti-mesh-ground: var(--ground);
      }
      ol {
        margin: 0;
        padding: 0;
        font-size: 0.8125rem;
        list-style: none;
      }
      li {
        display: flex;
        gap: 0.75rem;
        padding: 0.2rem 0;
        border-top: 1px solid var(--_line);
      }
      li:first-child {
        border-top: 0;
      }
      time,
      .muted {
        color: var(--_muted);
        font-variant-numeric: tabular-nums;
      }
      li b {
        flex: none;
        width: 4.5rem;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      demo-harm {
        overflow: auto;
        min-height: 0;
      }
      @media (width < 46rem) {
        :host {
          display: flex;
          flex-direction: column;
          height: auto;
        }
        .inside {
          flex: none;
        }
        [role='tabpanel'] {
          overflow: visible;
        }
      }
    `,
  ]

  declare faults: Faults
  declare link: string
  declare protected tab: Tab
  readonly #views = new ViewLog()
  readonly #tutti = new GroupController(this, {
    observe: (event) => this.#views.take(event, (member) => this.#tutti.host!.profileOf(member).name),
  })

  constructor() {
    super()
    this.tab = 'spacetime'
  }

  protected override render(): TemplateResult {
    return html`
      <div class="inside">
        <div role="tablist" aria-label="What goes on in the group" @keydown=${this.#move}>
          ${(Object.keys(tabs) as Tab[]).map(
            (tab) => html`<button role="tab" id=${`tab-${tab}`} aria-controls=${`panel-${tab}`}
              aria-selected=${tab === this.tab ? 'true' : 'false'} tabindex=${tab === this.tab ? 0 : -1}
              @click=${() => this.#choose(tab)}>${tabs[tab]}</button>`,
          )}
        </div>
        ${(Object.keys(tabs) as Tab[]).map(
          (tab) => html`<div role="tabpanel" id=${`panel-${tab}`} aria-labelledby=${`tab-${tab}`}
            tabindex=${tab === 'spacetime' ? nothing : 0} ?hidden=${tab !== this.tab}>${this.#renderPanel(tab)}</div>`,
        )}
      </div>
      <demo-harm .faults=${this.faults} .link=${this.link}></demo-harm>
    `
  }

  /** The diagram stays, as it would forget what happened; the others are made when they are looked at. */
  #renderPanel(tab: Tab): TemplateResult | typeof nothing {
    if (tab === 'spacetime') return html`<tutti-spacetime></tutti-spacetime>`
    if (tab !== this.tab) return nothing
    if (tab === 'mesh') return html`<tutti-mesh></tutti-mesh>`
    if (tab === 'figures') return html`<demo-figures></demo-figures>`
    return this.#renderViews()
  }

  #renderViews(): TemplateResult {
    const { group } = this.#tutti.host ?? {}
    if (group == null) return html`<p class="muted">Not in a group.</p>`
    return html`<ol aria-label="Views, newest first" reversed>
      ${this.#views.entries(group.view).map(
        ({ number, lineage, size, changes, time }) => html`<li>
            <b>view ${number}</b>
            <span>${size} ${size === 1 ? 'member' : 'members'}${changes === '' ? '' : ': '}<bdi>${changes}</bdi></span>
            <span class="muted">lineage ${lineage.slice(0, 6)}</span>
            ${time === undefined ? nothing : html`<time>${time.toLocaleTimeString()}</time>`}
          </li>`,
      )}
    </ol>`
  }

  #choose(tab: Tab): void {
    this.tab = tab
  }

  #move(event: KeyboardEvent): void {
    const names = Object.keys(tabs) as Tab[]
    const isMirrored = getComputedStyle(this).direction === 'rtl'
    const steps: Record<string, number> = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const tab = names[(names.indexOf(this.tab) + step + names.length) % names.length]!
    this.#choose(tab)
    this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus()
  }
}
