import { TuttiChat } from '../../../ui/chat/tutti-chat.ts'
import { TuttiFiles } from '../../../ui/files/tutti-files.ts'
import { TuttiGroup } from '../../../ui/group/tutti-group.ts'
import { TuttiTasks } from '../../../ui/tasks/tutti-tasks.ts'
import { askGroup } from './ask-group.ts'

// A page with what a group does together beside talking: tasks and files. Its address says where to, and under what name.

document.documentElement.lang = 'en'
document.head.insertAdjacentHTML(
  'beforeend',
  `<meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>
    body { margin: 1rem; font-family: system-ui, sans-serif; background: light-dark(#fbfaf7, #121316); }
    tutti-chat { height: 14rem; border: 1px solid light-dark(#e3e0d8, #33353c); }
    tutti-tasks, tutti-files { margin-block: 1rem; }
  </style>`,
)
document.body.innerHTML = `
  <main>
    <tutti-group>
      <tutti-tasks></tutti-tasks>
      <tutti-files></tutti-files>
      <tutti-chat></tutti-chat>
    </tutti-group>
  </main>`

askGroup()

customElements.define('tutti-group', TuttiGroup)
customElements.define('tutti-tasks', TuttiTasks)
customElements.define('tutti-files', TuttiFiles)
customElements.define('tutti-chat', TuttiChat)
