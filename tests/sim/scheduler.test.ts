import { describe, expect, it } from 'vitest'
import { Random } from '../../peer/simulator/random.ts'
import { Scheduler } from '../../peer/simulator/scheduler.ts'

describe('the scheduler', () => {
  it('runs what is due in order of time, ties in order of scheduling', () => {
    const random = new Random(1)
    const scheduler = new Scheduler()
    const expected = Array.from({ length: 500 }, (_, i) => ({ at: random.int(50), i }))
    const ran: { at: number; i: number }[] = []
    for (const item of expected) scheduler.at(item.at, () => ran.push(item))
    scheduler.run(50)
    expect(ran).toEqual(expected.sort((a, b) => a.at - b.at || a.i - b.i))
  })

  it('runs what was deferred before the next event of the same instant', () => {
    const scheduler = new Scheduler()
    const ran: string[] = []
    scheduler.at(1, () => {
      ran.push('event')
      scheduler.defer(() => ran.push('deferred'))
    })
    scheduler.at(1, () => ran.push('next event'))
    scheduler.run(1)
    expect(ran).toEqual(['event', 'deferred', 'next event'])
  })

  it('never runs what was cancelled, nor anything after the limit', () => {
    const scheduler = new Scheduler()
    const ran: string[] = []
    scheduler.at(1, () => ran.push('cancelled')).cancelled = true
    scheduler.at(2, () => ran.push('due'))
    scheduler.at(3, () => ran.push('later'))
    scheduler.run(2)
    expect(ran).toEqual(['due'])
    expect(scheduler.now).toBe(2)
  })

  it('is never early by a rounding error', () => {
    const scheduler = new Scheduler()
    let ranAt = 0
    scheduler.at(0.1 + 0.2, () => {
      ranAt = scheduler.now
    })
    scheduler.run(10)
    expect(ranAt).toBeGreaterThanOrEqual(0.1 + 0.2)
  })

  it('says so when time stands still', () => {
    const scheduler = new Scheduler()
    const again = () => scheduler.after(0, again)
    again()
    expect(() => scheduler.run(10)).toThrow('time stands still')
  })
})

describe('randomness', () => {
  it('is the same for the same seed and stream, and differs for others', () => {
    const draw = (seed: number, stream: string) => {
      const random = new Random(seed, stream)
      return Array.from({ length: 5 }, () => random.unit())
    }
    expect(draw(7, 'a')).toEqual(draw(7, 'a'))
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'))
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'))
  })
})
