import { describe, expect, it } from 'vitest'
import { Bench } from './engine-support.ts'

const NAMES = ['a', 'b', 'c']
const STALL_MS = 3_000
/** The longest that news wait here, and what follows from them. */
const SOON_MS = 1_000

describe('the window of a member', () => {
  it('closes at so many messages that not all have, and opens as they become stable [FL1] [FL2]', () => {
    const bench = new Bench(NAMES, { windowMessages: 10 })
    bench.hold('c', 'a', 'have', 'status')
    for (let i = 0; i < 25; i++) bench.cast('a', 'causal', `${i}`)
    bench.run(SOON_MS)
    expect(bench.all('a', 'stamped')).toHaveLength(10)
    expect(bench.delivered('b')).toEqual(numbers(10))
    expect(buffered(bench, 'a')).toBe(10)
    expect(bench.engine('a').inspect().queued).toBe(15)
    bench.letThrough()
    bench.until(() => bench.all('a', 'stable').length === 25)
    for (const peer of NAMES) expect(bench.delivered(peer)).toEqual(numbers(25))
    expect(bench.all('a', 'suspect')).toEqual([])
  })

  it('closes at so many bytes that not all have, however few messages [FL1] [FL2]', () => {
    const bench = new Bench(NAMES, { windowBytes: 1_000 })
    bench.hold('b', 'a', 'have', 'status')
    for (let i = 0; i < 30; i++) bench.cast('a', 'fifo', new Uint8Array(100).fill(i))
    bench.run(SOON_MS)
    expect(bench.all('a', 'stamped')).toHaveLength(10)
    expect(bytesBuffered(bench, 'a')).toBeLessThan(1_000 + 102)
    bench.letThrough()
    bench.until(() => bench.all('a', 'stable').length === 30)
    for (const peer of NAMES) expect(bench.all(peer, 'deliver').map(({ payload }) => payload[0])).toEqual(range(30))
  })

  it('bounds what everyone keeps of it, whatever is asked for, and in whatever order it becomes stable [FL1]', () => {
    const bench = new Bench(NAMES, { windowMessages: 16, windowBytes: 2_000 })
    let most = 0
    for (let round = 0; round < 40; round++) {
      const [from, to] = [NAMES[round % 3]!, NAMES[(round + 1 + (round % 2)) % 3]!]
      bench.hold(from, to, 'have', 'status')
      for (const peer of NAMES)
        for (const kind of ['fifo', 'causal', 'total'] as const) bench.cast(peer, kind, 'x'.repeat(40))
      bench.run(30)
      for (const peer of NAMES) for (const of of NAMES) most = Math.max(most, buffered(bench, peer, of))
      if (round % 4 === 3) bench.letThrough()
    }
    bench.letThrough()
    bench.until(() => NAMES.every((peer) => bench.all(peer, 'stable').length === 120))
    expect(most).toBeGreaterThan(10)
    expect(most).toBeLessThanOrEqual(16)
    for (const peer of NAMES) expect(bench.delivered(peer)).toHaveLength(360)
    for (const peer of NAMES) for (const of of NAMES) expect(buffered(bench, peer, of)).toBe(0)
  })

  it('is that of one member: another sends meanwhile [FL2]', () => {
    const bench = new Bench(NAMES, { windowMessages: 5 })
    bench.hold('c', 'a', 'have', 'status')
    for (let i = 0; i < 9; i++) bench.cast('a', 'fifo', 'a')
    for (let i = 0; i < 4; i++) bench.cast('b', 'fifo', 'b')
    bench.run(SOON_MS)
    expect(bench.all('a', 'stamped')).toHaveLength(5)
    expect(bench.all('b', 'stable')).toHaveLength(4)
  })

  it('opens at once for one who is alone [FL2]', () => {
    const bench = new Bench(['a'], { windowMessages: 4, windowBytes: 100 })
    for (let i = 0; i < 50; i++) bench.cast('a', 'total', `${i}`)
    expect(bench.delivered('a')).toEqual(numbers(50))
    expect(bench.all('a', 'stable')).toHaveLength(50)
  })

  it('is told of by volume, before any timer, while much comes [FL2]', () => {
    const bench = new Bench(NAMES, { windowMessages: 64 })
    for (let i = 0; i < 300; i++) bench.cast('a', 'fifo', 'x')
    expect(bench.all('a', 'stable').length).toBeGreaterThan(230)
    const told = bench.all('b', 'send').length
    bench.run(SOON_MS)
    expect(bench.all('a', 'stable')).toHaveLength(300)
    expect(told).toBeGreaterThan(10)
  })
})

describe('a member whose application does not keep up', () => {
  it('stops all senders, itself too, and lets them go on [FL1] [FL2]', () => {
    const bench = new Bench(NAMES)
    bench.give('b', { type: 'consumer', full: true })
    for (const peer of NAMES) for (let i = 0; i < 5; i++) bench.cast(peer, 'total', `${peer}${i}`)
    bench.run(SOON_MS)
    for (const peer of NAMES) expect(bench.all(peer, 'stamped')).toEqual([])
    for (const peer of NAMES) expect(bench.delivered(peer)).toEqual([])
    bench.give('b', { type: 'consumer', full: false })
    bench.until(() => NAMES.every((peer) => bench.all(peer, 'stable').length === 5))
    for (const peer of NAMES)
      expect(bench.delivered(peer).slice().sort()).toEqual(NAMES.flatMap((name) => numbers(5, name)))
    for (const peer of NAMES) expect(bench.all(peer, 'suspect')).toEqual([])
  })

  it('is told of to one who joins meanwhile [FL2]', () => {
    const bench = new Bench(['a', 'b'])
    bench.give('b', { type: 'consumer', full: true })
    bench.start('c')
    bench.until(() => bench.inOneView(NAMES))
    bench.run(SOON_MS)
    bench.cast('c', 'fifo', 'x')
    bench.run(SOON_MS)
    expect(bench.all('c', 'stamped')).toEqual([])
    bench.give('b', { type: 'consumer', full: false })
    bench.until(() => bench.delivered('b').includes('x'))
  })

  it('while it loads its state has no more withheld than it may have unread, and everything after that [FL1] [ST1]', () => {
    const bench = new Bench(['a', 'b'], { consumerQueueBytesMax: 1_000 })
    bench.loads = false
    bench.start('c')
    bench.until(() => bench.all('c', 'load').length === 1)
    // Not all in one turn: what is stamped before the word comes is on its way.
    for (let i = 0; i < 100; i++) {
      bench.cast('a', 'fifo', new Uint8Array(100).fill(i))
      bench.run(1)
    }
    expect(bench.all('a', 'stamped').length).toBeLessThanOrEqual(12)
    bench.give('c', { type: 'loaded', ok: true })
    bench.until(() => bench.all('c', 'deliver').length === 100)
    expect(bench.all('c', 'deliver').map(({ payload }) => payload[0])).toEqual(range(100))
  })

  it('is suspected when it has not gone on for too long, and left out, and what waited is sent [FL2] [FD2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS })
    const startedAt = bench.now
    bench.give('c', { type: 'consumer', full: true })
    bench.cast('b', 'total', 'x')
    bench.until(() => bench.all('b', 'suspect').length > 0)
    expect(bench.now - startedAt).toBeGreaterThanOrEqual(STALL_MS)
    expect(bench.now - startedAt).toBeLessThan(STALL_MS + SOON_MS)
    bench.until(() => bench.inOneView(['a', 'b']))
    for (const peer of ['a', 'b']) expect(bench.delivered(peer)).toEqual(['x'])
    bench.until(() => bench.all('c', 'ended').length === 1)
    expect(bench.all('c', 'ended')[0]!.reason).toBe('excluded')
    // The one who waited says so, and the one who coordinates has looked for itself.
    for (const peer of ['a', 'b']) expect(bench.all(peer, 'suspect').map(({ of }) => of)).toEqual(['c.1'])
  })

  it('is not suspected by anyone who has nothing to send [FL2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS })
    bench.give('c', { type: 'consumer', full: true })
    bench.run(10 * STALL_MS)
    for (const peer of NAMES) expect(bench.all(peer, 'suspect')).toEqual([])
    expect(bench.inOneView(NAMES)).toBe(true)
  })

  it('is not suspected when it goes on now and then [FL2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS })
    for (let round = 0; round < 6; round++) {
      bench.give('c', { type: 'consumer', full: true })
      bench.cast('a', 'total', `${round}`)
      bench.run(0.8 * STALL_MS)
      bench.give('c', { type: 'consumer', full: false })
      bench.run(10)
    }
    for (const peer of NAMES) expect(bench.all(peer, 'suspect')).toEqual([])
    expect(bench.delivered('c')).toEqual(numbers(6))
  })
})

describe('a member that says nothing of what it has', () => {
  it('is suspected by whom it keeps waiting, and left out once the others find the same [FL2] [FD2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS, windowMessages: 5 })
    // It gets nothing more of what is sent: it is alive, and holds the window closed for all.
    for (const from of ['a', 'b']) bench.hold(from, 'c', 'entries')
    const startedAt = bench.now
    for (let i = 0; i < 20; i++) bench.cast('b', 'fifo', `${i}`)
    bench.run(STALL_MS - SOON_MS)
    expect(bench.all('b', 'suspect')).toEqual([])
    bench.until(() => bench.inOneView(['a', 'b']))
    expect(bench.now - startedAt).toBeGreaterThanOrEqual(STALL_MS)
    expect(bench.all('a', 'suspect').map(({ of }) => of)).toEqual(['c.1'])
    bench.until(() => bench.delivered('a').length === 20)
    expect(bench.delivered('a')).toEqual(numbers(20))
  })

  it('is not taken for failed by others who see that it holds up nobody [FD2] [VW7]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS, windowMessages: 5 })
    bench.hold('c', 'b', 'have', 'status')
    // Nor by way of another.
    bench.hold('a', 'b', 'relay')
    for (let i = 0; i < 20; i++) bench.cast('b', 'fifo', `${i}`)
    bench.run(STALL_MS + SOON_MS)
    expect(bench.all('b', 'suspect').map(({ of }) => of)).toEqual(['c.1'])
    expect(bench.all('a', 'suspect')).toEqual([])
    expect(bench.inOneView(NAMES)).toBe(true)
    bench.letThrough()
    bench.until(() => bench.delivered('c').length === 20)
    expect(bench.inOneView(NAMES)).toBe(true)
  })

  it('is suspected though it sends much itself: that says nothing of what it takes [FL2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS, windowMessages: 5 })
    for (const from of ['a', 'b']) bench.hold(from, 'c', 'entries')
    const startedAt = bench.now
    for (let i = 0; i < 20; i++) bench.cast('b', 'fifo', `${i}`)
    while (bench.all('b', 'suspect').length === 0) {
      expect(bench.now - startedAt).toBeLessThan(STALL_MS + SOON_MS)
      bench.cast('c', 'fifo', 'x')
      bench.run(SOON_MS / 4)
    }
    expect(bench.all('b', 'suspect').map(({ of }) => of)).toEqual(['c.1'])
    bench.until(() => bench.inOneView(['a', 'b']))
  })

  it('is not suspected by anyone on the word of one who needs it for a quorum, and waits for it anew [FL2] [VW7]', () => {
    // Whatever else is told in that moment.
    for (let offsetMs = 0; offsetMs < 500; offsetMs += 25) {
      const bench = new Bench(NAMES, { windowStallMs: STALL_MS, windowMessages: 5 })
      bench.run(offsetMs)
      bench.hold('b', 'a', 'have', 'status')
      bench.hold('c', 'a', 'relay')
      for (const from of ['a', 'b']) bench.hold(from, 'c', 'entries')
      for (let i = 0; i < 20; i++) bench.cast('a', 'fifo', `${i}`)
      bench.run(STALL_MS + SOON_MS)
      expect(bench.engine('a').counters()['stall-spared']).toBe(1)
      expect(bench.all('b', 'suspect')).toEqual([])
      expect(bench.inOneView(NAMES)).toBe(true)
    }
  })

  it('is not suspected for a window that waits for the next view, since another was [FL2] [VW7]', () => {
    const names = [...NAMES, 'd', 'e']
    const bench = new Bench(names, { windowStallMs: STALL_MS, windowMessages: 9 })
    const others = names.slice(1)
    for (const from of others) {
      bench.hold(from, 'a', 'have', 'status', 'relay', 'pong', 'promise', 'nack', 'alive')
    }
    for (let i = 0; i < 20; i++) bench.cast('a', 'fifo', `${i}`)
    for (const from of ['d', 'e']) bench.inject('a', from, { kind: 'have', have: [9, 0, 0, 0, 0], orderLength: 0 })
    bench.run(5)
    bench.inject('a', 'b', { kind: 'have', have: [8, 0, 0, 0, 0], orderLength: 0 })
    bench.until(() => bench.all('a', 'suspect').length > 0)
    bench.run(STALL_MS - SOON_MS)
    expect(bench.all('a', 'suspect').map(({ of }) => of)).toEqual(['c.1'])
  })

  it('is not suspected as long as it goes on, however slowly, while another that does not is [FL2]', () => {
    const bench = new Bench([...NAMES, 'd'], { windowStallMs: STALL_MS, windowMessages: 20 })
    for (const from of ['c', 'd']) bench.hold(from, 'a', 'have', 'status')
    for (const from of ['b', 'c', 'd']) bench.hold(from, 'a', 'relay')
    for (let i = 0; i < 40; i++) bench.cast('a', 'fifo', `${i}`)
    const startedAt = bench.now
    for (let have = 1; bench.all('a', 'suspect').length === 0; have++) {
      expect(have).toBeLessThan(10)
      bench.inject('a', 'c', { kind: 'have', have: [have, 0, 0, 0], orderLength: 0 })
      bench.run(STALL_MS / 3)
    }
    expect(bench.now - startedAt).toBeGreaterThanOrEqual(STALL_MS)
    expect(bench.all('a', 'suspect').map(({ of }) => of)).toEqual(['d.1'])
  })

  it('is not suspected as long as what it says goes on, however slowly [FL2]', () => {
    const bench = new Bench(NAMES, { windowStallMs: STALL_MS, windowMessages: 32, heartbeatIntervalMs: 60_000 })
    bench.hold('c', 'a', 'have')
    for (let i = 0; i < 200; i++) bench.cast('a', 'fifo', `${i}`)
    for (let round = 0; round < 16 && bench.all('a', 'stable').length < 200; round++) {
      bench.run(0.6 * STALL_MS)
      bench.letThrough(1)
    }
    expect(bench.now).toBeGreaterThan(4 * STALL_MS)
    expect(bench.all('a', 'stamped').length).toBeGreaterThan(32)
    expect(bench.all('a', 'suspect')).toEqual([])
    bench.letThrough()
    bench.until(() => bench.all('a', 'stable').length === 200)
  })
})

function buffered(bench: Bench, at: string, of = at): number {
  return streamOf(bench, at, of).buffered
}

function bytesBuffered(bench: Bench, at: string): number {
  return streamOf(bench, at, at).bufferedBytes
}

function streamOf(bench: Bench, at: string, of: string) {
  return bench.view(at)!.members.find(({ id }) => id === `${of}.1`)!
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function numbers(count: number, prefix = ''): string[] {
  return range(count).map((index) => `${prefix}${index}`)
}
