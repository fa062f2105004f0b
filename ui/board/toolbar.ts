import { html, nothing, svg, type TemplateResult } from 'lit'
import { colorOf } from '../theme.ts'
import { actionIcons, type BoardTool, inks, toolLooks, tools, widths } from './tools.ts'

/** What the buttons of a board show and do. */
export interface Buttons {
  readonly tool: BoardTool
  readonly color: number
  readonly width: number
  /** Whether one may draw here at all, and whether now. */
  readonly readonly: boolean
  readonly open: boolean
  readonly empty: boolean
  readonly zoom: number
  use(tool: BoardTool): void
  take(style: { color: number } | { width: number }): void
  undo(): void
  redo(): void
  clear(): void
  save(kind: 'png' | 'svg'): void
  zoomBy(step: 1 | -1): void
  goHome(): void
  fit(): void
}

export function renderTools(buttons: Buttons): TemplateResult {
  return html`
    <div part="tools" class="tools" role="toolbar" aria-label="Drawing">
      ${buttons.readonly ? nothing : renderDrawing(buttons)}
      <div class="choice ends">
        ${buttons.readonly ? nothing : renderActions(buttons)}
        <button @click=${() => buttons.save('png')} title="Save the board as a PNG picture">PNG</button>
        <button @click=${() => buttons.save('svg')} title="Save the board as an SVG drawing">SVG</button>
      </div>
    </div>
  `
}

/** The buttons for pan and zoom, which lie over the sheet. */
export function renderZoom({ zoom, zoomBy, goHome, fit }: Buttons): TemplateResult {
  return html`
    <div part="zoom" class="zoom" role="group" aria-label="View">
      <button @click=${() => zoomBy(-1)} aria-label="Zoom out" title="Zoom out (−)">${icon(actionIcons.out)}</button>
      <button @click=${goHome} class="percent" aria-label="${Math.round(zoom * 100)} %, back to the first view" title="Back to the first view (0)">
        <bdi dir="ltr">${Math.round(zoom * 100)}&#8239;%</bdi>
      </button>
      <button @click=${() => zoomBy(1)} aria-label="Zoom in" title="Zoom in (+)">${icon(actionIcons.in)}</button>
      <button @click=${fit} aria-label="Show all" title="Show all there is (1)">${icon(actionIcons.fit)}</button>
    </div>
  `
}

function renderDrawing(buttons: Buttons): TemplateResult {
  const { tool, color, width, use, take, open } = buttons
  return html`
    <div class="choice" role="radiogroup" aria-label="Tool">
      ${tools.map((each) => {
        const { name, key, icon: mark } = toolLooks[each]
        const title = `${name} (${key})`
        return choice({
          group: 'tool',
          title,
          key,
          mark: icon(mark),
          off: !open,
          is: tool === each,
          take: () => use(each),
        })
      })}
    </div>
    <div class="choice" role="radiogroup" aria-label="Ink">
      ${inks.map((title, index) => {
        const mark = html`<i class="ink" style="--ink: ${colorOf(index)}"></i>`
        return choice({
          group: 'ink',
          title,
          mark,
          off: !open,
          is: color === index,
          take: () => take({ color: index }),
        })
      })}
    </div>
    <div class="choice" role="radiogroup" aria-label="Width">
      ${widths.map(([title, wide]) => {
        const mark = html`<i class="nib" style="--nib: ${wide / 2 + 2}px"></i>`
        return choice({
          group: 'width',
          title,
          mark,
          off: !open,
          is: width === wide,
          take: () => take({ width: wide }),
        })
      })}
    </div>
  `
}

function renderActions({ undo, redo, clear, open, empty }: Buttons): TemplateResult {
  return html`
    <button @click=${undo} ?disabled=${!open} class="turns" aria-label="Undo" aria-keyshortcuts="Control+Z"
      title="Undo what you did last (Ctrl+Z)">${icon(actionIcons.undo)}</button>
    <button @click=${redo} ?disabled=${!open} class="turns" aria-label="Redo" aria-keyshortcuts="Control+Shift+Z"
      title="Do it again (Ctrl+Shift+Z)">${icon(actionIcons.redo)}</button>
    <button @click=${clear} ?disabled=${!open || empty} title="Clear the board for everyone">Clear</button>
  `
}

interface Choice {
  readonly group: string
  readonly title: string
  readonly key?: string
  readonly mark: TemplateResult
  readonly off: boolean
  readonly is: boolean
  take(): void
}

function choice({ group, title, key, mark, off, is, take }: Choice): TemplateResult {
  return html`<label title=${title}>
    <input class="visually-hidden" type="radio" name=${group} .checked=${is} ?disabled=${off} @change=${take}
      aria-keyshortcuts=${key ?? nothing} />${mark}<span class="visually-hidden">${title}</span></label>`
}

function icon(paths: TemplateResult): TemplateResult {
  return html`<svg viewBox="0 0 20 20" aria-hidden="true">${svg`${paths}`}</svg>`
}
