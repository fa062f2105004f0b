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
    byId('invitation').addEventListener('beforetoggle', () => void drawCode(link.value))
  }
  byId('invitation').addEventListener('toggle', (event) => {
    if ((event as ToggleEvent).newState === 'open') link.select()
  })
  byId('invite-form').addEventListener('submit', (event) => void copyLink(event, link))
}

/** Once. A link without its picture is an invitation still: if that does not load, it is tried again next time. */
async function drawCode(link: string): Promise<void> {
  const place = byId('qr')
  if (place.hasChildNodes()) return
  const loaded = await import('./qr-code.ts').catch(() => undefined)
  if (loaded !== undefined) place.replaceChildren(loaded.qrCode(link))
}

async function copyLink(event: Event, link: HTMLInputElement): Promise<void> {
  event.preventDefault()
  const button = byId('copy')
  button.textContent = (await copy(link)) ? 'Copied' : 'Press Ctrl+C'
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 1_600)
}

/** The clipboard is there only on https and localhost; for a phone that came by another address there is the old way. */
async function copy(link: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(link.value)
    return true
  } catch {
    link.focus()
    link.select()
    return document.execCommand('copy')
  }
}
