import { html, nothing, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import { repeat } from 'lit/directives/repeat.js'
import { colorOf } from '../theme.ts'
import type { CardMover } from './card-mover.ts'
import type { CardWriter } from './card-writer.ts'
import { crossIcon, gripIcon, pencilIcon, plusIcon } from './icons.ts'
import type { TaskColumn } from './task-columns.ts'
import { quoted } from './task-notices.ts'
import type { TaskCard } from './task-values.ts'

/** What the cards are shown with, and what their buttons do. */
export interface CardHands {
  readonly writer: CardWriter
  readonly lifted: CardMover['lifted']
  /** Cards whose last change is not in its place yet. */
  readonly unsettled: ReadonlySet<string>
  /** The one card that the tab key reaches. */
  readonly active: string | undefined
  remove(card: TaskCard): void
}

export function renderColumn({ id, title }: TaskColumn, cards: readonly TaskCard[], hands: CardHands): TemplateResult {
  const { writer } = hands
  return html`
    <section part="column" class="column" data-column=${id} role="group" aria-label=${`${title}, ${counted(cards)}`}>
      ${renderTitle(title, cards)}
      <ul class="cards" role="list">${repeat(cards, cardKey, (card) => renderCard(card, hands))}</ul>
      ${
        writer.adding === id
          ? writer.renderAdder(title)
          : html`<button part="add" class="add" data-add=${id} @click=${() => writer.add(id)}>
              ${plusIcon}<span>Add a card<span class="visually-hidden"> to ${title}</span></span></button>`
      }
    </section>
  `
}

/** Cards of columns that this page does not have, each with the name of its column. */
export function renderElsewhere(cards: readonly TaskCard[], hands: CardHands): TemplateResult {
  return html`
    <section part="column" class="column elsewhere" role="group" aria-label=${`Other columns, ${counted(cards)}`}>
      ${renderTitle('Elsewhere', cards)}
      <ul class="cards" role="list">${repeat(cards, cardKey, (card) => renderCard(card, hands, card.column))}</ul>
    </section>
  `
}

function renderCard(card: TaskCard, hands: CardHands, column?: string): TemplateResult {
  const { id, text, name, color } = card
  const { writer, lifted, unsettled, active } = hands
  if (writer.editing === id) return html`<li class="card editing" data-card=${id}>${writer.renderEditor()}</li>`
  const tab = active === id ? 0 : -1
  const by = lifted?.id === id ? lifted.by : undefined
  const classes = { lifted: by === 'keys', held: by === 'pointer', unsettled: unsettled.has(id) }
  return html`
    <li part="card" class="card ${classMap(classes)}" data-card=${id} tabindex=${tab} aria-describedby="keys"
      @dblclick=${() => writer.edit(card)}>
      <span class="handle" data-handle>${gripIcon}</span>
      <p class="text" dir="auto">${text}</p>
      <div class="meta">
        <span class="by" title="Added by ${name}"><i style="background: ${colorOf(color)}"></i><bdi>${name}</bdi></span>
        ${column === undefined ? nothing : html`<bdi class="where">${column}</bdi>`}
        <span class="tools">
          <button title="Edit" aria-label="Edit ${quoted(text)}" tabindex=${tab}
            @click=${() => writer.edit(card)}>${pencilIcon}</button>
          <button title="Delete" aria-label="Delete ${quoted(text)}" tabindex=${tab}
            @click=${() => hands.remove(card)}>${crossIcon}</button>
        </span>
      </div>
    </li>
  `
}

function renderTitle(title: string, cards: readonly TaskCard[]): TemplateResult {
  return html`<p part="title" class="title" aria-hidden="true"><bdi>${title}</bdi><span class="count">${cards.length}</span></p>`
}

function cardKey({ id }: TaskCard): string {
  return id
}

function counted({ length }: readonly TaskCard[]): string {
  return length === 1 ? 'one card' : `${length} cards`
}
