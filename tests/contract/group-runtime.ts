import type { Runtime } from '../../peer/client/connections.ts'
import { type LocalRuntimeOptions, localRuntime } from '../../peer/client/local-runtime.ts'

/** Where the peers of a rig run. A test file may put something else in its place. */
export function runtimeOfPeer(options: LocalRuntimeOptions): Runtime {
  return localRuntime(options)
}
