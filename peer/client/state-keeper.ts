import type { Config } from '../base/config.ts'
import { TuttiError } from '../base/errors.ts'
import type { Input } from '../engine/io.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Iterators } from './iterators.ts'
import { loadState, saveState } from './save-load.ts'
import type { StateOption } from './types.ts'

export interface StateKeeperOptions<S> {
  readonly state: StateOption<S> | undefined
  readonly config: Config
  readonly clock: Clock
  readonly iterators: Pick<Iterators<unknown>, 'whenIdle' | 'stallBusy'>
  /** Keeps all events back until the returned function is called. */
  hold(): () => void
  answer(input: Extract<Input, { type: 'saved' | 'loaded' }>): void
  failed(error: TuttiError): void
  /** A state was loaded, or could not be; nothing more was handed out yet. */
  loaded(error: TuttiError | undefined): void
}

/** Has the application save and load its state at their place in the sequence of events. */
export class StateKeeper<S> {
  readonly #options: StateKeeperOptions<S>
  busy: 'saving' | 'loading' | undefined
  #cancelTimeout: () => void = () => {}

  constructor(options: StateKeeperOptions<S>) {
    this.#options = options
  }

  /** Events wait until the application's promise settles; the engine waits `saveTimeoutMs` at most. */
  async save(number: number): Promise<void> {
    const { state: option, config, clock, iterators } = this.#options
    const release = this.#hold('saving')
    let answered = false
    const answer = (state: Uint8Array | undefined): void => {
      if (!answered) this.#options.answer({ type: 'saved', number, state })
      answered = true
    }
    this.#cancelTimeout = clock.at(clock.now() + config.saveTimeoutMs, () => answer(undefined))
    try {
      if (!(await iterators.whenIdle(config.consumerWaitMs))) throw busyIterator(config.consumerWaitMs)
      answer(option && (await saveState(option, config.stateBytesMax)))
    } catch (error) {
      this.#options.failed(error as TuttiError)
      answer(undefined)
    }
    this.#cancelTimeout()
    release()
  }

  /** An iterator that never asks would apply what it holds to a state that has it already: it ends. */
  async load(bytes: Uint8Array): Promise<void> {
    const { state: option, config, iterators } = this.#options
    const release = this.#hold('loading')
    let failure: TuttiError | undefined
    try {
      if (!(await iterators.whenIdle(config.consumerStallMs))) iterators.stallBusy()
      if (option !== undefined) await loadState(option, bytes)
    } catch (error) {
      failure = error as TuttiError
      this.#options.failed(failure)
    }
    this.#options.answer({ type: 'loaded', ok: failure === undefined })
    this.#options.loaded(failure)
    release()
  }

  /** The member is gone: nobody waits for a save any more. */
  end(): void {
    this.#cancelTimeout()
  }

  #hold(busy: 'saving' | 'loading'): () => void {
    const release = this.#options.hold()
    this.busy = busy
    return () => {
      this.busy = undefined
      release()
    }
  }
}

function busyIterator(waitMs: number): TuttiError {
  const message = `save was not called: an iterator did not ask for its next event within ${waitMs} ms`
  return new TuttiError('state-unavailable', `${message}; another member is asked for its state`)
}
