/** What simple-peer takes from seven packages, as far as it uses it here: events, and the outside of a stream. */

type Listener = (...given: unknown[]) => void

class Duplex {
  readonly _readableState = { ended: true }
  readonly _writableState = { finished: true }
  readonly #listeners = new Map<string, Listener[]>()

  on(type: string, listener: Listener): this {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
    return this
  }

  once(type: string, listener: Listener): this {
    const run = (...given: unknown[]): void => {
      this.removeListener(type, run)
      listener.apply(this, given)
    }
    return this.on(type, run)
  }

  removeListener(type: string, listener: Listener): this {
    const left = (this.#listeners.get(type) ?? []).filter((each) => each !== listener)
    this.#listeners.set(type, left)
    return this
  }

  emit(type: string, ...given: unknown[]): boolean {
    const listeners = this.#listeners.get(type) ?? []
    for (const listener of listeners) listener.apply(this, given)
    return listeners.length > 0
  }

  /** What comes in is handed on as it comes: nobody here reads by asking. */
  push(data: unknown): void {
    this.emit('data', data)
  }
}

export const stream = { Duplex }

export const Buffer = { from: (bytes: ArrayBuffer): Uint8Array => new Uint8Array(bytes) }

export function randombytes(length: number): { toString(): string } {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return { toString: () => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') }
}

/** Of a DOMException the code is not to be written. */
export function errCode(error: Error, code: string): Error {
  const named = error instanceof DOMException ? new Error(error.message, { cause: error }) : error
  return Object.assign(named, { code })
}

/** Undefined where there is no WebRTC. */
export function getBrowserRTC(): object | undefined {
  const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = globalThis
  return RTCPeerConnection && { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }
}

export function debug(): void {}
