import type { Member } from '../../peer/index.ts'
import type { Part, PartMessage } from '../group/parts.ts'
import { nextNumber } from '../ids.ts'
import { peerOf } from '../peer-of.ts'
import { type Outcome, type SavedTasks, TaskList } from './task-list.ts'
import { readOp, type TaskCard, type TaskOp, type TaskValue } from './task-values.ts'

/**
 * An operation of another came out differently from what this member saw, or one of this member's did:
 * - `moved`, `edited`, `removed`: another did so at the same time as this member changed the card, and that one counts
 * - `gone`: the card was deleted before this member's operation came to it
 * - `full`: there were too many cards by then
 */
export interface Overtaken {
  readonly what: 'moved' | 'edited' | 'removed' | 'gone' | 'full'
  /** The card as it was last seen here, or would have been. */
  readonly card: TaskCard | undefined
  /** Whose operation counts, and which; undefined: nobody's, this member's own does not. */
  readonly by?: Member
  readonly operation?: TaskOp
  /** This member's operation, where that is what does not count. */
  readonly own?: TaskOp | undefined
}

export interface TaskModelOptions {
  /** Called after each change. */
  changed(): void
  /** The peer that this page is. */
  self(): string | undefined
  overtaken?(notice: Overtaken): void
  /** A card was deleted, by this page; `after` is the one that it stood behind. */
  removed?(card: TaskCard, after: string | undefined): void
}

interface Pending {
  readonly value: TaskValue
  isSent: boolean
  /** Its card was deleted meanwhile, and this member was told. */
  isLost: boolean
}

/**
 * The tasks of the group, and on top of them what this page does and the group has not put in its place yet. All
 * operations go by ABCAST; they are shown here at once, and count for all from their place in the common order on.
 */
export class TaskModel implements Part {
  readonly #options: TaskModelOptions
  #settled = new TaskList()
  #pending: Pending[] = []
  #shown: TaskList | undefined

  constructor(options: TaskModelOptions) {
    this.#options = options
  }

  /** As shown: with what is under way. */
  get list(): TaskList {
    this.#shown ??= this.#show()
    return this.#shown
  }

  /** As everybody has it. */
  get settled(): readonly TaskCard[] {
    return this.#settled.cards
  }

  /** Cards whose last change is not in its place yet. */
  get unsettled(): ReadonlySet<string> {
    return new Set(this.#pending.map(({ value }) => value.id))
  }

  /** Operations under way; how many of them wait to be sent. */
  get pending(): { readonly count: number; readonly waiting: number } {
    return { count: this.#pending.length, waiting: this.#pending.filter(({ isSent }) => !isSent).length }
  }

  /** An id for a card that `author` adds now. */
  newId(author: string): string {
    return `${author}/${nextNumber()}`
  }

  /** Shows an operation of this page from now on. False: too many wait already. */
  begin(operation: TaskOp): boolean {
    if (this.#pending.length >= pendingMax) return false
    this.#pending.push({ value: { tutti: 'tasks', n: nextNumber(), ...operation }, isSent: false, isLost: false })
    this.#touch()
    return true
  }

  /** Sends what waits, in order, until `send` says that it can't be done now. */
  flush(send: (value: TaskValue) => boolean): void {
    for (const pending of this.#pending.filter(({ isSent }) => !isSent)) {
      pending.isSent = send(pending.value)
      if (!pending.isSent) break
    }
  }

  /** What became of an operation that was sent: it has its place, or never gets one, or is to be sent once more. */
  settle(n: number, fate: 'over' | 'again'): void {
    const pending = this.#pending.find(({ value }) => value.n === n)
    if (pending === undefined) return
    if (fate === 'again') pending.isSent = false
    else this.#pending = this.#pending.filter((other) => other !== pending)
    this.#touch()
  }

  /** Forgets what is under way: the page is in another group now. */
  abandon(): void {
    this.#pending = []
    this.#touch()
  }

  apply({ value, from, kind }: PartMessage): void {
    const operation = readOp(value)
    if (operation === undefined || kind !== 'total') return
    const peer = peerOf(from)
    const isOwn = peer === this.#options.self()
    const card = this.#settled.find(operation.id)
    const after = card && this.#settled.cardAbove(card)
    const outcome = this.#settled.apply(operation, peer)
    if (isOwn) this.#takeOwn(operation, outcome, (value as TaskValue).n, after)
    else this.#takeOthers(operation, card, from)
    this.#touch()
  }

  save(): SavedTasks {
    return this.#settled.save()
  }

  load(saved: unknown): void {
    this.#settled = TaskList.read(saved)
    this.#touch()
  }

  #takeOwn(operation: TaskOp, { result, before }: Outcome, n: number, after: string | undefined): void {
    const pending = this.#pending.find(({ value }) => value.n === n)
    this.#pending = this.#pending.filter((other) => other !== pending)
    // What is sent again after a merge has been told of already.
    if (pending === undefined || pending.isLost) return
    if (result === 'done' && operation.op === 'remove' && before) this.#options.removed?.(before, after)
    if (result === 'full') this.#tell({ what: 'full', card: undefined, own: operation })
    if (result === 'void' && (operation.op === 'move' || operation.op === 'edit')) {
      this.#tell({ what: 'gone', card: undefined, own: operation })
    }
  }

  /** Whoever sent it may not have seen what this page had done to the card. */
  #takeOthers(operation: TaskOp, card: TaskCard | undefined, by: Member): void {
    if (card === undefined) return
    const self = this.#options.self()
    const { op } = operation
    const about = { card, by, operation }
    if (op === 'move' && card.mover === self && operation.seen < card.moves) this.#tell({ what: 'moved', ...about })
    if (op === 'edit' && card.editor === self && operation.seen < card.edits) this.#tell({ what: 'edited', ...about })
    if (op === 'remove') this.#loseTo(by, card, operation)
  }

  #loseTo(by: Member, card: TaskCard, operation: TaskOp & { op: 'remove' }): void {
    const { seen } = operation
    const self = this.#options.self()
    const lost = this.#pending.filter(({ value }) => value.id === card.id && value.op !== 'remove')
    for (const pending of lost) pending.isLost = true
    const isUnseen = (card.mover === self || card.editor === self) && seen < card.moves + card.edits
    if (lost.length === 0 && !isUnseen) return
    const edit = lost.findLast(({ value }) => value.op === 'edit')
    this.#tell({ what: 'removed', card, by, operation, own: edit?.value })
  }

  #tell(notice: Overtaken): void {
    this.#options.overtaken?.(notice)
  }

  #show(): TaskList {
    if (this.#pending.length === 0) return this.#settled
    const shown = this.#settled.copy()
    const self = this.#options.self() ?? ''
    for (const { value } of this.#pending) shown.apply(value, self)
    return shown
  }

  #touch(): void {
    this.#shown = undefined
    this.#options.changed()
  }
}

const pendingMax = 500
