import type { Extension } from '@codemirror/state'
import { EditorState } from '@codemirror/state'
import { type EditorView, ViewPlugin } from '@codemirror/view'
import { yCollab, ySyncAnnotation, ySyncFacet } from 'y-codemirror.next'
import type * as Y from 'yjs'
import type { EditorSession } from './editor-session.ts'

/** Keeps the text of a view and the shared one the same. */
export function sharedText({ text, undoManager }: EditorSession): Extension {
  return [
    // A line of the shared text ends with this, and with nothing else: places are counted alike on both sides.
    EditorState.lineSeparator.of('\n'),
    yCollab(text, null, { undoManager }),
    ViewPlugin.define((view) => repair(view, text)),
  ]
}

/** The shared text as it is shown: what is no text in it takes one place there, and so it does here. */
export function shownText(text: Y.Text): string {
  const pieces = (text.toDelta() as { insert: unknown }[]).map(({ insert }) => insert)
  return pieces.map((piece) => (typeof piece === 'string' ? piece : '\ufffc')).join('')
}

/** Another application may have put something into the text that is none: the view is made anew then, rather than wrong. */
function repair(view: EditorView, text: Y.Text): { destroy(): void } {
  const check = (): void => {
    const { doc } = view.state
    if (doc.length === text.length) return
    const changes = { from: 0, to: doc.length, insert: shownText(text) }
    view.dispatch({ changes, annotations: ySyncAnnotation.of(view.state.facet(ySyncFacet)) })
  }
  text.observe(check)
  return { destroy: () => text.unobserve(check) }
}
