import { missing, type Scenario } from '../scenario.ts'

const script = `members a b c d
delay a b 15
at 50 cbcast a "the key is under the mat"
# a has sent to b, and not to c and d, when its battery is empty.
at 95 lose a c 60
at 95 lose a d 60
at 100 cbcast a "no: the key is with Eve"
at 118 crash a
run 1300`

export const atomicity: Scenario = {
  name: 'atomicity',
  title: 'The sender dies half way',
  summary: 'Some have the last message of one that crashed and some have not, and nobody is left to ask.',
  wrong:
    '_a_ tells everybody that the key is no longer under the mat. It has sent that to _b_, and then it is gone. _b_ knows, _c_ and _d_ ' +
    'do not, and they will go on to look under the mat. There is nobody to send it again: _b_ cannot know that the others lack it, ' +
    'and they cannot know that there was anything.',
  does:
    'Before a view without _a_ is installed, the members tell each other what they hold of the old one, and _b_’s copy is passed on. ' +
    'All who go on together have delivered the same messages: everyone has the last word of _a_, or nobody. That is the virtual ' +
    'in virtual synchrony: a crash looks as if it had happened between two messages, to all at the same moment.',
  stateTitle: 'knows',
  sides: [
    { title: 'Sent to each', system: 'plain', script, expected: 'fault', state: last },
    { title: 'Multicast in a group', system: 'tutti', script, expected: 'fine', state: last },
  ],
  judge: missing,
  fine: 'All who live on know the same.',
}

function last(log: readonly { readonly value: string }[]): string {
  return log.at(-1)?.value ?? 'nothing'
}
