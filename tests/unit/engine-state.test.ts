import { describe, expect, it } from 'vitest'
import type { MemberId, PeerId } from '../../peer/base/ids.ts'
import type { Input } from '../../peer/engine/io.ts'
import { cloneEngine, hashEngine } from '../../peer/simulator/engine-copy.ts'
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
    const [hash, picture, due] = [hashEngine(engine), engine.inspect(), engine.nextTimeout()]
    for (const input of inputsOf(bench)) {
      const clone = cloneEngine(engine)
      for (const first of [input, { type: 'tick' } as const]) clone.step(bench.now + 5_000, first)
      clone.drain()
      expect(hashEngine(engine)).toBe(hash)
      expect(engine.inspect()).toEqual(picture)
      expect(engine.nextTimeout()).toBe(due)
      expect(engine.drain()).toEqual([])
    }
  })

  it('and its clone answer the same inputs by the same outputs', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const [one, other] = [cloneEngine(bench.engine('a')), cloneEngine(bench.engine('a'))]
    for (const input of inputsOf(bench)) {
      for (const engine of [one, other]) engine.step(bench.now + 10, input)
      expect(hashEngine(other)).toBe(hashEngine(one))
      expect(other.drain()).toEqual(one.drain())
      expect(other.nextTimeout()).toBe(one.nextTimeout())
    }
  })

  it('hashes the same when it is the same, whenever it came about', () => {
    const [early, late] = [new Bench(['a', 'b']), new Bench(['a', 'b'])]
    late.run(7_000)
    expect(hashEngine(late.engine('a'))).toBe(hashEngine(early.engine('a')))
    for (const bench of [early, late]) {
      bench.cast('a', 'total', 'x')
      bench.run(100)
    }
    expect(hashEngine(late.engine('b'))).toBe(hashEngine(early.engine('b')))
  })

  it('hashes differently after each of these inputs', () => {
    const bench = new Bench(['a', 'b', 'c'])
    const hashes = [hashEngine(bench.engine('a'))]
    for (const input of inputsOf(bench)) {
      const clone = cloneEngine(bench.engine('a'))
      clone.step(bench.now, input)
      hashes.push(hashEngine(clone))
    }
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('keeps outputs that were not drained through a clone, each for itself', () => {
    const bench = new Bench(['a', 'b'])
    const engine = cloneEngine(bench.engine('a'))
    engine.step(bench.now, { type: 'multicast', ref: 9, kind: 'fifo', payload: new Uint8Array(1) })
    const clone = cloneEngine(engine)
    const outputs = clone.drain()
    expect(outputs.length).toBeGreaterThan(0)
    expect(engine.drain()).toEqual(outputs)
  })
})
