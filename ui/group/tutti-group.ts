import { ContextProvider } from '@lit/context'
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import type { ConnectOptions, Group } from '../../peer/index.ts'
import { nameCharactersMax, plainText } from '../plain-text.ts'
import { asColor } from '../theme.ts'
import { groupContext, hostContext } from './context.ts'
import { GroupHost, type Trouble } from './group-host.ts'

/**
 * Joins a group when it enters the page and leaves when it is taken out. What stands inside it shows the group and
 * takes part in it; its state, of all elements together, goes to those who come later.
 *
 * @event {TuttiJoinedEvent} tutti-joined - `detail.group` is there
 * @event {TuttiErrorEvent} tutti-error - joining, a multicast, the group or a word with the server failed: `detail.error`
 * @slot - the elements of the group, and anything else
 */
export class TuttiGroup extends LitElement {
  static override properties = {
    signaling: {},
    room: {},
    name: {},
    color: { type: Number },
    options: { attribute: false },
    group: { attribute: false, noAccessor: true },
  }

  static override styles = css`
    :host {
      display: contents;
    }
  `

  /**
   * Address of the signaling server. `local:`, or `local:some-name`: no server, the tabs of this browser only.
   * Default: that of `options`, or else the page's own origin.
   */
  declare signaling: string
  /** The group's name. Nothing is joined while it is empty. */
  declare room: string
  /** What this member is called. May change at any time. */
  declare name: string
  /** This member's colour, 0 to 7; none: one is chosen. May change at any time. */
  declare color: number | undefined
  /** What `connect` takes besides (`runtime`, `iceServers`, `config`, `token` …). Looked at when the group is joined. */
  declare options: Partial<ConnectOptions>

  #host = new GroupHost()
  readonly #groups = new ContextProvider(this, { context: groupContext, initialValue: null })
  readonly #hosts = new ContextProvider(this, { context: hostContext, initialValue: this.#host })

  constructor() {
    super()
    this.signaling = ''
    this.room = ''
    this.name = ''
    this.color = undefined
    this.options = {}
  }

  /** Null until joined, then the group: the same object for as long as this element stays in the page. */
  get group(): Group<unknown, unknown> | null {
    return this.#host.group
  }

  /** What the elements inside share: phase, signaling, profiles, parts. */
  get host(): GroupHost {
    return this.#host
  }

  /** Joins again, after joining failed or the group was left. */
  rejoin(): void {
    void this.#host.leave()
    this.#host = new GroupHost()
    this.#groups.setValue(null)
    this.#hosts.setValue(this.#host)
    this.#join()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.#host.phase === 'left') this.rejoin()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // An element that is only moved to another place is connected again at once, and stays.
    queueMicrotask(() => !this.isConnected && this.#host.leave())
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#host.phase === 'idle') this.#join()
    else if (changed.has('room') || changed.has('signaling')) this.rejoin()
    else if (changed.has('name') || changed.has('color')) this.#tellProfile()
  }

  #join(): void {
    const host = this.#host
    if (this.room === '') return
    host.addEventListener('trouble', (event) => this.#tell('tutti-error', { error: (event as Trouble).error }))
    host.observe((event) => event.type === 'status' && event.status === 'member' && this.#tellLostProfile())
    const joinedAs = { name: this.name, color: this.color }
    const { room, options } = this
    const signaling = this.signaling || options.signaling || location.origin
    host.join({ signaling, room, options, profile: this.#profile() }).then(
      (group) => {
        if (host !== this.#host) return
        this.#groups.setValue(group)
        if (this.name !== joinedAs.name || this.color !== joinedAs.color) this.#tellProfile()
        this.#tell('tutti-joined', { group })
      },
      (error) => host === this.#host && host.phase === 'failed' && this.#tell('tutti-error', { error }),
    )
  }

  #profile(): { name: string; color?: number } {
    const [name, color] = [plainText(this.name, nameCharactersMax), asColor(this.color)]
    return color === undefined ? { name } : { name, color }
  }

  #tellProfile(): void {
    const { group, profiles } = this.#host
    if (group === null) return
    const before = profiles.of(group.self)
    this.#host.cast('cbcast', profiles.value({ name: this.name || before.name, color: this.color ?? before.color }))
  }

  /** A change of name or colour may have been lost with an attempt that ended before it was sent. */
  #tellLostProfile(): void {
    const { group, profiles } = this.#host
    if (group === null) return
    const { name, color } = profiles.of(group.self)
    const wished = { name: plainText(this.name, nameCharactersMax) || name, color: asColor(this.color) ?? color }
    if (wished.name !== name || wished.color !== color) this.#tellProfile()
  }

  #tell<Type extends keyof TuttiGroupEvents>(type: Type, detail: TuttiGroupEvents[Type]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}

export type TuttiJoinedEvent = CustomEvent<{ readonly group: Group<unknown, unknown> }>
/** `error`: mostly a `TuttiError`, whose `code` a program can decide by. */
export type TuttiErrorEvent = CustomEvent<{ readonly error: unknown }>

interface TuttiGroupEvents {
  'tutti-joined': TuttiJoinedEvent
  'tutti-error': TuttiErrorEvent
}

declare global {
  interface HTMLElementEventMap extends TuttiGroupEvents {}
  interface HTMLElementTagNameMap {
    'tutti-group': TuttiGroup
  }
}
