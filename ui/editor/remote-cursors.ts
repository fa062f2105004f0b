import { Annotation, type Extension, type Range, type Transaction } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view'
import * as Y from 'yjs'
import type { Profile } from '../group/profiles.ts'
import { colorOf } from '../theme.ts'
import type { EditorSession } from './editor-session.ts'

/** Shows where the others are, with their names and colours, and tells them where this member is. */
export function remoteCursors(session: EditorSession): Extension {
  return ViewPlugin.define((view) => new RemoteCursors(view, session), {
    decorations: ({ decorations }) => decorations,
  })
}

/** Has names and colours looked up again. */
export function refreshCursors(view: EditorView): void {
  view.dispatch({ annotations: othersMoved.of(true) })
}

const othersMoved = Annotation.define<boolean>()

interface Cursor {
  readonly anchor: number
  readonly head: number
}

class RemoteCursors {
  decorations: DecorationSet = Decoration.none
  readonly #view: EditorView
  readonly #session: EditorSession
  /** Where each of the others was, and how often it has moved. */
  readonly #seen = new Map<number, { readonly head: number; readonly moves: number }>()
  #told = ''
  #isTelling = false
  #frame = 0
  #isGone = false

  constructor(view: EditorView, session: EditorSession) {
    this.#view = view
    this.#session = session
    session.awareness.on('change', this.#othersChanged)
    this.#decorate()
  }

  update({ docChanged, selectionSet, focusChanged, transactions }: ViewUpdate): void {
    if (docChanged || selectionSet || focusChanged) this.#tellSoon()
    if (docChanged || transactions.some(isOfOthers)) this.#decorate()
  }

  destroy(): void {
    this.#isGone = true
    cancelAnimationFrame(this.#frame)
    this.#session.awareness.off('change', this.#othersChanged)
    this.#session.awareness.setLocalStateField('cursor', null)
  }

  /** Once a frame: of a view that is updated the browser has to tell the selection, for which it lays out the page. */
  readonly #othersChanged = (_change: unknown, origin: unknown): void => {
    if (origin === 'local' || this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      refreshCursors(this.#view)
    })
  }

  #tellSoon(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    queueMicrotask(() => {
      this.#isTelling = false
      if (!this.#isGone) this.#tell()
    })
  }

  #tell(): void {
    const { text, awareness } = this.#session
    const { anchor, head } = this.#view.state.selection.main
    const at = (index: number): Y.RelativePosition => Y.createRelativePositionFromTypeIndex(text, index)
    const cursor = this.#view.hasFocus ? { anchor: at(anchor), head: at(head) } : null
    const told = JSON.stringify(cursor)
    if (told === this.#told) return
    this.#told = told
    awareness.setLocalStateField('cursor', cursor)
  }

  #decorate(): void {
    const { awareness } = this.#session
    const found: Range<Decoration>[] = []
    for (const [client, state] of awareness.getStates()) {
      if (client === awareness.clientID) continue
      const cursor = this.#read(state)
      const profile = this.#session.profileOf(client)
      if (cursor !== undefined && profile !== undefined) found.push(...this.#mark(client, cursor, profile))
      else this.#seen.delete(client)
    }
    for (const client of this.#seen.keys()) if (!awareness.getStates().has(client)) this.#seen.delete(client)
    this.decorations = Decoration.set(found, true)
  }

  #mark(client: number, { anchor, head }: Cursor, profile: Profile): Range<Decoration>[] {
    const before = this.#seen.get(client)
    const moves = (before?.moves ?? 0) + (before?.head === head ? 0 : 1)
    this.#seen.set(client, { head, moves })
    const isFirstLine = this.#view.state.doc.lineAt(head).number === 1
    const widget = new CaretWidget(profile, moves, isFirstLine)
    const caret = Decoration.widget({ widget, side: head > anchor ? -1 : 1 }).range(head)
    if (anchor === head) return [caret]
    const color = colorOf(profile.color)
    const attributes = { style: `background-color: color-mix(in srgb, ${color} 22%, transparent)` }
    const selection = Decoration.mark({ class: 'tutti-selection', attributes })
    return [selection.range(Math.min(anchor, head), Math.max(anchor, head)), caret]
  }

  /** What others say of themselves may be anything. */
  #read(state: unknown): Cursor | undefined {
    const { anchor, head } = ((state as { cursor?: unknown } | null)?.cursor ?? {}) as {
      anchor?: unknown
      head?: unknown
    }
    const from = this.#index(anchor)
    const to = this.#index(head)
    return from === undefined || to === undefined ? undefined : { anchor: from, head: to }
  }

  #index(json: unknown): number | undefined {
    const { text } = this.#session
    if (json === null || typeof json !== 'object' || text.doc === null) return undefined
    try {
      const position = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), text.doc)
      if (position === null || position.type !== text) return undefined
      return Math.max(0, Math.min(position.index, this.#view.state.doc.length))
    } catch {
      return undefined
    }
  }
}

function isOfOthers(transaction: Transaction): boolean {
  return transaction.annotation(othersMoved) === true
}

/** A caret with a name, which fades some time after the caret has moved. */
class CaretWidget extends WidgetType {
  readonly #profile: Profile
  readonly #moves: number
  readonly #isFirstLine: boolean

  constructor(profile: Profile, moves: number, isFirstLine: boolean) {
    super()
    this.#profile = profile
    this.#moves = moves
    this.#isFirstLine = isFirstLine
  }

  override eq(other: CaretWidget): boolean {
    const { name, color } = other.#profile
    const isSame = name === this.#profile.name && color === this.#profile.color
    return isSame && other.#moves === this.#moves && other.#isFirstLine === this.#isFirstLine
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span')
    caret.className = this.#isFirstLine ? 'tutti-caret first-line' : 'tutti-caret'
    caret.part.add('cursor')
    caret.style.setProperty('--_cursor', colorOf(this.#profile.color))
    // Names in the middle of a text would be read out with it.
    caret.ariaHidden = 'true'
    const name = document.createElement('span')
    name.className = 'tutti-caret-name'
    name.part.add('cursor-name')
    name.textContent = this.#profile.name
    caret.append('\u2060', name, '\u2060')
    return caret
  }

  override ignoreEvent(): boolean {
    return true
  }
}
