import { standardKeymap } from '@codemirror/commands'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, placeholder } from '@codemirror/view'
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import type * as Y from 'yjs'
import { GroupController } from '../controllers/group-controller.ts'
import { phaseWords } from '../phase-words.ts'
import { theme } from '../theme.ts'
import { EditorSession } from './editor-session.ts'
import { editorStyles, editorTheme } from './editor-styles.ts'
import { lineDirection } from './line-direction.ts'
import { refreshCursors, remoteCursors } from './remote-cursors.ts'
import { fromShared, sharedText, shownText } from './shared-text.ts'

/** The text has changed: by this member, or by another. */
export type TuttiEditorChangeEvent = CustomEvent<{ readonly remote: boolean }>

/**
 * A text that everyone writes in at once. It is a Yjs document: edits merge, whoever was cut off merges what it wrote when
 * it is back, and latecomers get all of it. Shows where the others are. Undo takes back one's own edits only.
 *
 * Keys: as in any text; Ctrl+Z (⌘Z) undoes, Ctrl+Y or Ctrl+Shift+Z (⇧⌘Z) does it again. Tab leaves the editor.
 *
 * It is an entry of its own, `tutti/ui/editor`, because it needs `yjs`, `y-protocols`, `@codemirror/state`, `@codemirror/view`
 * and `@codemirror/commands` beside `tutti`.
 *
 * @event {TuttiEditorChangeEvent} tutti-editor-change - the text changed; `detail.remote`: not by this member
 * @csspart editor - what holds the text
 * @csspart content - the text itself
 * @csspart cursor - the caret of another member
 * @csspart cursor-name - its name
 * @cssprop --tutti-editor-font - font of the text
 * @cssprop --tutti-editor-font-size - its size, 0.9375rem
 * @cssprop --tutti-editor-line-height - its line height, 1.6
 * @cssprop --tutti-surface - what it stands on
 * @cssprop --tutti-color-0 … --tutti-color-7 - the colours of the others
 */
export class TuttiEditor extends LitElement {
  static override styles = [theme, editorStyles]
  static override properties = {
    doc: { converter: (value: string | null) => value ?? '' },
    label: {},
    placeholder: {},
    readonly: { type: Boolean, reflect: true },
  }

  /** Name of the text, where a group has several. At most 57 characters count. */
  declare doc: string
  /** What it is called for those who do not see it. */
  declare label: string
  /** Shown while the text is empty. */
  declare placeholder: string
  /** Shows the text, and lets nobody change it here. */
  declare readonly: boolean

  readonly #tutti = new GroupController(this)
  readonly #state = new Compartment()
  #session: EditorSession | undefined
  #view: EditorView | undefined

  constructor() {
    super()
    this.doc = ''
    this.label = 'Shared text'
    this.placeholder = 'Write together …'
    this.readonly = false
  }

  /** The text as shown. */
  get text(): string {
    return this.#session === undefined ? '' : shownText(this.#session.text)
  }

  /** The shared text itself, to read, to write and to bind to; undefined outside a group. Another one after `doc` has changed. */
  get ytext(): Y.Text | undefined {
    return this.#session?.text
  }

  /** Takes this member's last edit back. Whether there was one. */
  undo(): boolean {
    return this.#session !== undefined && this.#isWritable && this.#session.undoManager.undo() !== null
  }

  /** Does again what was undone last. Whether there was anything. */
  redo(): boolean {
    return this.#session !== undefined && this.#isWritable && this.#session.undoManager.redo() !== null
  }

  override focus(): void {
    this.#view?.focus()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#session?.close()
    // It listens to the window, which would keep it for good.
    this.#view?.destroy()
    this.#view = undefined
  }

  protected override render(): TemplateResult {
    return html`<div part="editor" class="frame"></div>`
  }

  protected override willUpdate(): void {
    const { host } = this.#tutti
    if (!this.isConnected) return
    if (this.#session?.host !== host || this.#session?.name !== this.doc) this.#change()
    this.#session?.open()
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.isConnected) return
    if (this.#view === undefined) return this.#show()
    const state = this.#view.state
    const isSame = state.readOnly !== this.#isWritable && this.#shownPlaceholder === this.#placeholder
    if (!isSame || changed.has('label')) this.#view.dispatch({ effects: this.#state.reconfigure(this.#present()) })
    refreshCursors(this.#view)
  }

  get #isWritable(): boolean {
    return this.#tutti.joined && !this.readonly
  }

  get #placeholder(): string {
    const { host } = this.#tutti
    return host === undefined || host.phase === 'joined' ? this.placeholder : phaseWords[host.phase]
  }

  #shownPlaceholder = ''

  /** Another group, or another text of it. */
  #change(): void {
    const { host } = this.#tutti
    this.#session?.destroy()
    this.#session = host && new EditorSession(host, this.doc)
    this.#session?.open()
    this.#view?.setState(this.#newState())
  }

  #show(): void {
    const parent = this.renderRoot.querySelector('.frame')!
    this.#view = new EditorView({ state: this.#newState(), parent, root: this.renderRoot as ShadowRoot })
  }

  #newState(): EditorState {
    const session = this.#session
    return EditorState.create({
      doc: session === undefined ? '' : shownText(session.text),
      extensions: [
        session === undefined ? [] : [sharedText(session), remoteCursors(session)],
        keymap.of(standardKeymap),
        EditorView.lineWrapping,
        EditorView.updateListener.of(({ docChanged, transactions }) => {
          if (docChanged) this.#tell(transactions.some((one) => one.annotation(fromShared) === 'remote'))
        }),
        highlightSpecialChars(),
        lineDirection,
        editorTheme,
        this.#state.of(this.#present()),
      ],
    })
  }

  /** What follows the properties, and whether this page is a member. */
  #present(): Extension {
    this.#shownPlaceholder = this.#placeholder
    return [
      EditorState.readOnly.of(!this.#isWritable),
      EditorView.contentAttributes.of({ 'aria-label': this.label, part: 'content', spellcheck: 'true' }),
      placeholder(this.#shownPlaceholder),
    ]
  }

  #tell(remote: boolean): void {
    const detail = { remote }
    this.dispatchEvent(new CustomEvent('tutti-editor-change', { detail, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-editor': TuttiEditor
  }
  interface HTMLElementEventMap {
    'tutti-editor-change': TuttiEditorChangeEvent
  }
}
