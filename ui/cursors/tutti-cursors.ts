import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { GroupEvent, Member } from '../../peer/index.ts'
import { GroupController } from '../controllers/group-controller.ts'
import { tagOf } from '../group/parts.ts'
import { peerOf } from '../peer-of.ts'
import { colorOf, theme } from '../theme.ts'
import { type Cursor, CursorTracks, type CursorValue, type Place, placeIn } from './cursor-tracks.ts'
import { cursorsStyles } from './cursors-styles.ts'
import { Grounds } from './grounds.ts'
import { OwnPointer, type Point } from './own-pointer.ts'

/**
 * The pointers of the others, live, over whatever stands in it. Places are relative to the element's box, so that it may
 * have another size at each member; over a content that each member pans and zooms for itself, as a board's, they are
 * places of that content (`Ground`). They go by FBCAST and wait for nothing. It never takes a pointer event, and is no news
 * for a screen reader.
 *
 * @slot - the content, of any kind
 * @csspart layer - what lies over the content
 * @csspart cursor - one pointer
 * @csspart name - the name at a pointer
 * @cssprop --tutti-color-0 … --tutti-color-7 - colours of the members
 * @cssprop [--tutti-cursor-size=1.25rem] - size of the arrow
 * @cssprop [--tutti-cursors-layer=10] - z-index of the layer
 */
export class TuttiCursors extends LitElement {
  static override properties = {
    space: { converter: (value: string | null) => value ?? '' },
    idleSeconds: { type: Number, attribute: 'idle-seconds' },
    quiet: { type: Boolean },
  }

  static override styles = [theme, cursorsStyles]

  /** Where a page has several of these: which is which, the same at all members. */
  declare space: string
  /** A pointer from which nothing came for so long is not shown any more. Default 10. */
  declare idleSeconds: number
  /** Shows the others' pointers, and does not tell where one's own is. */
  declare quiet: boolean

  readonly #tutti = new GroupController(this, { observe: (event) => this.#observe(event) })
  readonly #tracks = new CursorTracks()
  readonly #pointer = new OwnPointer({ send: (at) => this.#send(at), read: (point) => this.#place(point) })
  readonly #grounds = new Grounds()
  readonly #sizes = new ResizeObserver(([entry]) => this.#resize(entry!.contentRect))
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)')
  #size = { width: 0, height: 0 }
  #frame: number | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.space = ''
    this.idleSeconds = idleSecondsDefault
    this.quiet = false
    for (const type of ['pointermove', 'pointerdown'] as const) {
      this.addEventListener(type, (event) => event.isPrimary && this.#pointer.move(event), { passive: true })
    }
    for (const type of ['pointerleave', 'pointercancel'] as const) {
      this.addEventListener(type, (event) => event.isPrimary && this.#pointer.leave(), { passive: true })
    }
    this.addEventListener('tutti-ground', ({ detail }) => {
      this.#grounds.add(detail)
      this.#pointer.again()
      // In the frame in which the content is painted: else the arrows would swim on it.
      if (this.hasUpdated) this.#draw(performance.now())
    })
  }

  /** Where the others point to: in per-mille of the width and the height, or on a ground. */
  get cursors(): readonly Cursor[] {
    return this.#tracks.cursors
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.#hide)
    if (this.hasUpdated) this.#sizes.observe(this.#layer)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.#hide)
    this.#sizes.disconnect()
    this.#pointer.leave()
    this.#tracks.keepOnly([])
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    this.requestUpdate()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.#tutti.joined || changed.has('space')) this.#tracks.keepOnly([])
    if (changed.has('quiet')) this.#pointer.again()
  }

  protected override render(): TemplateResult {
    return html`
      <slot></slot>
      <div part="layer" class="layer" dir="ltr" aria-hidden="true">
        ${repeat(
          this.cursors,
          ({ member }) => peerOf(member),
          ({ member }) => this.#renderCursor(member),
        )}
      </div>
    `
  }

  protected override firstUpdated(): void {
    this.#sizes.observe(this.#layer)
  }

  protected override updated(): void {
    this.#draw(performance.now())
  }

  /** The transform is no part of the template: it changes with each frame. */
  #renderCursor(member: Member): TemplateResult {
    const { name, color } = this.#tutti.host!.profileOf(member)
    return html`
      <div part="cursor" class="cursor" data-peer=${peerOf(member)}>
        <div class="look" style="--color: ${colorOf(color)}">
          <svg viewBox="0 0 20 20"><path d="M2 2l5.4 15 2.6-6.400L16.400 8z" /></svg>
          <span part="name" class="tag"><bdi>${name}</bdi></span>
        </div>
      </div>
    `
  }

  get #layer(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.layer')!
  }

  #observe(event: GroupEvent): void {
    const { group } = this.#tutti.host!
    if (event.type === 'view' && this.#tracks.keepOnly(event.view.members)) this.#look()
    if (event.type !== 'message' || tagOf(event.value) !== 'cursors' || group === null) return
    if ((event.value as CursorValue).space !== this.space || peerOf(event.from) === peerOf(group.self)) return
    if (this.#tracks.apply(event, performance.now())) this.#look()
    else this.#animate()
  }

  /** Who is shown has changed. */
  #look(): void {
    this.requestUpdate()
    this.#watchIdle()
  }

  #watchIdle(): void {
    const { oldest } = this.#tracks
    if (oldest === undefined || this.#idleTimer !== undefined) return
    const idleMs = (this.idleSeconds > 0 ? this.idleSeconds : idleSecondsDefault) * 1_000
    const inMs = Math.max(0, oldest + idleMs - performance.now()) + 1
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = undefined
      if (this.#tracks.expire(performance.now() - idleMs)) this.requestUpdate()
      this.#watchIdle()
    }, inMs)
  }

  #animate(): void {
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = undefined
      this.#draw(now)
    })
  }

  #draw(now: number): void {
    const isMoving = this.#tracks.step(now, !this.#stillness.matches)
    const { width, height } = this.#size
    // All are placed before the first is moved: what is read in between would have the browser lay out the page anew each time.
    const placed = [...this.#layer.querySelectorAll<HTMLElement>('.cursor')].flatMap((cursor) => {
      const place = this.#tracks.shown(cursor.dataset.peer!)
      return place === undefined ? [] : [{ cursor, spot: this.#spot(place) }]
    })
    for (const { cursor, spot } of placed) {
      cursor.hidden = spot === undefined
      if (spot === undefined) continue
      const { x, y } = spot
      cursor.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
      cursor.classList.toggle('at-right', x > width - tagWidth)
      cursor.classList.toggle('at-bottom', y > height - tagHeight)
    }
    if (isMoving) this.#animate()
  }

  #resize({ width, height }: Pick<DOMRect, 'width' | 'height'>): void {
    this.#size = { width, height }
    this.#animate()
  }

  /** Where a place is in the layer, in CSS pixels; undefined: out of sight. */
  #spot(place: Place): { readonly x: number; readonly y: number } | undefined {
    const { width, height } = this.#size
    if (place.on === undefined) return { x: (place.x * width) / 1000, y: (place.y * height) / 1000 }
    const point = this.#grounds.pointOf(place)
    const { left, top } = this.#layer.getBoundingClientRect()
    return point && { x: point.clientX - left, y: point.clientY - top }
  }

  #place(point: Point): Place | undefined {
    if (this.quiet) return undefined
    const { left, top, width, height } = this.#layer.getBoundingClientRect()
    return this.#grounds.placeAt(point) ?? placeIn(point.clientX - left, point.clientY - top, width, height)
  }

  #send(at: Place | null): PromiseLike<unknown> | undefined {
    const value: CursorValue = { tutti: 'cursors', space: this.space, at }
    return this.#tutti.host?.sendFleeting(value)
  }

  readonly #hide = (): void => {
    if (document.visibilityState === 'hidden') this.#pointer.leave()
  }
}

const idleSecondsDefault = 10
/** CSS pixels that a name takes, about: nearer to the edge it stands on the other side. */
const tagWidth = 176
const tagHeight = 44

declare global {
  interface HTMLElementTagNameMap {
    'tutti-cursors': TuttiCursors
  }
}
