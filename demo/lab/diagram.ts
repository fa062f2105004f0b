import { html, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import type { TuttiSpacetime } from '../../ui/index.ts'
import type { LabEvent, Name } from './side.ts'

/** What is longer would lie over its neighbours. */
const LABEL_MAX = 24

type DrawnEvent = Parameters<TuttiSpacetime['add']>[0] extends Iterable<infer E> ? E : never

/** One side's diagram, fed with what happens while it is shown. */
export class Diagram {
  #element: TuttiSpacetime | undefined
  #span = 0
  readonly #title: string
  readonly #isTerse: boolean

  /** `isTerse`: without what is said. */
  constructor(title: string, isTerse: boolean) {
    this.#title = title
    this.#isTerse = isTerse
  }

  render(): TemplateResult {
    return html`<tutti-spacetime aria-label=${this.#title} ${ref((element) => this.#take(element))}></tutti-spacetime>`
  }

  /** Whether there is something to draw on. */
  get isThere(): boolean {
    return this.#element !== undefined
  }

  clear(): void {
    this.#element?.clear()
  }

  /** Draws what happened since, up to now. `lengthMs`: how much time should be seen at once. */
  draw(events: readonly LabEvent[], names: readonly Name[], nowMs: number, lengthMs: number): void {
    const element = this.#element
    if (element === undefined) return
    if (element.lines.length !== names.length) {
      element.lines = names
      element.names = new Map(names.map((name) => [name, name]))
    }
    element.now = nowMs
    if (this.#span !== lengthMs) {
      this.#span = lengthMs
      element.span = lengthMs * 1.04
    }
    element.add(events.map((event) => drawn(event, this.#isTerse)))
  }

  #take(element: Element | undefined): void {
    this.#element = element as TuttiSpacetime | undefined
    this.#span = 0
  }
}

/** What is said stands at the place where it is said, once. */
function drawn(event: LabEvent, isTerse: boolean): DrawnEvent {
  const isSaid = event.event === 'multicast' || event.event === 'plain-send'
  const isLabelled = isSaid && !isTerse && event.value !== undefined && event.value.length <= LABEL_MAX
  return { ...event, ...(isLabelled && { label: event.value }) } as DrawnEvent
}
