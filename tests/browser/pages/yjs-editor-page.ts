import '../../../ui/editor/define.ts'
import type { TuttiEditor } from '../../../ui/editor/index.ts'
import { TuttiGroup } from '../../../ui/group/tutti-group.ts'

// A page with a group and editors in it, as its address says.

customElements.define('tutti-group', TuttiGroup)

const asked = new URLSearchParams(location.search)
document.documentElement.lang = 'en'
document.documentElement.style.colorScheme = 'light dark'
document.body.style.cssText = 'margin: 1rem; background: light-dark(#ece9e2, #101114)'

const group = document.createElement('tutti-group')
group.signaling = asked.get('signaling') ?? location.origin
group.room = asked.get('room') ?? 'room'
group.name = asked.get('name') ?? ''
const color = asked.get('color')
if (color !== null) group.color = Number(color)
for (const doc of asked.getAll('doc')) group.append(editor(doc))

const main = document.createElement('main')
main.append(group)
document.body.append(main)

window.editors = { group, editor, add: (doc) => group.append(editor(doc)) }

function editor(doc: string): TuttiEditor {
  const made = document.createElement('tutti-editor')
  made.doc = doc
  made.label = `Text ${doc}`.trim()
  made.style.blockSize = '20rem'
  return made
}

declare global {
  interface Window {
    editors: { readonly group: TuttiGroup; editor(doc: string): TuttiEditor; add(doc: string): void }
  }
}
