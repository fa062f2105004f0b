import { EditorView } from '@codemirror/view'
import { css } from 'lit'

export const editorStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 10rem;
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  :host(:focus-within) {
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  .frame {
    display: grid;
    flex: 1;
    min-height: 0;
  }
  .tutti-caret {
    position: relative;
    margin-inline: -1px;
    border-inline-start: 2px solid var(--_cursor);
    pointer-events: auto;
  }
  .tutti-caret-name {
    position: absolute;
    z-index: 1;
    inset-block-end: 100%;
    inset-inline-start: -2px;
    overflow: hidden;
    max-width: 12rem;
    padding: 0 0.4em;
    border-radius: 4px 4px 4px 0;
    background: var(--_cursor);
    color: var(--_surface);
    font-family: var(--_font);
    font-size: 0.6875rem;
    font-weight: 600;
    line-height: 1.45;
    text-overflow: ellipsis;
    white-space: nowrap;
    pointer-events: none;
    user-select: none;
    animation: fade 400ms 2.5s forwards;
  }
  .first-line > .tutti-caret-name {
    inset-block: 100% auto;
    border-radius: 0 4px 4px 4px;
  }
  .tutti-caret:hover > .tutti-caret-name {
    animation: none;
  }
  @keyframes fade {
    to {
      opacity: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    /* It goes all the same, for it hides what is written above; at once. */
    .tutti-caret > .tutti-caret-name {
      animation: fade 0s 2.5s forwards !important;
    }
    .tutti-caret:hover > .tutti-caret-name {
      animation: none !important;
    }
  }
`

/** What CodeMirror brings styles of its own for. */
export const editorTheme = EditorView.theme({
  '&': { minHeight: '0', height: '100%', color: 'inherit', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    // Lines are wrapped: a name at the edge must not make it scroll.
    overflow: 'hidden auto',
    overscrollBehavior: 'contain',
    fontFamily: 'var(--tutti-editor-font, var(--_font))',
    fontSize: 'var(--tutti-editor-font-size, 0.9375rem)',
    lineHeight: 'var(--tutti-editor-line-height, 1.6)',
  },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--_text)' },
  '.cm-line': { padding: '0 1rem' },
  '.cm-line ::selection, .cm-line::selection': {
    backgroundColor: 'color-mix(in srgb, var(--_accent) 30%, transparent)',
  },
  '.cm-placeholder': { color: 'var(--_muted)' },
  '.cm-specialChar': { color: 'var(--_bad)' },
})
