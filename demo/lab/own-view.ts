import { html, type TemplateResult } from 'lit'
import type { Place } from './address.ts'
import { EXAMPLE_SCRIPT } from './own-script.ts'

/** The page for scripts of the visitor's. */
export function ownView({ seed, script }: Place): TemplateResult {
  return html`
    <article>
      <p class="crumb"><a href="?">The lab</a></p>
      <h1>Your own scenario</h1>
      <p class="lead">
        Say in a few lines who is there, who sends what and what breaks. The same script runs on both sides: on the left every multicast
        is a plain send to each, on the right it is the group’s.
      </p>
      <lab-editor .script=${script ?? EXAMPLE_SCRIPT} .seed=${seed ?? 1}></lab-editor>
    </article>
  `
}
