import { describe, expect, it } from 'vitest'
import { HIGH_BYTES, LOW_BYTES, SendQueue } from '../../peer/transport/send-queue.ts'

/** A channel that keeps what it is given until it is told to send. */
class SlowChannel {
  readonly taken: Uint8Array[] = []
  bufferedAmount = 0

  send(bytes: Uint8Array): void {
    this.taken.push(bytes)
    this.bufferedAmount += bytes.length
  }
}

const FRAME_BYTES = 10_000

describe('the send queue of a link', () => {
  it('gives an idle channel each frame at once, uncopied', () => {
    const channel = new SlowChannel()
    const frame = new Uint8Array(3)
    new SendQueue(channel).push(frame)
    expect(channel.taken).toEqual([frame])
    expect(channel.taken[0]).toBe(frame)
  })

  it('keeps what the channel has no room for, and counts both', () => {
    const { channel, queue } = filled(1_000)
    expect(channel.bufferedAmount).toBeGreaterThanOrEqual(HIGH_BYTES)
    expect(channel.bufferedAmount).toBeLessThan(HIGH_BYTES + FRAME_BYTES)
    expect(queue.bytes).toBe(1_000 * FRAME_BYTES)
  })

  it('keeps the order over any number of drains, and never fills the channel further', () => {
    const { channel, queue } = filled(5_000)
    let drains = 0
    while (queue.bytes > channel.bufferedAmount) {
      channel.bufferedAmount = LOW_BYTES - 1
      queue.drain()
      queue.push(frameOf(5_000 + drains++))
      expect(channel.bufferedAmount).toBeLessThan(HIGH_BYTES + FRAME_BYTES)
    }
    expect(drains).toBeGreaterThan(10)
    const numbers = channel.taken.map((frame) => new DataView(frame.buffer).getUint32(0))
    expect(numbers).toEqual(numbers.map((_, index) => index))
    expect(numbers).toHaveLength(5_000 + drains)
  })

  it('fills the channel up to another limit when asked', () => {
    const { channel, queue } = filled(1_000)
    queue.drain(4 * HIGH_BYTES)
    expect(channel.bufferedAmount).toBeGreaterThanOrEqual(4 * HIGH_BYTES)
    expect(channel.bufferedAmount).toBeLessThan(4 * HIGH_BYTES + FRAME_BYTES)
  })
})

function filled(frames: number): { channel: SlowChannel; queue: SendQueue } {
  const channel = new SlowChannel()
  const queue = new SendQueue(channel)
  for (let number = 0; number < frames; number++) queue.push(frameOf(number))
  return { channel, queue }
}

function frameOf(number: number): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES)
  new DataView(frame.buffer).setUint32(0, number)
  return frame
}
