import { TuttiEditor } from '../../ui/editor/index.ts'
import {
  defineElements,
  type TuttiBoard,
  type TuttiChat,
  type TuttiFiles,
  type TuttiGroup,
  type TuttiTasks,
} from '../../ui/index.ts'
import { drawBoat } from './boat.ts'
import { makeExhibit } from './frames.ts'
import { exhibits } from './specimens.ts'
import { openStages } from './stages.ts'

// A page with every element in every state. The groups are real, and all of them are in this page.

defineElements()
if (customElements.get('tutti-editor') === undefined) customElements.define('tutti-editor', TuttiEditor)

const stages = openStages()
const specimens = document.getElementById('specimens')!
specimens.append(...exhibits.map((exhibit) => makeExhibit(exhibit, stages)))
document
  .getElementById('contents')!
  .append(
    ...exhibits.map(({ tag }) =>
      Object.assign(document.createElement('li'), { innerHTML: `<a href="#${tag}">${tag}</a>` }),
    ),
  )

const ada = stages.get('ada')!
const bo = stages.get('bo')!
ada.addEventListener('tutti-joined', () => whenTogether(bo, fill), { once: true })

/** Something to look at: said, drawn up and shared by Bo, as far as a page can do it in a visitor's place. */
function fill(): void {
  const chats = inFramesOf<TuttiChat>('tutti-chat')
  chats[0]!.say('Shall we meet at noon?')
  chats[1]!.say('Noon is fine. <b>Bring the map.</b>')
  chats[0]!.say('سآتي أيضاً')
  drawBoat(inFramesOf<TuttiBoard>('tutti-board')[1]!)
  const tasks = inFramesOf<TuttiTasks>('tutti-tasks')[1]!
  for (const text of ['Pack the map', 'Ask about the boat', 'Bread, cheese, plums']) tasks.addCard(text)
  const [first] = tasks.cards
  const [, second] = tasks.renderRoot.querySelectorAll<HTMLElement>('[part~="column"]')
  if (first !== undefined && second?.dataset.column !== undefined) tasks.moveCard(first.id, second.dataset.column)
  const files = inFramesOf<TuttiFiles>('tutti-files')[1]!
  files.share([new File(['Meet at noon, by the boats.\n'], 'plan.txt', { type: 'text/plain' })])
  inFramesOf<TuttiEditor>('tutti-editor')[1]!.ytext?.insert(0, 'The plan\n\nWe meet at noon, by the boats.\n')
}

/** The two frames of an element that show it together: Ada's and Bo's. */
function inFramesOf<E extends HTMLElement>(tag: string): E[] {
  return [...document.querySelectorAll<E>(`[data-state="Together"] .frame > ${tag}`)]
}

function whenTogether(element: TuttiGroup, run: () => void): void {
  const look = (): void => {
    if (element.group?.view.members.length !== 3) return
    element.group.removeEventListener('view', look)
    run()
  }
  const watch = (): void => {
    element.group?.addEventListener('view', look)
    look()
  }
  if (element.group === null) element.addEventListener('tutti-joined', watch, { once: true })
  else watch()
}
