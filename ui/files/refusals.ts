import { html, nothing, type TemplateResult } from 'lit'
import { crossIcon } from './file-rows.ts'

/** Which files are not shared, and why, in words: the last few, until they are put away. */
export class Refusals {
  readonly #closed: () => void
  #texts: readonly string[] = []

  /** @param closed - called when they are put away */
  constructor(closed: () => void) {
    this.#closed = closed
  }

  add(text: string): void {
    this.#texts = [...this.#texts.slice(1 - refusalsMax), text]
  }

  render(): TemplateResult {
    return html`<div role="alert">${this.#texts.length === 0 ? nothing : this.#renderList()}</div>`
  }

  #renderList(): TemplateResult {
    const dismiss = (): void => {
      this.#texts = []
      this.#closed()
    }
    return html`<div part="refusals" class="refusals">
      <ul role="list">${this.#texts.map((text) => html`<li dir="auto">${text}</li>`)}</ul>
      <button aria-label="Dismiss" title="Dismiss" @click=${dismiss}>${crossIcon}</button>
    </div>`
  }
}

const refusalsMax = 5
