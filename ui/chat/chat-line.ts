import { html, nothing, type TemplateResult } from 'lit'
import { peerOf } from '../peer-of.ts'
import { plainText } from '../plain-text.ts'
import { colorOf } from '../theme.ts'
import type { ChatLine } from './chat-log.ts'
import { clockTime, dayText, fullTime, isSameDay } from './dates.ts'

export interface LineSetting {
  /** The line above. */
  readonly before: ChatLine | undefined
  /** The line that it answers, as far as it is there. */
  readonly answered: ChatLine | undefined
  readonly isMine: boolean
  /** The first one that came out of sight. */
  readonly isFirstUnread: boolean
  /** Shown with a mark, because one jumped to it, or is about to answer it. */
  readonly isMarked: boolean
  /** Whether it can be answered. */
  readonly isOpen: boolean
  readonly now: number
  answer(id: string): void
  jump(id: string): void
}

/** One line, under the day and the name where these differ from the line above. */
export function renderLine(line: ChatLine, setting: LineSetting): TemplateResult {
  const { before, isMine, isFirstUnread, isMarked, isOpen, now } = setting
  const isNewDay = before === undefined || !isSameDay(before.time, line.time)
  const follows = !isNewDay && !isFirstUnread && line.answers === undefined && continues(line, before)
  const classes = [
    'line',
    ...(follows ? ['follows'] : []),
    ...(isMine ? ['mine'] : []),
    ...(isMarked ? ['marked'] : []),
  ]
  return html`
    ${isNewDay ? html`<p part="day" class="day">${dayText(line.time, now)}</p>` : nothing}
    ${isFirstUnread ? html`<p part="mark" class="new">New</p>` : nothing}
    <div part="line" class=${classes.join(' ')} data-line=${line.id} tabindex="-1">
      ${follows ? nothing : renderWriter(line)} ${line.answers === undefined ? nothing : renderQuote(line.answers, setting)}
      <p dir="auto">${line.text}</p>
      <button type="button" part="reply" class="reply" tabindex="-1" aria-label="Reply" title="Reply"
        ?disabled=${!isOpen} @click=${() => setting.answer(line.id)}>${arrow}</button>
    </div>
  `
}

/** What one is about to answer. */
export function renderAnswering(line: ChatLine, cancel: () => void): TemplateResult {
  return html`
    <div part="answering" class="answering">
      <p id="answering" dir="auto">
        Reply to <bdi style="color: ${colorOf(line.color)}">${line.name}</bdi> <span dir="auto">${startOf(line)}</span>
      </p>
      <button type="button" part="cancel" aria-label="Do not reply to this" @click=${cancel}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8m0-8-8 8" /></svg>
      </button>
    </div>
  `
}

/** The beginning of a line, for where there is room for no more. */
export function startOf({ text }: ChatLine): string {
  return plainText(text.replaceAll(/\s+/g, ' '), quoteCharactersMax)
}

/** The element of a line in the log. */
export function lineElement(log: HTMLElement, id: string): HTMLElement | undefined {
  return lineElements(log).find(({ dataset }) => dataset.line === id)
}

/** The line above or below one; without one the last in sight. */
export function nextLine(log: HTMLElement, line: HTMLElement | null, step: -1 | 1): HTMLElement | undefined {
  const lines = lineElements(log)
  if (line !== null) return lines[lines.indexOf(line) + step]
  const end = log.getBoundingClientRect().bottom
  return lines.findLast((each) => each.getBoundingClientRect().top < end)
}

function lineElements(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>('.line')]
}

function renderWriter({ name, color, time }: ChatLine): TemplateResult {
  return html`
    <div class="by">
      <bdi style="color: ${colorOf(color)}">${name}</bdi>
      <time dir="auto" datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${clockTime(time)}</time>
    </div>
  `
}

function renderQuote(id: string, { answered, jump }: LineSetting): TemplateResult {
  if (answered === undefined) {
    return html`<p part="quote" class="quote gone">Answers a line that is no longer here.</p>`
  }
  return html`
    <button type="button" part="quote" class="quote" title="Go to this line" @click=${() => jump(id)}>
      <span class="visually-hidden">Answers</span> <bdi style="color: ${colorOf(answered.color)}">${answered.name}</bdi>
      <span dir="auto">${startOf(answered)}</span>
    </button>
  `
}

const quoteCharactersMax = 120
const followsMs = 120_000

const arrow = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6.500 3.500 2.500 7.500l4 4M3 7.500h6.500a4 4 0 0 1 4 4v1" /></svg>`

function continues(line: ChatLine, before: ChatLine): boolean {
  const isSame = before.name === line.name && peerOf({ id: before.from }) === peerOf({ id: line.from })
  return isSame && line.time - before.time < followsMs
}
