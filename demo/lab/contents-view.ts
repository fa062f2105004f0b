import { html, type TemplateResult } from 'lit'
import { addressOf } from './address.ts'
import type { Scenario } from './scenario.ts'
import { chapters } from './scenarios.ts'
import { wordsList } from './words-view.ts'

/** The lab's first page: what there is to see. */
export function contentsView(): TemplateResult {
  return html`
    <div class="contents">
      <h1>The lab</h1>
      <p class="lead">
        Some programs want to act as one: the same messages, the same order, the same idea of who is there. Networks do not make
        that easy. Here you see what goes wrong, step by step, and beside it the same run with virtual synchrony.
      </p>
      <p>
        Nothing of it is a drawing: what runs in this page is the engine that the library ships, over a simulated network and a
        simulated clock. Everything follows from the seed: the same seed, the same run. Stop it, go back, crash a member, cut a
        link, and see whether it holds. Each scenario is one of the project’s tests, too.
      </p>
      ${chapters.map(
        ({ title, scenarios }) => html`
          <section>
            <h2>${title}</h2>
            <ol>${scenarios.map(entry)}</ol>
          </section>
        `,
      )}
      <section>
        <h2>The words</h2>
        ${wordsList()}
      </section>
      <section>
        <h2>Your own</h2>
        <ol>
          <li><a href=${addressOf('own')}>Write a scenario</a>
            <p>A few lines that say who sends what, and what breaks. A link carries it to others.</p></li>
        </ol>
      </section>
    </div>
  `
}

function entry({ name, title, summary }: Scenario): TemplateResult {
  return html`<li><a href=${addressOf(name)}>${title}</a><p>${summary}</p></li>`
}
