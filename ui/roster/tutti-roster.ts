import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { GroupEvent, Member } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import type { Departed } from '../group/group-host.ts'
import { colorOf, theme } from '../theme.ts'
import { rosterStyles } from './roster-styles.ts'

/**
 * Who is in the group, by rank: eldest first. Shows who coordinates, who one is oneself, who has just come and who
 * has gone.
 *
 * @csspart list - the members
 * @csspart member - one member
 * @cssprop --tutti-color-0 … --tutti-color-7 - colours of the members
 */
export class TuttiRoster extends LitElement {
  static override styles = [theme, rosterStyles]

  readonly #tutti = new GroupController(this, { observe: (event) => this.#observe(event) })
  #newcomers = new Set<string>()

  protected override render(): TemplateResult {
    const { host } = this.#tutti
    if (host?.group == null || host.phase !== 'joined') {
      return html`<p class="joining">${host?.phase === 'joining' ? 'Joining …' : 'Nobody here.'}</p>`
    }
    return html`
      <ul part="list" aria-label="Members, by rank">
        ${repeat(
          host.group.view.members,
          ({ id }) => id,
          (member) => this.#renderMember(member),
        )}
        ${repeat(host.departed, ({ id }) => id, renderDeparted)}
      </ul>
    `
  }

  #renderMember(member: Member): TemplateResult {
    const { group } = this.#tutti.host!
    const { name, color } = this.#tutti.host!.profileOf(member)
    const self = member.id === group!.self.id
    const notes = [
      ...(self ? ['you'] : []),
      ...(self && group!.status !== 'member' ? [group!.status] : []),
      ...(member.rank === 0 ? ['coordinator'] : []),
      ...(this.#newcomers.has(member.id) && !self ? ['just came'] : []),
    ]
    return html`
      <li part="member" style="--color: ${colorOf(color)}">
        <span class="avatar" aria-hidden="true">${initial(name)}</span>
        <bdi class="name">${name}</bdi>
        <span class="notes">${notes.join(' · ')}</span>
        ${member.rank === 0 ? crown : nothing}
      </li>
    `
  }

  #observe(event: GroupEvent): void {
    if (event.type === 'view') this.#newcomers = new Set(event.joined.map(({ id }) => id))
  }
}

function renderDeparted({ name, color, failed }: Departed): TemplateResult {
  return html`
    <li class="gone" style="--color: ${colorOf(color)}">
      <span class="avatar" aria-hidden="true">${initial(name)}</span>
      <bdi class="name">${name}</bdi>
      <span class="notes">${failed ? 'lost' : 'left'}</span>
    </li>
  `
}

const crown = html`<svg class="crown" viewBox="0 0 16 16" aria-hidden="true">
  <title>Coordinator</title>
  <path d="M2.5 12.5h11l.9-7-3.6 2.7L8 3.500 5.200 8.200 1.600 5.500z" />
</svg>`

function initial(name: string): string {
  return Array.from(name)[0]?.toUpperCase() ?? '?'
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-roster': TuttiRoster
  }
}
