import { expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../peer/base/config.ts'
import { type Lineage, memberId, type PeerId } from '../../peer/base/ids.ts'
import { Engine } from '../../peer/engine/engine.ts'

it('loads after 150,000 multicasts were withheld', () => {
  const [a, j] = ['a', 'j'].map(
    (peer) =>
      new Engine({
        self: memberId(peer as PeerId, 1),
        info: new Uint8Array(),
        hasState: true,
        forks: false,
        config: DEFAULT_CONFIG,
      }),
  ) as [Engine, Engine]
  const pump = () => {
    for (let moved = true; moved; ) {
      moved = false
      for (const [engine, from, other] of [
        [a, 'a', j],
        [j, 'j', a],
      ] as const) {
        for (const output of engine.drain()) {
          if (output.type === 'send') {
            moved = true
            other.step(0, { type: 'receive', from: from as PeerId, tag: output.tag, message: output.message })
          }
          if (output.type === 'save') engine.step(0, { type: 'saved', number: output.number, state: new Uint8Array(8) })
          // `load` is left unanswered: the application takes its time
        }
      }
    }
  }
  a.step(0, { type: 'found', lineage: 'g' as Lineage })
  a.step(0, { type: 'link', peer: 'j' as PeerId, up: true })
  j.step(0, { type: 'link', peer: 'a' as PeerId, up: true })
  pump()
  for (let first = 1; first <= 150_000; first += 100) {
    const refs = Array.from({ length: 100 }, (_, index) => first + index)
    a.steps(
      0,
      refs.map((ref) => ({ type: 'multicast', ref, kind: 'fifo', payload: new Uint8Array(1) })),
    )
    pump()
  }
  expect(() => j.step(0, { type: 'loaded', ok: true })).not.toThrow()
  expect(j.drain().filter(({ type }) => type === 'deliver')).toHaveLength(150_000)
})
