import { Annotation, type ChangeSet, type ChangeSpec, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import * as Y from 'yjs'

/** A shared text, and what this member may undo of it. */
export interface SharedText {
  readonly text: Y.Text
  readonly undoManager: Y.UndoManager
}

/**
 * Keeps the text of a view and the shared one the same, and undoes this member's own edits. Not y-codemirror.next's: a
 * page of that hangs as soon as somebody puts an image, or anything else that is no text, into the shared text.
 */
export function sharedText(shared: SharedText): Extension {
  const run =
    (step: 'undo' | 'redo') =>
    ({ state }: EditorView): boolean => {
      if (!state.readOnly) shared.undoManager[step]()
      return true
    }
  return [
    // A line of the shared text ends with this, and with nothing else: places are counted alike on both sides.
    EditorState.lineSeparator.of('\n'),
    ViewPlugin.define((view) => new TextBinding(view, shared)),
    keymap.of([
      { key: 'Mod-z', run: run('undo'), preventDefault: true },
      { key: 'Mod-y', mac: 'Mod-Shift-z', run: run('redo'), preventDefault: true },
      { key: 'Mod-Shift-z', run: run('redo'), preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      beforeinput: ({ inputType }, view) =>
        inputType === 'historyUndo' ? run('undo')(view) : inputType === 'historyRedo' && run('redo')(view),
    }),
  ]
}

/** A change that came from the shared text. */
export const fromShared = Annotation.define<'own' | 'remote'>()

/** The shared text as it is shown: what is no text in it takes one place there, and so it does here. */
export function shownText(text: Y.Text): string {
  return (text.toDelta() as Delta).map(({ insert }) => shownPiece(insert)).join('')
}

type Delta = readonly { readonly insert?: unknown; readonly delete?: number; readonly retain?: number }[]

interface Selected {
  readonly anchor: Y.RelativePosition
  readonly head: Y.RelativePosition
}

class TextBinding implements PluginValue {
  readonly #view: EditorView
  readonly #shared: SharedText
  /** Where the caret was before this member's last edit. */
  #selected: Selected | undefined

  constructor(view: EditorView, shared: SharedText) {
    this.#view = view
    this.#shared = shared
    shared.text.observe(this.#take)
    shared.undoManager.addTrackedOrigin(this)
    shared.undoManager.on('stack-item-added', this.#keepSelection)
    shared.undoManager.on('stack-item-popped', this.#select)
  }

  update({ docChanged, selectionSet, changes, transactions }: ViewUpdate): void {
    const isShared = transactions.some((transaction) => transaction.annotation(fromShared) !== undefined)
    if (docChanged && !isShared) this.#give(changes)
    if (selectionSet && !isShared) this.#selected = this.#selection()
  }

  destroy(): void {
    const { text, undoManager } = this.#shared
    text.unobserve(this.#take)
    undoManager.removeTrackedOrigin(this)
    undoManager.off('stack-item-added', this.#keepSelection)
    undoManager.off('stack-item-popped', this.#select)
  }

  /** An edit of this member, in the view. */
  #give(changes: ChangeSet): void {
    const { text } = this.#shared
    text.doc?.transact(() => {
      let shift = 0
      changes.iterChanges((from, to, _from, _to, inserted) => {
        const added = inserted.sliceString(0, inserted.length, '\n')
        if (to > from) text.delete(from + shift, to - from)
        if (added !== '') text.insert(from + shift, added)
        shift += added.length - (to - from)
      })
    }, this)
  }

  /** A change of the shared text: of somebody else, of the application, or undone. */
  readonly #take = ({ delta }: Y.YTextEvent, { local, origin }: Y.Transaction): void => {
    if (origin === this) return
    const { doc } = this.#view.state
    const changes = changesOf(delta as Delta)
    const isSame = doc.length + growthOf(delta as Delta) === this.#shared.text.length
    const all = { from: 0, to: doc.length, insert: shownText(this.#shared.text) }
    this.#view.dispatch({ changes: isSame ? changes : all, annotations: fromShared.of(local ? 'own' : 'remote') })
  }

  readonly #keepSelection = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }): void => {
    if (this.#selected !== undefined && !stackItem.meta.has(this)) stackItem.meta.set(this, this.#selected)
  }

  readonly #select = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }): void => {
    const selected = stackItem.meta.get(this) as Selected | undefined
    const anchor = selected && this.#index(selected.anchor)
    const head = selected && this.#index(selected.head)
    if (anchor === undefined || head === undefined) return
    this.#view.dispatch({ selection: { anchor, head }, scrollIntoView: true })
  }

  #selection(): Selected {
    const { anchor, head } = this.#view.state.selection.main
    const at = (index: number): Y.RelativePosition => Y.createRelativePositionFromTypeIndex(this.#shared.text, index)
    return { anchor: at(anchor), head: at(head) }
  }

  #index(position: Y.RelativePosition): number | undefined {
    const { text } = this.#shared
    const found = text.doc && Y.createAbsolutePositionFromRelativePosition(position, text.doc)
    return found ? Math.min(found.index, this.#view.state.doc.length) : undefined
  }
}

function changesOf(delta: Delta): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  let at = 0
  for (const { insert, delete: deleted = 0, retain = 0 } of delta) {
    if (insert !== undefined) changes.push({ from: at, insert: shownPiece(insert) })
    else if (deleted > 0) changes.push({ from: at, to: at + deleted })
    at += deleted + retain
  }
  return changes
}

function growthOf(delta: Delta): number {
  return delta.reduce(
    (sum, { insert, delete: deleted = 0 }) => sum + (insert === undefined ? -deleted : shownPiece(insert).length),
    0,
  )
}

/** An image that another application put there, say. */
function shownPiece(insert: unknown): string {
  return typeof insert === 'string' ? insert : '\ufffc'
}
