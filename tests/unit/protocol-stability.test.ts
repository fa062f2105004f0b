import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { letOrderGo, newOrderLog, orderAt, storeOrder } from '../../peer/ordering/abcast.ts'
import { lowest, type Told } from '../../peer/ordering/stability.ts'

const told = fc.array(
  fc.record({ have: fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }), orderLength: fc.nat(9) }),
  {
    minLength: 1,
    maxLength: 5,
  },
)

describe('what is stable', () => {
  it('is what every member has, this one too, and never beyond what any one has [FL1]', () => {
    fc.assert(
      fc.property(told, fc.nat(4), fc.nat(9), (told, index, own) => {
        const self = index % told.length
        const prefixes = [(member: Told) => member.orderLength, ...[0, 1, 2].map((rank) => (m: Told) => m.have[rank]!)]
        for (const prefix of prefixes) {
          const ends = told.map((member, rank) => (rank === self ? own : prefix(member)))
          expect(lowest(told, self, own, prefix)).toBe(Math.min(...ends))
        }
      }),
    )
  })

  it('does not depend on what this member was last told to have said itself [FL1]', () => {
    const told = [
      { have: [3, 4], orderLength: 2 },
      { have: [0, 0], orderLength: 0 },
    ]
    expect(lowest(told, 1, 2, ({ have }) => have[0]!)).toBe(2)
    expect(lowest(told, 1, 5, ({ have }) => have[0]!)).toBe(3)
    expect(lowest(told, 0, 9, ({ have }) => have[0]!)).toBe(0)
    expect(lowest(told.slice(0, 1), 0, 9, ({ orderLength }) => orderLength)).toBe(9)
  })

  it('leaves the order log only once it is delivered here [FL1]', () => {
    const order = newOrderLog()
    for (let index = 1; index <= 5; index++) storeOrder(order, index, { rank: 0, number: index })
    order.done = 3
    letOrderGo(order, 5)
    expect(order.base).toBe(3)
    expect(orderAt(order, 3)).toBeUndefined()
    expect(orderAt(order, 4)).toEqual({ rank: 0, number: 4 })
    letOrderGo(order, 1)
    expect(order.base).toBe(3)
  })
})
