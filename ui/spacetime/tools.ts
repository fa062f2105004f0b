import { html, nothing, type TemplateResult } from 'lit'
import type { SpacetimeKind } from './spacetime-event.ts'
import { timeText } from './time-axis.ts'

/** What the row of tools shows. */
export interface ToolState {
  readonly live: boolean
  readonly span: number
  /** Undefined: there are no others to ask. */
  readonly everyone: boolean | undefined
  /** Whether there are sends without a group. */
  readonly hasPlain: boolean
  readonly hiddenKinds: ReadonlySet<SpacetimeKind>
}

/** What it can be asked to do. */
export interface ToolActs {
  toggle(): void
  /** So many times as much is to be seen. */
  zoom(factor: number): void
  fit(): void
  showKind(kind: SpacetimeKind, shown: boolean): void
  askEveryone(wanted: boolean): void
  save(): void
}

export const zoomStep = 1.5

export function renderTools(state: ToolState, acts: ToolActs): TemplateResult {
  const { live, span, everyone, hasPlain } = state
  const shown = kinds.filter((kind) => kind !== 'plain' || hasPlain)
  return html`
    <div part="tools" class="tools" role="group" aria-label="Diagram">
      <button part="pause" class=${live ? nothing : 'held'} @click=${acts.toggle}>${live ? 'Pause' : 'Go on'}</button>
      <span role="group" aria-label="Zoom">
        <button aria-label="See more time" @click=${() => acts.zoom(zoomStep)}>−</button>
        <output aria-live="off" dir="ltr">${timeText(span, span / 100)}</output>
        <button aria-label="See less time" @click=${() => acts.zoom(1 / zoomStep)}>+</button>
        <button @click=${acts.fit}>All</button>
      </span>
      <fieldset>
        <legend class="visually-hidden">What is drawn</legend>
        ${shown.map((kind) => renderKind(kind, state, acts))}
      </fieldset>
      ${everyone === undefined ? nothing : renderEveryone(everyone, acts)}
      <button class="save" @click=${acts.save} title="Save what is seen as an SVG file">SVG</button>
    </div>
  `
}

const kinds: readonly SpacetimeKind[] = ['fifo', 'causal', 'total', 'plain', 'state']

function renderKind(kind: SpacetimeKind, { hiddenKinds }: ToolState, acts: ToolActs): TemplateResult {
  return html`<label class=${kind}>
    <input type="checkbox" .checked=${!hiddenKinds.has(kind)}
      @change=${(event: Event) => acts.showKind(kind, isChecked(event))} />
    <i class="swatch" aria-hidden="true"></i>${kind}
  </label>`
}

function renderEveryone(everyone: boolean, acts: ToolActs): TemplateResult {
  return html`<label title="Ask the others for what happens at them: those who have a diagram of the group on their page, too">
    <input type="checkbox" .checked=${everyone} @change=${(event: Event) => acts.askEveryone(isChecked(event))} />
    Everyone’s events
  </label>`
}

export function isChecked({ target }: Event): boolean {
  return (target as HTMLInputElement).checked
}
