/** What a picture is drawn on: a canvas, or the text of an SVG file. Pixels, from the upper left. */
export interface Surface {
  /** Draws one path, of any number of pieces, in one look. */
  path(look: Look, build: (pen: Pen) => void): void
  text(text: string, x: number, y: number, look: TextLook): void
}

/** The share of a canvas's path that an SVG path has as well. */
export interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  closePath(): void
  rect(x: number, y: number, width: number, height: number): void
  circle(x: number, y: number, radius: number): void
}

export interface Look {
  /** CSS colours. */
  readonly fill?: string
  readonly stroke?: string
  readonly width?: number
  /** Pixels drawn and left out in turn. */
  readonly dash?: readonly number[]
  /** 0 to 1. Default 1. */
  readonly opacity?: number
  /** What it is, for those who read the file. */
  readonly name: string
}

export interface TextLook {
  readonly color: string
  readonly align: 'left' | 'center' | 'right'
  readonly isBold?: boolean
  readonly opacity?: number
  /** Pixels. Default 11. */
  readonly size?: number
}
