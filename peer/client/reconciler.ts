import { partingOf } from '../base/ancestry.ts'
import type { Config } from '../base/config.ts'
import { TuttiError } from '../base/errors.ts'
import type { Lineage } from '../base/ids.ts'
import type { Input } from '../engine/io.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Iterators } from './iterators.ts'
import { readState, saveState, writeState } from './save-load.ts'
import type { StateOption } from './types.ts'

export interface ReconcilerOptions<S> {
  readonly merge: ((mine: S, theirs: S) => S | Promise<S>) | undefined
  readonly state: StateOption<S> | undefined
  readonly config: Config
  readonly clock: Clock
  readonly iterators: Pick<Iterators<unknown>, 'whenIdle'>
  /** Keeps all events back until the returned function is called. */
  hold(): () => void
  input(input: Extract<Input, { type: 'reconcile' | 'reconciled' }>): void
  failed(error: TuttiError): void
}

/**
 * Has the application make one state out of those of two lineages (`onMerge` as a function): its own is saved where its
 * lineage ends, the other's once it is a member there and everyone has stopped sending.
 */
export class Reconciler<S> {
  readonly #options: ReconcilerOptions<S>
  /** The state of the lineage that is over, encoded: nothing that happens to the application's changes it. */
  #mine: Uint8Array | undefined
  #lineage: Lineage | undefined

  constructor(options: ReconcilerOptions<S>) {
    this.#options = options
  }

  /** The lineage is over, and it is for this member to reconcile. */
  async keep(lineage: Lineage): Promise<void> {
    const { merge, state, config, iterators } = this.#options
    if (merge === undefined || state === undefined) return
    this.#lineage = lineage
    await this.#during(async () => {
      await iterators.whenIdle(config.consumerWaitMs)
      this.#mine = await this.#inTime(saveState(state, config.stateBytesMax))
    })
  }

  /** This member has the state of the lineage that it is in now. One that goes on from the one that is over has its state. */
  ready(lineage: Lineage): void {
    if (this.#lineage !== undefined && partingOf(lineage, this.#lineage)?.lineage === this.#lineage) this.done()
    if (this.#mine !== undefined) this.#options.input({ type: 'reconcile' })
  }

  /** Nobody sends any more. The group goes on in any case, if need be as it is. */
  async reconcile(question: string): Promise<void> {
    const { merge, state, config, iterators, input } = this.#options
    const mine = this.#mine
    let merged: Uint8Array | undefined
    await this.#during(async () => {
      if (merge === undefined || state === undefined || mine === undefined) return
      await iterators.whenIdle(config.consumerWaitMs)
      const both = async (): Promise<Uint8Array> => {
        const theirs = readState<S>(await saveState(state, config.stateBytesMax))
        return writeState(await merge(readState<S>(mine), theirs), config.messageBytesMax)
      }
      merged = await this.#inTime(both())
    })
    if (merged === undefined) this.#mine = undefined
    input({ type: 'reconciled', question, state: merged })
  }

  /** The merged state has got its place. */
  done(): void {
    this.#mine = undefined
  }

  async #during(run: () => Promise<void>): Promise<void> {
    const release = this.#options.hold()
    try {
      await run()
    } catch (cause) {
      const message = 'two states could not be brought together: the group goes on with the state of the other lineage'
      this.#options.failed(new TuttiError('state-unavailable', message, { cause }))
    }
    release()
  }

  /** The whole group waits for the application meanwhile. */
  async #inTime<T>(made: Promise<T>): Promise<T> {
    const { clock, config } = this.#options
    let cancel = (): void => {}
    const late = new Promise<never>((_, reject) => {
      cancel = clock.at(clock.now() + config.saveTimeoutMs, () =>
        reject(new Error(`save and onMerge took longer than ${config.saveTimeoutMs} ms (saveTimeoutMs)`)),
      )
    })
    try {
      return await Promise.race([made, late])
    } finally {
      cancel()
    }
  }
}
