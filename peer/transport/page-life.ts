/** What happens to the page as a whole. */
export interface PageLife {
  /**
   * The page is going: closed, navigated away, reloaded, or (`kept`) perhaps put aside for the back button. The last turn
   * it is sure of: a page that is put aside may never come back, and is put aside only if it holds no connection.
   */
  hidden(kept: boolean): void
  /** The page came back from being put aside, with all that was closed in `hidden` still closed. */
  restored(): void
}

/**
 * Listens to the life of the page until the returned function is called; where there is no page, does nothing.
 * `pagehide` and not `beforeunload`: the user may still cancel that one. `freeze` and `resume` are not listened to: a page
 * that only stands still keeps what it has, and finds by its late timers that it was gone for a while.
 */
export function watchPageLife(life: PageLife): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const hide = (event: PageTransitionEvent): void => life.hidden(event.persisted)
  const show = (event: PageTransitionEvent): void => {
    if (event.persisted) life.restored()
  }
  globalThis.addEventListener('pagehide', hide)
  globalThis.addEventListener('pageshow', show)
  return () => {
    globalThis.removeEventListener('pagehide', hide)
    globalThis.removeEventListener('pageshow', show)
  }
}
