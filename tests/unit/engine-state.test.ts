import { describe, expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import { encode } from '../../peer/wire/codec.ts'
import { Bench } from './engine-support.ts'

/** Inputs that move a member of a group of three, a, in many ways. */
function inputsOf(bench: Bench): Input[] {
  const tag = bench.tag('a')
  const from = 'c' as PeerId
  return [
    { type: 'multicast', ref: 1_000, kind: 'total', payload: new Uint8Array(5) },
    { type: 'link', peer: 'b' as PeerId, up: false },
    {
      type: 'receive',
      from,
      tag,
      message: encode({ kind: 'join', member: 'c.2' as MemberId, info: new Uint8Array(), hasState: true }),
    },
    { type: 'receive', from, tag, message: encode({ kind: 'prepare', ballot: 4096 * 9 + 2 }) },
    { type: 'receive', from, tag: { ...tag, number: tag.number + 1 }, message: encode({ kind: 'leave' }) },
    { type: 'suspect', member: 'b.1' as MemberId },
    { type: 'leave' },
    { type: 'close' },
  ]
}

describe("an engine's state", () => {
  it('is not touched by what its clone does', () => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.cast('a', 'causal', 'x')
    const engine = bench.engine('a')
    const [hash, picture, due] = [engine.hash(), engine.inspect(), engine.nextTimeout()]
    for (const input of inputsOf(bench)) {
      const clone = engine.clone()
      for (const first of [input, { type: 'tick' } as const]) clone.step(bench.now + 5_000, first)
      clone.drain()
      expect(engine.hash()).toBe(hash)
      expect(engine.inspect()).toEqual(picture)
      expect(engine.nextTimeout()).toBe(due)
      expect(engine.drain()).toEqual([])
    }
  })

  it('and its clone answer the same inputs by the same outputs', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const [one, other] = [bench.engine('a').clone(), bench.engine('a').clone()]
    for (const input of inputsOf(bench)) {
      for (const engine of [one, other]) engine.step(bench.now + 10, input)
      expect(other.hash()).toBe(one.hash())
      expect(other.drain()).toEqual(one.drain())
      expect(other.nextTimeout()).toBe(one.nextTimeout())
    }
  })

  it('hashes the same when it is the same, whenever it came about', () => {
    const [early, late] = [new Bench(['a', 'b']), new Bench(['a', 'b'])]
    late.run(7_000)
    expect(late.engine('a').hash()).toBe(early.engine('a').hash())
    for (const bench of [early, late]) {
      bench.cast('a', 'total', 'x')
      bench.run(100)
    }
    expect(late.engine('b').hash()).toBe(early.engine('b').hash())
  })

  it('hashes differently after each of these inputs', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const hashes = [bench.engine('a').hash()]
    for (const input of inputsOf(bench)) {
      const clone = bench.engine('a').clone()
      clone.step(bench.now, input)
      hashes.push(clone.hash())
    }
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('keeps outputs that were not drained through a clone, each for itself', () => {
    const bench = new Bench(['a', 'b'])
    const engine = bench.engine('a').clone()
    engine.step(bench.now, { type: 'multicast', ref: 9, kind: 'fifo', payload: new Uint8Array(1) })
    const clone = engine.clone()
    const outputs = clone.drain()
    expect(outputs.length).toBeGreaterThan(0)
    expect(engine.drain()).toEqual(outputs)
  })
})
