import type { Thing } from './thing.ts'
import type { BoardTool } from './tools.ts'

/** `things`: all there is, in painting order. */
export type TuttiBoardChangeEvent = CustomEvent<{ readonly things: readonly Thing[] }>
/** `things`: all that is selected. */
export type TuttiBoardSelectEvent = CustomEvent<{ readonly things: readonly Thing[] }>
export type TuttiBoardToolEvent = CustomEvent<{ readonly tool: BoardTool }>

export interface TuttiBoardEvents {
  'tutti-board-change': TuttiBoardChangeEvent
  'tutti-board-select': TuttiBoardSelectEvent
  'tutti-board-tool': TuttiBoardToolEvent
}

declare global {
  interface HTMLElementEventMap extends TuttiBoardEvents {}
}
