import { missing, type Scenario } from '../scenario.ts'

const script = `members a b c d
at 50 cbcast a "one"
# What a sends c in the next 30 ms is lost, then their link breaks and comes back.
at 95 lose a c 30
at 100 cbcast a "two"
at 170 cbcast a "three"
at 200 cbcast b "four"
run 700`

export const reliable: Scenario = {
  name: 'reliable',
  title: 'No reliable multicast',
  summary: 'A link breaks while a message is on its way. Who notices, and who sends it again?',
  wrong:
    'To send something to a group, _a_ sends it to each of the others. Each of these links is reliable as long as it lasts. ' +
    'But links break: a laptop changes its network, a router forgets. What was on its way is gone, the next message gets ' +
    'through, and _c_ has a hole that neither it nor _a_ knows of. Should _a_ send everything again? How much, and how does _c_ tell ' +
    'what it has already?',
  does:
    'In a group a multicast is not done when it was sent, but when every member has it. Each member numbers what it sends, ' +
    'keeps it until all are known to have it, and tells the others now and then how far it has come. So _c_ sees the hole and ' +
    'pulls what it misses, from _a_ or from anyone who has it. The application sees each message once, or never.',
  stateTitle: 'has delivered',
  sides: [
    { title: 'Sent to each', system: 'plain', script, expected: 'fault' },
    { title: 'Multicast in a group', system: 'tutti', script, expected: 'fine' },
  ],
  judge: missing,
  fine: 'Everyone has all four.',
}
