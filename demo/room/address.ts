import { plainText } from '../../ui/index.ts'
import { randomRoom } from '../names.ts'

/** Where a page is: its room, and how the tabs in it find each other. */
export interface Whereabouts {
  readonly room: string
  /** A signaling server's address, or `local:`. */
  readonly signaling: string
  /** Nobody named a server: only the tabs of this browser meet. */
  readonly isAlone: boolean
}

const roomCharactersMax = 64

/**
 * Reads `?room=` and `?signaling=`. `served`: the address of the signaling server that came with the page, if one did.
 * Without a room there is a new one.
 */
export function readAddress(address: URL, served: string | undefined): Whereabouts {
  const asked = (name: string): string => address.searchParams.get(name) ?? ''
  const room = plainText(asked('room').replace(halves, ''), roomCharactersMax) || randomRoom()
  const named = asked('signaling').trim()
  const signaling = named || (served === undefined ? 'local:' : new URL(served, address).href)
  return { room, signaling, isAlone: signaling.startsWith('local:') }
}

/** The address of a room, to pass on: without what concerns this page alone. */
export function inviteLink(address: URL, { room }: Whereabouts): string {
  const link = new URL(address)
  link.hash = ''
  link.searchParams.set('room', room)
  return link.href
}

/** Halves of surrogate pairs are no text. */
const halves = /\p{Surrogate}/gu
