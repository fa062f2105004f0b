import type { BoardModel } from './board-model.ts'
import type { Desk } from './desk.ts'
import type { Thing, ThingStyle } from './thing.ts'
import { type BoardTool, isShapeTool, toolLooks, tools } from './tools.ts'
import { wordsFor } from './words.ts'

/** What keys have of the hands that work at a board. */
export interface KeyHands {
  readonly desk: Desk
  readonly model: BoardModel
  /** Whether one may draw now. */
  readonly open: boolean
  readonly tool: BoardTool
  readonly style: ThingStyle
  use(tool: BoardTool): void
  undo(): void
  redo(): void
  zoomBy(step: 1 | -1): void
  goHome(): void
  fit(): void
  /** By CSS pixels. */
  pan(dx: number, dy: number): void
  /** Makes a hand of any tool, as long as the key is down. */
  grip(down: boolean): void
  /** Writing is wished: in a text that is there, or at a place. */
  writeIn(text: Thing): void
  write(x: number, y: number): void
  changed(): void
  selected(): void
  say(sentence: string): void
}

/** What the keys do, in words. */
export const keysInWords =
  'Keys: V, P, L, A, R, O, T, E, H choose a tool. Enter puts a shape or a text in the middle. N goes to the next thing; arrow keys ' +
  'move what is selected, or the view; Delete erases it. Control Z undoes, control shift Z does again. Plus, minus, 0 and 1 zoom.'

/** The keys of a board: all that a pointer can do there, as far as it makes sense. */
export class BoardKeys {
  readonly #hands: KeyHands

  constructor(hands: KeyHands) {
    this.#hands = hands
  }

  /** True: the key is taken. `onSheet`: the focus is on the sheet, not on a button beside it. */
  take(event: KeyboardEvent, onSheet: boolean): boolean {
    if (event.isComposing || event.altKey) return false
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (event.ctrlKey || event.metaKey) return this.#command(key, event.shiftKey, onSheet)
    return this.#view(key) || this.#choose(key) || (onSheet && this.#work(key, event.shiftKey))
  }

  #command(key: string, shift: boolean, onSheet: boolean): boolean {
    const hands = this.#hands
    if (!hands.open) return false
    if (key === 'z') shift ? hands.redo() : hands.undo()
    else if (key === 'y') hands.redo()
    else if (key === 'a' && onSheet) this.#selectAll()
    else return false
    return true
  }

  #view(key: string): boolean {
    const hands = this.#hands
    if (key === '+' || key === '=') hands.zoomBy(1)
    else if (key === '-') hands.zoomBy(-1)
    else if (key === '0') hands.goHome()
    else if (key === '1') hands.fit()
    else return false
    return true
  }

  #choose(key: string): boolean {
    const tool = this.#hands.open ? tools.find((each) => toolLooks[each].key.toLowerCase() === key) : undefined
    if (tool !== undefined) this.#hands.use(tool)
    return tool !== undefined
  }

  #work(key: string, shift: boolean): boolean {
    const { open } = this.#hands
    const arrow = arrows[key]
    if (arrow !== undefined) this.#go(arrow[0] * (shift ? 50 : 10), arrow[1] * (shift ? 50 : 10))
    else if (key === ' ') this.#hands.grip(true)
    else if (!open) return false
    else if (key === 'Delete' || key === 'Backspace') this.#erase()
    else if (key === 'n') this.#selectNext(shift ? -1 : 1)
    else if (key === 'Escape') this.#select([])
    else if (key === 'Enter') this.#enter()
    else return false
    return true
  }

  /** What is selected, by units of the sheet; else the view. */
  #go(dx: number, dy: number): void {
    const { desk, open } = this.#hands
    if (!open || desk.selected.length === 0) return this.#hands.pan(dx * 5, dy * 5)
    desk.nudge(dx, dy)
    this.#hands.changed()
  }

  #erase(): void {
    const count = this.#hands.desk.eraseSelected()
    if (count > 0) this.#hands.say(count === 1 ? 'Erased.' : `${count} things erased.`)
  }

  #select(ids: readonly string[]): void {
    this.#hands.desk.select(ids)
    this.#hands.selected()
  }

  #selectAll(): void {
    this.#hands.use('select')
    this.#select(this.#hands.model.things.map(({ id }) => id))
    this.#hands.say(`${this.#hands.desk.selected.length} selected.`)
  }

  #selectNext(step: 1 | -1): void {
    const { desk, model } = this.#hands
    this.#hands.use('select')
    const next = desk.selectNext(step)
    const count = model.things.length
    this.#hands.say(
      next === undefined ? 'Nothing on the board.' : `${wordsFor(next.thing)}, ${next.number} of ${count}`,
    )
    this.#hands.selected()
  }

  /** Puts what the tool draws into the middle, or writes in the text that is selected. */
  #enter(): void {
    const { desk, tool, style } = this.#hands
    const [text] = desk.selected
    if (tool === 'text') this.#hands.write(...desk.viewport.middle)
    if (tool === 'select' && text?.kind === 'text') this.#hands.writeIn(text)
    if (!isShapeTool(tool)) return
    const id = desk.addShape(tool, style)
    this.#hands.use('select')
    this.#select([id])
    this.#hands.say(`${toolLooks[tool].name} placed. Arrow keys move it.`)
  }
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
