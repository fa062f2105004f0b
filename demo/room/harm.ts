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
  #hasActed = false

  constructor() {
    super()
    this.link = ''
    this.whom = ''
  }

  protected override render(): TemplateResult {
    if (this.#isOut) return this.#renderOut()
    const { host, joined } = this.#tutti
    const whom = this.#chosen
    return html`
      <h3>Do harm</h3>
      ${whom === undefined ? this.#renderAlone() : this.#renderLinkHarm(whom)}
      ${renderHarm({
        id: 'freeze',
        does: 'Freeze this tab for ten seconds',
        told: 'The page stands still. The others go on and see that you do not answer; then you have all that you missed.',
        act: joined ? () => this.#freeze() : undefined,
      })}
      ${renderHarm({
        id: 'crash',
        does: 'Crash this tab',
        told: 'It stops without a goodbye. In about three seconds the others agree on a view without you. “Join again” brings you back.',
        act: joined ? () => this.#goBy(() => this.faults.crash()) : undefined,
      })}
      ${renderHarm({
        id: 'leave',
        does: 'Leave',
        told: 'You say goodbye: the next view is there at once. “Join again” brings you back.',
        act: joined ? () => this.#goBy(() => void host?.leave()) : undefined,
      })}
    `
  }

  /** The button that was pressed is gone with the membership: the one that undoes it follows. */
  protected override updated(): void {
    if (!this.#isOut || !this.#hasActed) return
    this.#hasActed = false
    this.renderRoot.querySelector('button')?.focus()
  }

  #renderAlone(): TemplateResult {
    return html`<section><p>Links can be harmed once somebody is here:
      <a href=${this.link} target="_blank">open another tab</a>, or three.</p></section>`
  }

  #renderLinkHarm(whom: Member): TemplateResult {
    const others = this.#others
    const fault = this.faults.list.find(({ peer }) => whom.id.startsWith(`${peer}.`))
    const name = this.#nameOf(whom)
    return html`
      <label>The link to
        <select @change=${this.#choose}>
          ${others.map(
            (member) => html`<option value=${member.id} .selected=${member === whom}>${this.#nameOf(member)}</option>`,
          )}
        </select>
      </label>
      ${renderHarm({
        id: 'cut',
        mends: fault?.cut === true,
        does: fault?.cut ? 'Mend the link' : 'Cut the link',
        told: fault?.cut
          ? html`Nothing passes between you and <bdi>${name}</bdi>. Mend it, and it is as before.`
          : this.#cutWords(name, others.length),
        act: () => this.#strike(fault?.cut ? 'mend' : 'cut'),
      })}
      ${renderHarm({
        id: 'delay',
        mends: fault !== undefined && fault.delayMs > 0,
        does: fault?.delayMs ? 'End the delay' : 'Delay by half a second',
        told: fault?.delayMs
          ? html`What you and <bdi>${name}</bdi> say to each other takes half a second longer, each way.`
          : 'Each way. An answer still never comes before what it answers. The same button takes it back.',
        act: () => this.#strike(fault?.delayMs ? 'hurry' : 'delay'),
      })}
    `
  }

  #cutWords(name: string, others: number): TemplateResult {
    return others > 1
      ? html`In a moment your messages reach <bdi>${name}</bdi> through the others: see Mesh. The same button mends it.`
      : html`With two here there is no way around: in some 13 seconds one of you is left out, and comes back when the
          same button mends it. With three there is.`
  }

  #renderOut(): TemplateResult {
    return html`<h3>You are not in the group</h3>
      ${renderHarm({
        id: 'join',
        mends: true,
        does: 'Join again',
        told: 'You come back as the youngest member, with all that the others have by then.',
        act: () => document.querySelector<TuttiGroup>('tutti-group')?.rejoin(),
      })}
      ${this.faults.list.length === 0 ? nothing : html`<p>The links that you harmed are still as you left them.</p>`}`
  }

  get #isOut(): boolean {
    const { host } = this.#tutti
    return host?.phase === 'left' || host?.phase === 'failed'
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

  #goBy(act: () => void): void {
    this.#hasActed = true
    act()
  }
}

interface Harm {
  readonly id: string
  /** Whether it takes harm back. */
  readonly mends?: boolean
  readonly does: string
  /** What is going to be seen, and how to take it back. */
  readonly told: string | TemplateResult
  /** Undefined: it can't be done now. */
  readonly act: (() => void) | undefined
}

function renderHarm({ id, mends, does, told, act }: Harm): TemplateResult {
  return html`<section>
    <button class=${mends ? 'mend' : ''} aria-describedby=${id} ?disabled=${act === undefined} @click=${act}>${does}</button>
    <p id=${id}>${told}</p>
  </section>`
}

/** Nothing else runs in this page meanwhile. */
function blockThread(forMs: number): void {
  const until = performance.now() + forMs
  while (performance.now() < until);
}
