import { defer } from '../support/deferred.ts'
import { HubClient } from './hub-client.ts'
import { asked, place, room, tabs } from './meter.ts'

/** One end of one link, before it is open. */
export interface LinkEnd {
  /** Takes a signal of the other end. */
  signal(data: unknown): void
}

interface Envelope {
  readonly from: number
  readonly data: unknown
}

/** Makes one end of a link, which hands its signals to `signal`, and calls `opened` with what the link is in the end. */
export type Connect<L> = (signal: (data: unknown) => void, isInitiator: boolean, opened: (link: L) => void) => LinkEnd

/** A full mesh of links over the hub. Each tab subscribes as it loads; whoever has the lower place offers. */
export class Mesh<L> {
  readonly links: L[] = []
  readonly #connect: Connect<L>
  readonly #ends = new Map<number, LinkEnd>()
  readonly #whole = defer<void>()
  readonly #hub: Promise<HubClient>

  constructor(connect: Connect<L>) {
    this.#connect = connect
    this.#hub = this.#subscribe()
  }

  /** Resolves when this tab listens. */
  async ready(): Promise<void> {
    await this.#hub
  }

  /** Resolves when all links of this tab are open. */
  async join(): Promise<void> {
    const hub = await this.#hub
    for (let other = place + 1; other < tabs; other++) this.#ends.set(other, this.#end(hub, other))
    await this.#whole.promise
  }

  async #subscribe(): Promise<HubClient> {
    const hub = await HubClient.open(asked.get('hub')!)
    await hub.subscribe(`${room}/${place}`, (message) => {
      const { from, data } = message as Envelope
      if (!this.#ends.has(from)) this.#ends.set(from, this.#end(hub, from))
      this.#ends.get(from)!.signal(data)
    })
    return hub
  }

  #end(hub: HubClient, other: number): LinkEnd {
    const signal = (data: unknown): void => hub.publish(`${room}/${other}`, { from: place, data })
    return this.#connect(signal, place < other, (link) => {
      if (this.links.push(link) === tabs - 1) this.#whole.resolve()
    })
  }
}

/** Whether a channel buffers more than it is good for: bounds as in our own transport. */
export function isFull(channels: readonly RTCDataChannel[]): boolean {
  return channels.some(({ bufferedAmount }) => bufferedAmount > HIGH_BYTES)
}

/** Resolves when each channel that was full has room. */
export async function drained(channels: readonly RTCDataChannel[]): Promise<void> {
  for (const channel of channels) {
    if (channel.bufferedAmount <= HIGH_BYTES) continue
    channel.bufferedAmountLowThreshold = LOW_BYTES
    await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }))
  }
}

const HIGH_BYTES = 1024 * 1024
const LOW_BYTES = 256 * 1024
