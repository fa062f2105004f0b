import type { PeerId } from '../base/ids.ts'
import type { Entry } from './scheduler.ts'

/** What the process at one end of a link is called with. */
export interface LinkListener {
  up(peer: PeerId): void
  down(peer: PeerId): void
  frame(peer: PeerId, bytes: Uint8Array): void
}

/** One end of a link, and what travels towards it. */
export interface End {
  readonly peer: PeerId
  /** The epoch that the process here takes for the current one; 0: it sees the link as down. */
  seenEpoch: number
  /** When the link came up here, in its present epoch, or will. */
  upAtMs: number
  up: Entry | undefined
  /** Frames on their way here, in order. */
  readonly inFlight: Entry[]
  lastArrivalMs: number
  /** Usual delay of frames to here. */
  readonly delayMs: number
  /** Added to a fixed delay. */
  extraMs: number
  /** What is sent here from now on is lost, until the link breaks. */
  muted: boolean
  /** Until when the link is busy with what was sent here before, where its bandwidth is limited. */
  busyUntilMs: number
  /** How many cuts keep frames from arriving here. */
  cuts: number
  /** What waits for a cut to heal. */
  readonly stalled: Uint8Array[]
}

/** A wanted link between two peers, through all its epochs. */
export interface Link {
  readonly ends: readonly [End, End]
  /** Rises each time the link comes up. */
  epoch: number
  up: boolean
  /** How many faults keep it from being set up. */
  barred: number
  connect: Entry | undefined
}

export function createLink(a: PeerId, b: PeerId, delayMs: () => number): Link {
  return {
    ends: [createEnd(a, delayMs()), createEnd(b, delayMs())],
    epoch: 0,
    up: false,
    barred: 0,
    connect: undefined,
  }
}

/** The end at which `peer` is. */
export function endOf(link: Link, peer: PeerId): End {
  return link.ends[0].peer === peer ? link.ends[0] : link.ends[1]
}

export function otherEnd(link: Link, end: End): End {
  return link.ends[0] === end ? link.ends[1] : link.ends[0]
}

function createEnd(peer: PeerId, delayMs: number): End {
  return {
    peer,
    seenEpoch: 0,
    upAtMs: 0,
    up: undefined,
    inFlight: [],
    lastArrivalMs: 0,
    delayMs,
    extraMs: 0,
    muted: false,
    busyUntilMs: 0,
    cuts: 0,
    stalled: [],
  }
}
