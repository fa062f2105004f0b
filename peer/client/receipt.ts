import type { TuttiError } from '../base/errors.ts'
import type { Delivery, Receipt } from './types.ts'

const NOTHING = (): void => {}

/** One multicast of this member on its way: what the group knows of it. */
export class Cast {
  /** Names the multicast between client and engine. */
  readonly ref: number
  /** Size of the encoded value, as far as it is known. */
  readonly bytes: number
  /** It has its place in this member's stream: it can't be taken back any more. */
  stamped = false
  /** Its signal aborted before it was known to be stamped. */
  cancelled = false
  /** Forgets the application's AbortSignal. */
  unlisten: () => void = NOTHING
  #delivery: Delivery | undefined
  #isStable = false
  #error: TuttiError | undefined
  /** Promises are made only when somebody asks for them. */
  #delivered: Deferred | undefined
  #stable: Deferred | undefined

  constructor(ref: number, bytes: number) {
    this.ref = ref
    this.bytes = bytes
  }

  get hasArrived(): boolean {
    return this.#delivery !== undefined
  }

  /** Settles once it is delivered here, or can't be. */
  get delivered(): Promise<Delivery> {
    this.#delivered ??= defer(this.#delivery, this.#delivery === undefined ? this.#error : undefined)
    return this.#delivered.promise
  }

  /** Settles once all have it, or can't. */
  get stable(): Promise<Delivery> {
    this.#stable ??= defer(this.#isStable ? this.#delivery : undefined, this.#error)
    return this.#stable.promise
  }

  /** Delivered here: listeners ran, iterators hold it. */
  deliver(delivery: Delivery): void {
    if (this.#delivery !== undefined || this.#error !== undefined) return
    this.#delivery = delivery
    this.#delivered?.resolve(delivery)
  }

  /** All members have it, or the cut holds it. */
  settle(): void {
    if (this.#delivery === undefined || this.#error !== undefined) return
    this.#isStable = true
    this.#stable?.resolve(this.#delivery)
  }

  /** Rejects what is not settled yet. */
  fail(error: TuttiError): void {
    if (this.#isStable || this.#error !== undefined) return
    this.#error = error
    if (this.#delivery === undefined) this.#delivered?.reject(error)
    this.#stable?.reject(error)
  }

  /** Why it failed, if nobody asked for what failed of it. */
  get unheard(): TuttiError | undefined {
    const isHeard = this.#stable !== undefined || (this.#delivery === undefined && this.#delivered !== undefined)
    return isHeard ? undefined : this.#error
  }
}

/** What the application holds of a multicast. */
export class CastReceipt implements Receipt {
  readonly #cast: Cast

  constructor(cast: Cast) {
    this.#cast = cast
  }

  get stable(): Promise<Delivery> {
    return this.#cast.stable
  }

  // biome-ignore lint/suspicious/noThenProperty: a receipt is a PromiseLike; its promise is made on demand
  then<A = Delivery, B = never>(
    onDelivered?: ((delivery: Delivery) => A | PromiseLike<A>) | null,
    onFailed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.#cast.delivered.then(onDelivered, onFailed)
  }
}

interface Deferred {
  readonly promise: Promise<Delivery>
  resolve(delivery: Delivery): void
  reject(error: TuttiError): void
}

function defer(delivery: Delivery | undefined, error: TuttiError | undefined): Deferred {
  let resolve: Deferred['resolve'] = NOTHING
  let reject: Deferred['reject'] = NOTHING
  const promise = new Promise<Delivery>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  // Looking at a receipt is not yet handling its failure, and must not crash anyone.
  promise.catch(NOTHING)
  if (delivery !== undefined) resolve(delivery)
  else if (error !== undefined) reject(error)
  return { promise, resolve, reject }
}
