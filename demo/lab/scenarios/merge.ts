import type { Outcome } from '../run.ts'
import { differing, missing, type Scenario } from '../scenario.ts'

const script = `members a b c d e
at 300 abcast a "agenda"
at 450 part a b c | d e
at 1900 abcast b "item: budget"
at 2200 abcast d "item: party"
at 2300 abcast e "item: holidays"
at 2700 heal
run 4200`

export const merge: Scenario = {
  name: 'merge',
  title: 'Two histories become one',
  summary: 'For a list of topics both halves may go on. Then they meet.',
  wrong:
    'To be blocked is right for seats, and wrong for a list of topics in which nobody takes anything from anybody: people want to ' +
    'write on, and put it together later. Plain sends let both halves write. But when they meet, each gets the other’s topics after ' +
    'its own, and the minutes differ from then on, item by item.',
  does:
    'With onQuorumLoss: “fork” the smaller part goes on as a history of its own, under a name of its own (view.primary is false). ' +
    'When the two meet, one of them ends, by agreement among its members. They join the other, take its state, and with onMerge: ' +
    '“replay” send again what only they had, once, in their order. Nothing is lost without a word, and all read the same minutes.',
  stateTitle: 'minutes',
  sides: [
    { title: 'Each with whom it reaches', system: 'plain', script, expected: 'fault' },
    { title: 'Fork, and merge', system: 'tutti', script, expected: 'fine', forks: true },
  ],
  judge: (outcome: Outcome) => missing(outcome) ?? differing(outcome),
  fine: 'All topics are there, in the same order everywhere.',
}
