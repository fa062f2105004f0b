import type { Outcome } from '../run.ts'
import { deliveredAt, type Scenario } from '../scenario.ts'

const HELD_UP_MS = 80
const network = `members a b c
delay a c 500
at 60 cbcast a "a chapter of my novel"`

export const limitFalseCausality: Scenario = {
  name: 'limit-false-causality',
  title: 'Limit 4: waiting for what does not matter',
  summary: '“Can’t say efficiently”: one message waits for another that it has nothing to do with.',
  wrong:
    '_b_ happens to get a chapter of _a_’s novel, and right after that moves its cursor. Nobody answers anybody, but _b_ had delivered the ' +
    'chapter, so for cbcast the cursor may depend on it. _c_ has not got the chapter yet, its link to _a_ is slow, and therefore holds ' +
    'the cursor back although it has it. The order is right and was not needed.',
  does:
    'The cost is real: here a cursor is a third of a second late. It is bounded, as _c_ asks for what it misses and does not wait for ' +
    'the slow link alone. Where that is too much, fbcast waits for nothing but its own sender’s earlier messages: cursors, typing marks and previews go that way. ' +
    'To name causes one by one (causes: “declared”) is declared and not yet built. In turn nobody has to think of causes: ' +
    'forgetting one is worse than waiting for one too many.',
  stateTitle: 'has',
  sides: [
    {
      title: 'cbcast',
      system: 'tutti',
      script: `${network}\non b "a chapter of my novel" cbcast b "cursor"\nrun 900`,
      expected: 'fault',
    },
    {
      title: 'fbcast for the cursor',
      system: 'tutti',
      script: `${network}\non b "a chapter of my novel" fbcast b "cursor"\nrun 900`,
      expected: 'fine',
    },
  ],
  judge,
  fine: 'The cursor waits for nobody.',
}

function judge(outcome: Outcome): string | undefined {
  const sentAt = outcome.sent.find(({ value }) => value === 'cursor')?.atMs
  const gotAt = deliveredAt(outcome, 'c', 'cursor')
  if (sentAt === undefined || gotAt === undefined) return 'c never sees the cursor'
  const took = Math.round(gotAt - sentAt)
  return took > HELD_UP_MS ? `c sees the cursor ${took} ms after it was sent, though its link to b is fast` : undefined
}
