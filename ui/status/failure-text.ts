import { TuttiError, type TuttiErrorCode } from '../../peer/index.ts'

/** Why one is not in the group, for a visitor. */
export interface Failure {
  readonly text: string
  /** Whether joining again may help. */
  readonly mayRetry: boolean
}

/** Says in a visitor's words what an error means, and what to do. Of one that it does not know, the message. */
export function explainFailure(error: unknown): Failure {
  const code = error instanceof TuttiError ? error.code : undefined
  const text = (code === undefined ? undefined : words[code]) ?? sentence(error)
  return { text, mayRetry: code === undefined || !hopeless.has(code) }
}

const words: Partial<Record<TuttiErrorCode, string>> = {
  'not-admitted': 'The room is full, or not open to you.',
  'bad-token': 'The server does not know you.',
  'version-mismatch': 'The others have another version of this page: reload it, or ask them to.',
  'state-mismatch': 'The others have another version of this page: reload it, or ask them to.',
  'state-load-failed': 'This page could not read what the others have: reload it.',
  'state-unavailable': 'Nobody could hand over what is there.',
  'too-large': 'The name of the room is too long.',
  'not-encodable': 'The name of the room is no text.',
  excluded: 'The others went on without you.',
  closed: 'The connection was closed.',
  internal: 'Something went wrong here: reload this page.',
}

/** What will be the same the next time. */
const hopeless: ReadonlySet<TuttiErrorCode> = new Set(['unsupported', 'invalid-option', 'too-large', 'not-encodable'])

function sentence(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim()
  if (message === '') return ''
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
