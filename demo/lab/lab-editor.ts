import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { addressOf, readPlace } from './address.ts'
import { ownScenario, SCRIPT_FORMS } from './own-script.ts'
import type { Scenario } from './scenario.ts'
import { isScript, parseScript, type ScriptError } from './script-language.ts'
import { SCRIPT_LIMITS } from './script-words.ts'

const COPIED_MS = 1_600

/** A script that the visitor writes, and its run. */
export class LabEditor extends LitElement {
  static override properties = {
    script: { type: String },
    seed: { type: Number },
  }

  declare script: string
  declare seed: number

  #errors: readonly ScriptError[] = []
  #scenario: Scenario | undefined
  #copyLabel = 'Copy the link'

  protected override createRenderRoot(): this {
    return this
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('script')) this.#take(this.script)
  }

  protected override render(): TemplateResult {
    return html`
      <form class="editor" @submit=${this.#run}>
        <label for="script">The script</label>
        <textarea id="script" name="script" dir="ltr" rows="16" spellcheck="false" autocapitalize="off" maxlength=${SCRIPT_LIMITS.characters}
          aria-describedby="errors" aria-invalid=${this.#errors.length > 0 ? 'true' : 'false'} .value=${this.script}
          @keydown=${this.#key}></textarea>
        <div id="errors" class="errors" role="alert">
          ${this.#errors.length === 0 ? nothing : html`<ul>${this.#errors.map(errorView)}</ul>`}
        </div>
        <p class="row">
          <button type="submit" class="main">Run</button>
          <button type="button" @click=${this.#copy}>${this.#copyLabel}</button>
          <span class="hint">Ctrl+Enter runs it, too.</span>
        </p>
        <details>
          <summary>What can stand in a line</summary>
          <dl class="forms">${SCRIPT_FORMS.map(([form, what]) => html`<div><dt><code dir="ltr">${form}</code></dt><dd>${what}</dd></div>`)}</dl>
        </details>
      </form>
      ${this.#scenario === undefined ? nothing : html`<lab-player .scenario=${this.#scenario} .seed=${this.seed}></lab-player>`}
    `
  }

  #take(text: string): void {
    const parsed = parseScript(text)
    if (isScript(parsed)) {
      this.#errors = []
      this.#scenario = ownScenario(text)
    } else this.#errors = parsed.errors
  }

  readonly #run = (event: Event): void => {
    event.preventDefault()
    const text = this.#text
    history.replaceState(null, '', addressOf('own', { seed: this.#seed, script: text }))
    if (text === this.script) {
      this.#take(text)
      this.requestUpdate()
    } else this.script = text
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#run(event)
  }

  readonly #copy = async (): Promise<void> => {
    const address = new URL(addressOf('own', { seed: this.#seed, script: this.#text }), location.href)
    try {
      await navigator.clipboard.writeText(address.href)
      this.#copyLabel = 'Copied'
    } catch {
      // The clipboard is there only on https and localhost: the address line has it, at least.
      history.replaceState(null, '', address)
      this.#copyLabel = 'It is in the address line'
    }
    this.requestUpdate()
    setTimeout(() => {
      this.#copyLabel = 'Copy the link'
      this.requestUpdate()
    }, COPIED_MS)
  }

  /** The player may have taken another one since. */
  get #seed(): number {
    return readPlace(new URL(location.href)).seed ?? this.seed
  }

  get #text(): string {
    return this.querySelector('textarea')!.value
  }
}

function errorView({ line, message }: ScriptError): TemplateResult {
  return html`<li>Line ${line}: ${message}.</li>`
}
