import type { Look, Pen, Surface, TextLook } from './surface.ts'

/** Writes an SVG file. */
export class SvgSurface implements Surface {
  readonly #parts: string[] = []
  readonly #font: string

  /** @param font - CSS font families */
  constructor(font: string) {
    this.#font = font
  }

  path({ fill = 'none', stroke, width = 1, dash, opacity, name }: Look, build: (pen: Pen) => void): void {
    const pen = new SvgPen()
    build(pen)
    if (pen.text === '') return
    const attributes = {
      class: name,
      d: pen.text,
      fill,
      ...(stroke !== undefined && { stroke, 'stroke-width': width }),
      ...(dash !== undefined && dash.length > 0 && { 'stroke-dasharray': dash.join(' ') }),
      ...(opacity !== undefined && opacity < 1 && { opacity }),
    }
    this.#parts.push(`<path ${write(attributes)}/>`)
  }

  text(text: string, x: number, y: number, { color, align, isBold = false, opacity, size = 11 }: TextLook): void {
    const attributes = {
      x: round(x),
      y: round(y),
      fill: color,
      'text-anchor': anchors[align],
      'font-size': size,
      ...(isBold && { 'font-weight': 600 }),
      ...(opacity !== undefined && opacity < 1 && { opacity }),
    }
    this.#parts.push(`<text ${write(attributes)}>${escaped(text)}</text>`)
  }

  /** The whole file, of what was drawn within `x` to `x + width` and 0 to `height`. */
  file(x: number, width: number, height: number, title: string): string {
    const root = {
      xmlns: 'http://www.w3.org/2000/svg',
      width: round(width),
      height: round(height),
      viewBox: `${round(x)} 0 ${round(width)} ${round(height)}`,
      'font-family': this.#font,
      role: 'img',
    }
    return `<svg ${write(root)}>\n<title>${escaped(title)}</title>\n${this.#parts.join('\n')}\n</svg>\n`
  }
}

class SvgPen implements Pen {
  text = ''

  moveTo(x: number, y: number): void {
    this.text += `M${round(x)} ${round(y)}`
  }

  lineTo(x: number, y: number): void {
    this.text += `L${round(x)} ${round(y)}`
  }

  closePath(): void {
    this.text += 'Z'
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.text += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`
  }

  circle(x: number, y: number, radius: number): void {
    const arc = `a${round(radius)} ${round(radius)} 0 1 0`
    this.text += `M${round(x - radius)} ${round(y)}${arc} ${round(2 * radius)} 0${arc} ${round(-2 * radius)} 0Z`
  }
}

const anchors = { left: 'start', center: 'middle', right: 'end' }

function write(attributes: Record<string, string | number>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ')
}

/** Names come from others; what XML does not allow at all is left out. */
function escaped(text: string): string {
  return text.replace(forbidden, '').replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

function round(value: number): number {
  return Math.round(value * 100) / 100
}
