import type { Runtime } from '../../peer/client/connections.ts'
import type { LocalRuntimeOptions } from '../../peer/client/local-runtime.ts'
import { serve } from '../../peer/worker/host.ts'
import type { Door } from '../../peer/worker/mail.ts'
import { WorkerRuntime } from '../../peer/worker/worker-runtime.ts'

/** All that a worker does, at the other side of a door, though in this thread. */
export function runtimeOfPeer({ transport }: LocalRuntimeOptions): Runtime {
  const { port1, port2 } = new MessageChannel()
  serve(port2 as Door, (wiring) => transport({ ...wiring, iceServers: () => [] }))
  return new WorkerRuntime(port1 as Door, () => port1.close())
}
