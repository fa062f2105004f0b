import { AskedOneByOne, Snapshot } from '../programs/snapshot.ts'
import type { Outcome } from '../run.ts'
import type { Scenario } from '../scenario.ts'

const script = `members a b c d
delay b c 170
at 90 cbcast b "give c 10"
at 100 cbcast d "give a 30"
at 110 cbcast a "count"
at 125 cbcast c "give d 25"
at 140 cbcast d "give b 5"
run 550`

export const snapshot: Scenario = {
  name: 'snapshot',
  title: 'A snapshot of all at once',
  summary: 'Money travels between members. How much is there, without stopping anybody?',
  wrong:
    'Four accounts with 100 each, and money on its way between them. _a_ asks each what it has. _b_ answers after it has sent ' +
    '10 to _c_, and _c_ before they have come: they are in nobody’s answer. Had _b_ been asked before it gave them and _c_ after it ' +
    'got them, they would be in two. No member has lied, but the answers are not of one moment.',
  does:
    'The question is a cbcast, so it cuts the run in two, consistently: what one sends after it has the question, all get after ' +
    'it. Each notes its balance there and multicasts it. What comes from another between the own note and the other’s was on its ' +
    'way at the cut, and is counted too (Chandy and Lamport). The group supplies what their algorithm asks for, channels in order and a known ' +
    'set of members. It is an application’s algorithm, in programs/snapshot.ts; a crash in the middle would begin it anew.',
  stateTitle: 'has',
  sides: [
    {
      title: 'Asked one by one',
      system: 'plain',
      script,
      expected: 'fault',
      program: (side) => new AskedOneByOne(side),
    },
    { title: 'A consistent cut', system: 'tutti', script, expected: 'fine', program: (side) => new Snapshot(side) },
  ],
  judge,
  fine: 'The count is 400, as it should be.',
}

function judge(outcome: Outcome): string | undefined {
  const counted = /counted (-?\d+)/.exec(outcome.state('a'))?.[1]
  if (counted === undefined) return 'a never has a count'
  return counted === '400' ? undefined : `a counts ${counted}, and there are 400`
}
