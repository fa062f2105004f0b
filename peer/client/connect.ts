import { TuttiError } from '../base/errors.ts'
import type { ConnectOptions, Peer } from './types.ts'

/** Connects to an introducer. Returns at once; throws a TuttiError for options that can't be honoured. */
export function connect(_options: ConnectOptions): Peer {
  throw new TuttiError('unsupported', 'connect is not built yet')
}
