import { html, LitElement, type TemplateResult } from 'lit'
import { GroupController } from '../controllers/group-controller.ts'
import { peerOf } from '../peer-of.ts'
import { colorCount, colorOf, theme } from '../theme.ts'
import { BoardModel, type Stroke } from './board-model.ts'
import { boardStyles } from './board-styles.ts'
import type { BoardValue } from './board-values.ts'
import { Painter } from './painter.ts'
import { Pen, pointOf } from './pen.ts'

/**
 * A whiteboard for mouse, pen and touch. Strokes go by CBCAST while they are drawn, clear and undo by ABCAST;
 * everyone ends with the same board, latecomers included.
 *
 * @csspart sheet - what one draws on
 * @csspart tools - the row of tools
 * @cssprop --tutti-color-0 … --tutti-color-7 - the inks
 * @cssprop --tutti-paper - the sheet
 */
export class TuttiBoard extends LitElement {
  static override styles = [theme, boardStyles]
  static override properties = {
    color: { type: Number },
    width: { type: Number },
  }

  /** The ink in hand, 0 to 7. */
  declare color: number
  /** The pen in hand, in units of the sheet, which is 1600 wide. */
  declare width: number

  readonly #model = new BoardModel(() => this.#modelChanged())
  readonly #tutti = new GroupController(this, { part: { name: 'board', part: this.#model } })
  readonly #pen = new Pen(this.#model, (value) => this.#tutti.host?.cast('cbcast', value) ?? false)
  readonly #resizes = new ResizeObserver(() => this.#resized())
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  #painter: Painter | undefined
  #frame = 0
  #flushedAt = 0

  constructor() {
    super()
    this.color = 0
    this.width = 7
  }

  /** All strokes that are on the board, in painting order. */
  get strokes(): readonly Stroke[] {
    return this.#model.strokes
  }

  /** Wipes off what is seen here now; what others draw at the same time stays. */
  clear(): void {
    const author = this.#author
    if (author !== undefined) this.#abcast(this.#model.clearValue(author, this.#pen.lastNumber))
  }

  /** Takes back this member's last stroke or, when it has none, the latest clear. */
  undo(): void {
    const author = this.#author
    const value = author === undefined || this.#pen.drawing ? undefined : this.#model.undoValue(author)
    if (value !== undefined) this.#abcast(value)
  }

  get #self(): string | undefined {
    return this.#tutti.host?.group?.self.id
  }

  get #author(): string | undefined {
    return this.#self && peerOf({ id: this.#self })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#scheme.addEventListener('change', this.#recolor)
    const canvas = this.renderRoot.querySelector('canvas')
    if (canvas) this.#resizes.observe(canvas)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#scheme.removeEventListener('change', this.#recolor)
    this.#resizes.disconnect()
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  protected override render(): TemplateResult {
    const off = !this.#tutti.joined
    const count = this.strokes.length
    return html`
      <div class="stage">
        <div part="sheet" class="sheet">
          <canvas tabindex="0" role="img" aria-label="Whiteboard, ${count} ${count === 1 ? 'stroke' : 'strokes'}"
            @pointerdown=${this.#press} @pointermove=${this.#move} @pointerup=${this.#lift}
            @pointercancel=${this.#lift} @keydown=${this.#key}></canvas>
          <p class="hint" ?hidden=${count > 0 || off}>Draw here. Everyone sees it.</p>
        </div>
      </div>
      <div part="tools" class="tools" role="toolbar" aria-label="Drawing">
        <div class="choice" role="radiogroup" aria-label="Ink">
          ${inks.map((name, index) => this.#renderChoice('color', index, name, html`<i class="ink" style="--ink: ${colorOf(index)}"></i>`))}
        </div>
        <div class="choice" role="radiogroup" aria-label="Pen">
          ${pens.map(([name, width]) => this.#renderChoice('width', width, name, html`<i class="nib" style="--nib: ${width / 2 + 2}px"></i>`))}
        </div>
        <div class="choice ends">
          <button @click=${this.undo} ?disabled=${off} title="Undo your last stroke">Undo</button>
          <button @click=${this.clear} ?disabled=${off || count === 0} title="Clear the board for everyone">Clear</button>
        </div>
      </div>
    `
  }

  protected override firstUpdated(): void {
    const canvas = this.renderRoot.querySelector('canvas')!
    this.#painter = new Painter(canvas)
    this.#resizes.observe(canvas)
    this.#recolor()
  }

  #renderChoice(key: 'color' | 'width', value: number, name: string, mark: TemplateResult): TemplateResult {
    return html`<label title=${name}>
      <input class="visually-hidden" type="radio" name=${key} .checked=${this[key] === value}
        @change=${() => {
          this[key] = value
        }} />${mark}<span class="visually-hidden">${name}</span></label>`
  }

  #press(event: PointerEvent): void {
    const member = this.#self
    if (member === undefined || !this.#tutti.joined || event.button !== 0) return
    this.#canvas.setPointerCapture(event.pointerId)
    const { color, width } = this
    this.#pen.press(event.pointerId, member, { color, width }, pointOf(event, this.#canvas.getBoundingClientRect()))
    this.#paintSoon()
  }

  #move(event: PointerEvent): void {
    if (!this.#pen.drawing) return
    const box = this.#canvas.getBoundingClientRect()
    const events = event.getCoalescedEvents?.() ?? []
    this.#pen.move(
      event.pointerId,
      (events.length > 0 ? events : [event]).map((each) => pointOf(each, box)),
    )
    this.#paintSoon()
  }

  #lift(event: PointerEvent): void {
    this.#pen.lift(event.pointerId)
    this.#paintSoon()
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
    event.preventDefault()
    this.undo()
  }

  #abcast(value: BoardValue): void {
    this.#tutti.host?.cast('abcast', value)
  }

  #modelChanged(): void {
    // At once, for ink may be delivered and cleared again before the next frame.
    this.#pen.settle()
    this.requestUpdate()
    this.#paintSoon()
  }

  #paintSoon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#paint(now))
  }

  #paint(now: number): void {
    this.#frame = 0
    if (this.#self !== undefined) this.#pen.become(this.#self)
    if (now - this.#flushedAt >= flushIntervalMs) {
      this.#flushedAt = now
      this.#pen.flush()
    }
    this.#painter?.paint(this.strokes, this.#pen.drafts)
    if (this.#pen.drawing) this.#paintSoon()
  }

  #resized(): void {
    const { clientWidth, clientHeight } = this.#canvas
    this.#painter?.resize(Math.round(clientWidth * devicePixelRatio), Math.round(clientHeight * devicePixelRatio))
    this.#painter?.paint(this.strokes, this.#pen.drafts)
  }

  readonly #recolor = (): void => {
    const probe = document.createElement('i')
    this.renderRoot.append(probe)
    const colors = Array.from({ length: colorCount }, (_, index) => {
      probe.style.color = colorOf(index)
      return getComputedStyle(probe).color
    })
    probe.remove()
    this.#painter?.recolor(colors)
    this.#paintSoon()
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!
  }
}

const inks = ['Ink', 'Blue', 'Red', 'Green', 'Violet', 'Amber', 'Teal', 'Pink']
const pens: readonly [string, number][] = [
  ['Fine', 7],
  ['Medium', 14],
  ['Broad', 30],
]
const flushIntervalMs = 40

declare global {
  interface HTMLElementTagNameMap {
    'tutti-board': TuttiBoard
  }
}
