import type { Moment, Span, Stay } from './line.ts'
import type { SpacetimeKind } from './spacetime-event.ts'

/** A picture as plain data, in CSS pixels from the upper edge and the left: what a canvas paints and an SVG file says. */
export interface Scene {
  readonly width: number
  readonly height: number
  /** Time runs from the right to the left. */
  readonly isMirrored: boolean
  readonly ticks: readonly { readonly x: number; readonly label: string }[]
  /** Where a dashed line along the time begins, outside of the picture, so that its dashes move with the time. */
  readonly dashX: number
  readonly lanes: readonly Lane[]
  readonly stays: readonly {
    readonly x1: number
    readonly x2: number
    readonly y: number
    readonly end: Stay['end']
  }[]
  readonly shades: readonly (Box & { readonly type: Span['type'] })[]
  readonly bars: readonly Bar[]
  readonly arrows: readonly Arrow[]
  readonly dots: readonly Dot[]
  readonly labels: readonly { readonly x: number; readonly y: number; readonly text: string; readonly isLit: boolean }[]
  /** Where time has come to; beyond is nothing. */
  readonly nowX: number | undefined
}

/** Where a line is drawn. */
export interface Lane {
  readonly peer: string
  readonly name: string
  /** Its middle. */
  readonly y: number
  readonly height: number
  readonly isShown: boolean
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A view, from line to line as its members entered it. */
export interface Bar {
  readonly points: readonly Point[]
  readonly label: string
  readonly isPrimary: boolean
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Arrow {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly kind: SpacetimeKind
  /** It begins or ends outside of what is known: a guess, or it never came. */
  readonly sort: 'message' | 'guess' | 'lost'
  /** In the causal past of what is chosen, or nothing is chosen. */
  readonly isLit: boolean
  /** False where heads lie so close that they would only blur. */
  readonly hasHead: boolean
}

export interface Dot extends Point {
  readonly role: Moment['role']
  readonly kind: SpacetimeKind | undefined
  readonly isImplied: boolean
  readonly isLit: boolean
  readonly isChosen: boolean
  readonly moment: Moment
}
