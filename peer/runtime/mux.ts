import type { PeerId } from '../base/ids.ts'
import type { Input, Tag } from '../engine/io.ts'
import {
  type Frame,
  type FrameHeader,
  PROTOCOL_VERSION,
  packGreeting,
  unpackFrame,
  unpackGreeting,
} from '../wire/frame.ts'
import { Assembly, isPart } from '../wire/parts.ts'
import type { Clock } from './clock.ts'
import { Outbox } from './outbox.ts'

/** What the multiplexer needs of the links under it. */
export interface Links {
  send(peer: PeerId, frame: Uint8Array): void
  /** Closes a link whose other end does not keep the protocol. */
  reset(peer: PeerId): void
  /** Whether a link has as much to send as it takes at a time; once it has not, `drained` is to be called. Default: never. */
  isBusy?(peer: PeerId): boolean
  readonly frameBytesMax: number
}

export interface MuxOptions {
  readonly links: Links
  readonly clock: Clock
  /** A peer speaks another version of the protocol: nothing of it is read. */
  versionMismatch(peer: PeerId, version: number): void
}

/** A group's door to the links. */
export interface Port {
  /** The peers whose links are up for this group now; later changes come as inputs. */
  peers(): PeerId[]
  send(to: PeerId, tag: Tag, message: Uint8Array): void
  /** What was sent in this turn need not wait for its end. */
  flush(): void
  /** Counts a message that was none; the third closes the link. */
  bad(from: PeerId): void
  close(): void
}

/** Where a group takes what its links bring. */
export interface Inlet {
  input(input: Input): void
  /** Several that came together. */
  inputs(inputs: readonly Input[]): void
}

interface Channel extends Inlet {
  readonly number: number
  readonly name: string
}

interface LinkState {
  /** The other end's group numbers; undefined until its greeting came. */
  names: Map<number, string> | undefined
  badFrames: number
  /** Of the last frame that came. */
  header: FrameHeader | undefined
  /** Messages that come in parts, by the other end's group number. */
  readonly assemblies: Map<number, Assembly>
}

/** Bad frames after which a link is closed. */
const BAD_FRAMES_MAX = 3

/**
 * Several groups over the same links: frames carry a group number that the sender chose and tells in its greeting. A
 * group sees a link as up once both ends have said that they are in that group.
 */
export class Mux {
  readonly #options: MuxOptions
  readonly #outbox: Outbox
  readonly #links = new Map<PeerId, LinkState>()
  readonly #channels = new Map<string, Channel>()
  #lastNumber = 0
  /** Frames dropped because they were none or came from a peer of another version. */
  badFrames = 0

  constructor(options: MuxOptions) {
    this.#options = options
    this.#outbox = new Outbox(options.links, options.clock)
  }

  /** Joins a group's engine to the links. */
  open(name: string, inlet: Inlet): Port {
    const channel: Channel = { number: ++this.#lastNumber, name, ...inlet }
    this.#channels.set(name, channel)
    for (const peer of this.#links.keys()) this.#greet(peer)
    return {
      peers: () => [...this.#links].filter(([, link]) => speaks(link, name)).map(([peer]) => peer),
      send: (to, tag, message) => this.#outbox.add(to, { group: channel.number, ...tag }, message),
      flush: () => this.#outbox.flush(),
      bad: (from) => this.#countBad(from),
      close: () => {
        if (this.#channels.get(name) !== channel) return
        this.#channels.delete(name)
        for (const peer of this.#links.keys()) this.#greet(peer)
      },
    }
  }

  up(peer: PeerId): void {
    this.#links.set(peer, { names: undefined, badFrames: 0, header: undefined, assemblies: new Map() })
    this.#outbox.drop(peer)
    this.#greet(peer)
  }

  down(peer: PeerId): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    this.#links.delete(peer)
    this.#outbox.drop(peer)
    for (const channel of this.#channels.values()) {
      if (speaks(link, channel.name)) channel.input({ type: 'link', peer, up: false })
    }
  }

  frame(peer: PeerId, bytes: Uint8Array): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    const frame = unpackFrame(bytes)
    if (frame === undefined) this.#countBad(peer)
    else if (frame.isGreeting) this.#greeted(peer, link, frame)
    else this.#deliver(peer, link, frame)
  }

  /** A link that was busy takes more. */
  drained(peer: PeerId): void {
    this.#outbox.drained(peer)
  }

  /** Hands over what is gathered, now. */
  flush(): void {
    this.#outbox.empty()
  }

  #greet(peer: PeerId): void {
    const groups = [...this.#channels.values()].map(({ number, name }) => ({ number, name }))
    // What was gathered is of groups that the next greeting may not name.
    this.#outbox.empty()
    this.#options.links.send(peer, packGreeting({ version: PROTOCOL_VERSION, groups }))
  }

  #greeted(peer: PeerId, link: LinkState, frame: Frame): void {
    for (const message of frame.messages) {
      const greeting = unpackGreeting(message)
      if (greeting === undefined) {
        this.#countBad(peer)
        continue
      }
      if (greeting.version !== PROTOCOL_VERSION) {
        this.#options.versionMismatch(peer, greeting.version)
        continue
      }
      const before = { ...link }
      link.names = new Map(greeting.groups.map((group) => [group.number, group.name]))
      for (const channel of [...this.#channels.values()]) {
        const up = speaks(link, channel.name)
        if (up !== speaks(before, channel.name)) channel.input({ type: 'link', peer, up })
      }
    }
  }

  #deliver(peer: PeerId, link: LinkState, frame: Frame): void {
    const header = frame.header ?? link.header
    link.header = header
    const name = header && link.names?.get(header.group)
    if (header === undefined || name === undefined) {
      this.#countBad(peer)
      return
    }
    const { group, attempt, lineageTag, number } = header
    const tag = { attempt, lineageTag, number }
    const messages = this.#whole(peer, link, group, frame.messages)
    if (messages.length === 0) return
    this.#channels
      .get(name)
      ?.inputs(messages.map((message) => ({ type: 'receive', from: peer, tag, message }) as const))
  }

  /** The frame's messages, those that come in parts once they are whole. */
  #whole(peer: PeerId, link: LinkState, group: number, messages: readonly Uint8Array[]): Uint8Array[] {
    return messages.flatMap((message) => {
      if (!isPart(message)) return [message]
      const assembly = link.assemblies.get(group) ?? new Assembly()
      link.assemblies.set(group, assembly)
      const taken = assembly.take(message)
      if (taken === 'bad') this.#countBad(peer)
      return typeof taken === 'string' ? [] : [taken]
    })
  }

  #countBad(peer: PeerId): void {
    this.badFrames++
    const link = this.#links.get(peer)
    if (link === undefined) return
    if (++link.badFrames >= BAD_FRAMES_MAX) this.#options.links.reset(peer)
  }
}

function speaks(link: LinkState, name: string): boolean {
  if (link.names === undefined) return false
  for (const spoken of link.names.values()) if (spoken === name) return true
  return false
}
