import { afterEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../../peer/client/connect.ts'
import type { Runtime } from '../../peer/client/connections.ts'
import { canRunInWorker, inWorker } from '../../peer/worker/index.ts'

afterEach(() => void vi.unstubAllGlobals())

describe('inWorker', () => {
  it('refuses where no data channel can be handed to a worker', () => {
    expect(canRunInWorker()).toBe(false)
    expect(() => inWorker(() => ({}) as Worker)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })

  it('refuses what makes no worker', () => {
    vi.stubGlobal('RTCPeerConnection', HandsOver)
    vi.stubGlobal('Worker', class extends EventTarget {})
    expect(canRunInWorker()).toBe(true)
    expect(() => inWorker('worker.js' as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
    expect(() => inWorker(() => ({}) as Worker).start()).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })

  it('tells of a worker whose script does not load, and of no other error after that', () => {
    vi.stubGlobal('RTCPeerConnection', HandsOver)
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const workers: DeafWorker[] = []
    vi.stubGlobal('Worker', DeafWorker)
    const runtime = inWorker(() => {
      workers.push(new DeafWorker())
      return workers[0] as unknown as Worker
    }).start()
    const failures = failuresOf(runtime)
    workers[0]!.fail('no such script')
    expect(failures).toEqual(['unsupported'])
    workers[0]!.dispatchEvent(Object.assign(new Event('message'), { data: [{ type: 'ready' }] }))
    workers[0]!.fail('a listener threw')
    expect(failures).toHaveLength(1)
    expect(reported).toHaveLength(1)
    workers[0]!.dispatchEvent(Object.assign(new Event('message'), { data: [{ type: 'ended' }] }))
    expect(workers[0]!.isTerminated).toBe(true)
  })
})

describe('connect', () => {
  it('takes no runtime that is none, and none beside a WebRTC implementation', () => {
    const wrtc = { RTCPeerConnection: HandsOver }
    const runtime = { start: () => undefined as never }
    for (const options of [{ runtime: {} as never }, { runtime, wrtc }]) {
      const refused = expect.objectContaining({ code: 'invalid-option' })
      expect(() => connect({ signaling: 'http://127.0.0.1:1', ...options })).toThrow(refused)
    }
  })
})

function failuresOf(runtime: Runtime): string[] {
  const failures: string[] = []
  runtime.connect({
    self: 'me' as never,
    before: 0,
    signal: () => {},
    iceServers: () => [],
    needed: () => [],
    versionMismatch: () => {},
    failed: ({ code }) => failures.push(code),
  })
  return failures
}

/** A browser's connection, as far as the question goes: its channels can be handed over. */
class HandsOver {
  createDataChannel(): unknown {
    return new ArrayBuffer(1)
  }
  close(): void {}
}

/** A worker that does nothing by itself. */
class DeafWorker extends EventTarget {
  isTerminated = false
  postMessage(): void {}
  terminate(): void {
    this.isTerminated = true
  }
  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message, error: undefined }))
  }
}
