import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { GroupController } from '../controllers/group-controller.ts'
import type { GroupHost } from '../group/group-host.ts'
import { peerOf } from '../peer-of.ts'
import { spoken } from '../spoken.ts'
import { theme } from '../theme.ts'
import { CardDrag } from './card-drag.ts'
import { keysInWords, takeKey } from './card-keys.ts'
import { CardMover } from './card-mover.ts'
import { renderColumn, renderElsewhere } from './card-rows.ts'
import { CardSlide } from './card-slide.ts'
import { addSelector, CardWriter, cardSelector } from './card-writer.ts'
import { NoticeList } from './notice-list.ts'
import { defaultColumns, readColumns, sortCards, type TaskColumn } from './task-columns.ts'
import { type Overtaken, TaskModel } from './task-model.ts'
import { deletedNotice, noticeOf } from './task-notices.ts'
import { TaskSender } from './task-sender.ts'
import { cardsMax, cardText, type TaskCard } from './task-values.ts'
import { tasksStyles } from './tasks-styles.ts'

/**
 * Cards in columns, for all members alike. Every change goes by ABCAST: it is shown here at once, and counts for all
 * from its place in the common order on, so that the last of two concurrent moves is the last one everywhere; whose move was
 * overtaken is told. Latecomers get all cards. At most 500, of 1,000 characters.
 *
 * Keys, on a card: arrows go from card to card, Enter edits, Delete deletes, Space picks up; then arrows move the card,
 * Space puts it down, Escape puts it back.
 *
 * @event {TuttiTasksChangeEvent} tutti-tasks-change - the cards changed for all: `detail.cards`
 * @event {TuttiTasksOvertakenEvent} tutti-tasks-overtaken - another's change counts, or a change could not be made
 * @csspart columns - what holds the columns
 * @csspart column - one column
 * @csspart title - a column's title, with the number of its cards
 * @csspart card - one card
 * @csspart add - the button below a column
 * @csspart input - where the text of a card is written
 * @csspart notices - what a member is told
 * @cssprop --tutti-tasks-column-width - the least width of a column, 13rem; where there is little room columns stand below each other
 * @cssprop --tutti-accent - colour of what is focused, lifted, pressed
 * @cssprop --tutti-sunken - the columns
 * @cssprop --tutti-surface - the cards
 */
export class TuttiTasks extends LitElement {
  static override styles = [theme, tasksStyles]
  static override properties = {
    columns: { converter: readColumns },
  }

  /**
   * The columns: as an attribute `To do, Doing, Done`, as a property a list of titles or of `{ id, title }`. A title may
   * be changed as long as its id stays. Cards in columns that a page does not have are shown behind all others.
   */
  declare columns: readonly (string | TaskColumn)[]

  readonly #model = new TaskModel({
    changed: () => this.requestUpdate(),
    self: () => this.#self,
    overtaken: (notice) => this.#overtaken(notice),
    removed: (card, after) => this.#notices.add(deletedNotice(card, after)),
  })
  readonly #tutti = new GroupController(this, {
    part: { name: 'tasks', part: this.#model },
    observe: (event) => {
      if (event.type === 'status' && event.status === 'member') this.#sender.flush()
    },
  })
  readonly #notices = new NoticeList({
    changed: () => this.requestUpdate(),
    act: (operation) => this.#sender.do(operation) && this.#show(cardSelector(operation.id)),
    closed: () => this.#show(this.#active === undefined ? '.add' : cardSelector(this.#active)),
  })
  readonly #sender = new TaskSender(
    this.#model,
    () => this.#tutti.host,
    (notice) => this.#notices.add(notice),
  )
  readonly #mover = new CardMover({
    list: () => this.#model.list,
    columns: () => this.#columns,
    do: (operation) => this.#sender.do(operation),
    say: (text) => this.#say(text),
    show: (id) => {
      this.#active = id
      this.#show(cardSelector(id))
    },
  })
  readonly #drag = new CardDrag({
    area: () => this.renderRoot.querySelector<HTMLElement>('.columns')!,
    lift: (id) => this.#mover.lift(id, 'pointer'),
    over: (place) => this.#mover.over(place),
    drop: () => this.#mover.drop(),
    cancel: () => this.#mover.putBack(),
  })
  readonly #writer = new CardWriter({
    find: (id) => this.#find(id),
    add: (text, column) => this.addCard(text, column) !== undefined,
    do: (operation) => this.#sender.do(operation),
    notify: (notice) => this.#notices.add(notice),
    show: (selector) => this.#show(selector),
  })
  readonly #slide = new CardSlide(() => this.renderRoot)
  #host: GroupHost | undefined
  /** The one card that the tab key reaches. */
  #active: string | undefined
  #focusNext: string | undefined
  #said = ''
  #told: readonly TaskCard[] = []

  constructor() {
    super()
    this.columns = defaultColumns
  }

  /** The cards as shown here, in order: with what is under way. */
  get cards(): readonly TaskCard[] {
    return this.#model.list.cards
  }

  /** Adds a card at the end of a column; of the first one by default. Its id; undefined: nothing to add, no room, no group. */
  addCard(text: string, column = this.#columns[0]!.id): string | undefined {
    const { host } = this.#tutti
    if (host?.group == null || cardText(text) === '') return undefined
    if (this.cards.length >= cardsMax) {
      this.#notices.add({ text: `There is room for ${cardsMax} cards: delete some first.` })
      return undefined
    }
    const id = this.#model.newId(peerOf(host.group.self))
    const place = { column, before: undefined, after: undefined }
    const { name, color } = host.profileOf(host.group.self)
    return this.#sender.do({ op: 'add', id, text: cardText(text), name, color, ...place }) ? id : undefined
  }

  /** Changes the text of a card. Whether that could be done. */
  editCard(id: string, text: string): boolean {
    const card = this.#find(id)
    if (card === undefined || cardText(text) === '') return false
    return this.#sender.do({ op: 'edit', id, text: cardText(text), seen: card.edits })
  }

  /** Moves a card to a column: in front of another card of it, or to its end. Whether that could be done. */
  moveCard(id: string, column: string, before?: string): boolean {
    const card = this.#find(id)
    if (card === undefined) return false
    const others = this.cards.filter((other) => other.column === column && other.id !== id)
    const index = others.findIndex((other) => other.id === before)
    const above = index < 0 ? others.at(-1) : others[index - 1]
    const place = { column, before: others[index]?.id, after: above?.id }
    return this.#sender.do({ op: 'move', id, seen: card.moves, ...place })
  }

  /** Deletes a card. Whether that could be done. */
  deleteCard(id: string): boolean {
    const card = this.#find(id)
    return card !== undefined && this.#sender.do({ op: 'remove', id, seen: card.moves + card.edits })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#drag.cancel()
    this.#mover.putBack()
  }

  protected override willUpdate(): void {
    const { host } = this.#tutti
    // What waited to be sent was meant for the group before.
    if (this.#host !== undefined && host !== this.#host) this.#model.abandon()
    this.#host = host
    if (this.#mover.lose()) this.#drag.cancel()
    this.#writer.loseDeleted()
    if (this.#find(this.#active ?? '') === undefined) this.#active = this.cards[0]?.id
    this.#slide.before()
  }

  protected override render(): TemplateResult {
    const columns = this.#columns
    const sorted = sortCards(columns, this.#mover.cards)
    const hands = {
      writer: this.#writer,
      lifted: this.#mover.lifted,
      unsettled: this.#model.unsettled,
      active: this.#active,
      remove: (card: TaskCard) => this.#delete(card),
    }
    return html`
      <div part="columns" class="columns" ?inert=${!this.#tutti.joined} @keydown=${this.#key}
        @pointerdown=${(event: PointerEvent) => this.#drag.press(event)}
        @pointermove=${(event: PointerEvent) => this.#drag.move(event)}
        @pointerup=${(event: PointerEvent) => this.#drag.lift(event)}
        @pointercancel=${(event: PointerEvent) => this.#drag.lift(event)}
        @focusin=${this.#focused} @focusout=${this.#unfocused}>
        ${columns.map((column) => renderColumn(column, sorted.columns.get(column.id)!, hands))}
        ${sorted.elsewhere.length === 0 ? nothing : renderElsewhere(sorted.elsewhere, hands)}
      </div>
      ${this.#renderState()}
      ${this.#notices.render()}
      <p id="keys" hidden>${keysInWords}</p>
      <p class="visually-hidden" aria-live="assertive">${this.#said}</p>
    `
  }

  protected override updated(): void {
    this.#slide.after(this.#mover.lifted?.id)
    const wanted = this.#focusNext
    this.#focusNext = undefined
    if (wanted !== undefined) this.#focus(wanted)
    const { settled } = this.#model
    if (settled === this.#told) return
    this.#told = settled
    this.#tell('tutti-tasks-change', { cards: settled })
  }

  get #columns(): readonly TaskColumn[] {
    return readColumns(this.columns)
  }

  get #self(): string | undefined {
    const self = this.#tutti.host?.group?.self
    return self && peerOf(self)
  }

  #find(id: string): TaskCard | undefined {
    return this.#model.list.find(id)
  }

  #renderState(): TemplateResult | typeof nothing {
    const { phase, group } = this.#tutti.host ?? {}
    const { count, waiting } = this.#model.pending
    if (!this.#tutti.joined) {
      return html`<p class="state">${phase === 'joining' ? 'Joining …' : 'Not in a group.'}</p>`
    }
    if (count === 0 || (group?.status === 'member' && waiting === 0)) return nothing
    const changes = count === 1 ? 'One change waits' : `${count} changes wait`
    return html`<p class="state waits">${changes} until the group goes on.</p>`
  }

  #overtaken(notice: Overtaken): void {
    const { host } = this.#tutti
    const by = notice.by && host ? host.profileOf(notice.by).name : 'Somebody'
    const column = (id: string): string => this.#columns.find((each) => each.id === id)?.title ?? id
    this.#notices.add(noticeOf(notice, { by, column }))
    this.#tell('tutti-tasks-overtaken', notice)
  }

  #delete({ id, column }: TaskCard): void {
    const cards = this.cards.filter((card) => card.column === column)
    const index = cards.findIndex((card) => card.id === id)
    const next = cards[index + 1] ?? cards[index - 1]
    if (!this.deleteCard(id)) return
    this.#active = next?.id
    this.#show(next === undefined ? addSelector(column) : cardSelector(next.id))
  }

  #key(event: KeyboardEvent): void {
    const card = this.#cardAt(event.target)
    if (card === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const isMirrored = getComputedStyle(this).direction === 'rtl'
    const isTaken = takeKey(event.key, card, isMirrored, {
      mover: this.#mover,
      columns: this.#columns,
      cards: this.cards,
      edit: (each) => this.#writer.edit(each),
      remove: (each) => this.#delete(each),
      focus: ({ id }) => this.#focus(cardSelector(id)),
    })
    if (isTaken) event.preventDefault()
  }

  #cardAt(target: EventTarget | null): TaskCard | undefined {
    const { card } = (target as HTMLElement).dataset
    return card === undefined || card === this.#writer.editing ? undefined : this.#find(card)
  }

  #focused(event: FocusEvent): void {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset.card
    if (id === undefined || id === this.#active) return
    this.#active = id
    this.requestUpdate()
  }

  /** Who leaves a lifted card puts it back. One that is drawn anew in another column is focused again at once. */
  async #unfocused(): Promise<void> {
    if (this.#mover.lifted?.by !== 'keys') return
    await this.updateComplete
    const focused = this.shadowRoot?.activeElement as HTMLElement | null
    if (this.#mover.lifted === undefined || focused?.dataset.card === this.#mover.lifted.id) return
    this.#mover.putBack()
    this.#focusNext = undefined
  }

  #show(selector?: string): void {
    if (selector !== undefined) this.#focusNext = selector
    this.requestUpdate()
  }

  #focus(selector: string): void {
    const element = this.renderRoot.querySelector<HTMLElement>(selector)
    element?.focus()
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  #say(text: string): void {
    this.#said = spoken(text, this.#said)
    this.requestUpdate()
  }

  #tell<Type extends keyof TuttiTasksEvents>(type: Type, detail: TuttiTasksEvents[Type]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }
}

export type TuttiTasksChangeEvent = CustomEvent<{ readonly cards: readonly TaskCard[] }>
export type TuttiTasksOvertakenEvent = CustomEvent<Overtaken>

interface TuttiTasksEvents {
  'tutti-tasks-change': TuttiTasksChangeEvent
  'tutti-tasks-overtaken': TuttiTasksOvertakenEvent
}

declare global {
  interface HTMLElementEventMap extends TuttiTasksEvents {}
  interface HTMLElementTagNameMap {
    'tutti-tasks': TuttiTasks
  }
}
