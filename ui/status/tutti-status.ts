import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { GroupEvent, Member } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import { healthOf } from '../controllers/health.ts'
import { HealthController } from '../controllers/health-controller.ts'
import { groupAround } from '../controllers/outside-notice.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { TuttiGroup } from '../group/tutti-group.ts'
import { theme } from '../theme.ts'
import { type Description, describe, type GroupSituation, type Merged } from './status-text.ts'

/**
 * One line that says where this page stands: joining, how many are here, who does not answer, blocked, gone on without
 * the others, back together; and what to do.
 *
 * @csspart text - the line
 * @csspart retry - the button that joins again
 * @csspart fork - the button that goes on without those who are out of reach
 * @cssprop --tutti-good - all is well
 * @cssprop --tutti-warn - something is waited for
 * @cssprop --tutti-bad - it can't go on
 */
export class TuttiStatus extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.75rem;
        min-width: 0;
        font-size: 0.875rem;
      }
      .line {
        display: flex;
        flex: 1 1 14rem;
        max-width: max-content;
        align-items: baseline;
        gap: 0.5rem;
        min-width: 0;
      }
      .lamp {
        flex: none;
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--lamp);
        transform: translateY(-0.05rem);
      }
      .waiting {
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      [part='text'] {
        min-width: 0;
        color: var(--_muted);
        overflow-wrap: break-word;
      }
      .serious {
        color: var(--_text);
      }
      button {
        flex: none;
        padding: 0.15rem 0.6rem;
        border-color: var(--_line);
      }
      [aria-disabled='true'] {
        cursor: progress;
        opacity: 0.6;
      }
      @keyframes breathe {
        to {
          opacity: 0.3;
        }
      }
    `,
  ]

  readonly #tutti = new GroupController(this, { observe: (event) => this.#observe(event) })
  readonly #health = new HealthController(this, () => this.#tutti.host?.group)
  #forking = false
  #merged: Merged | undefined
  #mergedTimer: ReturnType<typeof setTimeout> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    for (const type of networkEvents) window.addEventListener(type, this.#networkChanged)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const type of networkEvents) window.removeEventListener(type, this.#networkChanged)
    this.#forgetMerge()
  }

  protected override willUpdate(): void {
    if (!this.#tutti.joined) this.#forgetMerge()
  }

  protected override render(): TemplateResult | typeof nothing {
    const { host } = this.#tutti
    // Outside of a group it is said that it is: by what is in front.
    if (host === undefined) return nothing
    const { mood, waiting, text, action } = this.#describe(host)
    return html`
      <span class="line">
        <span class="lamp ${waiting ? 'waiting' : ''}" style="--lamp: var(--_${mood})" aria-hidden="true"></span>
        <span part="text" class=${mood === 'bad' || action !== undefined ? 'serious' : ''} role="status" dir="auto"
          title=${detailOf(host)}>${text}</span>
      </span>
      ${action === 'join' ? html`<button part="retry" @click=${this.#rejoin}>Join again</button>` : nothing}
      ${action === 'fork' ? this.#renderFork() : nothing}
    `
  }

  #describe(host: GroupHost): Description {
    return describe({
      phase: host.phase,
      error: host.error,
      signaling: host.peer?.signaling,
      offline: !navigator.onLine,
      group: this.#situation(host),
    })
  }

  /** Not disabled while it works: that would take the focus away. */
  #renderFork(): TemplateResult {
    const busy = this.#forking ? 'true' : 'false'
    return html`<button part="fork" aria-disabled=${busy} aria-busy=${busy} @click=${this.#fork}>
      Go on without them
    </button>`
  }

  #situation(host: GroupHost): GroupSituation | undefined {
    const { group } = host
    if (group === null) return undefined
    const { health } = this.#health
    const { members, primary } = group.view
    const names = (fits: (member: Member) => boolean): string[] =>
      members.filter(fits).map((member) => host.profileOf(member).name)
    return {
      status: group.status,
      members: members.length,
      forked: !primary,
      forking: this.#forking,
      silent: names((member) => healthOf(health, member).suspected),
      relayed: names((member) => healthOf(health, member).via !== undefined),
      queued: health.queued,
      merged: this.#merged,
    }
  }

  #observe(event: GroupEvent): void {
    if (event.type === 'merge') {
      this.#merged = {
        messages: event.unmerged.length,
        replayed: event.replayed,
        isPartial: event.forgotten > 0 || event.orphaned.length > 0,
      }
      clearTimeout(this.#mergedTimer)
    }
    if (event.type !== 'status' || event.status !== 'member' || this.#merged === undefined) return
    clearTimeout(this.#mergedTimer)
    this.#mergedTimer = setTimeout(() => {
      this.#forgetMerge()
      this.requestUpdate()
    }, mergedShownMs)
  }

  #forgetMerge(): void {
    clearTimeout(this.#mergedTimer)
    this.#merged = undefined
  }

  async #fork(): Promise<void> {
    const group = this.#tutti.host?.group
    if (this.#forking || group == null) return
    this.#forking = true
    this.requestUpdate()
    // One that rejects need not be told: the line says how things stand then, whatever became of it.
    await group.fork().catch(() => {})
    this.#forking = false
    this.requestUpdate()
  }

  readonly #networkChanged = (): void => this.requestUpdate()

  #rejoin(): void {
    // It may be in a tree further out than this line.
    ;(groupAround(this) as TuttiGroup | undefined)?.rejoin()
  }
}

const networkEvents = ['online', 'offline'] as const
const mergedShownMs = 10_000

/** The error's own words, for whoever is to look into it. */
function detailOf({ phase, error }: GroupHost): string | typeof nothing {
  return phase === 'joined' || !(error instanceof Error) ? nothing : error.message
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-status': TuttiStatus
  }
}
