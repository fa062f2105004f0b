import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { crossIcon } from './icons.ts'
import type { Notice } from './task-notices.ts'
import type { TaskOp } from './task-values.ts'

export interface NoticesHost {
  changed(): void
  /** Does what a notice offers. */
  act(operation: TaskOp): void
  /** A notice was put away by key: the focus, which was in it, is to go elsewhere. */
  closed(): void
}

/** What a member is told, the latest last: for a while, or until it is put away. */
export class NoticeList {
  readonly #host: NoticesHost
  #notices: readonly Notice[] = []

  constructor(host: NoticesHost) {
    this.#host = host
  }

  add(notice: Notice): void {
    this.#notices = [...this.#notices.slice(1 - noticesMax), notice]
    setTimeout(() => this.#dismiss(notice), shownMs)
    this.#host.changed()
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
      this.#host.act(action!.operation)
    }
    const close = ({ detail }: MouseEvent): void => {
      this.#dismiss(notice)
      // Of a click by key, the count of clicks is 0.
      if (detail === 0) this.#host.closed()
    }
    return html`<p class="notice"><span dir="auto">${text}</span>
      ${action === undefined ? nothing : html`<button class="act" @click=${act}>${action.label}</button>`}
      <button aria-label="Dismiss" title="Dismiss" @click=${close}>${crossIcon}</button></p>`
  }

  #dismiss(notice: Notice): void {
    this.#notices = this.#notices.filter((other) => other !== notice)
    this.#host.changed()
  }
}

const noticesMax = 3
const shownMs = 20_000
