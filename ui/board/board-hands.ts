import type { ReactiveControllerHost } from 'lit'
import type { Ground } from '../cursors/grounds.ts'
import { BoardKeys, type KeyHands } from './board-keys.ts'
import type { BoardModel } from './board-model.ts'
import type { Shown } from './board-screen.ts'
import type { Desk } from './desk.ts'
import { Gestures, type Surface } from './gestures.ts'
import type { Scene } from './painter.ts'
import { sheetGround } from './sheet-ground.ts'
import { TextField, type TextPlace } from './text-field.ts'
import type { Thing, ThingStyle } from './thing.ts'
import type { Buttons } from './toolbar.ts'
import { type BoardTool, textSizeOf, toolLooks } from './tools.ts'

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
export class BoardHands implements Surface, KeyHands, Buttons, TextPlace, Shown {
  readonly field = new TextField(this)
  readonly ground: Ground
  readonly #owner: HandsOwner
  readonly #gestures = new Gestures(this)
  readonly #keys = new BoardKeys(this)
  #seen = ''
  #flushedAt = 0

  constructor(owner: HandsOwner) {
    this.#owner = owner
    this.ground = sheetGround(owner.desk.viewport, () => this.box())
  }

  get desk(): Desk {
    return this.#owner.desk
  }

  get model(): BoardModel {
    return this.#owner.model
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
    return this.model.things.length === 0
  }

  get zoom(): number {
    return this.desk.viewport.zoom
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
    this.writeIn(text)
  }

  /** With control always a zoom, as of two fingers on a trackpad; without, the page's own, until the board has the focus. */
  readonly wheel = (event: WheelEvent): void => {
    const hasFocus = this.#owner.canvas().matches(':focus')
    if (!hasFocus && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    this.#gestures.wheel(event)
  }

  readonly key = (event: KeyboardEvent): void => {
    if (this.#keys.take(event, event.target === this.#owner.canvas())) event.preventDefault()
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
    return this.model.get(id)
  }

  closed(): void {
    this.#owner.canvas().focus()
  }

  write(x: number, y: number): void {
    const hit = this.desk.at(x, y, 0)
    if (hit?.kind === 'text') this.writeIn(hit)
    else this.field.openAt(x, y, { color: this.color, width: textSizeOf(this.width) })
  }

  use(tool: BoardTool): void {
    if (tool === this.tool) return
    this.field.close()
    if (tool !== 'select' && this.desk.selected.length > 0) {
      this.desk.select([])
      this.selected()
    }
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

  grip(down: boolean): void {
    if (this.#gestures.spaceDown === down) return
    this.#gestures.spaceDown = down
    this.#owner.canvas().toggleAttribute('data-grip', down)
  }

  writeIn(text: Thing): void {
    this.field.openThing(text)
    this.selected()
  }

  /** True: the hand is at work, so there will be another frame. */
  beforeFrame(now: number): boolean {
    if (now - this.#flushedAt >= flushIntervalMs) {
      this.#flushedAt = now
      this.desk.flush()
    }
    return this.desk.drafts.drawing || this.desk.dragging
  }

  scene(): Scene {
    const { still, live } = this.desk.layers
    const { frame } = this.#gestures
    const frames = frame === undefined ? this.desk.frames : [...this.desk.frames, frame]
    return { view: this.desk.viewport.view, things: still, live, frames }
  }

  things(): readonly Thing[] {
    return this.model.things
  }

  resized(width: number, height: number): void {
    this.desk.viewport.resize(width, height)
    this.#owner.board.requestUpdate()
  }
}

const flushIntervalMs = 40
const zoomStep = 1.25
