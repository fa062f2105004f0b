import { html, type TemplateResult } from 'lit'
import type { Diagram } from './diagram.ts'
import type { Run } from './run.ts'
import type { Scenario, SideOfScenario } from './scenario.ts'
import type { Name } from './side.ts'

/** One side of a scenario: what comes of it, its diagram, and what each member shows. */
export function sideView(
  scenario: Scenario,
  side: SideOfScenario,
  run: Run,
  isOver: boolean,
  diagram: Diagram,
): TemplateResult {
  return html`
    <section class="side" aria-label=${side.title}>
      <h2>${side.title}</h2>
      ${verdictView(scenario, run, isOver)}
      ${diagram.render()}
      <div class="scroll" tabindex="0" role="group" aria-label="Members, ${side.title}">
        <table>
          <thead>
            <tr><th scope="col">Member</th><th scope="col">${scenario.stateTitle ?? 'has delivered'}</th><th scope="col">sees as members</th></tr>
          </thead>
          <tbody>${run.names.map((name) => memberRow(run, name))}</tbody>
        </table>
      </div>
    </section>
  `
}

function verdictView(scenario: Scenario, run: Run, isOver: boolean): TemplateResult {
  const { broken } = run.side
  if (broken !== undefined) {
    return html`<p class="verdict bad" role="status">The simulation stands still, as it has found a mistake of ours: ${broken}</p>`
  }
  if (!isOver) return html`<p class="verdict" role="status"></p>`
  const wrong = scenario.judge(run)
  return wrong === undefined
    ? html`<p class="verdict good" role="status"><span aria-hidden="true">✓</span> ${scenario.fine}</p>`
    : html`<p class="verdict bad" role="status"><span aria-hidden="true">✗</span> ${capital(wrong)}.</p>`
}

function memberRow(run: Run, name: Name): TemplateResult {
  const isAlive = run.side.isAlive(name)
  return html`
    <tr class=${isAlive ? '' : 'gone'}>
      <th scope="row">${name}</th>
      <td>${run.state(name)}</td>
      <td>${isAlive ? run.members(name).join(' ') : 'gone'}</td>
    </tr>
  `
}

/** Names of members are small letters, and stay so. */
function capital(sentence: string): string {
  return /^[a-z]{2,}/.test(sentence) ? sentence[0]!.toUpperCase() + sentence.slice(1) : sentence
}
