import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../peer/base/ids.ts'
import { Network, type NetworkOptions } from '../../peer/simulator/network.ts'
import { Random } from '../../peer/simulator/random.ts'
import { Scheduler } from '../../peer/simulator/scheduler.ts'

const A = 'a' as PeerId
const B = 'b' as PeerId
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1)

describe('a simulated link', () => {
  it('keeps order and loses nothing while it stands', () => {
    for (const seed of SEEDS) {
      const { scheduler, log, send } = pair(seed)
      for (let i = 0; i < 100; i++) scheduler.after(i * 3, () => send(i))
      scheduler.run(scheduler.now + 30_000)
      expect(log).toEqual(['up', ...Array.from({ length: 100 }, (_, i) => i)])
    }
  })

  it('loses a suffix of what is in flight when it breaks, and comes back', () => {
    let lost = 0
    for (const seed of SEEDS) {
      const { scheduler, network, log, send } = pair(seed)
      for (let i = 0; i < 20; i++) send(i)
      network.break(A, B)
      scheduler.run(scheduler.now + 30_000)
      send(100)
      scheduler.run(scheduler.now + 30_000)
      const arrived = log.slice(1, log.indexOf('down'))
      expect(arrived).toEqual(Array.from(arrived, (_, i) => i))
      expect(log.slice(log.indexOf('down'))).toEqual(['down', 'up', 100])
      lost += 20 - arrived.length
    }
    expect(lost).toBeGreaterThan(0)
  })

  it('holds back what a short cut stops, one way only', () => {
    const { scheduler, network, log, back, send, sendBack } = pair(1)
    network.cut(A, B)
    send(1)
    sendBack(2)
    scheduler.run(scheduler.now + 1_000)
    expect(log).toEqual(['up'])
    expect(back).toEqual([2])
    network.mend(A, B)
    scheduler.run(scheduler.now + 1_000)
    expect(log).toEqual(['up', 1])
  })

  it('breaks when a cut lasts, and cannot be set up before it is mended', () => {
    const { scheduler, network, log, send } = pair(1)
    network.cut(A, B)
    send(1)
    scheduler.run(scheduler.now + 60_000)
    expect(log).toEqual(['up', 'down'])
    network.mend(A, B)
    scheduler.run(scheduler.now + 10_000)
    expect(log).toEqual(['up', 'down', 'up'])
  })

  it('loses one way what is sent while it is muted, up to its break, and nothing before or after', () => {
    for (const seed of SEEDS) {
      const { scheduler, network, log, back, send, sendBack } = pair(seed)
      send(1)
      scheduler.run(scheduler.now + 1_000)
      network.mute(A, B)
      send(2)
      sendBack(3)
      scheduler.run(scheduler.now + 1_000)
      network.break(A, B, 200)
      scheduler.run(scheduler.now + 10_000)
      send(4)
      scheduler.run(scheduler.now + 1_000)
      expect(log).toEqual(['up', 1, 'down', 'up', 4])
      expect(back).toEqual([3])
    }
  })

  it('is not left muted when all is healed', () => {
    const { scheduler, network, log, send } = pair(1)
    network.mute(A, B)
    send(1)
    network.heal()
    scheduler.run(scheduler.now + 10_000)
    send(2)
    scheduler.run(scheduler.now + 1_000)
    expect(log).toEqual(['up', 'down', 'up', 2])
  })

  it('carries no more than its bandwidth', () => {
    const { scheduler, log, send } = pair(1, 10, { bytesPerMs: 0.5 })
    for (let i = 0; i < 3; i++) send(i)
    scheduler.run(scheduler.now + 12)
    expect(log).toEqual(['up', 0])
    scheduler.run(scheduler.now + 3)
    expect(log).toEqual(['up', 0, 1])
    scheduler.run(scheduler.now + 1)
    expect(log).toEqual(['up', 0, 1, 2])
  })

  it('takes exactly the fixed delay where one is set', () => {
    const { scheduler, log, send } = pair(1, 10)
    send(1)
    scheduler.run(scheduler.now + 9)
    expect(log).toEqual(['up'])
    scheduler.run(scheduler.now + 1)
    expect(log).toEqual(['up', 1])
  })
})

/** Two processes with a link that is up; `log` is what the second sees, numbers being frames. */
function pair(seed: number, fixedDelayMs?: number, more: Partial<NetworkOptions> = {}) {
  const scheduler = new Scheduler()
  const fixed = fixedDelayMs === undefined ? {} : { fixedDelayMs }
  const options = { ...fixed, ...more, frameBytesMax: 1_000, introducing: () => true }
  const network = new Network(scheduler, new Random(seed), options)
  const log: (string | number)[] = []
  const back: number[] = []
  const attach = (peer: PeerId, state: (is: string) => void, frame: (number: number) => void) =>
    network.attach(
      peer,
      { up: () => state('up'), down: () => state('down'), frame: (_from, bytes) => frame(bytes[0]!) },
      (run) => run(),
    )
  const fromA = attach(
    A,
    () => {},
    (number) => back.push(number),
  )
  const fromB = attach(
    B,
    (is) => log.push(is),
    (number) => log.push(number),
  )
  network.introduce(A, B)
  scheduler.run(10_000, () => network.linked(A, B))
  return {
    scheduler,
    network,
    log,
    back,
    send: (number: number) => fromA.send(B, Uint8Array.of(number)),
    sendBack: (number: number) => fromB.send(A, Uint8Array.of(number)),
  }
}
