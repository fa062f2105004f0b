import type { Outcome } from '../run.ts'
import { numberIn, type Scenario } from '../scenario.ts'
import type { Delivered } from '../side.ts'

const prices = `members a b c d
delay c d 200
at 60 cbcast a "price 100"
at 150 cbcast a "price 96"`

export const limitSemantics: Scenario = {
  name: 'limit-semantics',
  title: 'Limit 2: an order that has no meaning',
  summary: '“Can’t say the whole story”: messages in a right order, and a wrong picture.',
  wrong:
    '_a_ tells the price of a share, _c_ computes from it what the share should be worth, _d_ watches both and buys when the price is below ' +
    'the worth. The price falls to 96 while _c_’s worth for 100 is on its way. Causal order holds, and so would total order: the ' +
    'worth did follow the price of 100. Still _d_ compares a new price with an old worth and buys. That two values belong together ' +
    'is a matter of the application, and no order of messages says it.',
  does:
    'Tutti does not guess what belongs together. It does give a sound base to say so: a value that is derived names what it is derived ' +
    'from, one field, and _d_ compares only what belongs together. Since causes come before effects, the price that a worth names is ' +
    'always there already; there is nothing to wait for.',
  stateTitle: 'decides',
  sides: [
    {
      title: 'cbcast, the latest of each',
      system: 'tutti',
      script: `${prices}\non c "price 100" cbcast c "worth 101"\nrun 700`,
      expected: 'fault',
      state: latest,
    },
    {
      title: 'cbcast, and a worth names its price',
      system: 'tutti',
      script: `${prices}\non c "price 100" cbcast c "of price 100: worth 101"\nrun 700`,
      expected: 'fine',
      state: matching,
    },
  ],
  judge: (outcome: Outcome) => {
    const buyer = outcome.alive.find((name) => outcome.state(name) === 'buy')
    return buyer && `${buyer} buys, by a worth that is not of this price`
  },
  fine: 'Nobody buys: there is no worth of 96 yet.',
}

function latest(log: readonly Delivered[]): string {
  const price = log.findLast(({ value }) => value.startsWith('price '))
  const worth = log.findLast(({ value }) => value.startsWith('worth '))
  return decide(price, worth)
}

function matching(log: readonly Delivered[]): string {
  const price = log.findLast(({ value }) => value.startsWith('price '))
  const worth = log.findLast(({ value }) => price !== undefined && value.startsWith(`of ${price.value}:`))
  return decide(price, worth)
}

function decide(price: Delivered | undefined, worth: Delivered | undefined): string {
  if (price === undefined || worth === undefined) return 'wait'
  return numberIn(worth.value) - numberIn(price.value) > 3 ? 'buy' : 'wait'
}
