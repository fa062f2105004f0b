import { html, nothing, type TemplateResult } from 'lit'
import { colorOf } from '../theme.ts'
import { downloadName, type SharedFile } from './file-values.ts'
import { endingOf, sizeText } from './file-words.ts'

export type HereFile = SharedFile & { readonly content: Blob }

export interface FileActions {
  /** Asks whether it is to be removed. */
  ask(): void
  keep(): void
  remove(): void
  /** Its picture can't be shown. */
  spoil(): void
}

/** A file that is here, with the question whether to remove it, if that is asked. */
export function renderFile(
  { id, name, size, from }: HereFile,
  { download, picture }: { readonly download: string; readonly picture: string | undefined },
  isAsked: boolean,
  actions: FileActions,
): TemplateResult {
  const thumb = html`<img part="picture" class="thumb" src=${picture ?? nothing} alt="" decoding="async" @error=${actions.spoil} />`
  return html`<li part="file" class="file">
    ${picture === undefined ? renderSheet(name) : thumb}
    <div class="about">
      <bdi class="name" title=${name}>${name}</bdi>
      <span class="meta">${sizeText(size)}<span class="by"><i style="background: ${colorOf(from.color)}"></i><bdi>${from.name}</bdi></span></span>
    </div>
    ${
      isAsked
        ? renderQuestion(name, actions)
        : html`<span class="actions">
            <a class="action" href=${download} download=${downloadName(name)} aria-label="Save ${name}" title="Save">${downIcon}</a>
            <button class="action" data-remove=${id} aria-label="Remove ${name}" title="Remove" @click=${actions.ask}>${binIcon}</button>
          </span>`
    }
  </li>`
}

/** A file that is on its way, in whatever direction. */
export function renderRunning(
  {
    name,
    size,
    bytes,
    state,
  }: { readonly name: string; readonly size: number; readonly bytes: number; readonly state: string },
  { word, act }: { readonly word: 'Cancel' | 'Remove'; act(): void },
): TemplateResult {
  return html`<li part="file" class="file running">
    ${renderSheet(name)}
    <div class="about">
      <bdi class="name" title=${name}>${name}</bdi>
      <span class="meta" dir="auto">${state}</span>
      <progress part="progress" max=${Math.max(1, size)} .value=${bytes} aria-label=${name}></progress>
    </div>
    <span class="actions">
      <button class="action" aria-label="${word} ${name}" title=${word} @click=${act}>${word === 'Cancel' ? crossIcon : binIcon}</button>
    </span>
  </li>`
}

/** A file of this page that the group does not have any more. */
export function renderLost(name: string, { again, forget }: { again(): void; forget(): void }): TemplateResult {
  return html`<li part="file" class="file">
    ${renderSheet(name)}
    <div class="about"><bdi class="name" title=${name}>${name}</bdi>
      <span class="meta warn">The group does not have it any more.</span></div>
    <span class="question"><button aria-label="Share again: ${name}" @click=${again}>Share again</button>
      <button aria-label="Forget ${name}" @click=${forget}>Forget</button></span>
  </li>`
}

export function isHere(file: SharedFile): file is HereFile {
  return file.content !== undefined
}

export const upIcon = icon('M8 11V2.5M4.5 6 8 2.5 11.5 6M2.5 10.5v3h11v-3')
export const crossIcon = icon('m4 4 8 8m0-8-8 8')
const downIcon = icon('M8 2.5V11M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11')
const binIcon = icon('M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.5 9h6l.5-9')

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`
}

function renderSheet(name: string): TemplateResult {
  return html`<span class="thumb sheet" aria-hidden="true">${endingOf(name)}</span>`
}

function renderQuestion(name: string, { remove, keep }: FileActions): TemplateResult {
  const leave = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') keep()
  }
  return html`<span class="question" role="group" aria-label="Remove ${name} for everyone?" @keydown=${leave}>
    <span aria-hidden="true">For everyone?</span>
    <button class="sure" @click=${remove}>Remove</button><button class="keep" @click=${keep}>Keep</button></span>`
}
