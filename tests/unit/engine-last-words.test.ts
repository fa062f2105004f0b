import { expect, it } from 'vitest'
import type { Input } from '../../peer/engine/io.ts'
import { Bench } from './engine-support.ts'

const CASTS: Input[] = [1, 2, 3].map((ref) => ({
  type: 'multicast',
  ref,
  kind: 'causal',
  payload: Uint8Array.of(ref),
}))

it.each(['close', 'leave'] as const)(
  'what is multicast in the turn in which a member says %s is sent before it goes [FD3] [RC1]',
  (type) => {
    const bench = new Bench(['a', 'b', 'c'])
    bench.give('c', ...CASTS, { type })
    bench.until(() => bench.inOneView(['a', 'b']))
    for (const peer of ['a', 'b'])
      expect(bench.all(peer, 'deliver').map(({ payload }) => payload[0])).toEqual([1, 2, 3])
  },
)
