import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Config, DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { MemberId } from '../../peer/base/ids.ts'
import {
  acknowledge,
  type Chunk,
  hurry,
  newOutgoing,
  nextChunks,
  type Outgoing,
  outgoingDeadline,
  rewind,
} from '../../peer/transfer/provider.ts'
import { newIncoming, takeChunk, wholeState } from '../../peer/transfer/receiver.ts'

const CONFIG = { ...DEFAULT_CONFIG, chunkBytes: 10, chunksInFlight: 3, retryMs: 400 }
const [A, B] = ['a.1', 'b.1'] as MemberId[] as [MemberId, MemberId]

describe('a transfer of state', () => {
  it('ends with the state that was saved, whatever is lost or comes twice [ST3]', () => {
    const faults = fc.array(fc.constantFrom('pass', 'pass', 'lose', 'repeat', 'lose ack'), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(fc.nat(120), faults, (length, faults) => {
        const state = Uint8Array.from({ length }, (_, index) => index)
        const loaded = transfer(state, faults)
        expect(loaded).toEqual(state)
      }),
    )
  })

  it('gives an empty state too [ST3]', () => {
    const outgoing = saved(new Uint8Array(), [A])
    const [chunk] = nextChunks(outgoing, A, 0, CONFIG)
    const incoming = newIncoming(2, B, 0)
    expect(wholeState(incoming)).toBeUndefined()
    expect(takeChunk(incoming, chunk!.offset, 0, chunk!.bytes)).toBe(true)
    expect(wholeState(incoming)).toEqual(new Uint8Array())
    expect(nextChunks(outgoing, A, 0, CONFIG)).toEqual([])
    expect(acknowledge(outgoing, A, 0, 0, CONFIG)).toBe(true)
  })

  it('hands out nothing before it has all [ST3]', () => {
    const incoming = newIncoming(2, B, 0)
    const state = new Uint8Array(25).fill(7)
    for (const at of [0, 10]) {
      takeChunk(incoming, at, 25, state.subarray(at, at + 10))
      expect(wholeState(incoming)).toBeUndefined()
    }
    takeChunk(incoming, 20, 25, state.subarray(20))
    expect(wholeState(incoming)).toEqual(state)
  })
})

describe('the giving side', () => {
  it('has a bounded number of bounded chunks under way to each receiver, each at its own pace [ST4]', () => {
    const outgoing = saved(new Uint8Array(100), [A, B])
    const sizes = (chunks: Chunk[]) => chunks.map(({ offset, bytes }) => [offset, bytes.length])
    expect(sizes(nextChunks(outgoing, A, 0, CONFIG))).toEqual([
      [0, 10],
      [10, 10],
      [20, 10],
    ])
    expect(nextChunks(outgoing, A, 0, CONFIG)).toEqual([])
    expect(acknowledge(outgoing, A, 10, 0, CONFIG)).toBe(false)
    expect(sizes(nextChunks(outgoing, A, 0, CONFIG))).toEqual([[30, 10]])
    expect(nextChunks(outgoing, B, 0, CONFIG)).toHaveLength(3)
  })

  it('keeps its window however large the state [ST4]', () => {
    const outgoing = saved(new Uint8Array(5_000_000), [A])
    let under = 0
    for (let acked = 0; ; acked += DEFAULT_CONFIG.chunkBytes) {
      for (const { bytes } of nextChunks(outgoing, A, 0, DEFAULT_CONFIG)) {
        expect(bytes.length).toBeLessThanOrEqual(DEFAULT_CONFIG.chunkBytes)
        under++
      }
      expect(under).toBeLessThanOrEqual(DEFAULT_CONFIG.chunksInFlight)
      under--
      if (acknowledge(outgoing, A, Math.min(5_000_000, acked + DEFAULT_CONFIG.chunkBytes), 0, DEFAULT_CONFIG)) break
    }
    expect(under).toBe(0)
  })

  it('sends nothing before the state is saved, and to nobody who does not wait for it', () => {
    const outgoing = newOutgoing(2, [A], 500)
    expect(nextChunks(outgoing, A, 0, CONFIG)).toEqual([])
    expect(acknowledge(outgoing, A, 0, 0, CONFIG)).toBe(false)
    expect(rewind(outgoing, 1_000_000)).toEqual([])
    expect(outgoingDeadline(outgoing)).toBe(500)
    expect(nextChunks(saved(new Uint8Array(9), [A]), B, 0, CONFIG)).toEqual([])
  })

  it('goes back to what was acknowledged when nothing is heard for a while', () => {
    const outgoing = saved(new Uint8Array(100), [A, B])
    nextChunks(outgoing, A, 0, CONFIG)
    nextChunks(outgoing, B, 300, CONFIG)
    acknowledge(outgoing, A, 10, 0, CONFIG)
    const afterMs = CONFIG.suspectAfterHintMs
    expect(outgoingDeadline(outgoing)).toBe(afterMs)
    expect(rewind(outgoing, afterMs - 1)).toEqual([])
    expect(rewind(outgoing, afterMs)).toEqual([A])
    expect(nextChunks(outgoing, A, afterMs, CONFIG).map(({ offset }) => offset)).toEqual([10])
    expect(rewind(outgoing, 3 * afterMs - 1)).not.toContain(A)
    expect(rewind(outgoing, 3 * afterMs)).toContain(A)
    acknowledge(outgoing, A, 20, 3 * afterMs, CONFIG)
    expect(nextChunks(outgoing, A, 3 * afterMs, CONFIG).map(({ offset }) => offset)).toEqual([20, 30, 40])
  })

  it('sends again at once over a link that is new', () => {
    const outgoing = saved(new Uint8Array(100), [A])
    nextChunks(outgoing, A, 0, CONFIG)
    hurry(outgoing, A, 50)
    expect(rewind(outgoing, 50)).toEqual([A])
  })

  it('keeps as many chunks under way as a link takes, so that few wait for each other [ST4]', () => {
    const config = { ...CONFIG, chunksInFlight: 16 }
    const roundTripMs = 20
    for (const serviceMs of [0, 4, 20, 100]) {
      const most = windowOver({ roundTripMs, serviceMs }, config)
      const pipe = serviceMs === 0 ? config.chunksInFlight : roundTripMs / serviceMs
      expect(most, `${serviceMs} ms a chunk`).toBeGreaterThanOrEqual(Math.min(config.chunksInFlight, Math.ceil(pipe)))
      expect(most, `${serviceMs} ms a chunk`).toBeLessThanOrEqual(Math.ceil(pipe) + 4)
    }
  })

  it('spares a link that takes seconds for a chunk [ST4]', () => {
    const config = { ...CONFIG, chunksInFlight: 8 }
    const outgoing = saved(new Uint8Array(1_000), [A])
    expect(nextChunks(outgoing, A, 0, config)).toHaveLength(4)
    acknowledge(outgoing, A, 10, 1_500, config)
    expect(nextChunks(outgoing, A, 1_500, config)).toHaveLength(0)
    acknowledge(outgoing, A, 40, 1_600, config)
    expect(nextChunks(outgoing, A, 1_600, config)).toHaveLength(1)
  })

  it('believes no acknowledgement of more than there is, of less than before, or of a stranger', () => {
    const outgoing = saved(new Uint8Array(20), [A])
    nextChunks(outgoing, A, 0, CONFIG)
    expect(acknowledge(outgoing, A, 21, 0, CONFIG)).toBe(false)
    expect(acknowledge(outgoing, A, 2 ** 53 - 1, 0, CONFIG)).toBe(false)
    expect(acknowledge(outgoing, B, 20, 0, CONFIG)).toBe(false)
    expect(acknowledge(outgoing, A, 10, 0, CONFIG)).toBe(false)
    expect(acknowledge(outgoing, A, 5, 0, CONFIG)).toBe(false)
    expect(acknowledge(outgoing, A, 20, 0, CONFIG)).toBe(true)
  })
})

describe('the taking side', () => {
  it('ignores chunks out of place, and refuses those that cannot be', () => {
    const incoming = newIncoming(2, B, 0)
    const bytes = new Uint8Array(10)
    expect(takeChunk(incoming, 10, 30, bytes)).toBe(true)
    expect(incoming.receivedBytes).toBe(0)
    expect(takeChunk(incoming, 0, 30, bytes)).toBe(true)
    expect(takeChunk(incoming, 0, 30, bytes)).toBe(true)
    expect(incoming.receivedBytes).toBe(10)
    expect(takeChunk(incoming, 10, 40, bytes)).toBe(false)
    expect(takeChunk(incoming, 25, 30, bytes)).toBe(false)
    expect(takeChunk(incoming, 2 ** 53 - 1, 30, bytes)).toBe(false)
    expect(takeChunk(incoming, 10, 30, new Uint8Array())).toBe(false)
    expect(incoming.receivedBytes).toBe(10)
  })
})

function saved(state: Uint8Array, receivers: readonly MemberId[]): Outgoing {
  const outgoing = newOutgoing(2, receivers, 0)
  outgoing.state = state
  return outgoing
}

/** Runs one transfer over a link with these faults, the last of them passed on for ever. */
function transfer(state: Uint8Array, faults: readonly string[]): Uint8Array | undefined {
  const outgoing = saved(state, [A])
  const incoming = newIncoming(2, B, 0)
  const plan = [...faults]
  for (let now = 0; now < 1_000_000; now += CONFIG.retryMs) {
    rewind(outgoing, now)
    for (
      let chunks = nextChunks(outgoing, A, now, CONFIG);
      chunks.length > 0;
      chunks = nextChunks(outgoing, A, now, CONFIG)
    ) {
      for (const { offset, bytes } of chunks) {
        const fault = plan.shift() ?? 'pass'
        if (fault === 'lose') continue
        for (let times = fault === 'repeat' ? 2 : 1; times > 0; times--) {
          expect(takeChunk(incoming, offset, state.length, bytes)).toBe(true)
        }
        if (fault === 'lose ack') continue
        if (acknowledge(outgoing, A, incoming.receivedBytes, now, CONFIG)) return wholeState(incoming)
      }
    }
  }
  return undefined
}

/** The most chunks under way in the later half of a state's transfer, over a link that carries one chunk in `serviceMs`, in turn. */
function windowOver({ roundTripMs, serviceMs }: { roundTripMs: number; serviceMs: number }, config: Config): number {
  const chunks = 400
  const outgoing = saved(new Uint8Array(chunks * config.chunkBytes), [A])
  const arrivals: { atMs: number; bytes: number }[] = []
  let [nowMs, freeAtMs, most] = [0, 0, 0]
  for (let acked = 0; acked < chunks; acked++) {
    for (const chunk of nextChunks(outgoing, A, nowMs, config)) {
      freeAtMs = Math.max(freeAtMs, nowMs) + serviceMs
      arrivals.push({ atMs: freeAtMs + roundTripMs, bytes: chunk.offset + chunk.bytes.length })
    }
    if (acked > chunks / 2) most = Math.max(most, arrivals.length)
    const next = arrivals.shift()!
    nowMs = next.atMs
    acknowledge(outgoing, A, next.bytes, nowMs, config)
  }
  return most
}
