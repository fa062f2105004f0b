import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import type { Clock } from '../../peer/runtime/clock.ts'
import { GroupRuntime } from '../../peer/runtime/group-runtime.ts'

const decoder = new TextDecoder()
const encoder = new TextEncoder()

let deferred: (() => void)[]
let told: string[]
let runtime: GroupRuntime
/** Called for each delivery, from inside the handler. */
let onDeliver: (text: string) => void
let lastRef: number

beforeEach(() => {
  deferred = []
  told = []
  onDeliver = () => {}
  lastRef = 0
  const clock: Clock = { now: () => 0, at: () => () => {}, defer: (run) => deferred.push(run) }
  runtime = new GroupRuntime({
    group: 'room',
    self: memberId('a' as PeerId, 1),
    info: new Uint8Array(),
    hasState: false,
    forks: false,
    config: DEFAULT_CONFIG,
    clock,
    flush: () => {},
    send: () => {},
    bad: () => {},
    replayOf: () => undefined,
    merged: () => undefined,
    app: (output) => {
      if (output.type === 'fate') told.push(`fate of ${output.ref}: ${output.fate}`)
      if (output.type !== 'deliver') return
      told.push(decoder.decode(output.payload))
      onDeliver(told.at(-1)!)
    },
  })
  runtime.input({ type: 'found', lineage: 'g' as Lineage })
})

describe('multicasts of one turn', () => {
  it('are delivered at its end, in their order, and not inside the call [DL6] [OR1]', () => {
    for (const text of ['x', 'y', 'z']) cast(text)
    expect(told).toEqual([])
    expect(deferred).toHaveLength(1)
    turn()
    expect(told).toEqual(['x', 'y', 'z'])
  })

  it('are not kept for the end of the turn when they are very many [FL3]', () => {
    for (let i = 0; i < 1_000; i++) cast(`${i}`)
    expect(told.length).toBeGreaterThan(500)
    turn()
    expect(told).toEqual(Array.from({ length: 1_000 }, (_, i) => `${i}`))
  })

  it('go before whatever else comes in that turn [OR1] [DL6]', () => {
    cast('x')
    runtime.input({ type: 'tick' })
    expect(told).toEqual(['x'])
    turn()
    expect(told).toEqual(['x'])
    cast('y')
    turn()
    expect(told).toEqual(['x', 'y'])
  })

  it('can be taken back as long as the turn lasts [RC1]', () => {
    cast('x')
    cast('y')
    runtime.input({ type: 'cancel', ref: 1 })
    turn()
    expect(told).toEqual(['fate of 1: not-sent', 'y'])
  })

  it('from inside a handler are queued: nothing re-enters [DL6]', () => {
    let depth = 0
    onDeliver = (text) => {
      expect(++depth).toBe(1)
      if (text.length < 4) cast(`${text}>`)
      depth--
    }
    cast('x')
    turn()
    while (deferred.length > 0) turn()
    expect(told).toEqual(['x', 'x>', 'x>>', 'x>>>'])
  })

  it('that a member leaves with are sent before it goes [RC1]', () => {
    cast('x')
    runtime.input({ type: 'leave' })
    expect(told).toEqual(['x'])
    expect(runtime.ended).toBe(true)
    expect(() => turn()).not.toThrow()
  })

  it('are not sent by a runtime that was stopped meanwhile', () => {
    cast('x')
    runtime.stop()
    turn()
    expect(told).toEqual([])
  })
})

describe('an application that is busy with its state, or whose iterators are full', () => {
  it('holds its own multicasts back, too, until both are over [FL2]', () => {
    runtime.input({ type: 'consumer', full: true })
    cast('x')
    turn()
    expect(told).toEqual([])
    runtime.input({ type: 'consumer', full: false })
    expect(told).toEqual(['x'])
  })
})

function cast(text: string): void {
  runtime.input({ type: 'multicast', ref: ++lastRef, kind: 'causal', payload: encoder.encode(text) })
}

function turn(): void {
  for (const run of deferred.splice(0)) run()
}
