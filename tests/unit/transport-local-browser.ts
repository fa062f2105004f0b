import { vi } from 'vitest'
import type { Signaling } from '../../peer/transport/signaling.ts'
import { type LocalSignalingOptions, localSignaling } from '../../peer/transport/signaling-local.ts'

/** A browser as far as its tabs need it to find each other: named locks and channels, which end with their tab. */
export class FakeBrowser {
  readonly #queues = new Map<string, Waiting[]>()
  readonly #channels = new Set<FakeChannel>()

  /** A signaling client in a new tab. `crash` ends the tab without a word. */
  tab(options?: LocalSignalingOptions): { signaling: Signaling; crash(): void } {
    const tab = new AbortController()
    const browser = this
    class Channel extends FakeChannel {
      constructor(name: string) {
        super(name, browser.#channels)
        tab.signal.addEventListener('abort', () => this.close())
      }
    }
    const enter = <T>(run: () => T): T => {
      vi.stubGlobal('navigator', { locks: this.#locksOf(tab.signal) })
      vi.stubGlobal('BroadcastChannel', Channel)
      return run()
    }
    const signaling = enter(() => localSignaling(options))
    const open = signaling.open.bind(signaling)
    signaling.open = (...args) => {
      // A hub may come alive in this tab at any later time, and takes the channel of the tab then.
      enter(() => open(...args))
    }
    return { signaling, crash: () => tab.abort() }
  }

  #locksOf(tab: AbortSignal): Pick<LockManager, 'request'> {
    const request = (name: string, { signal }: { signal: AbortSignal }, held: () => unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const waiting: Waiting = {
          run: async () => {
            signal.removeEventListener('abort', giveUp)
            const gone = new Promise((end) => tab.addEventListener('abort', end))
            resolve(await Promise.race([held(), gone]))
            this.#next(name)
          },
        }
        const leave = (): void => {
          const queue = this.#queues.get(name) ?? []
          if (queue.indexOf(waiting) > 0) queue.splice(queue.indexOf(waiting), 1)
        }
        const giveUp = (): void => {
          leave()
          reject(signal.reason)
        }
        signal.addEventListener('abort', giveUp)
        tab.addEventListener('abort', leave)
        const queue = this.#queues.get(name) ?? []
        this.#queues.set(name, [...queue, waiting])
        if (queue.length === 0) queueMicrotask(waiting.run)
      })
    return { request: request as LockManager['request'] }
  }

  #next(name: string): void {
    const [, ...rest] = this.#queues.get(name) ?? []
    this.#queues.set(name, rest)
    if (rest[0] !== undefined) queueMicrotask(rest[0].run)
  }
}

interface Waiting {
  run(): void
}

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly name: string
  readonly #all: Set<FakeChannel>

  constructor(name: string, all: Set<FakeChannel>) {
    this.name = name
    this.#all = all
    all.add(this)
  }

  postMessage(data: unknown): void {
    if (!this.#all.has(this)) return
    const copy = structuredClone(data)
    for (const channel of this.#all) {
      if (channel === this || channel.name !== this.name) continue
      queueMicrotask(() => this.#all.has(channel) && channel.onmessage?.({ data: copy }))
    }
  }

  close(): void {
    this.#all.delete(this)
  }
}
