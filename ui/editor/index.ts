/** `<tutti-editor>`, as a class: an entry of its own, because it needs Yjs and CodeMirror. Importing it registers nothing. */
export { EditorSession } from './editor-session.ts'
export { TuttiEditor, type TuttiEditorChangeEvent } from './tutti-editor.ts'
