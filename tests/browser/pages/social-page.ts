import { TuttiBoard } from '../../../ui/board/tutti-board.ts'
import { TuttiChat } from '../../../ui/chat/tutti-chat.ts'
import { TuttiCursors } from '../../../ui/cursors/tutti-cursors.ts'
import { TuttiGroup } from '../../../ui/group/tutti-group.ts'
import { TuttiRoster } from '../../../ui/roster/tutti-roster.ts'
import { TuttiStatus } from '../../../ui/status/tutti-status.ts'
import { askGroup } from './ask-group.ts'

// A page with the elements by which people see each other, and no more. Its address says where to, and under what name.

document.documentElement.lang = 'en'
document.head.insertAdjacentHTML(
  'beforeend',
  `<meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>
    html { color-scheme: light dark; background: light-dark(#fff, #121316); color: light-dark(#23252b, #e9e7e1); }
    body { margin: 1rem; font-family: system-ui, sans-serif; }
    tutti-chat { height: 22rem; border: 1px solid light-dark(#e3e0d8, #33353c); }
    tutti-cursors { margin-block: 1rem; }
    #content { height: 12rem; border-radius: 10px; background: light-dark(#f3f1ec, #17181c); }
    #content button { margin: 2rem; }
  </style>`,
)
document.body.innerHTML = `
  <main>
    <h1>Room</h1>
    <tutti-group>
      <tutti-status></tutti-status>
      <tutti-roster id="row" compact></tutti-roster>
      <tutti-roster id="list"></tutti-roster>
      <tutti-cursors><div id="content"><button>Press</button></div></tutti-cursors>
      <tutti-chat></tutti-chat>
    </tutti-group>
  </main>`

askGroup()

const isLast = 'groupComesLast' in window
if (!isLast) customElements.define('tutti-group', TuttiGroup)
customElements.define('tutti-status', TuttiStatus)
customElements.define('tutti-roster', TuttiRoster)
customElements.define('tutti-cursors', TuttiCursors)
customElements.define('tutti-board', TuttiBoard)
customElements.define('tutti-chat', TuttiChat)
if (isLast) requestAnimationFrame(() => customElements.define('tutti-group', TuttiGroup))
