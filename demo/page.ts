import { colorCount, colorOf, defineElements, type TuttiBoard, type TuttiGroup } from '../ui/index.ts'
import { randomName, randomRoom } from './names.ts'

const room = roomOfPage()
const group = document.querySelector<TuttiGroup>('tutti-group')!
const board = document.querySelector<TuttiBoard>('tutti-board')!

const profileForm = element<HTMLFormElement>('profile')

showRoom()
fillProfileForm(rememberedProfile())
takeProfile()
group.room = room
// Only now do the elements come alive, knowing where and who.
defineElements()

element('invite').addEventListener('submit', (event) => void copyInvite(event))
profileForm.addEventListener('input', takeProfile)
profileForm.addEventListener('submit', (event) => {
  event.preventDefault()
  profileForm.hidePopover()
})

interface Profile {
  readonly name: string
  readonly color: number
}

/** The room that the address names; an address without one gets one, so that it can be passed on. */
function roomOfPage(): string {
  const address = new URL(location.href)
  const asked = address.searchParams.get('room')?.trim().slice(0, 64)
  if (asked) return asked
  const made = randomRoom()
  address.searchParams.set('room', made)
  history.replaceState(null, '', address)
  return made
}

function showRoom(): void {
  document.title = `${room} · Tutti`
  element('room').textContent = room
  element<HTMLInputElement>('link').value = location.href
}

/** Who one is stays for as long as the tab does. */
function rememberedProfile(): Profile {
  const color = Number(sessionStorage.getItem('color')) || 1 + Math.floor(Math.random() * (colorCount - 1))
  return { name: sessionStorage.getItem('name') ?? randomName(), color }
}

function fillProfileForm({ name, color }: Profile): void {
  const choices = Array.from({ length: colorCount - 1 }, (_, index) => {
    const choice = Object.assign(document.createElement('input'), {
      type: 'radio',
      name: 'color',
      value: `${index + 1}`,
    })
    choice.style.setProperty('--choice', colorOf(index + 1))
    choice.ariaLabel = `Colour ${index + 1}`
    choice.checked = index + 1 === color
    return choice
  })
  profileForm.querySelector('fieldset')!.append(...choices)
  nameInput().value = name
}

/** Makes the form's name and colour this member's own. An empty name leaves the one before. */
function takeProfile(): void {
  const name = nameInput().value.trim() || sessionStorage.getItem('name') || randomName()
  const color = Number(new FormData(profileForm).get('color'))
  sessionStorage.setItem('name', name)
  sessionStorage.setItem('color', String(color))
  Object.assign(group, { name, color })
  board.color = color
  element('my-name').textContent = name
  element('me').style.setProperty('--mine', colorOf(color))
}

function nameInput(): HTMLInputElement {
  return profileForm.elements.namedItem('name') as HTMLInputElement
}

async function copyInvite(event: Event): Promise<void> {
  event.preventDefault()
  const link = element<HTMLInputElement>('link')
  const button = element('copy')
  const label = button.textContent
  button.textContent = (await copy(link)) ? 'Copied' : 'Press Ctrl+C'
  setTimeout(() => {
    button.textContent = label
  }, 1_600)
}

/** The clipboard is there only on https and localhost; elsewhere the link is at least selected. */
async function copy(link: HTMLInputElement): Promise<boolean> {
  link.select()
  try {
    await navigator.clipboard.writeText(link.value)
    return true
  } catch {
    return false
  }
}

function element<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E
}
