import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { GroupController } from '../controllers/group-controller.ts'
import type { Phase } from '../group/group-host.ts'
import { peerOf } from '../peer-of.ts'
import { chatCharactersMax } from '../plain-text.ts'
import { colorOf, theme } from '../theme.ts'
import { type ChatLine, ChatLog } from './chat-log.ts'
import { chatStyles } from './chat-styles.ts'

/**
 * A chat. Lines go by CBCAST: nobody sees an answer before what it answers. Latecomers get the last 500 lines.
 *
 * @csspart log - the lines
 * @csspart line - one line
 * @csspart input - where one writes
 * @csspart send - the button
 * @cssprop --tutti-accent - colour of the button
 */
export class TuttiChat extends LitElement {
  static override styles = [theme, chatStyles]

  readonly #log = new ChatLog(() => this.requestUpdate())
  readonly #tutti = new GroupController(this, { part: { name: 'chat', part: this.#log } })
  #atEnd = true

  /** The lines as shown, oldest first. */
  get lines(): readonly ChatLine[] {
    return this.#log.lines
  }

  /** Writes a line. False: nothing to say, or not a member. */
  say(text: string): boolean {
    const { host } = this.#tutti
    if (host?.group == null || text.trim() === '') return false
    return host.cast('cbcast', this.#log.compose(text, host.profileOf(host.group.self), Date.now()))
  }

  protected override render(): TemplateResult {
    const { lines } = this
    const label = labels[this.#tutti.host?.phase ?? 'idle']
    return html`
      <div part="log" class="log" role="log" aria-live="polite" aria-label="Chat" tabindex="0">
        ${lines.length === 0 ? html`<p class="empty">Nothing said yet.</p>` : nothing}
        ${repeat(lines, lineKey, (line, index) => this.#renderLine(line, lines[index - 1]))}
      </div>
      <form @submit=${this.#submit}>
        <input part="input" name="text" autocomplete="off" dir="auto" enterkeyhint="send" aria-label=${label}
          placeholder=${label} maxlength=${chatCharactersMax} ?disabled=${!this.#tutti.joined} />
        <button part="send" class="send" aria-label="Send" ?disabled=${!this.#tutti.joined}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7" /></svg>
        </button>
      </form>
    `
  }

  protected override willUpdate(): void {
    const log = this.renderRoot?.querySelector('.log')
    if (log) this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  }

  protected override updated(): void {
    const log = this.renderRoot.querySelector('.log')
    if (log && this.#atEnd) log.scrollTop = log.scrollHeight
  }

  #renderLine(line: ChatLine, before: ChatLine | undefined): TemplateResult {
    const writer = peerOf({ id: line.from })
    const isSame = before !== undefined && peerOf({ id: before.from }) === writer
    const follows = isSame && before.name === line.name && line.time - before.time < followsMs
    const self = this.#tutti.host?.group?.self
    const mine = self !== undefined && peerOf(self) === writer
    return html`
      <div part="line" class="line ${follows ? 'follows' : ''} ${mine ? 'mine' : ''}">
        ${
          follows
            ? nothing
            : html`<div class="by"><bdi style="color: ${colorOf(line.color)}">${line.name}</bdi>
                <time datetime=${new Date(line.time).toISOString()}>${clockTime(line.time)}</time></div>`
        }
        <p dir="auto">${line.text}</p>
      </div>
    `
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault()
    const input = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLInputElement
    this.#atEnd = true
    if (this.say(input.value)) input.value = ''
  }
}

const labels: Record<Phase, string> = {
  idle: 'Not in a group',
  joining: 'Joining …',
  joined: 'Write to everyone',
  failed: 'Not in the group',
  left: 'Not in the group',
}
const followsMs = 120_000

function lineKey(line: ChatLine): string {
  return line.id
}

function clockTime(time: number): string {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-chat': TuttiChat
  }
}
