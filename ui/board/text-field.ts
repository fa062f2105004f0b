import { html, nothing, type TemplateResult } from 'lit'
import { plainText } from '../plain-text.ts'
import { colorOf } from '../theme.ts'
import type { Desk } from './desk.ts'
import { originOf } from './geometry.ts'
import { asPoint, type Point } from './points.ts'
import { lineHeight } from './text-layout.ts'
import { boardTextCharactersMax, evenPressure, type Thing, type ThingStyle } from './thing.ts'

/** What a text field asks of the board that it lies on. */
export interface TextPlace {
  readonly desk: Desk
  thing(id: string): Thing | undefined
  /** It came, went, or says something new. */
  changed(): void
  /** It is closed by key: the board has the focus again. */
  closed(): void
  say(sentence: string): void
}

/**
 * The field in which one writes, in the place where the text will stand. The others see it while it is written; undo takes
 * a new text back as a whole.
 */
export class TextField {
  readonly #place: TextPlace
  #open: Open | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(place: TextPlace) {
    this.#place = place
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** For a new text, its size as the width of the style. */
  openAt(x: number, y: number, style: ThingStyle): void {
    this.close()
    const point = asPoint(x, y - (style.width * lineHeight) / 2, evenPressure)
    this.#open = { id: undefined, point, style, before: '', text: '', told: '' }
    this.#place.changed()
  }

  /** For a text that is there, whoever wrote it. */
  openThing(thing: Thing): void {
    this.close()
    const { id, text, color, width } = thing
    this.#open = { id, point: asPoint(...originOf(thing), 0), style: { color, width }, before: text, text, told: text }
    this.#place.desk.write(id)
    this.#place.changed()
  }

  /** The text stays as it is written. An empty one goes. */
  close(): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    const { desk } = this.#place
    this.#tell(open)
    desk.write(undefined)
    const text = plainText(open.text, boardTextCharactersMax)
    if (open.id !== undefined && text === '') desk.acts.erase([open.id])
    else if (open.id !== undefined && open.before !== '') desk.acts.wrote(open.id, open.before, text)
    if (Array.from(open.text.trim()).length > boardTextCharactersMax) {
      this.#place.say(`The text is longer than ${boardTextCharactersMax} characters and was cut.`)
    }
    this.#place.changed()
  }

  render(): TemplateResult | typeof nothing {
    const open = this.#open
    if (open === undefined) return nothing
    const { viewport } = this.#place.desk
    const [left, top] = viewport.fromSheet(open.point[0], open.point[1])
    const size = open.style.width * viewport.view.scale
    const style = `left: ${left}px; top: ${top}px; font-size: ${size}px; color: ${colorOf(open.style.color)}`
    return html`<textarea part="text" class="text" dir="auto" rows="1" spellcheck="false" aria-label="Text. Escape: done" style=${style}
      .value=${open.text} @input=${this.#input} @keydown=${this.#key} @blur=${() => this.close()}
      @pointerdown=${stop}></textarea>`
  }

  readonly #input = (event: Event): void => {
    const field = event.target as HTMLTextAreaElement
    if (this.#open === undefined) return
    this.#open.text = field.value
    this.#timer ??= setTimeout(() => this.#open && this.#tell(this.#open), tellEveryMs)
  }

  readonly #key = (event: KeyboardEvent): void => {
    event.stopPropagation()
    const isDone = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
    if (!isDone || event.isComposing) return
    event.preventDefault()
    this.close()
    this.#place.closed()
  }

  /** Multicasts what is written, as far as it is news. */
  #tell(open: Open): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { desk } = this.#place
    const text = plainText(open.text, boardTextCharactersMax)
    if (text === open.told || text === '') return
    const isGone = open.id !== undefined && open.seen === true && this.#place.thing(open.id) === undefined
    if (open.id === undefined || isGone) {
      // Erased under the hand, by somebody else: it goes on as a new one.
      open.id = desk.add('text', open.style, open.point, text)
      Object.assign(open, { before: '', seen: false })
      desk.write(open.id)
    } else desk.acts.write(open.id, text)
    open.told = text
    open.seen ||= this.#place.thing(open.id) !== undefined
  }
}

interface Open {
  /** Undefined until there is something to show. */
  id: string | undefined
  readonly point: Point
  readonly style: ThingStyle
  readonly before: string
  text: string
  told: string
  /** Whether it was on the board. */
  seen?: boolean
}

const tellEveryMs = 150

function stop(event: Event): void {
  event.stopPropagation()
}
