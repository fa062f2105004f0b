import { type Extension, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

/** Each line has the direction of its own text. */
export const lineDirection: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.define((view) => new LineDirection(view), { decorations: ({ decorations }) => decorations }),
]

class LineDirection {
  decorations: DecorationSet

  constructor(view: EditorView) {
    this.decorations = directed(view)
  }

  update({ view, docChanged, viewportChanged }: ViewUpdate): void {
    if (docChanged || viewportChanged) this.decorations = directed(view)
  }
}

const auto = Decoration.line({ attributes: { dir: 'auto' } })

function directed({ state, visibleRanges }: EditorView): DecorationSet {
  const lines = new RangeSetBuilder<Decoration>()
  let last = -1
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at)
      if (line.from > last) lines.add(line.from, line.from, auto)
      last = line.from
      at = line.to + 1
    }
  }
  return lines.finish()
}
