import type { World } from '../../../peer/simulator/world.ts'
import { kindOf } from '../../../peer/wire/codec.ts'
import { unpackFrame } from '../../../peer/wire/frame.ts'

/** What was sent over all links. Messages are counted once a destination. */
export interface Traffic {
  /** All bytes. */
  bytes: number
  /** Bytes of messages that carry multicasts, their lengths included, and of the headers of the frames that they are in. */
  dataBytes: number
  readonly messages: Map<string, number>
}

/** Counts from now on all that is sent. */
export function countTraffic(world: World): Traffic {
  const traffic: Traffic = { bytes: 0, dataBytes: 0, messages: new Map() }
  world.network.observer = (moment, _from, _to, bytes) => {
    if (moment !== 'sent') return
    traffic.bytes += bytes.length
    const frame = unpackFrame(bytes)
    if (frame === undefined || frame.isGreeting) return
    let controlBytes = 0
    let isData = false
    for (const message of frame.messages) {
      const kind = kindOf(message) ?? 'part'
      traffic.messages.set(kind, (traffic.messages.get(kind) ?? 0) + 1)
      if (isDataKind(kind)) isData = true
      else controlBytes += message.length + lengthBytes(message.length)
    }
    if (isData) traffic.dataBytes += bytes.length - controlBytes
  }
  return traffic
}

/** How many messages of these kinds were sent; all others if `except`. */
export function messagesOf(traffic: Traffic, isCounted: (kind: string) => boolean): number {
  let sum = 0
  for (const [kind, count] of traffic.messages) if (isCounted(kind)) sum += count
  return sum
}

/** Whether messages of the kind carry multicasts; all others are control. */
export function isDataKind(kind: string): boolean {
  return kind === 'entries' || kind === 'part'
}

/** What a message's length takes in front of it. */
function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : 3
}
