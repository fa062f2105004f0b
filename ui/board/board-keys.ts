import { type BoardTool, toolLooks, tools } from './tools.ts'

/** What keys do on a board. */
export interface KeyBoard {
  readonly open: boolean
  readonly tool: BoardTool
  use(tool: BoardTool): void
  undo(): void
  redo(): void
  zoomBy(step: 1 | -1): void
  goHome(): void
  fit(): void
  /** By CSS pixels. */
  pan(dx: number, dy: number): void
  /** By units of the sheet. False: nothing is selected. */
  nudge(dx: number, dy: number): boolean
  eraseSelected(): void
  selectAll(): void
  selectNext(step: 1 | -1): void
  unselect(): void
  /** Puts what the tool draws into the middle, or writes in the text that is selected. */
  enter(): void
  grip(down: boolean): void
}

/** What the keys do, in words. */
export const keysInWords =
  'Keys: V, P, L, A, R, O, T, E, H choose a tool. Enter puts a shape or a text in the middle. N goes to the next thing; arrow keys ' +
  'move what is selected, or the view; Delete erases it. Control Z undoes, control shift Z does again. Plus, minus, 0 and 1 zoom.'

/** True: the key is taken. `onSheet`: the focus is on the sheet, not on a button beside it. */
export function takeKey(event: KeyboardEvent, board: KeyBoard, onSheet: boolean): boolean {
  if (event.isComposing || event.altKey) return false
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey) return takeCommand(key, event.shiftKey, board, onSheet)
  return takeView(key, board) || takeTool(key, board) || (onSheet && takeSheet(key, event.shiftKey, board))
}

function takeCommand(key: string, shift: boolean, board: KeyBoard, onSheet: boolean): boolean {
  if (!board.open) return false
  if (key === 'z') shift ? board.redo() : board.undo()
  else if (key === 'y') board.redo()
  else if (key === 'a' && onSheet) board.selectAll()
  else return false
  return true
}

function takeView(key: string, board: KeyBoard): boolean {
  if (key === '+' || key === '=') board.zoomBy(1)
  else if (key === '-') board.zoomBy(-1)
  else if (key === '0') board.goHome()
  else if (key === '1') board.fit()
  else return false
  return true
}

function takeTool(key: string, board: KeyBoard): boolean {
  const tool = board.open ? tools.find((each) => toolLooks[each].key.toLowerCase() === key) : undefined
  if (tool !== undefined) board.use(tool)
  return tool !== undefined
}

function takeSheet(key: string, shift: boolean, board: KeyBoard): boolean {
  const arrow = arrows[key]
  if (arrow !== undefined) {
    const [x, y] = arrow
    const step = shift ? 50 : 10
    if (!board.open || !board.nudge(x * step, y * step)) board.pan(x * step * 5, y * step * 5)
  } else if (key === ' ') board.grip(true)
  else if (!board.open) return false
  else if (key === 'Delete' || key === 'Backspace') board.eraseSelected()
  else if (key === 'n') board.selectNext(shift ? -1 : 1)
  else if (key === 'Escape') board.unselect()
  else if (key === 'Enter') board.enter()
  else return false
  return true
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
