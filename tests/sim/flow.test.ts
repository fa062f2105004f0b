import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import type { MemberId } from '../../peer/base/ids.ts'
import type { MembershipOutput } from '../../peer/runtime/membership.ts'
import { ProgressWatch } from '../../peer/simulator/progress-watch.ts'
import { Script } from '../../peer/simulator/script.ts'
import { simulate } from '../../peer/simulator/simulate.ts'

const WINDOW_BYTES = 2_048
const config = {
  ...DEFAULT_CONFIG,
  windowMessages: 8,
  windowBytes: WINDOW_BYTES,
  fragmentBytes: 256,
  consumerQueueBytesMax: 2_048,
  windowStallMs: 5_000,
}

describe('a member that stops while a value comes', () => {
  it.each([0, 1, 2])('member %i: the others get all of it, or none, and go on [FL2] [FL3] [RC1]', (victim) => {
    const script = new Script({ config })
    const members = script.group(3)
    const value = members[0]!.cast('total', 20 * WINDOW_BYTES)!
    script.run(80)
    expect(members[0]!.isSending).toBe(true)
    members[victim]!.crash(() => 0)
    const rest = members.filter((_, rank) => rank !== victim)
    script.until('it is out', () => script.inOneView(rest))
    script.quiet()
    const counts = rest.map(({ application }) => application.delivered)
    expect(counts).toEqual(victim === 0 ? [0, 0] : [1, 1])
    expect(value.stable).toBe(victim !== 0)
  })
})

describe('the watch over flow', () => {
  it('finds one that holds more than the window [FL1]', () => {
    const script = new Script({ config })
    const [a, b] = script.group(3)
    const { streams } = b!.membership.runtime.engine.core.state.current!.log
    for (let i = 0; i < 12; i++) {
      streams[0]!.entries.push({ bytes: new Uint8Array(9), payloadAt: 1, cast: undefined, total: 0, isDrop: true })
    }
    a!.cast('causal', 20)
    expect(() => script.run(100)).toThrow('FL1 broken')
  })

  it('finds one that has an open window and does not send [FL2]', () => {
    const script = new Script({ config })
    const [a] = script.group(2)
    a!.membership.runtime.engine.core.state.queue.items.push({ ref: 9, kind: 'fifo', payload: new Uint8Array(1) })
    a!.process.handle(() => {})
    expect(script.world.violations.map(({ rule }) => rule)).toEqual(['FL2'])
  })

  it('finds an application that is given more and more that it does not read [FL1]', () => {
    const script = new Script({ config })
    const [a, b] = script.group(2)
    b!.consumer.read('stopped')
    for (let i = 0; i < 100; i++) b!.consumer.take(WINDOW_BYTES)
    a!.cast('causal', 20)
    expect(() => script.run(50)).toThrow('FL1 broken')
  })
})

describe('what is told of a value on its way', () => {
  const from = { id: 'p.1' as MemberId, info: new Uint8Array() }
  const told = (bytes: number, total = 100): MembershipOutput => ({
    type: 'value-progress',
    from,
    ref: undefined,
    bytes,
    total,
  })
  const judge = (outputs: readonly MembershipOutput[], withdrawn = 0): string[] => {
    const broken: string[] = []
    const watch = new ProgressWatch(
      (evidence) => broken.push(evidence),
      () => withdrawn,
    )
    for (const output of outputs) watch.take(output, from.id)
    return broken
  }

  it('rises up to less than all of it [FL3]', () => {
    expect(judge([told(10), told(20), told(99)])).toEqual([])
    for (const wrong of [
      [told(10), told(10)],
      [told(20), told(10)],
      [told(10), told(20, 101)],
      [told(100)],
      [told(0)],
    ]) {
      expect(judge(wrong)).toHaveLength(1)
    }
  })

  it('begins anew after one that was taken back, as often as that was so [FL3]', () => {
    expect(judge([told(20), told(10)], 1)).toEqual([])
    expect(judge([told(20), told(10), told(5)], 1)).toHaveLength(1)
  })
})

describe('small windows and large values', () => {
  it('are part of most runs, and of none that is plain', () => {
    const close = (plain: boolean) =>
      [1, 2, 3, 4, 5, 6].filter((seed) => {
        const { branches, faults } = simulate(seed, { faults: 'default', plain }).stats
        return branches['window-closed'] || faults['large value'] || faults['bulk value']
      }).length
    expect(close(false)).toBeGreaterThan(3)
    expect(close(true)).toBe(0)
  })
})
