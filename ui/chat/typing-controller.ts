import type { LitElement, ReactiveController } from 'lit'
import type { GroupEvent } from '../../peer/index.ts'
import type { GroupHost } from '../group/group-host.ts'
import { tagOf } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'
import { OwnTyping, type TypingValue, Typists } from './typists.ts'

/** Tells the others that one types, and an element who of them does. */
export class TypingController implements ReactiveController {
  readonly #element: LitElement
  readonly #host: () => GroupHost | undefined
  readonly #typists = new Typists()
  readonly #own = new OwnTyping((typing) => this.#tell(typing))
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(element: LitElement, host: () => GroupHost | undefined) {
    this.#element = element
    this.#host = host
    element.addController(this)
  }

  /** As they are called now. */
  get names(): readonly string[] {
    const host = this.#host()
    return host === undefined ? [] : this.#typists.members.map((member) => host.profileOf(member).name)
  }

  hostDisconnected(): void {
    this.#own.stop()
    this.#typists.keepOnly([])
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** What stands in the input has changed. */
  changed(text: string): void {
    this.#own.changed(text, performance.now())
  }

  /** The line was sent, which tells by itself that its writer is done. */
  said(): void {
    this.#own.said()
  }

  /** To be called with every event of the group. */
  observe(event: GroupEvent): void {
    if (event.type === 'view' && this.#typists.keepOnly(event.view.members)) this.#element.requestUpdate()
    if (event.type !== 'message') return
    const self = this.#host()?.group?.self
    const tag = tagOf(event.value)
    if (tag === 'chat' && this.#typists.stop(event.from)) this.#element.requestUpdate()
    if (tag !== 'chat-typing' || self === undefined || peerOf(event.from) === peerOf(self)) return
    if (this.#typists.apply(event, performance.now())) this.#element.requestUpdate()
    this.#watch()
  }

  #watch(): void {
    const { nextEnd } = this.#typists
    if (nextEnd === undefined || this.#timer !== undefined) return
    const inMs = Math.max(0, nextEnd - performance.now()) + 1
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#typists.expire(performance.now())) this.#element.requestUpdate()
      this.#watch()
    }, inMs)
  }

  #tell(typing: boolean): boolean {
    const value: TypingValue = { tutti: 'chat-typing', typing }
    return this.#host()?.sendFleeting(value) !== undefined
  }
}
