import type { ReactiveControllerHost } from 'lit'
import { type KeyBoard, takeKey } from './board-keys.ts'
import type { BoardModel } from './board-model.ts'
import type { Desk } from './desk.ts'
import { Gestures, type Surface } from './gestures.ts'
import { TextField, type TextPlace } from './text-field.ts'
import type { Thing, ThingStyle } from './thing.ts'
import type { Buttons } from './toolbar.ts'
import { type BoardTool, isShapeTool, textSizeOf, toolLooks } from './tools.ts'
import { wordsFor } from './words.ts'

/** The board that hands work at. */
export interface HandsOwner {
  readonly board: BoardInHand
  readonly desk: Desk
  readonly model: BoardModel
  /** Whether one may draw now. */
  isOpen(): boolean
  canvas(): HTMLCanvasElement
  download(kind: 'png' | 'svg'): void
  paintSoon(): void
  selectionChanged(): void
  /** To a screen reader. */
  say(sentence: string): void
}

interface BoardInHand extends ReactiveControllerHost {
  tool: BoardTool
  color: number
  width: number
  readonly readonly: boolean
  undo(): boolean
  redo(): boolean
  clear(): boolean
}

/** All that pointers, keys and buttons do at a board. */
export class BoardHands implements Surface, KeyBoard, Buttons, TextPlace {
  readonly field = new TextField(this)
  readonly #owner: HandsOwner
  readonly #gestures = new Gestures(this)
  #seen = ''

  constructor(owner: HandsOwner) {
    this.#owner = owner
  }

  get desk(): Desk {
    return this.#owner.desk
  }

  get tool(): BoardTool {
    return this.#owner.board.tool
  }

  get color(): number {
    return this.#owner.board.color
  }

  get width(): number {
    return this.#owner.board.width
  }

  get style(): ThingStyle {
    return { color: this.color, width: this.width }
  }

  get readonly(): boolean {
    return this.#owner.board.readonly
  }

  get open(): boolean {
    return this.#owner.isOpen()
  }

  get empty(): boolean {
    return this.#owner.model.things.length === 0
  }

  get zoom(): number {
    return this.desk.viewport.zoom
  }

  /** The frame that selects, while it is drawn. */
  get frame(): Gestures['frame'] {
    return this.#gestures.frame
  }

  readonly press = (event: PointerEvent): void => {
    this.field.close()
    if (!this.#gestures.press(event)) return
    this.#owner.canvas().setPointerCapture(event.pointerId)
    // Of the middle button: else the browser scrolls.
    if (event.button === 1) event.preventDefault()
  }

  readonly move = (event: PointerEvent): void => this.#gestures.move(event)

  readonly lift = (event: PointerEvent): void => this.#gestures.lift(event)

  readonly lose = (event: PointerEvent): void => this.#gestures.lift(event, true)

  /** Two clicks on a text: to write in it. */
  readonly twice = (event: MouseEvent): void => {
    if (this.tool !== 'select' || !this.open) return
    const [text] = this.desk.selected
    if (text?.kind !== 'text') return
    event.preventDefault()
    this.#write(text)
  }

  /** With control always a zoom, as of two fingers on a trackpad; without, the page's own, until the board has the focus. */
  readonly wheel = (event: WheelEvent): void => {
    const hasFocus = this.#owner.canvas().matches(':focus')
    if (!hasFocus && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    this.#gestures.wheel(event)
  }

  readonly key = (event: KeyboardEvent): void => {
    if (takeKey(event, this, event.target === this.#owner.canvas())) event.preventDefault()
  }

  readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') this.grip(false)
  }

  readonly release = (): void => this.grip(false)

  /** Nothing is held any more. */
  end(): void {
    this.field.close()
    this.#gestures.end()
    this.grip(false)
  }

  box(): DOMRect {
    return this.#owner.canvas().getBoundingClientRect()
  }

  changed(): void {
    this.#owner.paintSoon()
    const seen = `${this.zoom} ${this.field.isOpen}`
    // Of what changes with each movement of a pointer, only this is more than paint.
    if (seen !== this.#seen || this.field.isOpen) this.#owner.board.requestUpdate()
    this.#seen = seen
  }

  selected(): void {
    this.#owner.selectionChanged()
  }

  say(sentence: string): void {
    this.#owner.say(sentence)
  }

  thing(id: string): Thing | undefined {
    return this.#owner.model.get(id)
  }

  closed(): void {
    this.#owner.canvas().focus()
  }

  write(x: number, y: number): void {
    const hit = this.desk.at(x, y, 0)
    if (hit?.kind === 'text') this.#write(hit)
    else this.field.openAt(x, y, { color: this.color, width: textSizeOf(this.width) })
  }

  use(tool: BoardTool): void {
    if (tool === this.tool) return
    this.field.close()
    if (tool !== 'select') this.unselect()
    this.#owner.board.tool = tool
    this.say(toolLooks[tool].name)
  }

  take(style: { color: number } | { width: number }): void {
    Object.assign(this.#owner.board, style)
  }

  // Bound, for they are listeners of buttons.
  readonly undo = (): void => this.say(this.#owner.board.undo() ? 'Undone.' : 'Nothing to undo.')

  readonly redo = (): void => this.say(this.#owner.board.redo() ? 'Done again.' : 'Nothing to do again.')

  readonly clear = (): void => this.say(this.#owner.board.clear() ? 'Cleared for everyone.' : 'Nothing to clear.')

  readonly goHome = (): void => {
    this.desk.viewport.goHome()
    this.changed()
  }

  readonly fit = (): void => {
    this.desk.fit()
    this.changed()
  }

  save(kind: 'png' | 'svg'): void {
    this.#owner.download(kind)
  }

  zoomBy(step: 1 | -1): void {
    this.desk.viewport.zoomBy(zoomStep ** step)
    this.changed()
  }

  pan(dx: number, dy: number): void {
    this.desk.viewport.pan(dx, dy)
    this.changed()
  }

  nudge(dx: number, dy: number): boolean {
    if (this.desk.selected.length === 0) return false
    this.desk.nudge(dx, dy)
    this.changed()
    return true
  }

  eraseSelected(): void {
    const count = this.desk.eraseSelected()
    if (count > 0) this.say(count === 1 ? 'Erased.' : `${count} things erased.`)
  }

  selectAll(): void {
    this.use('select')
    this.desk.select(this.#owner.model.things.map(({ id }) => id))
    this.say(`${this.desk.selected.length} selected.`)
    this.selected()
  }

  selectNext(step: 1 | -1): void {
    this.use('select')
    const next = this.desk.selectNext(step)
    const count = this.#owner.model.things.length
    this.say(next === undefined ? 'Nothing on the board.' : `${wordsFor(next.thing)}, ${next.number} of ${count}`)
    this.selected()
  }

  unselect(): void {
    if (this.desk.selected.length === 0) return
    this.desk.select([])
    this.selected()
  }

  enter(): void {
    const { tool } = this
    if (isShapeTool(tool)) {
      const id = this.desk.addShape(tool, this.style)
      this.use('select')
      this.desk.select([id])
      this.say(`${toolLooks[tool].name} placed. Arrow keys move it.`)
      return this.selected()
    }
    const [text] = this.desk.selected
    if (tool === 'select' && text?.kind === 'text') this.#write(text)
    if (tool === 'text')
      this.field.openAt(...this.desk.viewport.middle, { color: this.color, width: textSizeOf(this.width) })
  }

  grip(down: boolean): void {
    if (this.#gestures.spaceDown === down) return
    this.#gestures.spaceDown = down
    this.#owner.canvas().toggleAttribute('data-grip', down)
  }

  #write(text: Thing): void {
    this.field.openThing(text)
    this.selected()
  }
}

const zoomStep = 1.25
