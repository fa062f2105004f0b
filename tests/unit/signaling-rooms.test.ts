import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rooms } from '../../signaling/rooms.ts'

const standing = { lineage: 'alpha', number: 1 }

/** Rooms in virtual time, and what they told, as lines. */
function hall(options: { bootGraceMs?: number; founderGraceMs?: number; peersPerRoom?: number } = {}) {
  let nowMs = 0
  const timers = new Set<{ atMs: number; run: () => void }>()
  const told: string[] = []
  const dropped: string[] = []
  const schedule = (delayMs: number, run: () => void) => {
    const timer = { atMs: nowMs + delayMs, run }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  const rooms = new Rooms(
    { bootGraceMs: 0, founderGraceMs: 3_000, peersPerRoom: 8, schedule, ...options },
    {
      room: (to, name, others) => told.push(`${to}: ${name} has ${others.join(' ') || 'nobody'}`),
      entered: (to, name, peer) => told.push(`${to}: ${peer} entered ${name}`),
      left: (to, name, peer, gone) => told.push(`${to}: ${peer} ${gone ? 'vanished from' : 'left'} ${name}`),
      founder: (to, name) => told.push(`${to}: founds ${name}`),
      dropped: (name) => dropped.push(name),
    },
  )
  const pass = (ms: number) => {
    nowMs += ms
    for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)) {
      if (timers.delete(timer)) timer.run()
    }
  }
  const founders = () => told.filter((line) => line.endsWith('founds hall')).map((line) => line.split(':')[0])
  return { rooms, told, dropped, pass, founders, timers }
}

describe('rooms', () => {
  it('tell who is there, in order of arrival', () => {
    const { rooms, told } = hall()
    for (const peer of ['a', 'b', 'c']) rooms.enter('hall', peer, undefined)
    rooms.leave('hall', 'b')
    rooms.enter('hall', 'b', undefined)
    expect(rooms.peersIn('hall')).toEqual(['a', 'c', 'b'])
    expect(rooms.peersIn('attic')).toEqual([])
    expect(told).toEqual([
      'a: hall has nobody',
      'a: founds hall',
      'b: hall has a',
      'a: b entered hall',
      'c: hall has a b',
      'a: c entered hall',
      'b: c entered hall',
      'a: b left hall',
      'c: b left hall',
      'b: hall has a c',
      'a: b entered hall',
      'c: b entered hall',
    ])
  })

  it('name nobody for a time after the start, then the first in each room without a lineage', () => {
    const { rooms, pass, founders, told } = hall({ bootGraceMs: 3_000 })
    rooms.enter('hall', 'a', undefined)
    rooms.enter('hall', 'b', undefined)
    rooms.enter('attic', 'c', standing)
    pass(2_999)
    expect(founders()).toEqual([])
    rooms.leave('hall', 'a')
    pass(1)
    expect(founders()).toEqual(['b'])
    expect(told).not.toContain('c: founds attic')
  })

  it('name the next when the named one goes before it announced, without a grace', () => {
    const { rooms, founders } = hall()
    for (const peer of ['a', 'b', 'c']) rooms.enter('hall', peer, undefined)
    rooms.vanish('a')
    rooms.leave('hall', 'b')
    expect(founders()).toEqual(['a', 'b', 'c'])
  })

  it('wait for each member that vanished, not only for the last', () => {
    const { rooms, founders, pass } = hall()
    for (const peer of ['a', 'b', 'c']) rooms.enter('hall', peer, peer === 'c' ? undefined : standing)
    rooms.vanish('a')
    pass(1_000)
    rooms.leave('hall', 'b')
    pass(1_999)
    expect(founders()).toEqual([])
    pass(1)
    expect(founders()).toEqual(['c'])
  })

  it('are kept while a member may come back, and forgotten then', () => {
    const { rooms, founders, pass, timers, dropped } = hall()
    rooms.enter('hall', 'a', standing)
    rooms.vanish('a')
    rooms.enter('hall', 'b', undefined)
    rooms.enter('hall', 'a', standing)
    pass(10_000)
    expect(founders()).toEqual([])
    rooms.vanish('a')
    rooms.leave('hall', 'b')
    expect(rooms.size).toBe(1)
    expect(dropped).toEqual([])
    pass(3_000)
    expect(rooms.size).toBe(0)
    expect(timers.size).toBe(0)
    expect(dropped).toEqual(['hall'])
  })

  it('repeat to one who enters again what it may have missed, and keep its place', () => {
    const { rooms, told } = hall()
    rooms.enter('hall', 'a', undefined)
    rooms.enter('hall', 'b', undefined)
    told.length = 0
    rooms.enter('hall', 'a', undefined)
    expect(told).toEqual(['a: hall has b', 'a: founds hall'])
    rooms.enter('hall', 'a', standing)
    expect(told).toEqual(['a: hall has b', 'a: founds hall', 'a: hall has b'])
  })

  it('hold no more than they may', () => {
    const { rooms, told } = hall({ peersPerRoom: 2 })
    expect(rooms.enter('hall', 'a', undefined)).toBeUndefined()
    expect(rooms.enter('hall', 'b', undefined)).toBeUndefined()
    expect(rooms.enter('hall', 'c', undefined)).toMatch(/full/)
    expect(rooms.has('hall', 'c')).toBe(false)
    expect(told.filter((line) => line.startsWith('c'))).toEqual([])
    expect(rooms.enter('hall', 'b', standing)).toBeUndefined()
  })

  it('ignore those who are not there', () => {
    const { rooms, told } = hall()
    rooms.leave('hall', 'a')
    rooms.vanish('a')
    rooms.announce('hall', 'a', standing)
    expect(told).toEqual([])
    expect(rooms.size).toBe(0)
  })

  it('have at most one founder named and present, and never one beside a lineage, whatever happens', () => {
    const peer = fc.constantFrom('a', 'b', 'c', 'd')
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('enter', 'return', 'leave', 'vanish', 'announce', 'withdraw'), peer),
      fc.tuple(fc.constant('pass'), fc.constantFrom('1', '1500', '3000')),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { rooms, told, pass } = hall({ bootGraceMs: 3_000 })
        const announced = new Map<string, boolean>()
        for (const [what, of] of steps) {
          const before = told.length
          if (what === 'enter' || what === 'return') {
            announced.set(of, what === 'return')
            rooms.enter('hall', of, what === 'return' ? standing : undefined)
          }
          if (what === 'leave') rooms.leave('hall', of)
          if (what === 'vanish') rooms.vanish(of)
          if (what === 'leave' || what === 'vanish') announced.delete(of)
          if (what === 'announce' || what === 'withdraw') {
            if (announced.has(of)) announced.set(of, what === 'announce')
            rooms.announce('hall', of, what === 'announce' ? standing : undefined)
          }
          if (what === 'pass') pass(Number(of))
          const named = told.slice(before).filter((line) => line.endsWith('founds hall'))
          expect(named.length).toBeLessThanOrEqual(1)
          if (named.length === 1) expect([...announced.values()]).not.toContain(true)
        }
        pass(10_000)
        for (const one of ['a', 'b', 'c', 'd']) rooms.leave('hall', one)
        pass(3_000)
        expect(rooms.size).toBe(0)
      }),
    )
  })
})
