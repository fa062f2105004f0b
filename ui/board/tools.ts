import { svg, type TemplateResult } from 'lit'
import { type ShapeKind, shapeKinds } from './thing.ts'

export const tools = ['select', 'pen', 'line', 'arrow', 'rectangle', 'ellipse', 'text', 'eraser', 'hand'] as const
/** What the pointer does on the board. */
export type BoardTool = (typeof tools)[number]

interface ToolLook {
  readonly name: string
  /** Alone, anywhere on the board. */
  readonly key: string
  readonly icon: TemplateResult
}

export const toolLooks: Readonly<Record<BoardTool, ToolLook>> = {
  select: { name: 'Select and move', key: 'V', icon: svg`<path d="M5 3.5 15 9.6l-4.6 1.1-2 4.3Z" />` },
  pen: { name: 'Pen', key: 'P', icon: svg`<path d="m4 16 .9-3.6L13.6 3.7a1.6 1.6 0 0 1 2.7 2.7l-8.7 8.7Z" />` },
  line: { name: 'Line', key: 'L', icon: svg`<path d="M4 16 16 4" />` },
  arrow: { name: 'Arrow', key: 'A', icon: svg`<path d="M4 16 16 4M8.5 4H16v7.5" />` },
  rectangle: { name: 'Rectangle', key: 'R', icon: svg`<path d="M3.5 5.5h13v9h-13Z" />` },
  ellipse: { name: 'Ellipse', key: 'O', icon: svg`<ellipse cx="10" cy="10" rx="7" ry="5.2" />` },
  text: { name: 'Text', key: 'T', icon: svg`<path d="M4.5 6.5v-2h11v2M10 4.5v11M8 15.5h4" />` },
  eraser: {
    name: 'Eraser',
    key: 'E',
    icon: svg`<path d="m8 16-4.2-4.2a1.2 1.2 0 0 1 0-1.7l6.3-6.3a1.2 1.2 0 0 1 1.7 0l4.4 4.4a1.2 1.2 0 0 1 0 1.7L10.4 16Zm0 0h8.5M6.9 7l6.1 6.1" />`,
  },
  hand: {
    name: 'Move the view',
    key: 'H',
    icon: svg`<path d="M10 2.8v14.4M2.8 10h14.4M7.8 5 10 2.8 12.2 5M7.8 15l2.2 2.2 2.2-2.2M5 7.8 2.8 10 5 12.2M15 7.8l2.2 2.2-2.2 2.2" />`,
  },
}

export const actionIcons = {
  undo: svg`<path d="M7.5 4 4 7.5 7.5 11M4.2 7.5h7.3a4.2 4.2 0 0 1 0 8.4H8" />`,
  redo: svg`<path d="M12.5 4 16 7.5 12.5 11M15.8 7.5H8.5a4.2 4.2 0 0 0 0 8.4H12" />`,
  out: svg`<path d="M5 10h10" />`,
  in: svg`<path d="M5 10h10M10 5v10" />`,
  fit: svg`<path d="M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4" />`,
} as const

export const inks = ['Ink', 'Blue', 'Red', 'Green', 'Violet', 'Amber', 'Teal', 'Pink'] as const

/** Names of widths, in units of the sheet. */
export const widths: readonly (readonly [string, number])[] = [
  ['Fine', 7],
  ['Medium', 14],
  ['Broad', 30],
]

/** How large a text is that is written with a pen of this width, in units of the sheet. */
export function textSizeOf(width: number): number {
  return 20 + 2 * width
}

export function isTool(value: unknown): value is BoardTool {
  return (tools as readonly unknown[]).includes(value)
}

export function isShapeTool(tool: BoardTool): tool is BoardTool & ShapeKind {
  return (shapeKinds as readonly string[]).includes(tool)
}
