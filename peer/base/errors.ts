/** What went wrong, for programs. Expected outcomes are values, misuse and fates are these. */
export type TuttiErrorCode =
  | 'not-encodable'
  | 'too-large'
  | 'queue-full'
  | 'closed'
  | 'left'
  | 'excluded'
  | 'aborted'
  | 'unsupported'
  | 'invalid-option'
  | 'version-mismatch'
  | 'state-unavailable'
  | 'state-load-failed'
  | 'state-mismatch'
  | 'consumer-stalled'
  | 'bad-token'
  | 'not-admitted'
  | 'not-blocked'
  | 'internal'

/**
 * What became of a multicast whose receipt failed (rule RC1): `not-sent`: nobody who goes on delivers it;
 * `in-cut`: all who go on deliver it; `unknown`: the decision was not learned in time.
 */
export type Fate = 'not-sent' | 'in-cut' | 'unknown'

/** The one error class of the library: a `code` for programs, a message that says what to do, a `fate` for multicasts. */
export class TuttiError extends Error {
  override readonly name = 'TuttiError'
  readonly code: TuttiErrorCode
  readonly fate: Fate | undefined

  constructor(code: TuttiErrorCode, message: string, options: { fate?: Fate; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fate = options.fate
  }
}
