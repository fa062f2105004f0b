import { Aggregation, EveryoneAnswers, ownNumber } from '../programs/aggregation.ts'
import type { Outcome } from '../run.ts'
import type { Scenario } from '../scenario.ts'

const LETTERS_MAX = 4
const script = `members a b c d e f g h i j k
at 200 abcast a "how many?"
at 202 crash c
run 1600`

export const replies: Scenario = {
  name: 'replies',
  title: 'Everybody answers at once',
  summary: 'One question, ten answers on the same link, and one that never comes. Or a tree.',
  wrong:
    '_a_ asks all members for a number and gets an answer from each: in a group of eleven that is ten at once, in one of a ' +
    'thousand it is the end of _a_. And _c_ crashes, so the tenth never comes. How long should _a_ wait? Without a list of members ' +
    'that all agree on, “everybody has answered” has no meaning.',
  does:
    'All members have the same view in the same order, so all know the same tree without a word: each waits for its two children, adds ' +
    'its own number, and tells its parent. _a_ gets two letters. When _c_ is left out, the new view is a new tree, and the sum is made ' +
    'again over those who are there. Tutti has no such function built in yet; this is an algorithm over views and abcast, in ' +
    'programs/aggregation.ts, and its letters go outside the group’s multicasts.',
  isTerse: true,
  stateTitle: 'number',
  sides: [
    {
      title: 'Everybody answers a',
      system: 'plain',
      script,
      expected: 'fault',
      program: (side) => new EveryoneAnswers(side),
    },
    {
      title: 'Summed up in a tree',
      system: 'tutti',
      script,
      expected: 'fine',
      program: (side) => new Aggregation(side),
    },
  ],
  judge,
  fine: 'a has the sum of all who are there, and never had more than two letters of one view.',
}

function judge(outcome: Outcome): string | undefined {
  const count = outcome.letters('a').length
  const sum = outcome.alive.reduce((total, name) => total + ownNumber(name), 0)
  const shown = outcome.state('a')
  const faults = [
    ...(count > LETTERS_MAX ? [`a gets ${count} letters at once`] : []),
    ...(shown === `${sum} from ${outcome.alive.length} members` ? [] : [`a knows no sum: ${shown}`]),
  ]
  return faults.length === 0 ? undefined : faults.join('; ')
}
