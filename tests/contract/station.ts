import type { PeerId } from '../../peer/base/ids.ts'
import type { LinkInfo, Transport, TransportListener } from '../../peer/transport/transport.ts'

/** What a listener heard. */
export type Heard =
  | { readonly type: 'up' | 'down'; readonly peer: PeerId }
  | { readonly type: 'frame'; readonly peer: PeerId; readonly frame: Uint8Array }

/** Whether some call of some transport of a test is under way: no listener may be called then. */
export class CallWatch {
  #depth = 0
  /** What was heard from inside a call. */
  readonly breaches: string[] = []

  during<T>(call: () => T): T {
    this.#depth++
    try {
      return call()
    } finally {
      this.#depth--
    }
  }

  heard(what: string): void {
    if (this.#depth > 0) this.breaches.push(what)
  }
}

/** A peer under test: its transport, and all that its listener heard, in order. */
export class Station<T extends Transport = Transport> implements TransportListener {
  readonly id: PeerId
  readonly transport: T
  readonly heard: Heard[] = []
  /** Called with each frame, after it was noted. */
  onFrame: ((peer: PeerId, frame: Uint8Array) => void) | undefined
  readonly #watch: CallWatch

  constructor(id: PeerId, transport: T, watch: CallWatch) {
    this.id = id
    this.transport = transport
    this.#watch = watch
    transport.listen(this)
  }

  want(...others: Station[]): void {
    for (const other of others) this.#watch.during(() => this.transport.want(other.id))
  }

  unwant(other: Station): void {
    this.#watch.during(() => this.transport.unwant(other.id))
  }

  send(other: Station, frame: Uint8Array): void {
    this.#watch.during(() => this.transport.send(other.id, frame))
  }

  reset(other: Station): void {
    this.#watch.during(() => this.transport.reset(other.id))
  }

  close(): void {
    this.#watch.during(() => this.transport.close())
  }

  link(other: Station): LinkInfo | undefined {
    return this.transport.links().find((link) => link.peer === other.id)
  }

  up(peer: PeerId): void {
    this.#watch.heard(`up of ${peer} at ${this.id}`)
    this.heard.push({ type: 'up', peer })
  }

  down(peer: PeerId): void {
    this.#watch.heard(`down of ${peer} at ${this.id}`)
    this.heard.push({ type: 'down', peer })
  }

  frame(peer: PeerId, frame: Uint8Array): void {
    this.#watch.heard(`frame of ${peer} at ${this.id}`)
    this.heard.push({ type: 'frame', peer, frame })
    this.onFrame?.(peer, frame)
  }

  /** The ups and downs of one peer, in order. */
  changes(other: Station): ('up' | 'down')[] {
    return this.heard.flatMap(({ type, peer }) => (peer === other.id && type !== 'frame' ? [type] : []))
  }

  isUp(other: Station): boolean {
    return this.changes(other).at(-1) === 'up'
  }

  /** The frames of one peer, all or those since its last `up`. */
  frames(other: Station, since: 'start' | 'last up' = 'start'): Uint8Array[] {
    const own = this.heard.filter(({ peer }) => peer === other.id)
    const from = since === 'start' ? 0 : own.map(({ type }) => type).lastIndexOf('up')
    return own.slice(from).flatMap((item) => (item.type === 'frame' ? [item.frame] : []))
  }
}

/** Waits for a condition, looking again every few milliseconds; fails after `deadlineMs`. */
export async function until(condition: () => boolean, what: string, deadlineMs = 15_000): Promise<void> {
  const endMs = performance.now() + deadlineMs
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited ${deadlineMs} ms in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

/** Fails unless both are the same as JSON. */
export function same(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: found ${left}, expected ${right}`)
}

/** Bytes that tell their number and length. */
export function numbered(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length).map((_, index) => (index * 31 + number) & 0xff)
  if (length >= 4) new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** Whether two byte arrays hold the same. */
export function sameBytes(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left?.length === right.length && right.every((byte, index) => byte === left[index])
}
