import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { crossIcon } from './icons.ts'
import type { Notice } from './task-notices.ts'
import type { TaskOp } from './task-values.ts'

/** What a member is told, the latest last: for a while, or until it is put away. */
export class NoticeList {
  readonly #changed: () => void
  readonly #act: (operation: TaskOp) => void
  #notices: readonly Notice[] = []

  /** @param act - does what a notice offers */
  constructor(changed: () => void, act: (operation: TaskOp) => void) {
    this.#changed = changed
    this.#act = act
  }

  add(notice: Notice): void {
    this.#notices = [...this.#notices.slice(1 - noticesMax), notice]
    setTimeout(() => this.#dismiss(notice), shownMs)
    this.#changed()
  }

  render(): TemplateResult {
    return html`<div part="notices" class="notices" role="status">
      ${repeat(
        this.#notices,
        (notice) => notice,
        (notice) => this.#renderNotice(notice),
      )}
    </div>`
  }

  #renderNotice(notice: Notice): TemplateResult {
    const { text, action } = notice
    const act = (): void => {
      this.#dismiss(notice)
      this.#act(action!.operation)
    }
    return html`<p class="notice"><span dir="auto">${text}</span>
      ${action === undefined ? nothing : html`<button class="act" @click=${act}>${action.label}</button>`}
      <button aria-label="Dismiss" title="Dismiss" @click=${() => this.#dismiss(notice)}>${crossIcon}</button></p>`
  }

  #dismiss(notice: Notice): void {
    this.#notices = this.#notices.filter((other) => other !== notice)
    this.#changed()
  }
}

const noticesMax = 3
const shownMs = 20_000
