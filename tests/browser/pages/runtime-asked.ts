import type { RuntimeOption } from '../../../peer/index.ts'
import { inWorker } from '../../../peer/worker/index.ts'

/** For `connect`: a worker if the page's address asks for one, so that each test can be run both ways. */
export function runtimeAsked(): { runtime?: RuntimeOption } {
  if (!new URLSearchParams(location.search).has('worker')) return {}
  return { runtime: inWorker(makeWorker) }
}

function makeWorker(): Worker {
  return new Worker(new URL('../../../peer/worker/script.ts', import.meta.url), { type: 'module' })
}
