import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { GroupEvent } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import { HealthController } from '../controllers/health-controller.ts'
import { colorOf, theme } from '../theme.ts'
import { Newcomers } from './newcomers.ts'
import { entryLabel, initial, type RosterEntry, rosterEntries } from './roster-entries.ts'
import { rosterStyles } from './roster-styles.ts'

/**
 * Who is in the group, by rank: eldest first. Shows who coordinates, who one is oneself, who does not answer, who is
 * reached through another, who has just come and who has gone.
 *
 * @slot empty - in place of the list, as long as there is nobody to show
 * @slot end - after the list: an invitation, say
 * @csspart list - the members
 * @csspart member - one member
 * @csspart departed - one who has gone
 * @csspart avatar - the round mark with the first letter of the name
 * @csspart name - the name
 * @csspart notes - what is to be known besides
 * @csspart more - in the compact form: how many more there are
 * @cssprop --tutti-color-0 … --tutti-color-7 - colours of the members
 * @cssprop [--tutti-avatar-size=1.75rem] - size of an avatar
 */
export class TuttiRoster extends LitElement {
  static override properties = {
    compact: { type: Boolean, reflect: true },
    max: { type: Number },
  }

  static override styles = [theme, rosterStyles]

  /** A row of avatars, no more; what else is known shows under the pointer, and to a screen reader. */
  declare compact: boolean
  /** How many avatars the compact form has at most; the rest is a number. Default 8. */
  declare max: number

  readonly #tutti = new GroupController(this, { observe: (event) => this.#observe(event) })
  readonly #health = new HealthController(this, () => this.#tutti.host?.group)
  readonly #newcomers = new Newcomers(() => this.requestUpdate())

  constructor() {
    super()
    this.compact = false
    this.max = maxDefault
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#newcomers.forget()
  }

  protected override render(): TemplateResult {
    const { entries } = this
    if (entries.length === 0) {
      const text = this.#tutti.host?.phase === 'joining' ? 'Joining …' : 'Nobody here.'
      return html`<slot name="empty"><p class="joining">${text}</p></slot>`
    }
    const max = this.compact ? (this.max >= 1 ? Math.floor(this.max) : maxDefault) : entries.length
    // A "+1" takes the place of the one whom it stands for.
    const shown = entries.length <= max ? entries : entries.slice(0, max - 1)
    return html`
      <ol part="list" role="list" aria-label="Members, by rank">
        ${repeat(
          shown,
          ({ id }) => id,
          (entry) => this.#renderEntry(entry),
        )}
        ${shown.length === entries.length ? nothing : renderMore(entries.slice(shown.length))}
      </ol>
      <slot name="end"></slot>
    `
  }

  /** What is shown. */
  get entries(): readonly RosterEntry[] {
    const { host } = this.#tutti
    if (host?.group == null || host.phase !== 'joined') return []
    const { self, status, view } = host.group
    return rosterEntries({
      members: view.members,
      self,
      status,
      health: this.#health.health,
      newcomers: this.#newcomers.ids,
      departed: host.departed,
      profileOf: (member) => host.profileOf(member),
    })
  }

  #renderEntry(entry: RosterEntry): TemplateResult {
    const { name, color, state, isSelf, isCoordinator, notes } = entry
    const isGone = state === 'left' || state === 'failed'
    const classes = [state, ...(isGone ? ['gone'] : []), ...(isSelf ? ['self'] : [])].join(' ')
    return html`
      <li part=${isGone ? 'departed' : 'member'} class=${classes} style="--color: ${colorOf(color)}"
        title=${this.compact ? entryLabel(entry) : nothing}>
        <span part="avatar" class="avatar" aria-hidden="true">${initial(name)}</span>
        <bdi part="name" class="name">${name}</bdi>
        <span part="notes" class="notes">${notes.join(' · ')}</span>
        ${isCoordinator ? crown : nothing}
      </li>
    `
  }

  #observe(event: GroupEvent): void {
    if (event.type !== 'view') return
    // To one who comes back all others are new.
    const isBack = event.joined.some(({ id }) => id === this.#tutti.host?.group?.self.id)
    this.#newcomers.came(isBack ? [] : event.joined.map(({ id }) => id))
  }
}

const maxDefault = 8

const crown = html`<svg class="crown" viewBox="0 0 16 16" aria-hidden="true">
  <path d="M2.5 12.5h11l.9-7-3.6 2.7L8 3.500 5.200 8.200 1.600 5.500z" />
</svg>`

function renderMore(entries: readonly RosterEntry[]): TemplateResult {
  const names = entries.map(entryLabel).join('\n')
  return html`
    <li part="more" class="more" title=${names}>
      <span class="avatar" aria-hidden="true">+${entries.length}</span>
      <span class="name">${entries.length} more</span>
    </li>
  `
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-roster': TuttiRoster
  }
}
