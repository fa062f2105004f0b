import { TuttiBoard } from '../../../ui/board/tutti-board.ts'
import { TuttiGroup } from '../../../ui/group/tutti-group.ts'

// A page with a board and no more. Its address says under what name and in what room, in what direction, and whether for reading only.

const asked = new URLSearchParams(location.search)

document.documentElement.lang = 'en'
document.documentElement.dir = asked.get('dir') ?? 'ltr'
document.head.insertAdjacentHTML(
  'beforeend',
  `<meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>
    body { display: flex; box-sizing: border-box; height: 100dvh; margin: 0; padding: 1rem; background: light-dark(#f3f1ec, #17181c); }
    main { flex: 1; min-width: 0; }
    h1 { position: absolute; clip-path: inset(50%); }
    tutti-board { aspect-ratio: auto; height: 100%; }
  </style>`,
)
document.body.innerHTML = `
  <main>
    <h1>Board</h1>
    <tutti-group><tutti-board ${asked.has('readonly') ? 'readonly' : ''}></tutti-board></tutti-group>
  </main>`

const group = document.querySelector('tutti-group') as TuttiGroup
for (const name of ['signaling', 'room', 'name']) group.setAttribute(name, asked.get(name) ?? '')
customElements.define('tutti-group', TuttiGroup)
customElements.define('tutti-board', TuttiBoard)
