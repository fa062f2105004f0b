import { ContextConsumer } from '@lit/context'
import type { LitElement } from 'lit'
import type { GroupEvent } from '../../peer/index.ts'
import { hostContext } from '../group/context.ts'
import type { GroupHost } from '../group/group-host.ts'
import type { Part } from '../group/parts.ts'

export interface GroupControllerOptions {
  /** Called with every event of the group, in order. */
  observe?(event: GroupEvent<unknown>): void
  /** The share of the group's state that the element keeps, under its name. */
  part?: { readonly name: string; readonly part: Part }
}

/** Ties an element to the `<tutti-group>` around it: renders it when the group changes, feeds its part. */
export class GroupController {
  readonly #element: LitElement
  readonly #options: GroupControllerOptions
  #host: GroupHost | undefined
  #untie: (() => void) | undefined

  constructor(element: LitElement, options: GroupControllerOptions = {}) {
    this.#element = element
    this.#options = options
    element.addController(this)
    new ContextConsumer(element, { context: hostContext, subscribe: true, callback: (host) => this.#tie(host) })
  }

  /** Undefined outside a `<tutti-group>`. */
  get host(): GroupHost | undefined {
    return this.#host
  }

  get joined(): boolean {
    return this.#host?.phase === 'joined'
  }

  hostConnected(): void {
    // Back in the page: the context calls back only when it has another host to offer.
    if (this.#untie === undefined) this.#tie(this.#host)
  }

  hostDisconnected(): void {
    this.#untie?.()
    this.#untie = undefined
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
