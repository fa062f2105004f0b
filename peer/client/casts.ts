import type { CastKind } from '../base/cast-kind.ts'
import type { Config } from '../base/config.ts'
import { type Fate, TuttiError, type TuttiErrorCode } from '../base/errors.ts'
import type { Input } from '../engine/io.ts'
import { PendingValue } from './blobs.ts'
import { defaultCodec, encodeValue } from './codec.ts'
import { checkCast } from './options.ts'
import { Cast, CastReceipt } from './receipt.ts'
import type { AbcastOptions, Codec, Receipt, View } from './types.ts'

const NO_OPTIONS: AbcastOptions = Object.freeze({})

type Multicast = Extract<Input, { type: 'multicast' }>

export interface CastsOptions<M> {
  readonly codec: Codec<M>
  readonly config: Config
  /** Throws when this member can't multicast any more. */
  check(): void
  /** Whether this member is out of the group for now: what it multicasts is not sent. */
  excluded(): boolean
  input(input: Input): void
  /** A multicast is not going to be sent: `error` is its fate, to be told in its place in the sequence. */
  unsent(cast: Cast, error: TuttiError): void
}

/** This member's multicasts, from the call until their fate is known. */
export class Casts<M> {
  readonly #options: CastsOptions<M>
  readonly #casts = new Map<number, Cast>()
  #lastRef = 0
  #queued = 0
  #queuedBytes = 0

  constructor(options: CastsOptions<M>) {
    this.#options = options
  }

  /** Multicasts of this member that are not stamped yet. */
  get queued(): { messages: number; bytes: number } {
    return { messages: this.#queued, bytes: this.#queuedBytes }
  }

  /** Misuse and a full queue throw here (rule RC2). */
  cast(kind: CastKind, value: M, options: AbcastOptions = NO_OPTIONS): Receipt {
    this.#options.check()
    if (options !== NO_OPTIONS) checkCast(options)
    const payload = this.#encode(value)
    const isPending = payload instanceof PendingValue
    const cast = new Cast(++this.#lastRef, isPending ? payload.bytes : payload.length)
    if (options.signal?.aborted) {
      this.#options.unsent(cast, aborted(options.signal))
    } else if (this.#options.excluded()) {
      this.#options.unsent(cast, fateError('excluded', 'not-sent'))
    } else {
      this.#queue(cast)
      if (isPending) void this.#read(cast, kind, payload, options.signal)
      else this.#send(cast, { kind, payload }, options.signal)
    }
    return new CastReceipt(cast)
  }

  /** It has its place in this member's stream. */
  stamped(ref: number): void {
    const cast = this.#casts.get(ref)
    if (cast !== undefined) this.#unqueue(cast)
  }

  delivered(ref: number, place: Parameters<Cast['deliver']>[0], view: View): void {
    this.#casts.get(ref)?.deliver(place, view)
  }

  stable(ref: number): void {
    this.#casts.get(ref)?.settle()
    this.#casts.delete(ref)
  }

  /** Settles a multicast of a member that ends; returns it if it failed. `code`: why the member ends. */
  fate(ref: number, fate: Fate, code: TuttiErrorCode): Cast | undefined {
    const cast = this.#casts.get(ref)
    if (cast === undefined) return undefined
    const withdrawn = cast.cancelled && !cast.stamped
    this.#unqueue(cast)
    this.#casts.delete(ref)
    if (fate === 'in-cut' && cast.hasArrived) {
      cast.settle()
      return undefined
    }
    cast.fail(fateError(withdrawn ? 'aborted' : code, fate))
    return cast
  }

  /** Settles what nothing was said about: a multicast never stamped was not sent. */
  rest(code: TuttiErrorCode): Cast[] {
    return [...this.#casts.values()].flatMap(
      (cast) => this.fate(cast.ref, cast.stamped ? 'unknown' : 'not-sent', code) ?? [],
    )
  }

  #send(cast: Cast, multicast: Pick<Multicast, 'kind' | 'payload' | 'isBulk'>, signal: AbortSignal | undefined): void {
    if (signal) this.#listen(cast, signal)
    this.#options.input({ type: 'multicast', ref: cast.ref, ...multicast })
  }

  /** What can be read only with time is sent when it is read: others may go before it. */
  async #read(cast: Cast, kind: CastKind, value: PendingValue, signal: AbortSignal | undefined): Promise<void> {
    const fail = (error: TuttiError): void => {
      // The member may have ended meanwhile, and have said so.
      if (!this.#casts.delete(cast.ref)) return
      this.#unqueue(cast)
      this.#options.unsent(cast, error)
    }
    // Reading ends with the application's signal, and with the member.
    const reading = new AbortController()
    const abort = (): void => reading.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    cast.unlisten = () => reading.abort()
    try {
      const payload = await value.finish(reading.signal)
      cast.unlisten = () => {}
      if (!this.#casts.has(cast.ref)) return
      if (this.#options.excluded()) fail(fateError('excluded', 'not-sent'))
      else if (signal?.aborted) fail(aborted(signal))
      else this.#send(cast, { kind, payload, isBulk: true }, signal)
    } catch (error) {
      fail(error as TuttiError)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #encode(value: M): Uint8Array | PendingValue {
    const { codec, config } = this.#options
    const { messageBytesMax } = config
    if (codec === defaultCodec) return encodeValue(value, messageBytesMax)
    const payload = encodeWith(codec, value)
    if (payload.length <= messageBytesMax) return payload
    const size = `${payload.length} bytes, encoded; messageBytesMax is ${messageBytesMax}`
    throw new TuttiError('too-large', `this value has ${size}: send it in parts`)
  }

  #queue(cast: Cast): void {
    const { queueMessagesMax, queueBytesMax } = this.#options.config
    if (this.#queued >= queueMessagesMax || this.#queuedBytes + cast.bytes > queueBytesMax) {
      const size = `${this.#queued} multicasts of ${this.#queuedBytes} bytes wait to be sent`
      throw new TuttiError('queue-full', `${size}: await a receipt before sending more`)
    }
    this.#queued++
    this.#queuedBytes += cast.bytes
    this.#casts.set(cast.ref, cast)
  }

  #unqueue(cast: Cast): void {
    if (cast.stamped) return
    cast.stamped = true
    cast.unlisten()
    this.#queued--
    this.#queuedBytes -= cast.bytes
  }

  /** The engine alone knows whether it comes in time; it answers with a fate if so. */
  #listen(cast: Cast, signal: AbortSignal): void {
    const abort = (): void => {
      cast.cancelled = true
      this.#options.input({ type: 'cancel', ref: cast.ref })
    }
    signal.addEventListener('abort', abort, { once: true })
    cast.unlisten = () => signal.removeEventListener('abort', abort)
  }
}

function encodeWith<M>(codec: Codec<M>, value: M): Uint8Array {
  let payload: unknown
  try {
    payload = codec.encode(value)
  } catch (cause) {
    if (cause instanceof TuttiError) throw cause
    throw new TuttiError('not-encodable', 'the codec threw an error at this value', { cause })
  }
  if (payload instanceof Uint8Array) return payload
  throw new TuttiError('not-encodable', 'the codec returned no Uint8Array for this value')
}

function aborted(signal: AbortSignal): TuttiError {
  const message = 'this multicast was taken back by its signal before it was sent'
  return new TuttiError('aborted', message, { fate: 'not-sent', cause: signal.reason })
}

const FATES: Record<Fate, string> = {
  'not-sent': 'nobody who goes on delivers it',
  'in-cut': 'all who go on deliver it',
  unknown: 'whether those who go on deliver it could not be learned',
}

const ENDS: Partial<Record<TuttiErrorCode, string>> = {
  aborted: 'this multicast was taken back by its signal before it was sent',
  left: 'this member left the group before its multicast was delivered by all',
  closed: 'this peer was closed before its multicast was delivered by all',
  excluded: 'this member was left out of the group before its multicast was delivered by all',
}

function fateError(code: TuttiErrorCode, fate: Fate): TuttiError {
  return new TuttiError(code, `${ENDS[code] ?? 'this member is no longer in the group'}: ${FATES[fate]}`, { fate })
}
