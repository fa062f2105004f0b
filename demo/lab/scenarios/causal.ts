import type { Outcome } from '../run.ts'
import { type Scenario, valuesOf } from '../scenario.ts'

const script = `members a b c
# The direct way from a to c is slow today.
delay a c 320
at 60 cbcast a "dinner at eight?"
on b "dinner at eight?" cbcast b "yes!"
on a "yes!" cbcast a "and bring wine"
run 800`

export const causal: Scenario = {
  name: 'causal',
  title: 'The answer before the question',
  summary: 'A message takes a way round and overtakes what it answers.',
  wrong:
    '_a_ asks, _b_ answers. The link from _a_ to _c_ is slow, those over _b_ are fast, so _c_ reads “yes!” before the question. Clocks do not ' +
    'help: those of two machines differ, and nobody knows whether something earlier is still to come. What counts is that the ' +
    'question was there when _b_ wrote the answer: it happened before.',
  does:
    'cbcast keeps what happened before in order. Each message carries, in a few bytes, how much its sender had delivered of every ' +
    'other member when it was sent. _c_ holds the answer back until it has that much as well, and holds back nothing else. It does ' +
    'not wait idly: it asks for what it misses, and whoever has it may answer.',
  stateTitle: 'reads',
  sides: [
    { title: 'As it comes', system: 'plain', script, expected: 'fault' },
    { title: 'cbcast', system: 'tutti', script, expected: 'fine' },
  ],
  judge,
  fine: 'Everyone reads the question first.',
}

function judge(outcome: Outcome): string | undefined {
  for (const name of outcome.alive) {
    const values = valuesOf(outcome, name)
    const [question, answer] = [values.indexOf('dinner at eight?'), values.indexOf('yes!')]
    if (answer !== -1 && (question === -1 || answer < question)) return `${name} reads “yes!” before the question`
  }
  return undefined
}
