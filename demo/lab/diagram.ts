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
  /** What the picture is framed for; 0: nothing yet. */
  #lengthMs = 0
  #isFramed = false
  #nowMs = 0
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
    this.#lengthMs = 0
  }

  /** Draws what happened since, up to now. `lengthMs`: how much time is seen, from the beginning on. */
  draw(events: readonly LabEvent[], names: readonly Name[], nowMs: number, lengthMs: number): void {
    const element = this.#element
    if (element === undefined) return
    if (element.lines.join() !== names.join()) {
      element.lines = names
      element.names = new Map(names.map((name) => [name, name]))
    }
    this.#nowMs = nowMs
    if (this.#lengthMs !== lengthMs) void this.#frame(element, lengthMs)
    else if (this.#isFramed) element.now = nowMs
    element.add(events.map((event) => drawn(event, this.#isTerse)))
  }

  /** Holds the picture as it is at the end of the run, so that the run fills it and nothing moves away. */
  async #frame(element: TuttiSpacetime, lengthMs: number): Promise<void> {
    this.#lengthMs = lengthMs
    this.#isFramed = false
    Object.assign(element, { live: true, span: lengthMs * 1.04, now: lengthMs })
    await element.updateComplete
    element.live = false
    await element.updateComplete
    if (this.#lengthMs !== lengthMs) return
    this.#isFramed = true
    element.now = this.#nowMs
  }

  #take(element: Element | undefined): void {
    this.#element = element as TuttiSpacetime | undefined
    this.#lengthMs = 0
  }
}

/** What is said stands at the place where it is said, once. */
function drawn(event: LabEvent, isTerse: boolean): DrawnEvent {
  const isSaid = event.event === 'multicast' || event.event === 'plain-send'
  const isLabelled = isSaid && !isTerse && event.value !== undefined && event.value.length <= LABEL_MAX
  return { ...event, ...(isLabelled && { label: event.value }) } as DrawnEvent
}
