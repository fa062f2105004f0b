import type { Member } from '../../peer/index.ts'
import type { PartMessage } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'

/**
 * A place in the content. In per-mille of its width and height, so that it fits whatever the sizes are; with `on`, in the
 * units of that `Ground`, which moves below the pointers.
 */
export interface Place {
  readonly x: number
  readonly y: number
  readonly on?: string
}

/** Where another member points to. */
export interface Cursor extends Place {
  readonly member: Member
}

/** What is multicast: a place, or nothing for a pointer that has gone. */
export interface CursorValue {
  readonly tutti: 'cursors'
  /** Tells the contents of one page apart. */
  readonly space: string
  readonly at: Place | null
}

/**
 * Where the others' pointers are, and how they are drawn on their way there: places come some 30 times a second, frames
 * more often. A pointer is forgotten when it is said to be gone, when its member is, and when nothing comes from it.
 */
export class CursorTracks {
  /** By peer, so that one who comes back under a new member id has not two. */
  readonly #tracks = new Map<string, Track>()

  get cursors(): readonly Cursor[] {
    return [...this.#tracks.values()].map(({ member, target }) => ({ member, ...target }))
  }

  /** Where to draw the pointer of a peer now. */
  shown(peer: string): Place | undefined {
    return this.#tracks.get(peer)?.shown
  }

  /** @returns whether a pointer came or went, which is more than a move */
  apply({ value, from }: Pick<PartMessage, 'value' | 'from'>, now: number): boolean {
    const { at } = value as Partial<CursorValue>
    const peer = peerOf(from)
    if (at === null) return this.#tracks.delete(peer)
    const target = readPlace(at)
    if (target === undefined) return false
    const track = this.#tracks.get(peer)
    // One that appears, on another ground, too, is where it is: it does not fly in.
    const isSameGround = track !== undefined && track.target.on === target.on
    const shown = isSameGround ? track.shown : target
    // One that rested sets out now: the time at rest is none of its way.
    const drawnAt = track === undefined || track.shown === track.target ? now : track.drawnAt
    this.#tracks.set(peer, { member: from, target, shown, heardAt: now, drawnAt })
    return track === undefined
  }

  /** Forgets those who are not in the view. @returns whether there were any */
  keepOnly(members: readonly Member[]): boolean {
    const present = new Set(members.map(peerOf))
    return this.#forget((_, peer) => !present.has(peer))
  }

  /** Forgets those from whom nothing came since then. @returns whether there were any */
  expire(since: number): boolean {
    return this.#forget(({ heardAt }) => heardAt <= since)
  }

  /** When the next one is to be looked at by `expire`; undefined: there is none. */
  get oldest(): number | undefined {
    const times = [...this.#tracks.values()].map(({ heardAt }) => heardAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Moves what is drawn towards where it is to be; at once, where not `smoothly`. @returns whether it is not there yet */
  step(now: number, smoothly: boolean): boolean {
    let isMoving = false
    for (const track of this.#tracks.values()) {
      const share = smoothly ? 1 - Math.exp(-Math.max(0, now - track.drawnAt) / settleMs) : 1
      track.drawnAt = now
      track.shown = between(track.shown, track.target, share)
      if (track.shown !== track.target) isMoving = true
    }
    return isMoving
  }

  #forget(isGone: (track: Track, peer: string) => boolean): boolean {
    const gone = [...this.#tracks].filter(([peer, track]) => isGone(track, peer))
    for (const [peer] of gone) this.#tracks.delete(peer)
    return gone.length > 0
  }
}

/** A place from its distance to a box's corner and the size of the box; what is outside is moved to the edge. */
export function placeIn(left: number, top: number, width: number, height: number): Place | undefined {
  if (width <= 0 || height <= 0) return undefined
  return readPlace({ x: tenths((1000 * left) / width), y: tenths((1000 * top) / height) })
}

/** Less would not be seen, be it of a per-mille on a page of many screens. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

interface Track {
  member: Member
  target: Place
  shown: Place
  heardAt: number
  drawnAt: number
}

/** After this time a pointer has gone two thirds of its way. */
const settleMs = 40
/** Nearer than anybody can see, per-mille or units. */
const near = 0.1
const nameUnitsMax = 64

function between(from: Place, to: Place, share: number): Place {
  if (Math.hypot(to.x - from.x, to.y - from.y) < near || share >= 0.999) return to
  return { ...to, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

function readPlace(at: unknown): Place | undefined {
  const { x, y, on } = (at ?? {}) as Partial<Record<keyof Place, unknown>>
  if (typeof x !== 'number' || typeof y !== 'number' || Number.isNaN(x + y)) return undefined
  if (on === undefined) return { x: clamp(x), y: clamp(y) }
  const isOn = typeof on === 'string' && on.length <= nameUnitsMax && Number.isFinite(x + y)
  return isOn ? { x, y, on } : undefined
}

function clamp(perMille: number): number {
  return Math.min(1000, Math.max(0, perMille))
}
