import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { TuttiError } from '../index.ts'

export interface SharedDocOptions {
  /** Who is where, by y-protocols: follows the view. Default: none is shared. */
  readonly awareness?: Awareness | undefined
  /**
   * What the multicasts of this document are marked with (`value.tutti`), so that several, and other things, fit into one
   * group. 1 to 64 characters, the same at all members. Default 'yjs'.
   */
  readonly tag?: string | undefined
  /** Called when all that is here has been given to the group, after joining and after every rejoin. */
  caughtUp?(): void
  /**
   * Called when a change can not be sent as things are: it goes to the others when this page joins again. Default: it is told as
   * an error that nobody caught.
   */
  failed?(error: TuttiError): void
}

/** Throws a TuttiError: `invalid-option`. */
export function checkDoc(doc: unknown): void {
  if (!(doc instanceof Y.Doc))
    throw invalid('the document is to be a Y.Doc; two copies of yjs in one page have two such')
}

/** Throws a TuttiError: `invalid-option`. */
export function checkOptions({ awareness, tag }: SharedDocOptions): void {
  if (
    tag !== undefined &&
    !(typeof tag === 'string' && tag.length >= 1 && tag.length <= 64 && !/\p{Surrogate}/u.test(tag))
  ) {
    throw invalid('tag is to be a text of 1 to 64 characters')
  }
  const isAwareness = awareness === undefined || typeof awareness?.setLocalState === 'function'
  if (!isAwareness) throw invalid("awareness is to be an Awareness of 'y-protocols/awareness'")
}

function invalid(message: string): TuttiError {
  return new TuttiError('invalid-option', message)
}
