import type { Config } from '../base/config.ts'
import type { MemberId } from '../base/ids.ts'
import type { Input, Output } from './io.ts'

export interface EngineOptions {
  readonly self: MemberId
  /** This member's name and metadata, encoded by the client. */
  readonly info: Uint8Array
  /** Whether the application saves and loads state. Must be the same for all members. */
  readonly hasState: boolean
  readonly config: Config
}

/** One attempt at membership in one group: a deterministic state machine. No clock, no timer, no randomness, no I/O. */
export class Engine {
  constructor(_options: EngineOptions) {
    throw new Error('being written')
  }
  /** Takes one input at time `now` (ms, never running backwards). */
  step(_now: number, _input: Input): void {}
  /** All outputs since the last drain, in order. */
  drain(): Output[] {
    return []
  }
  /** When the next `tick` is due; Infinity when nothing waits. */
  nextTimeout(): number {
    return Number.POSITIVE_INFINITY
  }
  clone(): Engine {
    return this
  }
  /** A 53-bit hash of the whole state, times left out. */
  hash(): number {
    return 0
  }
}
