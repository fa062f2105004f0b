import type { Desk } from './desk.ts'
import { asPoint, type Point } from './points.ts'
import { around, type Box, evenPressure, type ThingStyle } from './thing.ts'
import { type BoardTool, isShapeTool } from './tools.ts'

/** What gestures ask of the board that they happen on. */
export interface Surface {
  readonly desk: Desk
  readonly tool: BoardTool
  readonly style: ThingStyle
  /** Whether one may draw here now. */
  readonly open: boolean
  /** Where the canvas is in the window. */
  box(): DOMRect
  /** Something is to be painted. */
  changed(): void
  selected(): void
  /** Writing is wished at a place, or in a text that is there. */
  write(x: number, y: number): void
}

/**
 * What pointers do: one draws, drags, erases or selects, by the tool; two fingers pan and zoom whatever the tool is, and
 * what the first of them had begun is taken back.
 */
export class Gestures {
  readonly #surface: Surface
  readonly #pointers = new Map<number, Gesture>()
  /** The key that makes a hand of any tool. */
  spaceDown = false
  /** The frame that selects, while it is drawn. */
  frame: Box | undefined

  constructor(surface: Surface) {
    this.#surface = surface
  }

  /** True: it is taken. */
  press(event: PointerEvent): boolean {
    const at = this.#place(event)
    const fingers = [...this.#pointers.values()].filter(({ touch }) => touch)
    if (event.pointerType === 'touch' && fingers.length > 0) {
      for (const finger of fingers) this.#giveUp(finger)
      this.#pointers.set(event.pointerId, { id: event.pointerId, does: 'pan', touch: true, from: at, at })
      return true
    }
    const does = this.#whatFor(event)
    if (does === undefined) return false
    const gesture: Gesture = { id: event.pointerId, does, touch: event.pointerType === 'touch', from: at, at }
    this.#pointers.set(event.pointerId, gesture)
    this.#begin(gesture, event)
    this.#surface.changed()
    return true
  }

  move(event: PointerEvent): void {
    const gesture = this.#pointers.get(event.pointerId)
    if (gesture === undefined) return
    const before = gesture.at
    gesture.at = this.#place(event)
    const [x, y] = this.#onSheet(gesture.at)
    const [fromX, fromY] = this.#onSheet(gesture.from)
    const { desk } = this.#surface
    if (gesture.does === 'pan') this.#pan(gesture, before)
    if (gesture.does === 'draw') desk.drafts.move(gesture.id, this.#points(event, gesture))
    if (gesture.does === 'erase')
      gesture.erased = desk.eraseAt(x, y, this.#reach(gesture), gesture.erased === true) || gesture.erased === true
    if (gesture.does === 'drag' && (gesture.far || isFar(gesture))) {
      gesture.far = true
      if (!desk.dragging) desk.grab()
      desk.dragTo(x - fromX, y - fromY)
    }
    if (gesture.does === 'frame') this.frame = around([boxAt(x, y), boxAt(fromX, fromY)])
    this.#surface.changed()
  }

  lift(event: PointerEvent, isLost = false): void {
    const gesture = this.#pointers.get(event.pointerId)
    if (gesture === undefined) return
    this.#pointers.delete(event.pointerId)
    const { desk } = this.#surface
    if (gesture.does === 'draw') desk.drafts.lift(gesture.id)
    if (gesture.does === 'drag') desk.drop()
    if (gesture.does === 'frame') {
      if (this.frame !== undefined) desk.selectIn(this.frame)
      this.frame = undefined
      this.#surface.selected()
    }
    if (gesture.does === 'write' && !isLost) this.#surface.write(...this.#onSheet(gesture.from))
    this.#surface.changed()
  }

  /** All pointers are let go of. */
  end(): void {
    for (const gesture of this.#pointers.values()) this.#giveUp(gesture)
    this.#pointers.clear()
  }

  wheel(event: WheelEvent): void {
    const { viewport } = this.#surface.desk
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    const [px, py] = this.#place(event)
    if (event.ctrlKey || event.metaKey) viewport.zoomBy(Math.exp(-clamp(event.deltaY * unit, 120) / 300), px, py)
    else if (event.shiftKey && event.deltaX === 0) viewport.pan(event.deltaY * unit, 0)
    else viewport.pan(event.deltaX * unit, event.deltaY * unit)
    this.#surface.changed()
  }

  #whatFor(event: PointerEvent): Gesture['does'] | undefined {
    const { tool, open } = this.#surface
    if (event.button === 1 || (event.button === 0 && (this.spaceDown || tool === 'hand' || !open))) return 'pan'
    if (event.button !== 0) return undefined
    if (tool === 'eraser') return 'erase'
    if (tool === 'text') return 'write'
    if (tool !== 'select') return 'draw'
    return this.#pick(event) ? 'drag' : 'frame'
  }

  /** Selects what is under the pointer. With shift: that too, or not any more. */
  #pick(event: PointerEvent): boolean {
    const { desk } = this.#surface
    const [x, y] = this.#onSheet(this.#place(event))
    const hit = desk.at(x, y, this.#reachOf(event.pointerType))
    const now = new Set(desk.selected.map(({ id }) => id))
    if (hit === undefined) desk.select(event.shiftKey ? now : [])
    else if (event.shiftKey) desk.select(now.delete(hit.id) ? now : now.add(hit.id))
    else if (!now.has(hit.id)) desk.select([hit.id])
    this.#surface.selected()
    return hit !== undefined
  }

  #begin(gesture: Gesture, event: PointerEvent): void {
    const { desk, tool, style } = this.#surface
    if (gesture.does === 'erase')
      gesture.erased = desk.eraseAt(...this.#onSheet(gesture.at), this.#reach(gesture), false)
    if (gesture.does !== 'draw') return
    const point = this.#point(event)
    if (isShapeTool(tool)) desk.drafts.press(gesture.id, tool, style, [...point, ...point])
    else desk.drafts.press(gesture.id, 'pen', style, point)
  }

  /** One pointer pans; of two, each moves what is seen by half, and their distance zooms. */
  #pan(gesture: Gesture, before: Place): void {
    const { viewport } = this.#surface.desk
    const other = [...this.#pointers.values()].find((each) => each !== gesture && each.does === 'pan')
    const share = other === undefined ? 1 : 2
    viewport.pan((before[0] - gesture.at[0]) / share, (before[1] - gesture.at[1]) / share)
    if (other === undefined) return
    const far = (place: Place): number => Math.max(Math.hypot(place[0] - other.at[0], place[1] - other.at[1]), 10)
    const [x, y] = [(gesture.at[0] + other.at[0]) / 2, (gesture.at[1] + other.at[1]) / 2]
    viewport.zoomBy(far(gesture.at) / far(before), x, y)
  }

  #giveUp(gesture: Gesture): void {
    const { desk } = this.#surface
    if (gesture.does === 'draw') desk.acts.discard(desk.drafts.cancel(gesture.id))
    if (gesture.does === 'drag') desk.drop()
    if (gesture.does === 'frame') this.frame = undefined
    gesture.does = 'pan'
  }

  #points(event: PointerEvent, gesture: Gesture): Point[] {
    const { tool } = this.#surface
    if (isShapeTool(tool) && event.shiftKey) return [this.#even(gesture, tool === 'line' || tool === 'arrow')]
    const events = event.getCoalescedEvents?.() ?? []
    return (events.length > 0 ? events : [event]).map((each) => this.#point(each))
  }

  /** With shift: as wide as high, or at a multiple of 45 degrees. */
  #even({ from, at }: Gesture, isLine: boolean): Point {
    const [x0, y0] = this.#onSheet(from)
    const [x, y] = this.#onSheet(at)
    const length = isLine ? Math.hypot(x - x0, y - y0) : Math.max(Math.abs(x - x0), Math.abs(y - y0))
    const angle = (Math.round(Math.atan2(y - y0, x - x0) / (Math.PI / 4)) * Math.PI) / 4
    if (isLine) return asPoint(x0 + length * Math.cos(angle), y0 + length * Math.sin(angle), evenPressure)
    return asPoint(x0 + length * (x < x0 ? -1 : 1), y0 + length * (y < y0 ? -1 : 1), evenPressure)
  }

  #point(event: PointerEvent): Point {
    const [x, y] = this.#onSheet(this.#place(event))
    // A mouse has no pressure and reports one half.
    const pressure = event.pointerType === 'pen' ? Math.max(event.pressure, 0.05) : evenPressure / 100
    return asPoint(x, y, pressure * 100)
  }

  #place(event: MouseEvent): Place {
    const { left, top } = this.#surface.box()
    return [event.clientX - left, event.clientY - top]
  }

  #onSheet([px, py]: Place): readonly [number, number] {
    return this.#surface.desk.viewport.toSheet(px, py)
  }

  #reach({ touch }: Gesture): number {
    return this.#reachOf(touch ? 'touch' : 'mouse')
  }

  /** How near is near enough, in units of the sheet: a finger is broad. */
  #reachOf(pointerType: string): number {
    return (pointerType === 'touch' ? 14 : 6) / this.#surface.desk.viewport.view.scale
  }
}

/** In CSS pixels from the canvas's top left. */
type Place = readonly [x: number, y: number]

interface Gesture {
  readonly id: number
  does: 'pan' | 'draw' | 'erase' | 'drag' | 'frame' | 'write'
  readonly touch: boolean
  readonly from: Place
  at: Place
  /** Erased something already; moved so far that it is no click. */
  erased?: boolean
  far?: boolean
}

/** A pointer that moves no further was to click. */
const clickMaxPx = 3

function isFar({ from, at }: Gesture): boolean {
  return Math.hypot(at[0] - from[0], at[1] - from[1]) > clickMaxPx
}

function boxAt(x: number, y: number): Box {
  return { left: x, top: y, right: x, bottom: y }
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit)
}
