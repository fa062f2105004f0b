import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { letOrderGo, newOrderLog, orderAt, storeOrder } from '../../peer/ordering/abcast.ts'
import { stablePrefix } from '../../peer/ordering/stability.ts'

const told = fc.array(
  fc.record({ have: fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }), orderLength: fc.nat(9) }),
  {
    minLength: 1,
    maxLength: 5,
  },
)

describe('what is stable', () => {
  it('is what every member has, and never beyond what any one has [FL1]', () => {
    fc.assert(
      fc.property(told, (told) => {
        const stable = stablePrefix(told, 3)
        for (const member of told) {
          expect(stable.orderLength).toBeLessThanOrEqual(member.orderLength)
          for (const [rank, end] of stable.have.entries()) expect(end).toBeLessThanOrEqual(member.have[rank]!)
        }
        expect(told.some((member) => member.orderLength === stable.orderLength)).toBe(true)
        for (const [rank, end] of stable.have.entries()) expect(told.some(({ have }) => have[rank] === end)).toBe(true)
      }),
    )
  })

  it('is nothing of a stream of which a member has said nothing [FL1]', () => {
    expect(
      stablePrefix(
        [
          { have: [3, 4], orderLength: 2 },
          { have: [3], orderLength: 0 },
        ],
        2,
      ),
    ).toEqual({
      have: [3, 0],
      orderLength: 0,
    })
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
