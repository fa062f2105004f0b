import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LinkSignal, readLinkSignal } from '../../peer/transport/link-signals.ts'
import { junkSignals } from '../contract/webrtc-contract.ts'

describe('readLinkSignal', () => {
  const signals: LinkSignal[] = [
    { type: 'please', epoch: 0 },
    { type: 'offer', epoch: 1, sdp: 'v=0' },
    { type: 'answer', epoch: 2, sdp: 'v=0' },
    { type: 'candidate', epoch: 3, candidate: { candidate: '', sdpMLineIndex: null, sdpMid: null } },
    { type: 'candidate', epoch: 3, candidate: { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0' } },
  ]

  it.each(signals)('reads %j as it was written', (signal) => {
    expect(readLinkSignal(JSON.parse(JSON.stringify(signal)))).toEqual(signal)
  })

  it('takes over nothing but the fields of a signal', () => {
    const candidate = { candidate: 'c', sdpMLineIndex: 0, sdpMid: '0', evil: 1 }
    expect(readLinkSignal({ type: 'candidate', epoch: 1, candidate, renegotiate: true })).toEqual({
      type: 'candidate',
      epoch: 1,
      candidate: { candidate: 'c', sdpMLineIndex: 0, sdpMid: '0' },
    })
  })

  it('takes no junk for a signal', () => {
    // The last two are well formed, of an epoch that never was.
    const readable = junkSignals(99).filter((junk) => readLinkSignal(junk) !== undefined)
    expect(readable).toEqual([
      { type: 'answer', epoch: 99, sdp: 'v=0' },
      expect.objectContaining({ type: 'candidate', epoch: 99 }),
    ])
  })

  it('never throws, whatever comes', () => {
    const field = fc.oneof(fc.constantFrom('offer', 'answer', 'candidate', 'please'), fc.anything())
    const shaped = fc.record({
      type: field,
      epoch: fc.oneof(fc.nat(), fc.anything()),
      sdp: field,
      candidate: fc.anything(),
    })
    fc.assert(
      fc.property(fc.oneof(shaped, fc.anything()), (data) => {
        const signal = readLinkSignal(data)
        expect(signal === undefined || Number.isSafeInteger(signal.epoch)).toBe(true)
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })
})
