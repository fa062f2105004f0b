import { html, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { headHeight } from './layout.ts'
import type { Lane } from './scene.ts'
import { isChecked } from './tools.ts'

/** The lines' names, each beside its line, with a box that shows or hides the line. */
export function renderNames(lanes: readonly Lane[], showLine: (peer: string, shown: boolean) => void): TemplateResult {
  return html`<ul part="names" class="names" aria-label="Lines" style="padding-top: ${headHeight}px">
    ${repeat(
      lanes,
      ({ peer }) => peer,
      ({ peer, name, height, isShown }) => html`<li style="height: ${height}px">
        <label title=${name}>
          <input type="checkbox" .checked=${isShown} @change=${(event: Event) => showLine(peer, isChecked(event))} />
          <bdi>${name}</bdi>
        </label>
      </li>`,
    )}
  </ul>`
}
