import { TuttiError } from '../base/errors.ts'
import type { RuntimeOption } from '../client/connections.ts'
import { reportError } from '../client/report-error.ts'
import { WorkerRuntime } from './worker-runtime.ts'

/**
 * Has the links and the engines of a peer run in a dedicated worker, so that a page which is busy keeps up with its groups
 * all the same. A page that is not is a little faster without. `make` gives a new worker each time, which its peer ends:
 * `() => new Worker(new URL('./group-worker.js', import.meta.url), { type: 'module' })`, where `group-worker.js` is a file of
 * yours that imports 'tutti/worker/script'. Vite takes 'tutti/worker/script' itself in place of the file's name.
 * @throws TuttiError `unsupported` where `canRunInWorker()` is false, `invalid-option` if `make` is no function.
 */
export function inWorker(make: () => Worker): RuntimeOption {
  if (typeof make !== 'function')
    throw new TuttiError('invalid-option', 'inWorker needs a function that makes a worker')
  if (!canRunInWorker()) {
    const message = 'this browser can not hand a data channel to a worker: connect without `runtime`'
    throw new TuttiError('unsupported', message)
  }
  return { start: () => start(make) }
}

/** Whether this browser hands data channels to workers. */
export function canRunInWorker(): boolean {
  let connection: RTCPeerConnection | undefined
  try {
    connection = new RTCPeerConnection()
    const channel = connection.createDataChannel('')
    structuredClone(channel, { transfer: [channel] })
    return true
  } catch {
    return false
  } finally {
    connection?.close()
  }
}

function start(make: () => Worker): WorkerRuntime {
  const worker = make()
  if (!(worker instanceof Worker)) throw new TuttiError('invalid-option', 'what inWorker was given makes no Worker')
  const runtime = new WorkerRuntime(worker, () => worker.terminate())
  worker.addEventListener('error', ({ message, error }) => {
    // One that runs goes on: what was thrown is told as it would be by this thread.
    if (runtime.isReady) return reportError(error ?? new Error(message))
    const why = "the worker's script did not load: it has to be a module that imports 'tutti/worker/script'"
    runtime.fail(new TuttiError('unsupported', why, { cause: message }))
  })
  return runtime
}
