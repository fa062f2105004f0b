import { inWorker } from '../../../peer/worker/index.ts'
import { measureTutti } from './tutti-medium.ts'

// The same with links and engines in a dedicated worker.

const make = (): Worker => new Worker(new URL('./worker-script.ts', import.meta.url), { type: 'module' })

measureTutti({ runtime: inWorker(make) })
