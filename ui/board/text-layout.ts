export interface TextLine {
  readonly text: string
  readonly rightToLeft: boolean
}

/** A text as it stands on the sheet, in its units. Lines break where they were broken: fonts differ between machines. */
export interface TextLayout {
  readonly lines: readonly TextLine[]
  readonly width: number
  readonly height: number
  /** From one line to the next. */
  readonly step: number
  /** From the top of a line to what its letters stand on. */
  readonly ascent: number
}

export function textLayout(text: string, size: number): TextLayout {
  const lines = text.split('\n').map((line) => ({ text: line, rightToLeft: isRightToLeft(line) }))
  const width = Math.max(...lines.map((line) => widthOf(line.text, size)), size / 2)
  const step = size * lineHeight
  return { lines, width, height: lines.length * step, step, ascent: size * 0.98 }
}

export const lineHeight = 1.25

/** The family that texts are painted with, as CSS has it. Texts have other sizes then. */
export function useFont(family: string): boolean {
  if (family === font) return false
  font = family
  return true
}

export function fontOf(size: number): string {
  return `${size}px ${font}`
}

/** By its first letter that has a direction. */
export function isRightToLeft(text: string): boolean {
  const first = /\p{L}/u.exec(text)?.[0]
  return first !== undefined && rightToLeft.test(first)
}

let font = 'sans-serif'
let pen: OffscreenCanvasRenderingContext2D | null | undefined
const measureSize = 100

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}]/u

function widthOf(line: string, size: number): number {
  // Where nothing can be painted nothing needs to be measured well.
  if (pen === undefined)
    pen = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d')
  if (pen === null) return line.length * size * 0.55
  pen.font = fontOf(measureSize)
  return (pen.measureText(line).width * size) / measureSize
}
