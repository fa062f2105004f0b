import { html, type TemplateResult } from 'lit'
import { addressOf, type Place } from './address.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { wordsList } from './words-view.ts'

/** The page of one scenario. */
export function scenarioView(scenario: Scenario, { seed }: Place): TemplateResult {
  const place = scenarios.indexOf(scenario)
  return html`
    <article>
      <p class="crumb"><a href="?">The lab</a></p>
      <h1>${scenario.title}</h1>
      <div class="story">
        <section>
          <h2>What goes wrong</h2>
          <p>${prose(scenario.wrong)}</p>
        </section>
        <section>
          <h2>What the system does</h2>
          <p>${prose(scenario.does)}</p>
        </section>
      </div>
      <lab-player .scenario=${scenario} .seed=${seed ?? scenario.seed ?? 1}></lab-player>
      <details class="words">
        <summary>The words</summary>
        ${wordsList()}
      </details>
      <nav class="pages" aria-label="Scenarios">
        ${neighbour(scenarios[place - 1], 'prev')}${neighbour(scenarios[place + 1], 'next')}
      </nav>
    </article>
  `
}

/** A member's name, written `_a_`, is told apart from the words around it. */
function prose(text: string): (string | TemplateResult)[] {
  return text.split(/_(\w+)_/).map((part, index) => (index % 2 === 0 ? part : html`<b>${part}</b>`))
}

export function missingView(name: string): TemplateResult {
  return html`
    <div class="contents">
      <h1>No such scenario</h1>
      <p>There is none called “${name.slice(0, 40)}”. <a href="?">See which there are.</a></p>
    </div>
  `
}

function neighbour(scenario: Scenario | undefined, rel: 'prev' | 'next'): TemplateResult {
  if (scenario === undefined) return html`<span></span>`
  const label = rel === 'prev' ? 'Before' : 'Next'
  return html`<a rel=${rel} href=${addressOf(scenario.name)}><small>${label}</small> ${scenario.title}</a>`
}
