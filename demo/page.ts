import { createFaults } from '../peer/faults/index.ts'
import {
  TuttiBoard,
  TuttiChat,
  TuttiCursors,
  type TuttiErrorEvent,
  TuttiGroup,
  TuttiRoster,
  TuttiStatus,
} from '../ui/index.ts'
import { inviteLink, readAddress } from './room/address.ts'
import { byId, define } from './room/elements.ts'
import { startHood } from './room/hood-switch.ts'
import { startInvite } from './room/invite.ts'
import { notify } from './room/notices.ts'
import { startProfile } from './room/profile.ts'
import { startSurfaces } from './room/surfaces.ts'

const served = document.querySelector<HTMLMetaElement>('meta[name=tutti-signaling]')?.content
const whereabouts = readAddress(new URL(location.href), served)
const group = document.querySelector<TuttiGroup>('tutti-group')!
const faults = createFaults()

nameRoom()
startProfile(group)
startInvite(whereabouts)
const showHood = startHood(faults, inviteLink(new URL(location.href), whereabouts))
startSurfaces(group, showHood)
group.addEventListener('tutti-error', (event) => tell(event))

if (typeof RTCPeerConnection === 'function') join()
else say('This browser has no WebRTC, by which the tabs of a room reach each other. Open this page in another browser.')

// Only now do the elements come alive, knowing where and who.
define({
  'tutti-group': TuttiGroup,
  'tutti-status': TuttiStatus,
  'tutti-roster': TuttiRoster,
  'tutti-chat': TuttiChat,
  'tutti-cursors': TuttiCursors,
  'tutti-board': TuttiBoard,
})

function join(): void {
  const { room, signaling, isAlone } = whereabouts
  Object.assign(group, { room, signaling, options: { runtime: faults.runtime } })
  if (isAlone) say('There is no server here: the tabs of this browser meet, and nobody else.')
}

/** An address without a room gets one, so that it can be passed on. */
function nameRoom(): void {
  const { room } = whereabouts
  const address = new URL(location.href)
  if (address.searchParams.get('room') !== room) {
    address.searchParams.set('room', room)
    history.replaceState(null, '', address)
  }
  document.title = `${room} · Tutti`
  byId('room').textContent = room
}

/** What stays true for as long as the page is there. */
function say(text: string): void {
  byId('word').textContent = text
  byId('word').hidden = false
}

/** Why joining failed stands in the status line. */
function tell({ detail }: TuttiErrorEvent): void {
  if (group.host.phase !== 'failed') notify((detail.error as Error).message)
}
