import { inviteLink, type Whereabouts } from './address.ts'
import { byId } from './elements.ts'

/** The sheet with the link to pass on, and its picture for a phone, which is drawn when the sheet is first opened. */
export function startInvite(whereabouts: Whereabouts): void {
  const link = byId<HTMLInputElement>('link')
  link.value = inviteLink(new URL(location.href), whereabouts)
  if (whereabouts.isAlone) {
    byId('invite-words').textContent =
      'No server introduces the people of this page to each other: the link works in other tabs of this browser.'
  } else {
    byId('invitation').addEventListener('beforetoggle', () => void drawCode(link.value), { once: true })
  }
  byId('invitation').addEventListener('toggle', (event) => {
    if ((event as ToggleEvent).newState === 'open') link.select()
  })
  byId('invite-form').addEventListener('submit', (event) => void copyLink(event, link))
}

async function drawCode(link: string): Promise<void> {
  const { qrCode } = await import('./qr-code.ts')
  byId('qr').replaceChildren(qrCode(link))
}

async function copyLink(event: Event, link: HTMLInputElement): Promise<void> {
  event.preventDefault()
  const button = byId('copy')
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
