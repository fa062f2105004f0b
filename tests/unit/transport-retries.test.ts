import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import type { LinkSignal } from '../../peer/transport/link-signals.ts'
import { createWebrtcTransport } from '../../peer/transport/webrtc.ts'
import type { WebrtcTransport } from '../../peer/transport/webrtc-links.ts'
import { DeafConnection, deafWrtc } from './transport-deaf-wrtc.ts'

const [a, b] = ['a', 'b'] as PeerId[] as [PeerId, PeerId]
let sent: { to: PeerId; data: LinkSignal; atMs: number }[]
let transport: WebrtcTransport

beforeEach(() => {
  vi.useFakeTimers()
  DeafConnection.all = []
  sent = []
})

afterEach(() => {
  transport.close()
  vi.useRealTimers()
})

describe('a peer that never answers', () => {
  it('is offered one connection at a time, under rising epochs, each given up after 8 s', async () => {
    start(a)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(60_000)
    const offers = sent.filter(({ data }) => data.type === 'offer')
    expect(offers.map(({ data }) => data.epoch)).toEqual(offers.map((_, index) => index + 1))
    expect(offers.length).toBeGreaterThanOrEqual(5)
    expect(offers.length).toBeLessThanOrEqual(8)
    expect(openConnections()).toBeLessThanOrEqual(1)
    expect(transport.links()).toEqual([{ peer: b, state: 'connecting', roundTripMs: undefined, bytesQueued: 0 }])
  })

  it('is asked for an offer ever more seldom, down to once in about 5 s', async () => {
    start(b)
    transport.want(a)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(sent.every(({ data }) => data.type === 'please' && data.epoch === 0)).toBe(true)
    const gapsMs = sent.slice(1).map(({ atMs }, index) => atMs - sent[index]!.atMs)
    expect(gapsMs[0]).toBeLessThan(300)
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(6_250)
    for (const gap of gapsMs.slice(6)) expect(gap).toBeGreaterThanOrEqual(3_750)
  })

  it('is left alone once it is no longer wanted, and after close', async () => {
    start(a)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(1_000)
    transport.unwant(b)
    const before = sent.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect([sent.length, openConnections(), transport.links().length]).toEqual([before, 0, 0])
    transport.want(b)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(openConnections()).toBe(1)
    transport.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([openConnections(), vi.getTimerCount()]).toEqual([0, 0])
  })
})

describe('peers that nobody wants', () => {
  it('get at most 32 connections at a time, and none for good', async () => {
    start(a)
    for (let number = 0; number < 100; number++) transport.signal(`p${number}` as PeerId, { type: 'please', epoch: 0 })
    await vi.advanceTimersByTimeAsync(100)
    expect(openConnections()).toBe(32)
    await vi.advanceTimersByTimeAsync(25_000)
    expect([openConnections(), transport.links().length]).toEqual([0, 0])
    transport.signal('p99' as PeerId, { type: 'please', epoch: 0 })
    await vi.advanceTimersByTimeAsync(100)
    expect(openConnections()).toBe(1)
  })
})

describe('createWebrtcTransport', () => {
  it('says what to do where there is no WebRTC', () => {
    start(a)
    const options = { self: a, signal: () => {} }
    expect(() => createWebrtcTransport(options)).toThrow(expect.objectContaining({ code: 'unsupported' }))
    for (const wrtc of [null, 5, {}]) {
      expect(() => createWebrtcTransport({ ...options, wrtc })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      )
    }
  })
})

describe('a peer that is in reach again', () => {
  it('is asked at once when it is wanted again', async () => {
    start(b)
    transport.want(a)
    await vi.advanceTimersByTimeAsync(60_000)
    const before = sent.length
    transport.want(a)
    expect(sent).toHaveLength(before + 1)
    await vi.advanceTimersByTimeAsync(300)
    expect(sent).toHaveLength(before + 2)
  })

  it('is offered another connection at once when the one under way is given up and it is wanted again', async () => {
    start(a)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(10)
    transport.reset(b)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.map(({ data }) => [data.type, data.epoch])).toEqual([
      ['offer', 1],
      ['offer', 2],
    ])
    expect(openConnections()).toBe(1)
  })
})

describe('the transport of a page that came back', () => {
  it('numbers its connections above those of the one before', async () => {
    start(a, 1)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(60_000)
    const first = sent[0]!.data.epoch
    expect(first).toBeGreaterThan(1_000_000)
    transport.close()
    start(a, 2)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.at(-1)!.data.epoch).toBeGreaterThan(first + 1_000_000)
  })

  it('ends whatever link the other end still holds to the one before', async () => {
    start(a)
    transport.want(b)
    await vi.advanceTimersByTimeAsync(100)
    const { transport: other, signals } = made(b, 1)
    other.want(a)
    expect(signals).toHaveLength(1)
    transport.signal(b, signals[0]!)
    await vi.advanceTimersByTimeAsync(10)
    expect(sent.map(({ data }) => [data.type, data.epoch])).toEqual([
      ['offer', 1],
      ['offer', 2],
    ])
    // Once it has an offer, it speaks of that one.
    other.signal(a, sent.at(-1)!.data)
    other.reset(a)
    await vi.advanceTimersByTimeAsync(600)
    expect(signals.at(-1)).toEqual({ type: 'please', epoch: 2 })
    other.close()
  })
})

function start(self: PeerId, before = 0): void {
  transport = createWebrtcTransport({
    self,
    before,
    signal: (to, data) => sent.push({ to, data, atMs: Date.now() }),
    wrtc: deafWrtc,
  })
  transport.listen({ up: () => {}, down: () => {}, frame: () => {} })
}

function made(self: PeerId, before: number): { transport: WebrtcTransport; signals: LinkSignal[] } {
  const signals: LinkSignal[] = []
  const made = createWebrtcTransport({ self, before, signal: (_to, data) => signals.push(data), wrtc: deafWrtc })
  made.listen({ up: () => {}, down: () => {}, frame: () => {} })
  return { transport: made, signals }
}

function openConnections(): number {
  return DeafConnection.all.filter(({ closed }) => !closed).length
}
