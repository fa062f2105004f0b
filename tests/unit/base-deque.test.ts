import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Deque, firstOf, newDeque, sizeOf, takeAll, takeFirst, takeWhere } from '../../peer/base/deque.ts'

type Step = { readonly do: 'push' | 'first' | 'all' | 'where'; readonly item: number }

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('push' as const, 'push' as const, 'push' as const, 'first' as const, 'first' as const, 'where'),
  item: fc.nat(9),
})
const steps = fc.array(fc.oneof({ weight: 20, arbitrary: step }, fc.constant<Step>({ do: 'all', item: 0 })), {
  maxLength: 200,
})

describe('a deque', () => {
  it('gives what a plain list gives', () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const deque = newDeque<number>()
        const list: number[] = []
        for (const { do: what, item } of steps) {
          if (what === 'push') {
            deque.items.push(item)
            list.push(item)
          } else if (what === 'first') expect(takeFirst(deque)).toBe(list.shift())
          else if (what === 'all') expect(takeAll(deque)).toEqual(list.splice(0))
          else expect(takeWhere(deque, (other) => other === item)).toBe(takeFrom(list, item))
          expect(sizeOf(deque)).toBe(list.length)
          expect(firstOf(deque)).toBe(list[0])
        }
        expect(restOf(deque)).toEqual(list)
      }),
    )
  })

  it('holds no more than twice what is in it: what was taken is let go [FL1]', () => {
    const deque = newDeque<number>()
    for (let item = 0; item < 10_000; item++) {
      deque.items.push(item)
      if (item >= 10) takeFirst(deque)
      expect(deque.items.length).toBeLessThanOrEqual(2 * sizeOf(deque) + 2)
    }
  })
})

function takeFrom(list: number[], item: number): number | undefined {
  const index = list.indexOf(item)
  return index < 0 ? undefined : list.splice(index, 1)[0]
}

function restOf(deque: Deque<number>): number[] {
  return deque.items.slice(deque.head)
}
