import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Faults } from '../../peer/faults/index.ts'
import type { Member } from '../../peer/index.ts'
import { GroupController, type TuttiGroup, theme } from '../../ui/index.ts'
import { notify } from './notices.ts'

const freezeMs = 10_000
const delayMs = 500

/** Buttons that do harm to this tab and its links: each says what is going to be seen, and how to take it back. */
export class DemoHarm extends LitElement {
  static override properties = { faults: { attribute: false }, link: {}, whom: { state: true } }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        font-size: 0.8125rem;
      }
      h3 {
        margin: 0 0 0.5rem;
        font-size: 0.8125rem;
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin: 0 0 0.5rem;
        color: var(--_muted);
      }
      select {
        flex: 1;
        min-width: 0;
        padding: 0.25rem 0.4rem;
        border: 1px solid var(--_line);
        border-radius: 8px;
        background: var(--_surface);
        color: var(--_text);
        font: inherit;
      }
      section {
        margin: 0 0 0.75rem;
      }
      section button {
        padding: 0.25rem 0.7rem;
        border-color: var(--_line);
        background: var(--_surface);
        color: var(--_bad);
        font-weight: 600;
      }
      section .mend {
        color: var(--_good);
      }
      p {
        margin: 0.25rem 0 0;
        color: var(--_muted);
      }
      a {
        color: var(--_accent);
      }
    `,
  ]

  declare faults: Faults
  /** Where another tab joins the room. */
  declare link: string
  /** The member whose link is to be harmed. */
  declare protected whom: string
  readonly #tutti = new GroupController(this)

  constructor() {
    super()
    this.link = ''
    this.whom = ''
  }

  protected override render(): TemplateResult {
    const { host } = this.#tutti
    if (host?.phase === 'left' || host?.phase === 'failed') return this.#renderGone()
    return html`
      <h3>Do harm</h3>
      ${this.#renderLinkHarm()}
      <section>
        <button @click=${this.#freeze} ?disabled=${!this.#tutti.joined}>Freeze this tab for ten seconds</button>
        <p>The page stands still. The others go on and see that you do not answer; then you have all that you missed.</p>
      </section>
      <section>
        <button @click=${() => this.faults.crash()} ?disabled=${!this.#tutti.joined}>Crash this tab</button>
        <p>It stops without a goodbye. In about three seconds the others agree on a view without you. “Join again” brings you back.</p>
      </section>
      <section>
        <button @click=${() => void host?.leave()} ?disabled=${!this.#tutti.joined}>Leave</button>
        <p>You say goodbye: the next view is there at once. “Join again” brings you back.</p>
      </section>
    `
  }

  #renderLinkHarm(): TemplateResult {
    const others = this.#others
    const whom = this.#chosen
    if (whom === undefined) {
      return html`<section><p>Links can be harmed once somebody is here:
        <a href=${this.link} target="_blank">open another tab</a>, or three.</p></section>`
    }
    const fault = this.faults.list.find(({ peer }) => whom.id.startsWith(`${peer}.`))
    const name = this.#nameOf(whom)
    return html`
      <label>The link to
        <select @change=${this.#choose}>
          ${others.map(
            (member) => html`<option value=${member.id} ?selected=${member === whom}>${this.#nameOf(member)}</option>`,
          )}
        </select>
      </label>
      <section>
        ${
          fault?.cut
            ? html`<button class="mend" @click=${() => this.#strike('mend')}>Mend the link</button>`
            : html`<button @click=${() => this.#strike('cut')}>Cut the link</button>`
        }
        <p>${
          fault?.cut
            ? html`Nothing passes between you and <bdi>${name}</bdi>. Mend it, and it is as before.`
            : this.#cutWords(name, others.length)
        }</p>
      </section>
      <section>
        ${
          (fault?.delayMs ?? 0) > 0
            ? html`<button class="mend" @click=${() => this.#strike('hurry')}>End the delay</button>`
            : html`<button @click=${() => this.#strike('delay')}>Delay by half a second</button>`
        }
        <p>${
          (fault?.delayMs ?? 0) > 0
            ? html`What you and <bdi>${name}</bdi> say to each other takes half a second longer, each way.`
            : html`Each way. An answer still never comes before what it answers. The same button takes it back.`
        }</p>
      </section>
    `
  }

  #cutWords(name: string, others: number): TemplateResult {
    return others > 1
      ? html`In a moment your messages reach <bdi>${name}</bdi> through the others: see Mesh. The same button mends it.`
      : html`With two here there is no way around: in some 13 seconds one of you is left out, and comes back when the
          same button mends it. With three there is.`
  }

  #renderGone(): TemplateResult {
    return html`<h3>You are not in the group</h3>
      <section>
        <button class="mend" @click=${this.#rejoin}>Join again</button>
        <p>You come back as the youngest member, with all that the others have by then.</p>
      </section>
      ${this.faults.list.length === 0 ? nothing : html`<p>The links that you harmed are still as you left them.</p>`}`
  }

  get #others(): readonly Member[] {
    const { group } = this.#tutti.host ?? {}
    return group == null ? [] : group.view.members.filter(({ id }) => id !== group.self.id)
  }

  /** One who was harmed stays in the list of choices only while it is a member. */
  get #chosen(): Member | undefined {
    return this.#others.find(({ id }) => id === this.whom) ?? this.#others[0]
  }

  #nameOf(member: Member): string {
    return this.#tutti.host!.profileOf(member).name
  }

  #choose(event: Event): void {
    this.whom = (event.target as HTMLSelectElement).value
  }

  #strike(how: 'cut' | 'mend' | 'delay' | 'hurry'): void {
    const whom = this.#chosen
    if (whom === undefined) return
    if (how === 'cut') this.faults.cut(whom)
    if (how === 'mend') this.faults.mend(whom)
    if (how === 'delay' || how === 'hurry') this.faults.delay(whom, how === 'delay' ? delayMs : 0)
    this.requestUpdate()
  }

  #freeze(): void {
    notify(`This page stands still until ${new Date(Date.now() + freezeMs).toLocaleTimeString()}.`)
    // Once that is painted.
    requestAnimationFrame(() => setTimeout(() => blockThread(freezeMs)))
  }

  #rejoin(): void {
    document.querySelector<TuttiGroup>('tutti-group')?.rejoin()
  }
}

/** Nothing else runs in this page meanwhile. */
function blockThread(forMs: number): void {
  const until = performance.now() + forMs
  while (performance.now() < until);
}
