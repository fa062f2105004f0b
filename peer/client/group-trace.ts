import { digestOf } from '../runtime/digest.ts'
import type { TraceEvent } from '../runtime/trace.ts'
import { reportError } from './report-error.ts'

type TraceListener = (event: TraceEvent) => void

/** Who listens to one group's trace (rule TR1). */
export class GroupTrace {
  readonly #fromInstall: TraceListener | undefined
  readonly #listeners = new Set<TraceListener>()
  #installed = false

  /** `fromInstall` hears everything from the first install on. */
  constructor(fromInstall: TraceListener | undefined) {
    this.#fromInstall = fromInstall
  }

  /** From now on, until the returned function is called. */
  listen(listener: TraceListener): () => void {
    const own: TraceListener = (event) => listener(event)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  /** Whether anybody reads it. */
  get isHeard(): boolean {
    return this.#fromInstall !== undefined || this.#listeners.size > 0
  }

  take(event: TraceEvent): void {
    if (event.event === 'install') this.#installed = true
    if (this.#installed && this.#fromInstall) tell(this.#fromInstall, event)
    for (const listener of this.#listeners) tell(listener, event)
  }

  /** Of a state; states are large, so only if somebody listens. */
  digest(state: Uint8Array): string {
    return this.isHeard ? digestOf(state) : ''
  }
}

/** A listener that throws is reported, and stops nobody. */
function tell(listener: TraceListener, event: TraceEvent): void {
  try {
    listener(event)
  } catch (error) {
    reportError(error)
  }
}
