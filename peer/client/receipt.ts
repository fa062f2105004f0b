import type { TuttiError } from '../base/errors.ts'
import type { Delivery, Receipt } from './types.ts'

/** One multicast of this member on its way: what the group knows of it, and the receipt that the application holds. */
export class Cast {
  /** Names the multicast between client and engine. */
  readonly ref: number
  /** Size of the encoded value. */
  readonly bytes: number
  readonly receipt: Receipt
  /** It has its place in this member's stream: it can't be taken back any more. */
  stamped = false
  /** Its signal aborted before it was known to be stamped. */
  cancelled = false
  /** Forgets the application's AbortSignal. */
  unlisten: () => void = () => {}
  readonly #delivered = new Outcome<Delivery>()
  readonly #stable = new Outcome<Delivery>()

  constructor(ref: number, bytes: number) {
    this.ref = ref
    this.bytes = bytes
    this.receipt = new CastReceipt(this.#delivered, this.#stable)
  }

  get delivered(): boolean {
    return this.#delivered.value !== undefined
  }

  /** Delivered here: listeners ran, iterators hold it. */
  deliver(delivery: Delivery): void {
    this.#delivered.resolve(delivery)
  }

  /** All members have it, or the cut holds it. */
  settle(): void {
    const delivery = this.#delivered.value
    if (delivery !== undefined) this.#stable.resolve(delivery)
  }

  /** Rejects what is not settled yet. */
  fail(error: TuttiError): void {
    this.#delivered.reject(error)
    this.#stable.reject(error)
  }

  /** Why it failed, if nobody asked for what failed of it. */
  get unheard(): TuttiError | undefined {
    const heard = this.#stable.asked || (this.#delivered.error !== undefined && this.#delivered.asked)
    return heard ? undefined : this.#stable.error
  }
}

/** A promise made only when somebody asks for it, so that a failure which nobody awaits is no unhandled rejection. */
class Outcome<T> {
  value: T | undefined
  error: TuttiError | undefined
  #promise: Promise<T> | undefined
  #resolve: ((value: T) => void) | undefined
  #reject: ((error: TuttiError) => void) | undefined

  get asked(): boolean {
    return this.#promise !== undefined
  }

  get promise(): Promise<T> {
    if (this.#promise !== undefined) return this.#promise
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Looking at a receipt is not yet handling its failure, and must not crash anyone.
    this.#promise.catch(() => {})
    if (this.value !== undefined) this.#resolve?.(this.value)
    else if (this.error !== undefined) this.#reject?.(this.error)
    return this.#promise
  }

  resolve(value: T): void {
    if (this.value !== undefined || this.error !== undefined) return
    this.value = value
    this.#resolve?.(value)
  }

  reject(error: TuttiError): void {
    if (this.value !== undefined || this.error !== undefined) return
    this.error = error
    this.#reject?.(error)
  }
}

class CastReceipt implements Receipt {
  readonly #delivered: Outcome<Delivery>
  readonly #stable: Outcome<Delivery>

  constructor(delivered: Outcome<Delivery>, stable: Outcome<Delivery>) {
    this.#delivered = delivered
    this.#stable = stable
  }

  get stable(): Promise<Delivery> {
    return this.#stable.promise
  }

  // biome-ignore lint/suspicious/noThenProperty: a receipt is a PromiseLike; its promise is made on demand
  then<A = Delivery, B = never>(
    onDelivered?: ((delivery: Delivery) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.#delivered.promise.then(onDelivered, onFailed)
  }
}
