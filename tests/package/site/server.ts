import * as signaling from 'tutti/signaling'

// Never run: for the type checker.
export const names: readonly string[] = Object.keys(signaling)
