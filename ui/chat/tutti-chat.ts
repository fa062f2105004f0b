import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { GroupController } from '../controllers/group-controller.ts'
import { peerOf } from '../peer-of.ts'
import { phaseWords } from '../phase-words.ts'
import { chatCharactersMax, plainText } from '../plain-text.ts'
import { theme } from '../theme.ts'
import { lineElement, nextLine, renderAnswering, renderLine } from './chat-line.ts'
import { type ChatLine, ChatLog } from './chat-log.ts'
import { chatStyles } from './chat-styles.ts'
import { ReadingPlace } from './reading-place.ts'
import { TypingController } from './typing-controller.ts'
import { typingText } from './typists.ts'

/**
 * A chat. Lines go by CBCAST: nobody sees an answer before what it answers. Latecomers get the last 500 lines. That
 * somebody types goes by FBCAST, which waits for nothing.
 *
 * By keyboard: arrow up in the empty input answers the line above, once more the one before; Escape takes that back. In
 * the lines the arrows go from line to line, and Enter answers.
 *
 * @event {TuttiLineEvent} tutti-line - a line came, one's own too
 * @slot empty - shown as long as nothing is said
 * @slot tools - beside the input
 * @csspart log - the lines
 * @csspart line - one line
 * @csspart day - the date above the lines of a day
 * @csspart mark - above the lines that came out of sight
 * @csspart quote - the line that is answered
 * @csspart reply - the button that answers a line
 * @csspart typing - who types
 * @csspart unread - the button that goes to the lines that came out of sight
 * @csspart answering - what one is about to answer
 * @csspart cancel - the button that gives up answering
 * @csspart input - where one writes
 * @csspart send - the button
 * @cssprop --tutti-accent - colour of the button, and of what is new
 */
export class TuttiChat extends LitElement {
  static override styles = [theme, chatStyles]

  readonly #log = new ChatLog((added) => this.#take(added))
  readonly #tutti = new GroupController(this, {
    part: { name: 'chat', part: this.#log },
    observe: (event) => this.#typing.observe(event),
  })
  readonly #typing = new TypingController(this, () => this.#tutti.host)
  readonly #place = new ReadingPlace()
  readonly #sizes = new ResizeObserver(() => this.#place.keep(this.#logElement))
  #markTimer: ReturnType<typeof setTimeout> | undefined
  #answering: string | undefined
  #marked: string | undefined

  /** The lines as shown, oldest first. */
  get lines(): readonly ChatLine[] {
    return this.#log.lines
  }

  /** Writes a line, which may answer one of `lines`. False: nothing to say, or not a member. */
  say(text: string, { answers }: { answers?: string | undefined } = {}): boolean {
    const { host } = this.#tutti
    if (host?.group == null || plainText(text, chatCharactersMax) === '') return false
    const profile = host.profileOf(host.group.self)
    return host.cast('cbcast', this.#log.compose(text, profile, Date.now(), answers))
  }

  /** Makes what is written next an answer to this line of `lines`; to none without an id, or one that is not there. */
  answer(id?: string): void {
    this.#answering = id !== undefined && this.#log.line(id) !== undefined ? id : undefined
    this.requestUpdate()
  }

  /** Shows a line and puts the focus on it. False: it is not there (any more). */
  showLine(id: string): boolean {
    const line = this.hasUpdated ? lineElement(this.#logElement, id) : undefined
    line?.scrollIntoView({ block: 'center' })
    line?.focus({ preventScroll: true })
    if (line === undefined) return false
    clearTimeout(this.#markTimer)
    this.#marked = id
    this.#markTimer = setTimeout(() => {
      this.#marked = undefined
      this.requestUpdate()
    }, markedMs)
    this.requestUpdate()
    return true
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.hasUpdated) return
    this.#sizes.observe(this.#logElement)
    // Taken out of a page, it has lost where it was scrolled to.
    this.#place.keep(this.#logElement)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
    clearTimeout(this.#markTimer)
    this.#marked = undefined
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) this.#place.look(this.#logElement)
  }

  protected override firstUpdated(): void {
    this.#sizes.observe(this.#logElement)
  }

  protected override updated(): void {
    this.#place.keep(this.#logElement)
  }

  protected override render(): TemplateResult {
    const { lines } = this
    const now = Date.now()
    return html`
      <div part="log" class="log" role="log" aria-live="polite" aria-label="Chat" tabindex="0"
        @scroll=${this.#scrolled} @keydown=${this.#keyInLog}>
        ${lines.length === 0 ? html`<slot name="empty"><p class="empty">Nothing said yet.</p></slot>` : nothing}
        ${repeat(lines, lineKey, (line, index) => this.#renderLine(line, lines[index - 1], now))}
      </div>
      <div class="below">${this.#renderTyping()} ${this.#renderUnread()}</div>
      ${this.#renderForm()}
    `
  }

  #renderLine(line: ChatLine, before: ChatLine | undefined, now: number): TemplateResult {
    return renderLine(line, {
      before,
      answered: line.answers === undefined ? undefined : this.#log.line(line.answers),
      isMine: this.#isMine(line),
      isFirstUnread: line.id === this.#place.firstUnread,
      isMarked: line.id === this.#marked || line.id === this.#answering,
      isOpen: this.#tutti.joined,
      now,
      answer: (id) => this.#beginAnswer(id),
      jump: (id) => this.showLine(id),
    })
  }

  /** Always there, so that nothing moves when somebody begins to type. */
  #renderTyping(): TemplateResult {
    return html`<p part="typing" class="typing" dir="auto">${typingText(this.#typing.names)}</p>`
  }

  #renderUnread(): TemplateResult | typeof nothing {
    const { unread } = this.#place
    if (unread === 0) return nothing
    return html`
      <button type="button" part="unread" class="unread" @click=${this.#goToEnd}>
        ${unread} new <span aria-hidden="true">↓</span>
      </button>
    `
  }

  #renderForm(): TemplateResult {
    const phase = this.#tutti.host?.phase ?? 'idle'
    const label = phase === 'joined' ? 'Write to everyone' : phaseWords[phase]
    const answered = this.#answered
    return html`
      ${answered === undefined ? nothing : renderAnswering(answered, () => this.#beginAnswer())}
      <form @submit=${this.#submit}>
        <slot name="tools"></slot>
        <input part="input" name="text" autocomplete="off" dir="auto" enterkeyhint="send" aria-label=${label}
          aria-describedby=${answered === undefined ? nothing : 'answering'} aria-keyshortcuts="ArrowUp"
          placeholder=${label} maxlength=${chatCharactersMax} ?disabled=${!this.#tutti.joined} @input=${this.#typed} @keydown=${this.#keyInInput} />
        <button part="send" class="send" aria-label="Send" ?disabled=${!this.#tutti.joined}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7" /></svg>
        </button>
      </form>
    `
  }

  get #logElement(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.log')!
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!
  }

  /** What one is about to answer, as long as it is there. */
  get #answered(): ChatLine | undefined {
    return this.#answering === undefined ? undefined : this.#log.line(this.#answering)
  }

  #isMine({ from }: ChatLine): boolean {
    const self = this.#tutti.host?.group?.self
    return self !== undefined && peerOf(self) === peerOf({ id: from })
  }

  /** Of the log: lines that came, or none where all may have changed. */
  #take(added: readonly ChatLine[]): void {
    for (const line of added) {
      const mine = this.#isMine(line)
      if (!mine) this.#place.came(line.id)
      const detail = { line, mine }
      this.dispatchEvent(new CustomEvent('tutti-line', { detail, bubbles: true, composed: true }))
    }
    this.requestUpdate()
  }

  #typed(): void {
    this.#typing.changed(this.#input.value)
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault()
    const input = this.#input
    if (!this.say(input.value, { answers: this.#answered?.id })) return
    input.value = ''
    this.#typing.said()
    this.#place.forget()
    this.#place.goToEnd()
    this.answer()
  }

  /** By the visitor, who goes on in the input. */
  #beginAnswer(id?: string): void {
    this.answer(id)
    this.#input.focus()
  }

  #goToEnd(): void {
    this.#place.goToEnd()
    this.requestUpdate()
    // The button is gone with this, and the focus is not to go with it.
    this.#logElement.focus()
  }

  #scrolled(): void {
    const { unread } = this.#place
    this.#place.look(this.#logElement)
    if (this.#place.unread !== unread) this.requestUpdate()
  }

  #keyInInput(event: KeyboardEvent): void {
    if (event.isComposing) return
    const isAnswering = this.#answered !== undefined
    if (event.key === 'ArrowUp' && (isAnswering || this.#input.value === '')) this.#answerNext(-1)
    else if (event.key === 'ArrowDown' && isAnswering) this.#answerNext(1)
    else if (event.key === 'Escape' && isAnswering) this.answer()
    else return
    event.preventDefault()
  }

  /** Answers the line above or below the one that is answered now; below the last there is none. */
  #answerNext(step: -1 | 1): void {
    const { lines } = this
    const now = lines.findIndex(({ id }) => id === this.#answering)
    const next = lines[now === -1 ? lines.length - 1 : Math.max(0, now + step)]
    this.answer(next?.id)
    if (next !== undefined) lineElement(this.#logElement, next.id)?.scrollIntoView({ block: 'nearest' })
  }

  #keyInLog(event: KeyboardEvent): void {
    const line = (event.target as Element).closest<HTMLElement>('.line')
    if (event.key === 'ArrowUp') nextLine(this.#logElement, line, -1)?.focus()
    else if (event.key === 'ArrowDown') nextLine(this.#logElement, line, 1)?.focus()
    else if (event.key === 'Enter' && event.target === line) this.#beginAnswer(line!.dataset.line)
    else if (event.key === 'Escape' && line !== null) this.#input.focus()
    else return
    event.preventDefault()
  }
}

/** A line came: `mine`, if it is this page's own. */
export type TuttiLineEvent = CustomEvent<{ readonly line: ChatLine; readonly mine: boolean }>

const markedMs = 2_000

function lineKey(line: ChatLine): string {
  return line.id
}

declare global {
  interface HTMLElementEventMap {
    'tutti-line': TuttiLineEvent
  }
  interface HTMLElementTagNameMap {
    'tutti-chat': TuttiChat
  }
}
