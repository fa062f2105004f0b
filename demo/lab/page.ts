import { render, type TemplateResult } from 'lit'
import { readPlace } from './address.ts'
import { contentsView } from './contents-view.ts'
import { defineLab } from './lab-player.ts'
import { ownView } from './own-view.ts'
import { missingView, scenarioView } from './scenario-view.ts'
import { scenarios } from './scenarios.ts'

const main = document.getElementById('lab')!

defineLab()
show()
// Another script in the same page; everything else is a page of its own.
addEventListener('hashchange', show)
// The script of an own scenario stands where a link within the page would put its mark.
document.querySelector('.skip')!.addEventListener('click', (event) => {
  event.preventDefault()
  main.focus()
})

function show(): void {
  render(viewOfPage(), main)
}

function viewOfPage(): TemplateResult {
  const place = readPlace(new URL(location.href))
  if (place.scenario === undefined) return contentsView()
  if (place.scenario === 'own') {
    document.title = 'Your own scenario · Tutti lab'
    return ownView(place)
  }
  const scenario = scenarios.find(({ name }) => name === place.scenario)
  document.title = `${scenario?.title ?? 'Not found'} · Tutti lab`
  return scenario === undefined ? missingView(place.scenario) : scenarioView(scenario, place)
}
