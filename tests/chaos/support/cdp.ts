import type { Readable, Writable } from 'node:stream'

type Params = Readonly<Record<string, unknown>>
export type CdpListener = (method: string, params: Params) => void

/**
 * Chromium's debugging protocol over its pipe. Playwright's own connection makes every page believe that it is visible
 * and in front, and names no processes; this one leaves a page as a user has it.
 */
export class Cdp {
  readonly #write: Writable
  readonly #waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void }>()
  readonly #listeners = new Map<string, CdpListener>()
  #calls = 0
  #rest = ''
  #ended = false

  constructor(write: Writable, read: Readable) {
    this.#write = write
    read.setEncoding('utf8').on('data', (text: string) => this.#take(text))
    for (const stream of [write, read]) stream.on('error', () => this.end())
    read.on('close', () => this.end())
  }

  /** Rejects where the browser refuses, or is gone before it answered. */
  send(method: string, params: Params = {}, session?: string): Promise<Params> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error(`${method}: the browser is gone`))
        return
      }
      const id = ++this.#calls
      this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) })
      this.#write.write(`${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`)
    })
  }

  listen(session: string, listener: CdpListener): void {
    this.#listeners.set(session, listener)
  }

  end(): void {
    this.#ended = true
    for (const { reject } of this.#waiting.values()) reject(new Error('the browser is gone'))
    this.#waiting.clear()
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0')
    this.#rest = parts.pop()!
    for (const part of parts) this.#answer(JSON.parse(part))
  }

  #answer({ id, method, params, sessionId, result, error }: Line): void {
    if (id === undefined) {
      this.#listeners.get(sessionId ?? '')?.(method ?? '', params ?? {})
      return
    }
    const call = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) call?.reject(new Error(error.message))
    else call?.resolve(result ?? {})
  }
}

interface Line {
  readonly id?: number
  readonly method?: string
  readonly params?: Params
  readonly sessionId?: string
  readonly result?: Params
  readonly error?: { readonly message: string }
}
