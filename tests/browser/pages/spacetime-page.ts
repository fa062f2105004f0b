import { TuttiGroup } from '../../../ui/group/tutti-group.ts'
import { TuttiSpacetime } from '../../../ui/spacetime/tutti-spacetime.ts'

// A page with a space-time diagram: in a group, if its address says in which one, or alone.

const asked = new URLSearchParams(location.search)

document.documentElement.lang = 'en'
document.documentElement.dir = asked.get('dir') ?? 'ltr'
document.head.insertAdjacentHTML(
  'beforeend',
  `<meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>body { margin: 1rem; font-family: system-ui, sans-serif; background: light-dark(#fbfaf7, #121316); }</style>`,
)
const diagram = '<tutti-spacetime></tutti-spacetime>'
const room = asked.get('room')
document.body.innerHTML = `<main><h1>Diagram</h1>${room === null ? diagram : `<tutti-group>${diagram}</tutti-group>`}</main>`

if (room !== null) {
  const group = document.querySelector('tutti-group') as TuttiGroup
  for (const name of ['signaling', 'room', 'name', 'color']) group.setAttribute(name, asked.get(name) ?? '')
}

customElements.define('tutti-group', TuttiGroup)
customElements.define('tutti-spacetime', TuttiSpacetime)
