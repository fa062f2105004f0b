import type { Outcome } from '../run.ts'
import { differing, missing, quoted, type Scenario } from '../scenario.ts'
import type { Delivered } from '../side.ts'

const script = `members a b c d e
at 300 abcast a "seat 1: Ann"
at 450 part a b c | d e
at 1900 abcast b "seat 2: Bob"
at 1950 abcast d "seat 2: Dan"
at 2400 heal
run 3400`

export const partition: Scenario = {
  name: 'partition',
  title: 'The network falls apart',
  summary: 'Two halves that cannot hear each other both go on, and sell the same seat.',
  wrong:
    'Between _a_, _b_, _c_ on one side and _d_, _e_ on the other nothing gets through. To each side the others look dead. If both go on, _b_ sells ' +
    'seat 2 and so does _d_. When the cable is plugged in again, each side hears what the other has done, in its own order, and ' +
    'Bob and Dan both have a ticket.',
  does:
    'A view has at most one successor, and only a part with more than half of the votes makes it. _a_, _b_ and _c_ go on. _d_ and _e_ are ' +
    'blocked, say so, and keep back what they are asked to send. When the network heals they learn that they were left out, their ' +
    'sale ends with an error at _d_ (“not sent”, and that is certain), and they come back with the state of the others.',
  stateTitle: 'seat 2',
  sides: [
    { title: 'Each with whom it reaches', system: 'plain', script, expected: 'fault', state: seat },
    { title: 'A quorum goes on', system: 'tutti', script, expected: 'fine', state: seat },
  ],
  judge,
  fine: 'One sale, and everyone knows the same one.',
}

function judge(outcome: Outcome): string | undefined {
  return differing(outcome) ?? missing(outcome) ?? soldTwice(outcome)
}

function soldTwice(outcome: Outcome): string | undefined {
  const sales = outcome.log(outcome.alive[0]!).filter(({ value }) => value.startsWith('seat 2'))
  return sales.length > 1 ? `seat 2 is sold ${quoted(sales.map(({ value }) => value))}` : undefined
}

function seat(log: readonly Delivered[]): string {
  return log.findLast(({ value }) => value.startsWith('seat 2: '))?.value.slice('seat 2: '.length) ?? 'free'
}
