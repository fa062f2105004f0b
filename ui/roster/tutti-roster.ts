import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { GroupEvent, GroupStatus, Member } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import { healthOf, relayOf } from '../controllers/health.ts'
import { HealthController } from '../controllers/health-controller.ts'
import type { Departed } from '../group/group-host.ts'
import { peerOf } from '../peer-of.ts'
import { colorOf, theme } from '../theme.ts'
import { rosterStyles } from './roster-styles.ts'

/**
 * Who is in the group, by rank: eldest first. Shows who coordinates, who one is oneself, who does not answer, who is
 * reached through another, who has just come and who has gone.
 *
 * @csspart list - the members
 * @csspart member - one member
 * @cssprop --tutti-color-0 … --tutti-color-7 - colours of the members
 */
export class TuttiRoster extends LitElement {
  static override styles = [theme, rosterStyles]

  readonly #tutti = new GroupController(this, { observe: (event) => this.#observe(event) })
  readonly #health = new HealthController(this, () => this.#tutti.host?.group)
  #newcomers = new Set<string>()

  protected override render(): TemplateResult {
    const { host } = this.#tutti
    if (host?.group == null || host.phase !== 'joined') {
      return html`<p class="joining">${host?.phase === 'joining' ? 'Joining …' : 'Nobody here.'}</p>`
    }
    // One who was left out comes back under a new id.
    const present = new Set(host.group.view.members.map(peerOf))
    const departed = host.departed.filter((gone) => !present.has(peerOf(gone)))
    return html`
      <ul part="list" aria-label="Members, by rank">
        ${repeat(
          host.group.view.members,
          ({ id }) => id,
          (member) => this.#renderMember(member),
        )}
        ${repeat(departed, ({ id }) => id, renderDeparted)}
      </ul>
    `
  }

  #renderMember(member: Member): TemplateResult {
    const host = this.#tutti.host!
    const { members } = host.group!.view
    const { name, color } = host.profileOf(member)
    const self = member.id === host.group!.self.id
    const health = healthOf(this.#health.health, member)
    const relay = relayOf(health, members)
    const notes = [
      ...(self ? ['you'] : []),
      ...(self ? (ownStatus[host.group!.status] ?? []) : []),
      ...(health.suspected ? ['does not answer'] : []),
      ...(health.via === undefined ? [] : [relay ? `through ${host.profileOf(relay).name}` : 'through others']),
      ...(member.rank === 0 ? ['coordinator'] : []),
      ...(this.#newcomers.has(member.id) && !self ? ['just came'] : []),
    ]
    return html`
      <li part="member" class=${health.suspected ? 'silent' : ''} style="--color: ${colorOf(color)}">
        <span class="avatar" aria-hidden="true">${initial(name)}</span>
        <bdi class="name">${name}</bdi>
        <span class="notes">${notes.join(' · ')}</span>
        ${member.rank === 0 ? crown : nothing}
      </li>
    `
  }

  #observe(event: GroupEvent): void {
    if (event.type !== 'view') return
    // To one who comes back all others are new.
    const isBack = event.joined.some(({ id }) => id === this.#tutti.host?.group?.self.id)
    this.#newcomers = new Set(isBack ? [] : event.joined.map(({ id }) => id))
  }
}

const ownStatus: Partial<Record<GroupStatus, string[]>> = { blocked: ['waiting'], rejoining: ['coming back'] }

function renderDeparted({ name, color, failed }: Departed): TemplateResult {
  return html`
    <li class="gone ${failed ? '' : 'left'}" style="--color: ${colorOf(color)}">
      <span class="avatar" aria-hidden="true">${initial(name)}</span>
      <bdi class="name">${name}</bdi>
      <span class="notes">${failed ? 'out of reach' : 'left'}</span>
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
