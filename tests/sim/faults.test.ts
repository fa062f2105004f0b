import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { RANDOM_FAULTS, SILENCE_FAULTS } from '../../peer/simulator/faults.ts'
import { Script } from '../../peer/simulator/script.ts'
import { simulate } from '../../peer/simulator/simulate.ts'
import type { TraceEvent } from '../checkers/index.ts'

describe('a clock that jumps', () => {
  it.each([2_000, 10_000, 300_000])('by %i ms makes its process blame itself, not the others [FD1]', (byMs) => {
    const script = new Script()
    const [, jumper] = script.group(3)
    const views = script.world.installs
    jumper!.jump(byMs)
    script.run(20_000)
    expect(events(script, 'suspect')).toEqual([])
    expect(script.world.installs).toBe(views)
    expect(jumper!.membership.runtime.engine.counters()['own-lateness']).toBe(1)
  })

  it('shows in no line of the trace [TR1]', () => {
    const script = new Script()
    const [jumper] = script.group(2)
    jumper!.jump(300_000)
    jumper!.cast('causal', 20)
    script.quiet()
    expect(Math.max(...script.world.trace.map(({ t }) => t))).toBeLessThanOrEqual(script.world.now)
  })

  it('is found out when it suspects whom it has just heard [FD1]', () => {
    const script = new Script({
      config: { ...DEFAULT_CONFIG, ownLatenessMs: Number.POSITIVE_INFINITY, probeTimeoutMs: 0 },
    })
    const [, jumper] = script.group(3)
    jumper!.jump(300_000)
    expect(() => script.run(20_000)).toThrow('FD1 broken')
  })
})

describe('messages that pass', () => {
  it('are counted by kind when they travel in parts', () => {
    const script = new Script({ frameBytesMax: 1_024, statePaddedBytes: 10_000 })
    script.group(2)
    const counts = script.world.messages.counts()
    expect(counts.get('chunk')).toBe(1)
    expect(counts.has('invalid')).toBe(false)
  })
})

describe('ends of an attempt', () => {
  it('for want of a state are a violation, unless an application failed [ST3]', () => {
    for (const excused of [true, false]) {
      const script = new Script()
      script.group(1)
      const joiner = script.world.start()
      script.until('it loads', () => joiner.busy)
      if (excused) script.world.hit('save that failed')
      joiner.input({ type: 'loaded', ok: false })
      script.world.run(100)
      expect(script.world.violations.map(({ rule }) => rule)).toEqual(excused ? [] : ['ST3'])
    }
  })
})

describe('a crash', () => {
  it('of one that had asked to leave is written so', () => {
    const script = new Script()
    const [, leaver, other] = script.group(3)
    leaver!.leave()
    leaver!.crash()
    other!.crash()
    expect(events(script, 'crash')).toEqual([
      expect.objectContaining({ peer: leaver!.self, leaving: true }),
      expect.not.objectContaining({ leaving: true }),
    ])
  })
})

describe('severities', () => {
  it('give more of everything the harder they are', () => {
    for (const { strikes } of [RANDOM_FAULTS, SILENCE_FAULTS]) {
      expect(strikes.hard[0]).toBeGreaterThan(strikes.default[0])
      expect(strikes.hard[1]).toBeGreaterThan(strikes.default[1])
    }
  })

  it('leave a plain run without silences and narrow links', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { stats } = simulate(seed, { faults: 'hard', plain: true })
      expect(Object.keys(stats.faults).filter((name) => /muted|held back|jump|narrow/.test(name))).toEqual([])
    }
  })
})

function events({ world }: Script, event: TraceEvent['event']) {
  return world.trace.filter((line) => line.event === event)
}
