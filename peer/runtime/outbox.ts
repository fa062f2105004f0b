import { type Deque, newDeque, sizeOf, takeFirst } from '../base/deque.ts'
import type { PeerId } from '../base/ids.ts'
import { kindOf } from '../wire/codec.ts'
import { FRAME_OVERHEAD_BYTES, type FrameHeader, packFrame } from '../wire/frame.ts'
import type { MessageKind } from '../wire/messages.ts'
import { split } from '../wire/parts.ts'
import type { Clock } from './clock.ts'

interface FrameSink {
  send(peer: PeerId, frame: Uint8Array): void
  /** Whether the link has as much to send as it takes at a time. Once it has not, `drained` is to be called. */
  isBusy?(peer: PeerId): boolean
  readonly frameBytesMax: number
}

interface Letter {
  readonly header: FrameHeader
  readonly message: Uint8Array
}

/** What waits for one link, in the order in which it is preferred. */
interface Waiting {
  /** Small, and of use only when it is fresh: heartbeats, acknowledgements, votes. */
  readonly control: Deque<Letter>
  readonly data: Deque<Letter>
  /** State on its way to a joiner. */
  readonly bulk: Deque<Letter>
  /** The last frame had no room for bulk, or another header. */
  isBulkDue: boolean
  /** Of the last frame on this link: it is not told again. */
  last: FrameHeader | undefined
}

/** A frame takes no more messages once it has this many bytes: what waits behind it should not wait for long. */
const FRAME_BYTES = 64 * 1024
/** Of each full frame this much is left to bulk, so that data without end does not keep it waiting for ever. */
const BULK_BYTES = 16 * 1024
/** What a message's length takes in a frame at most. */
const LENGTH_BYTES = 4

const DATA: ReadonlySet<MessageKind | undefined> = new Set<MessageKind | undefined>([
  'entries',
  'order',
  'relay',
  // Last words follow what was sent before them.
  'grant',
  'bye',
  // A part of a message that is larger than a frame has no kind.
  undefined,
])

/**
 * Gathers what goes to a link in one turn of the loop, so that it shares a frame, and for longer while the link is busy (FL3).
 * Control overtakes data, and both overtake bulk; each of them keeps its order. A frame that goes to several links is made once.
 */
export class Outbox {
  readonly #sink: FrameSink
  readonly #clock: Clock
  readonly #waiting = new Map<PeerId, Waiting>()
  #flushDue = false
  #made: Frame | undefined

  constructor(sink: FrameSink, clock: Clock) {
    this.#sink = sink
    this.#clock = clock
  }

  add(peer: PeerId, header: FrameHeader, message: Uint8Array): void {
    const room = this.#sink.frameBytesMax - FRAME_OVERHEAD_BYTES
    const waiting = this.#of(peer)
    if (message.length > room) {
      for (const part of split(message, room)) waiting.data.items.push({ header, message: part })
    } else {
      const kind = kindOf(message)
      const queue = kind === 'chunk' ? waiting.bulk : DATA.has(kind) ? waiting.data : waiting.control
      queue.items.push({ header, message })
    }
    if (this.#flushDue) return
    this.#flushDue = true
    this.#clock.defer(() => this.flush())
  }

  /** Sends what the links take. */
  flush(): void {
    this.#flushDue = false
    for (const peer of this.#waiting.keys()) this.drained(peer)
    this.#made = undefined
  }

  /** Sends everything, whether the links are busy or not. */
  empty(): void {
    for (const peer of this.#waiting.keys()) this.#sendTo(peer, true)
    this.#made = undefined
  }

  /** The link takes more. */
  drained(peer: PeerId): void {
    this.#sendTo(peer, false)
  }

  #sendTo(peer: PeerId, evenIfBusy: boolean): void {
    const waiting = this.#waiting.get(peer)
    if (waiting === undefined) return
    while (evenIfBusy || this.#sink.isBusy?.(peer) !== true) {
      const letters = nextFrame(waiting, Math.min(FRAME_BYTES, this.#sink.frameBytesMax))
      if (letters.length === 0) return
      this.#send(peer, waiting, letters)
    }
  }

  /** Forgets what waits for a link that broke, or is new. */
  drop(peer: PeerId): void {
    this.#waiting.delete(peer)
  }

  #of(peer: PeerId): Waiting {
    let waiting = this.#waiting.get(peer)
    if (waiting === undefined) {
      waiting = { control: newDeque(), data: newDeque(), bulk: newDeque(), isBulkDue: false, last: undefined }
      this.#waiting.set(peer, waiting)
    }
    return waiting
  }

  #send(peer: PeerId, waiting: Waiting, letters: readonly Letter[]): void {
    const { header } = letters[0]!
    const isSame = waiting.last !== undefined && isSameHeader(waiting.last, header)
    waiting.last = header
    let frame = this.#made
    if (frame?.isSame !== isSame || !isSameList(frame.letters, letters)) {
      const messages = letters.map(({ message }) => message)
      frame = { isSame, letters, bytes: packFrame(isSame ? { messages } : { header, messages }) }
      this.#made = frame
    }
    this.#sink.send(peer, frame.bytes)
  }
}

interface Frame {
  readonly isSame: boolean
  readonly letters: readonly Letter[]
  readonly bytes: Uint8Array
}

/** What leaves next: messages under one header. */
function nextFrame(waiting: Waiting, bytesMax: number): Letter[] {
  const { control, data, bulk, isBulkDue } = waiting
  const letters: Letter[] = []
  const bulkBefore = sizeOf(bulk)
  if (bulkBefore > 0 && isBulkDue) gather(letters, bulk, FRAME_OVERHEAD_BYTES, Math.min(BULK_BYTES, bytesMax))
  else {
    let bytes = gather(letters, control, FRAME_OVERHEAD_BYTES, bytesMax)
    bytes = gather(letters, data, bytes, bulkBefore > 0 ? bytesMax - BULK_BYTES : bytesMax)
    gather(letters, bulk, bytes, bytesMax)
  }
  waiting.isBulkDue = bulkBefore > 0 && sizeOf(bulk) === bulkBefore
  return letters
}

function gather(letters: Letter[], from: Deque<Letter>, before: number, limit: number): number {
  let bytes = before
  for (let next = from.items[from.head]; next !== undefined; next = from.items[from.head]) {
    const first = letters[0]
    const after = bytes + next.message.length + LENGTH_BYTES
    if (first !== undefined && (after > limit || !isSameHeader(first.header, next.header))) return bytes
    letters.push(next)
    bytes = after
    takeFirst(from)
  }
  return bytes
}

function isSameHeader(a: FrameHeader, b: FrameHeader): boolean {
  return a.group === b.group && a.attempt === b.attempt && a.lineageTag === b.lineageTag && a.number === b.number
}

function isSameList(a: readonly Letter[], b: readonly Letter[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ header, message }, i) => message === b[i]!.message && isSameHeader(header, b[i]!.header))
  )
}
