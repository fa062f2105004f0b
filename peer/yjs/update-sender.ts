import * as Y from 'yjs'
import type { TuttiError } from '../index.ts'
import type { DocBody } from './doc-values.ts'

export interface UpdateSenderOptions {
  /** Multicasts by CBCAST, in causal order. Throws a TuttiError where that can't be done now. */
  cast(body: DocBody): PromiseLike<unknown>
  /** Something was not sent, and nobody is told of it by the group. */
  failed(error: TuttiError): void
}

interface Last {
  make(): DocBody
  sent(): void
}

/**
 * Sends the changes of one page, one multicast after the other: all that was changed while one waits for its place goes
 * together in the next. Changes larger than a part go in parts.
 */
export class UpdateSender {
  readonly #options: UpdateSenderOptions
  readonly #updates = new Map<string, Uint8Array[]>()
  #last: Last[] = []
  #isOpen = false
  #isSending = false
  /** Rises whenever what is under way is given up. */
  #epoch = 0
  #series = 0
  #partBytes = partBytesMax

  constructor(options: UpdateSenderOptions) {
    this.#options = options
  }

  /** Sends a change in its turn, together with what else changes in this one. */
  push(doc: string, update: Uint8Array): void {
    const waiting = this.#updates.get(doc)
    if (waiting === undefined) this.#updates.set(doc, [update])
    else waiting.push(update)
    this.#start()
  }

  /** Sends what `make` makes then when all changes so far are sent, and calls `sent`. */
  pushLast(make: () => DocBody, sent: () => void = () => {}): void {
    this.#last.push({ make, sent })
    this.#start()
  }

  open(): void {
    this.#isOpen = true
    this.#start()
  }

  /** Keeps what is pushed until it is opened again. What is under way goes on. */
  hold(): void {
    this.#isOpen = false
  }

  /** Forgets all that waits. */
  clear(): void {
    this.#isOpen = false
    this.#epoch++
    this.#isSending = false
    this.#updates.clear()
    this.#last = []
  }

  #start(): void {
    if (this.#isSending || !this.#isOpen || (this.#updates.size === 0 && this.#last.length === 0)) return
    this.#isSending = true
    // What else is changed in this turn goes with it.
    queueMicrotask(() => void this.#run(this.#epoch))
  }

  async #run(epoch: number): Promise<void> {
    try {
      while (epoch === this.#epoch && this.#isOpen && (await this.#sendNext(epoch)));
    } catch (error) {
      // Whoever is no member any more compares all it has when it is one again.
      if (epoch === this.#epoch) this.#options.failed(error as TuttiError)
    }
    if (epoch !== this.#epoch) return
    this.#isSending = false
    this.#start()
  }

  /** False: there was nothing to send. */
  async #sendNext(epoch: number): Promise<boolean> {
    const [next] = this.#updates
    if (next !== undefined) {
      const [doc, updates] = next
      this.#updates.delete(doc)
      await this.#send(doc, updates.length === 1 ? updates[0]! : Y.mergeUpdates(updates), epoch)
      return true
    }
    const last = this.#last.shift()
    if (last === undefined) return false
    await this.#cast(last.make(), epoch)
    if (epoch === this.#epoch) last.sent()
    return true
  }

  async #send(doc: string, update: Uint8Array, epoch: number): Promise<void> {
    if (update.length <= this.#partBytes) {
      try {
        return await this.#cast({ op: 'update', doc, update }, epoch)
      } catch (error) {
        if (!this.#takesLess(error as TuttiError)) throw error
      }
    }
    for (;;) {
      try {
        return await this.#sendInParts(doc, update, epoch)
      } catch (error) {
        if (!this.#takesLess(error as TuttiError)) throw error
      }
    }
  }

  async #sendInParts(doc: string, update: Uint8Array, epoch: number): Promise<void> {
    const series = ++this.#series
    for (let at = 0; at < update.length; at += this.#partBytes) {
      await this.#cast({ op: 'part', series, at, bytes: update.subarray(at, at + this.#partBytes) }, epoch)
    }
    await this.#cast({ op: 'update', doc, series, length: update.length }, epoch)
  }

  /** A group whose values are to be smaller than usual. */
  #takesLess({ code }: TuttiError): boolean {
    if (code !== 'too-large' || this.#partBytes <= partBytesMin) return false
    this.#partBytes = Math.max(partBytesMin, this.#partBytes >> 1)
    return true
  }

  /** A queue that others have filled is tried again. */
  async #cast(body: DocBody, epoch: number): Promise<void> {
    while (epoch === this.#epoch) {
      try {
        await this.#options.cast(body)
        return
      } catch (error) {
        if ((error as TuttiError).code !== 'queue-full') throw error
        await new Promise((resolve) => setTimeout(resolve, queueFullRetryMs))
      }
    }
  }
}

const partBytesMax = 1024 * 1024
const partBytesMin = 1024
const queueFullRetryMs = 250
