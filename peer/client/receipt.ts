import type { CastKind } from '../base/cast-kind.ts'
import type { TuttiError } from '../base/errors.ts'
import type { MessageId } from '../base/ids.ts'
import type { Delivery, Receipt, View } from './types.ts'

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
  #arrival: Arrival | undefined
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
    return this.#arrival !== undefined
  }

  /** Settles once it is delivered here, or can't be. */
  get delivered(): Promise<Delivery> {
    const arrival = this.#arrival
    this.#delivered ??= defer(arrival && deliveryOf(arrival), arrival === undefined ? this.#error : undefined)
    return this.#delivered.promise
  }

  /** Settles once all have it, or can't. */
  get stable(): Promise<Delivery> {
    const arrival = this.#isStable ? this.#arrival : undefined
    this.#stable ??= defer(arrival && deliveryOf(arrival), this.#error)
    return this.#stable.promise
  }

  /** Delivered here: listeners ran, iterators hold it. What is told of that is made when somebody asks. */
  deliver(place: Arrival['place'], view: View): void {
    if (this.#arrival !== undefined || this.#error !== undefined) return
    this.#arrival = { place, view, at: Date.now() }
    this.#delivered?.resolve(deliveryOf(this.#arrival))
  }

  /** All members have it, or the cut holds it. */
  settle(): void {
    if (this.#arrival === undefined || this.#error !== undefined) return
    this.#isStable = true
    this.#stable?.resolve(deliveryOf(this.#arrival))
  }

  /** Rejects what is not settled yet. */
  fail(error: TuttiError): void {
    if (this.#isStable || this.#error !== undefined) return
    this.#error = error
    if (this.#arrival === undefined) this.#delivered?.reject(error)
    this.#stable?.reject(error)
  }

  /** Why it failed, if nobody asked for what failed of it. */
  get unheard(): TuttiError | undefined {
    const isHeard = this.#stable !== undefined || (this.#arrival === undefined && this.#delivered !== undefined)
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

/** Where and when a multicast was delivered here. */
interface Arrival {
  readonly place: { readonly id: MessageId; readonly kind: CastKind; readonly order: number | undefined }
  readonly view: View
  /** In ms since 1970. */
  readonly at: number
}

function deliveryOf({ place: { id, kind, order }, view, at }: Arrival): Delivery {
  return order === undefined ? { id, kind, view, at } : { id, kind, view, at, order }
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
