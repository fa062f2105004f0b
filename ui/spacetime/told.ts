import { html, nothing, type TemplateResult } from 'lit'
import type { Description } from './describe.ts'
import type { Moment } from './line.ts'
import type { Stage } from './stage.ts'

/** What the pointer is at, and where, in CSS pixels. */
export interface Pointed {
  readonly moment: Moment
  readonly x: number
  readonly y: number
}

/** What is said of the chosen event, or how to choose one. */
export function renderChosen(stage: Stage): TemplateResult {
  if (stage.chosen === undefined) {
    return html`<span class="hint">Choose an event to see what led to it.
      <span class="keys">By keyboard: <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>, <kbd>Enter</kbd></span></span>`
  }
  const past = stage.history.pastOf(stage.chosen).size - 1
  return html`${renderDescription(stage.describe(stage.chosen))}
    <span class="when">· ${past} ${past === 1 ? 'event' : 'events'} may have led to it</span>`
}

/** What is said beside the pointer, on the side where there is room. */
export function renderTip({ moment, x, y }: Pointed, stage: Stage): TemplateResult {
  const { width } = stage
  const side = x > width / 2 ? `right: ${width - x + 12}px` : `left: ${x + 12}px`
  return html`<div part="tip" class="tip" aria-hidden="true" style="top: ${y + 12}px; ${side}">
    <p>${renderDescription(stage.describe(moment))}</p>
  </div>`
}

function renderDescription({ what, when, vector }: Description): TemplateResult {
  return html`${what} <span class="when">· ${when}${vector === '' ? nothing : ` · ${vector}`}</span>`
}
