import { colorOf, type GroupHost, type TuttiBoard, type TuttiGroup } from '../../ui/index.ts'
import { randomName } from '../names.ts'
import { type Colored, colorNames, colors, freeColor } from './colors.ts'
import { byId } from './elements.ts'
import { remember, remembered } from './memory.ts'

/**
 * Name and colour: chosen in a form, kept for as long as the tab is there, told to the group. A colour that an elder member
 * has is given up for one that nobody has.
 */
export function startProfile(group: TuttiGroup): void {
  const form = byId<HTMLFormElement>('profile')
  const name = form.elements.namedItem('name') as HTMLInputElement
  name.value = remembered('name') ?? randomName()
  form.querySelector('fieldset')!.append(...colors.map(colorChoice))
  choose(form, Number(remembered('color')) || colors[Math.floor(Math.random() * colors.length)]!)
  take()

  form.addEventListener('input', take)
  // Left empty it is what it was.
  form.addEventListener('beforetoggle', () => {
    name.value = group.name
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    form.hidePopover()
  })
  watchColors(group, (color) => {
    choose(form, color)
    take()
  })

  /** Makes what the form says this member's own. An empty name leaves the one before. */
  function take(): void {
    const chosen = { name: name.value.trim() || (remembered('name') ?? randomName()), color: chosenColor(form) }
    remember('name', chosen.name)
    remember('color', String(chosen.color))
    Object.assign(group, chosen)
    // So that one draws in the colour by which the others know one.
    document.querySelector<TuttiBoard>('tutti-board')!.color = chosen.color
    byId('my-name').textContent = chosen.name
    byId('me').style.setProperty('--mine', colorOf(chosen.color))
  }
}

function watchColors(group: TuttiGroup, change: (color: number) => void): void {
  let watched: GroupHost | undefined
  const look = (): void => {
    const { self, others } = coloredMembers(group.host)
    markTaken(others)
    const color = self && freeColor(self, others)
    if (color !== undefined) change(color)
  }
  group.addEventListener('tutti-joined', () => {
    if (watched !== group.host) group.host.addEventListener('change', look)
    watched = group.host
    look()
  })
}

function coloredMembers(host: GroupHost): { self: Colored | undefined; others: readonly Colored[] } {
  const { group } = host
  if (group === null) return { self: undefined, others: [] }
  const colored = ({ id, rank }: (typeof group.view.members)[number]) => ({
    id,
    rank,
    color: host.profileOf(group.view.members[rank]!).color,
  })
  const members = group.view.members.map(colored)
  return {
    self: members.find(({ id }) => id === group.self.id),
    others: members.filter(({ id }) => id !== group.self.id),
  }
}

/** As long as there are others, a colour that somebody has can't be chosen. */
function markTaken(others: readonly Colored[]): void {
  const taken = new Set(others.map(({ color }) => color))
  const areAll = colors.every((color) => taken.has(color))
  for (const choice of byId('profile').querySelectorAll<HTMLInputElement>('[name=color]')) {
    const isTaken = taken.has(Number(choice.value))
    choice.disabled = isTaken && !areAll && !choice.checked
    choice.ariaLabel = `${colorNames[Number(choice.value)]}${isTaken ? ', taken' : ''}`
  }
}

function colorChoice(color: number): HTMLInputElement {
  const choice = Object.assign(document.createElement('input'), { type: 'radio', name: 'color', value: `${color}` })
  choice.className = 'color'
  choice.style.setProperty('--choice', colorOf(color))
  choice.ariaLabel = choice.title = colorNames[color]!
  return choice
}

function choose(form: HTMLFormElement, color: number): void {
  for (const choice of form.querySelectorAll<HTMLInputElement>('[name=color]')) {
    choice.checked = Number(choice.value) === color
  }
}

/** Read from the choices: form data leave out one that is disabled. */
function chosenColor(form: HTMLFormElement): number {
  return Number(form.querySelector<HTMLInputElement>('[name=color]:checked')?.value ?? colors[0])
}
