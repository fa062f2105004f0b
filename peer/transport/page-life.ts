/** What happens to the page as a whole. */
export interface PageLife {
  /** The page is going: closed, navigated away, reloaded, or kept aside for the back button. The last turn it is sure of. */
  hidden(): void
  /** The page came back from being kept aside, with all that was closed in `hidden` still closed. */
  restored(): void
}

/**
 * Listens to the life of the page until the returned function is called; where there is no page, does nothing.
 * `pagehide` and not `beforeunload`: the user may still cancel that one.
 */
export function watchPageLife(life: PageLife): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const hide = (): void => life.hidden()
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
