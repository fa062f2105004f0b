import { ContextConsumer } from '@lit/context'
import type { LitElement } from 'lit'
import type { GroupEvent } from '../../peer/index.ts'
import { hostContext } from '../group/context.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { Part } from '../group/parts.ts'
import { groupAround, groupTag, OutsideNotice } from './outside-notice.ts'

export interface GroupControllerOptions {
  /** Called with every event of the group, in order. */
  observe?(event: GroupEvent<unknown>): void
  /** The share of the group's state that the element keeps, under its name. */
  part?: { readonly name: string; readonly part: Part }
  /** It is of use outside of a group, too: nothing is said there. */
  standsAlone?: boolean
}

/**
 * Ties an element to the `<tutti-group>` around it: renders it when the group changes, feeds its part. One that stands in
 * none says so.
 */
export class GroupController {
  readonly #element: LitElement
  readonly #options: GroupControllerOptions
  readonly #context: ContextConsumer<typeof hostContext, LitElement>
  readonly #outside: OutsideNotice
  #host: GroupHost | undefined
  #untie: (() => void) | undefined

  constructor(element: LitElement, options: GroupControllerOptions = {}) {
    this.#element = element
    this.#options = options
    this.#outside = new OutsideNotice(element)
    element.addController(this)
    const callback = (host: GroupHost | undefined): void => this.#tie(host)
    this.#context = new ContextConsumer(element, { context: hostContext, subscribe: true, callback })
  }

  /** Undefined outside a `<tutti-group>`. */
  get host(): GroupHost | undefined {
    return this.#host
  }

  get joined(): boolean {
    return this.#host?.phase === 'joined'
  }

  hostConnected(): void {
    // Moved to where no group is: nobody answers then. A group that there is calls back after this.
    this.#host = undefined
    this.#element.requestUpdate()
    if (customElements.get(groupTag) === undefined) void this.#askAgain()
  }

  hostUpdated(): void {
    const isOutside = this.#host === undefined && groupAround(this.#element) === undefined
    this.#outside.show(isOutside && this.#options.standsAlone !== true)
  }

  hostDisconnected(): void {
    this.#untie?.()
    this.#untie = undefined
  }

  /** A group that comes alive after what is in it was not there to be asked. */
  async #askAgain(): Promise<void> {
    await customElements.whenDefined(groupTag)
    if (this.#host === undefined && this.#element.isConnected) this.#context.hostConnected()
  }

  #tie(host: GroupHost | undefined): void {
    this.hostDisconnected()
    this.#host = host
    if (host === undefined) return
    const render = (): void => this.#element.requestUpdate()
    const { observe, part } = this.#options
    const ends = [() => host.removeEventListener('change', render)]
    host.addEventListener('change', render)
    if (part !== undefined) ends.push(host.parts.register(part.name, part.part))
    if (observe !== undefined) ends.push(host.observe((event) => observe(event)))
    this.#untie = () => {
      for (const end of ends) end()
    }
    render()
  }
}
