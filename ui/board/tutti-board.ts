import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { GroupController } from '../controllers/group-controller.ts'
import { peerOf } from '../peer-of.ts'
import { theme } from '../theme.ts'
import type { TuttiBoardEvents } from './board-events.ts'
import { BoardHands } from './board-hands.ts'
import { keysInWords } from './board-keys.ts'
import { BoardModel, type BoardNews } from './board-model.ts'
import { BoardScreen } from './board-screen.ts'
import { boardStyles } from './board-styles.ts'
import type { BoardValue } from './board-values.ts'
import { BoardVoice } from './board-voice.ts'
import { Desk } from './desk.ts'
import { download } from './download.ts'
import { pngOf, svgOf } from './export.ts'
import { asPoint } from './points.ts'
import { evenPressure, strokePointsMax, type Thing, type ThingKind, thingKinds } from './thing.ts'
import { renderTools, renderZoom } from './toolbar.ts'
import { type BoardTool, isTool, textSizeOf } from './tools.ts'

/**
 * A whiteboard for mouse, pen, touch and keyboard: pen, shapes and texts on a large sheet, which each member pans and zooms
 * for itself. What is drawn goes by CBCAST while it is drawn; clear, undo and redo by ABCAST. Everyone ends with the same
 * board, latecomers included. All may move and erase all things; undo takes back one's own acts. The oldest things go when
 * there are more than some thousand.
 *
 * @event {TuttiBoardChangeEvent} tutti-board-change - what is on the board changed, whoever did it; at most 20 times a second
 * @event {TuttiBoardSelectEvent} tutti-board-select - other things are selected here
 * @event {TuttiBoardToolEvent} tutti-board-tool - another tool is in hand
 * @event {TuttiGroundEvent} tutti-ground - another part of the sheet is seen here; `<tutti-cursors>` hears it
 * @csspart sheet - what one draws on
 * @csspart text - the field in which a text is written
 * @csspart zoom - the buttons over the sheet
 * @csspart tools - the row of tools
 * @cssprop --tutti-color-0 … --tutti-color-7 - the inks
 * @cssprop --tutti-paper - the sheet
 * @cssprop --tutti-dots - the dots on it
 * @cssprop --tutti-desk - what is around it
 * @cssprop --tutti-accent - frames of what is selected
 * @cssprop [--tutti-tool-size=2.125rem] - width and height of a tool
 */
export class TuttiBoard extends LitElement {
  static override styles = [theme, boardStyles]
  static override properties = {
    tool: {},
    color: { type: Number },
    width: { type: Number },
    readonly: { type: Boolean, reflect: true },
  }

  /** What the pointer does. Default `pen`. */
  declare tool: BoardTool
  /** The ink in hand, 0 to 7. */
  declare color: number
  /** Of lines, in units of the sheet, of which 1600 are seen at first. Texts are larger. */
  declare width: number
  /** One may look, pan, zoom and save, and not draw. What others draw is shown all the same. */
  declare readonly: boolean

  readonly #model = new BoardModel((news) => this.#modelChanged(news))
  readonly #tutti = new GroupController(this, { part: { name: 'board', part: this.#model } })
  readonly #desk = new Desk(this.#model, (kind, value) => this.#cast(kind, value))
  readonly #voice = new BoardVoice(() => this.requestUpdate())
  readonly #hands = this.#makeHands()
  #screen: BoardScreen | undefined
  #wasOpen = false
  #tellTimer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.tool = 'pen'
    this.color = 0
    this.width = 7
    this.readonly = false
  }

  /** All that is on the board, in painting order. */
  get things(): readonly Thing[] {
    return this.#model.things
  }

  /** Of these, what was drawn with the pen. */
  get strokes(): readonly Thing[] {
    return this.things.filter(({ kind }) => kind === 'pen')
  }

  /** What is selected here, in painting order. */
  get selected(): readonly Thing[] {
    return this.#desk.selected
  }

  /** Selects things by their ids. */
  select(ids: Iterable<string>): void {
    this.#desk.select(ids)
    this.#selectionChanged()
  }

  /**
   * Puts something on the board. `points`: x and y of each in units of the sheet, whose middle is 0, 0: up to 1,000 for `pen`,
   * both ends of a shape, the top left of a text. Returns its id; undefined where one can't draw now. Throws a TypeError for
   * another kind, or other points.
   */
  add(kind: ThingKind, points: readonly (readonly [x: number, y: number])[], text = ''): string | undefined {
    const missing = missingFor(kind, points.length)
    if (missing !== undefined) throw new TypeError(`add('${kind}'): ${missing}`)
    const flat = points.flatMap(([x, y]) => [...asPoint(x, y, evenPressure)])
    const style = { color: this.color, width: kind === 'text' ? textSizeOf(this.width) : this.width }
    return this.#open ? this.#desk.add(kind, style, flat, text) : undefined
  }

  /** Erases things by their ids. False: that can't be done now. */
  erase(ids: readonly string[]): boolean {
    return this.#open && ids.length > 0 && this.#desk.acts.erase(ids)
  }

  /** Wipes off what is seen here now; what others draw at the same time stays. False: that can't be done now. */
  clear(): boolean {
    return this.#open && this.#desk.acts.clear()
  }

  /** Takes back what this member did last. False: nothing, or that can't be done now. */
  undo(): boolean {
    return this.#open && !this.#desk.drafts.drawing && this.#desk.acts.undo() !== undefined
  }

  /** Does again what was undone last. False: nothing, or that can't be done now. */
  redo(): boolean {
    return this.#open && !this.#desk.drafts.drawing && this.#desk.acts.redo() !== undefined
  }

  /** Brings all there is into sight; only this member sees another part of the sheet then. */
  fit(): void {
    this.#hands.fit()
  }

  /** All there is, in the colours of this page, as an SVG document. */
  toSvg(): string {
    return svgOf(this.things, this.#shownOn.palette)
  }

  /** All there is, in the colours of this page, as a PNG of at most 4096 pixels a side. Rejects where the browser makes none. */
  toPng(): Promise<Blob> {
    return pngOf(this.things, this.#shownOn.palette)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#screen?.start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#hands.end()
    this.#screen?.stop()
    this.#voice.stop()
    clearTimeout(this.#tellTimer)
    this.#tellTimer = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!isTool(this.tool)) this.tool = 'pen'
    if (changed.get('tool') !== undefined) this.#tell('tutti-board-tool', { tool: this.tool })
    const isOpen = this.#open
    if (this.#wasOpen && !isOpen) this.#hands.end()
    this.#wasOpen = isOpen
  }

  protected override render(): TemplateResult {
    const hands = this.#hands
    return html`
      <div part="sheet" class="sheet" @keydown=${hands.key}>
        <canvas tabindex="0" role="application" aria-roledescription="whiteboard" aria-label="Whiteboard" aria-describedby="what keys"
          data-tool=${this.#open ? this.tool : 'hand'} @pointerdown=${hands.press} @pointermove=${hands.move}
          @pointerup=${hands.lift} @pointercancel=${hands.lose} @dblclick=${hands.twice} @wheel=${hands.wheel}
          @keyup=${hands.keyUp} @blur=${hands.release}></canvas>
        <p class="hint" ?hidden=${!hands.empty || hands.field.isOpen}>${this.#hint}</p>
        ${hands.field.render()} ${renderZoom(hands)}
        <p id="what" class="visually-hidden">${this.#voice.what}</p>
        <p id="keys" class="visually-hidden">${keysInWords}</p>
        <p class="visually-hidden" role="status">${this.#voice.said}</p>
      </div>
      <div @keydown=${hands.key}>${renderTools(hands)}</div>
    `
  }

  protected override firstUpdated(): void {
    this.#screen = new BoardScreen(this.#canvas, this.#hands)
    this.#screen.start()
  }

  protected override updated(): void {
    this.renderRoot.querySelector('textarea')?.focus({ preventScroll: true })
  }

  /** Whether one may draw now. */
  get #open(): boolean {
    const self = this.#tutti.host?.group?.self.id
    if (self === undefined || !this.#tutti.joined) return false
    this.#desk.become(self)
    return !this.readonly
  }

  /** What stands on an empty sheet. */
  get #hint(): string {
    if (!this.#tutti.joined) return this.#tutti.host?.phase === 'joining' ? 'Joining …' : 'Not in a group.'
    return this.readonly ? 'Nothing is drawn yet.' : 'Draw here. Everyone sees it.'
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!
  }

  get #shownOn(): BoardScreen {
    if (this.#screen === undefined)
      throw new Error('the board is not in a page yet: add it to the document, then await updateComplete')
    return this.#screen
  }

  #makeHands(): BoardHands {
    return new BoardHands({
      board: this,
      desk: this.#desk,
      model: this.#model,
      isOpen: () => this.#open,
      canvas: () => this.#canvas,
      paintSoon: () => this.#screen?.paintSoon(),
      selectionChanged: () => this.#selectionChanged(),
      download: (kind) => void this.#download(kind),
      say: (sentence) => this.#voice.say(sentence),
    })
  }

  #cast(kind: 'cbcast' | 'abcast', value: BoardValue): boolean {
    return this.#tutti.host?.cast(kind, value) ?? false
  }

  #modelChanged(news: BoardNews): void {
    const self = this.#tutti.host?.group?.self
    const isMine = self !== undefined && news.by === peerOf(self)
    // At once, for ink may be delivered and cleared again before the next frame.
    if (this.#desk.settle(news, isMine)) this.#selectionChanged()
    if (!isMine) this.#voice.takeNews(news, this.#tutti.host)
    this.#screen?.paintSoon()
    this.#tellTimer ??= setTimeout(() => this.#tellChange(), tellEveryMs)
  }

  #tellChange(): void {
    this.#tellTimer = undefined
    this.#voice.describe(this.things)
    this.#screen?.recolor()
    this.#tell('tutti-board-change', { things: this.things })
  }

  #selectionChanged(): void {
    this.#screen?.paintSoon()
    this.#tell('tutti-board-select', { things: this.selected })
  }

  #tell<Type extends keyof TuttiBoardEvents>(type: Type, detail: TuttiBoardEvents[Type]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  async #download(kind: 'png' | 'svg'): Promise<void> {
    const name = `board.${kind}`
    download(kind === 'png' ? await this.toPng() : new Blob([this.toSvg()], { type: 'image/svg+xml' }), name)
    this.#voice.say(`Saved as ${name}.`)
  }
}

const tellEveryMs = 50

/** What so many points of a thing should be instead, if anything. */
function missingFor(kind: ThingKind, count: number): string | undefined {
  if (!thingKinds.includes(kind)) return `there are ${thingKinds.join(', ')}`
  if (kind === 'pen' && count > strokePointsMax) return `give at most ${strokePointsMax} points, or add several strokes`
  if (kind === 'pen' || kind === 'text') return count > 0 ? undefined : 'give a point as [[x, y]]'
  return count === 2 ? undefined : 'give two points as [[x, y], [x, y]]'
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-board': TuttiBoard
  }
}
