import { html, type TemplateResult } from 'lit'
import { type Notice, quoted } from './task-notices.ts'
import { cardCharactersMax, cardText, type TaskCard, type TaskOp } from './task-values.ts'

export interface WriterHost {
  find(id: string): TaskCard | undefined
  /** Whether it could be added. */
  add(text: string, column: string): boolean
  do(operation: TaskOp): void
  notify(notice: Notice): void
  /** Something is to be shown anew, with the focus on what this selects, if anything. */
  show(selector?: string): void
}

/** Where the texts of cards are written: of one that is there, or of a new one below a column. */
export class CardWriter {
  readonly #host: WriterHost
  /** The card as it was when its text was opened, and what is written by now. */
  #editing: { readonly card: TaskCard; written: string } | undefined
  #adding: string | undefined
  /** What is written for columns and not added yet. */
  readonly #drafts = new Map<string, string>()

  constructor(host: WriterHost) {
    this.#host = host
  }

  /** The card that is written on. */
  get editing(): string | undefined {
    return this.#editing?.card.id
  }

  /** The column that a card is written for. */
  get adding(): string | undefined {
    return this.#adding
  }

  edit(card: TaskCard): void {
    this.#editing = { card, written: card.text }
    this.#host.show('.editor')
  }

  add(column: string): void {
    this.#adding = column
    this.#host.show('.adder')
  }

  /** Closes the text of a card that somebody deleted. What was written is not lost. */
  loseDeleted(): void {
    if (this.#editing === undefined || this.#host.find(this.#editing.card.id) !== undefined) return
    const { card, written } = this.#editing
    this.#editing = undefined
    if (cardText(written) === '' || cardText(written) === card.text) return
    const { id, column, name, color } = card
    const place = { column, before: undefined, after: undefined }
    this.#host.notify({
      text: `${quoted(card.text)} was deleted while you wrote.`,
      action: {
        label: 'Bring it back',
        operation: { op: 'restore', id, text: cardText(written), name, color, ...place },
      },
    })
  }

  renderEditor(): TemplateResult {
    const { card } = this.#editing!
    return html`<textarea part="input" class="editor" dir="auto" rows="2" aria-label="Text of the card"
      maxlength=${cardCharactersMax} .value=${card.text} @input=${this.#write} @keydown=${this.#editorKey}
      @blur=${this.#close}></textarea>`
  }

  renderAdder(title: string): TemplateResult {
    return html`<textarea part="input" class="adder" dir="auto" rows="2" aria-label="New card in ${title}"
      maxlength=${cardCharactersMax} placeholder="What is to be done? Enter adds it." enterkeyhint="done"
      .value=${this.#drafts.get(this.#adding!) ?? ''} @input=${this.#draft} @keydown=${this.#adderKey}
      @blur=${this.#closeEmpty}></textarea>`
  }

  readonly #write = (event: Event): void => {
    if (this.#editing !== undefined) this.#editing.written = (event.target as HTMLTextAreaElement).value
  }

  readonly #editorKey = (event: KeyboardEvent): void => {
    if (event.isComposing || this.#editing === undefined) return
    const isSave = event.key === 'Enter' && !event.shiftKey
    if (!isSave && event.key !== 'Escape') return
    event.preventDefault()
    const { id } = this.#editing.card
    if (isSave) this.#save()
    this.#editing = undefined
    this.#host.show(cardSelector(id))
  }

  readonly #close = (): void => {
    // Taken out of the page with the card's old text.
    if (this.#editing === undefined || this.#host.find(this.#editing.card.id) === undefined) return
    this.#save()
    this.#editing = undefined
    this.#host.show()
  }

  /** Whoever changed the text since it was opened is told that this one counts. */
  #save(): void {
    const { card, written } = this.#editing!
    const text = cardText(written)
    if (text !== '' && text !== card.text) this.#host.do({ op: 'edit', id: card.id, text, seen: card.edits })
  }

  readonly #draft = (event: Event): void => {
    if (this.#adding !== undefined) this.#drafts.set(this.#adding, (event.target as HTMLTextAreaElement).value)
  }

  readonly #adderKey = (event: KeyboardEvent): void => {
    if (event.isComposing || this.#adding === undefined) return
    const input = event.target as HTMLTextAreaElement
    const isAdd = event.key === 'Enter' && !event.shiftKey
    if (!isAdd && event.key !== 'Escape') return
    event.preventDefault()
    const column = this.#adding
    if (isAdd) {
      if (!this.#host.add(input.value, column)) return
      this.#drafts.delete(column)
      input.value = ''
      return
    }
    this.#drafts.delete(column)
    this.#adding = undefined
    this.#host.show(addSelector(column))
  }

  readonly #closeEmpty = (event: FocusEvent): void => {
    if (this.#adding === undefined || cardText((event.target as HTMLTextAreaElement).value) !== '') return
    this.#drafts.delete(this.#adding)
    this.#adding = undefined
    this.#host.show()
  }
}

export function cardSelector(id: string): string {
  return `[data-card=${CSS.escape(id)}]`
}

/** The button that adds a card to a column. */
export function addSelector(column: string): string {
  return `[data-add=${CSS.escape(column)}]`
}
