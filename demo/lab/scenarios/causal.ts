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
    'a asks, b answers. The link from a to c is slow, those over b are fast, so c reads “yes!” before the question. Clocks do not ' +
    'help: those of two machines differ, and nobody knows whether something earlier is still to come. What counts is that the ' +
    'question was there when b wrote the answer: it happened before.',
  does:
    'cbcast keeps what happened before in order. Each message carries, in a few bytes, how much its sender had delivered of each ' +
    'other when it was sent. c holds the answer back until it has that much as well, and nothing else. It does not wait idly: ' +
    'it asks for what it misses, and whoever has it may answer. Messages between a and c soon go round by b, which is faster.',
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
