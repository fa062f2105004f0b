import type { Outcome } from '../run.ts'
import { differing, doubled, missing, numberIn, type Scenario } from '../scenario.ts'
import type { Delivered } from '../side.ts'

const DEPOSITS = 24
const script = `members a b c
delay d a 120
delay d b 200
# Deposits of different sizes, one every 20 ms, by all in turn.
${Array.from({ length: DEPOSITS }, (_, i) => `at ${40 + 20 * i} cbcast ${'abc'[i % 3]} "+${i + 1}"`).join('\n')}
at 150 join d
at 900 cbcast d "+100"
run 1500`

const conditions = { bytesPerMs: 60, stateBytes: 8_000, state: balance }

export const stateTransfer: Scenario = {
  name: 'state',
  title: 'A newcomer while messages fly',
  summary: 'One joins and is given the state. What of the messages that are on their way meanwhile?',
  wrong:
    '_d_ joins and _a_ gives it the balance of the account. But the deposits go on while the state is on its way. One that _b_ sent ' +
    'before it had heard of _d_ does not go to _d_, and reached _a_ after it had copied the balance: _d_ never gets it. One that _c_ sent ' +
    'to _d_ as well as to _a_ is in the balance already: _d_ adds it twice. Stopping everybody for as long would be right, and slow.',
  does:
    'The view that lets _d_ in is a line through all messages: each was sent before it or after it, the same for all. _d_ gets the ' +
    'state exactly at that line, and after it every message of the new view, held back until the state is loaded. Nobody waits ' +
    'for _d_: the change takes a few message delays (shaded), and what is sent meanwhile goes out in the new view. If the member ' +
    'that gives the state dies half way, another one begins again.',
  isTerse: true,
  stateTitle: 'balance',
  sides: [
    { title: 'A copy, and what comes', system: 'plain', script, expected: 'fault', ...conditions },
    { title: 'State at the boundary of a view', system: 'tutti', script, expected: 'fine', ...conditions },
  ],
  judge: (outcome: Outcome) => doubled(outcome) ?? missing(outcome) ?? differing(outcome),
  fine: 'Everyone has the same balance.',
}

function balance(log: readonly Delivered[]): string {
  return String(log.reduce((sum, { value }) => sum + numberIn(value), 0))
}
