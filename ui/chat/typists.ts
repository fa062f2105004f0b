import type { Member } from '../../peer/index.ts'
import type { PartMessage } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'

/** Multicast by FBCAST while somebody types, now and then, and when they stop: it is worth nothing later. */
export interface TypingValue {
  readonly tutti: 'chat-typing'
  readonly typing: boolean
}

/** Who types now. One of whom nothing more is heard has stopped. */
export class Typists {
  readonly #typing = new Map<string, { readonly member: Member; readonly until: number }>()

  /** In the order in which they began. */
  get members(): readonly Member[] {
    return [...this.#typing.values()].map(({ member }) => member)
  }

  /** When the next one will have stopped; undefined: nobody types. */
  get nextEnd(): number | undefined {
    const ends = [...this.#typing.values()].map(({ until }) => until)
    return ends.length === 0 ? undefined : Math.min(...ends)
  }

  /** @returns whether that changes who types */
  apply({ value, from }: Pick<PartMessage, 'value' | 'from'>, now: number): boolean {
    if ((value as Partial<TypingValue>).typing !== true) return this.stop(from)
    const before = this.#typing.has(peerOf(from))
    this.#typing.set(peerOf(from), { member: from, until: now + typingShownMs })
    return !before
  }

  /** @returns whether the member was typing */
  stop(member: { readonly id: string }): boolean {
    return this.#typing.delete(peerOf(member))
  }

  keepOnly(members: readonly Member[]): boolean {
    const present = new Set(members.map(peerOf))
    return this.#forget((peer) => !present.has(peer))
  }

  expire(now: number): boolean {
    return this.#forget((peer) => this.#typing.get(peer)!.until <= now)
  }

  #forget(isOver: (peer: string) => boolean): boolean {
    const over = [...this.#typing.keys()].filter(isOver)
    for (const peer of over) this.#typing.delete(peer)
    return over.length > 0
  }
}

/** Says that one types oneself: at once, then again every so often while it goes on, and when it ends. */
export class OwnTyping {
  readonly #tell: (typing: boolean) => boolean
  #toldAt = Number.NEGATIVE_INFINITY
  #isTold = false

  /** @param tell - multicasts it; false: that can't be done now */
  constructor(tell: (typing: boolean) => boolean) {
    this.#tell = tell
  }

  /** What stands in the input has changed. */
  changed(text: string, now: number): void {
    if (text.trim() === '') return this.stop()
    if (this.#isTold && now - this.#toldAt < tellEveryMs) return
    this.#toldAt = now
    this.#isTold = this.#tell(true)
  }

  stop(): void {
    if (this.#isTold) this.#tell(false)
    this.#isTold = false
  }

  /** The line itself tells the others that its writer is done. */
  said(): void {
    this.#isTold = false
  }
}

/** `Ada is typing …`; empty: nobody. */
export function typingText(names: readonly string[]): string {
  const [one, two] = names
  if (one === undefined) return ''
  if (two === undefined) return `${one} is typing …`
  return names.length === 2 ? `${one} and ${two} are typing …` : 'Several people are typing …'
}

const tellEveryMs = 2_000
/** Longer than it takes until one who goes on typing says so again. */
const typingShownMs = 5_000
