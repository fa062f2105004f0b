import type { Outcome } from '../run.ts'
import { type Scenario, valuesOf } from '../scenario.ts'

const network = `members a b c
# Nothing of what a sends gets out any more, and a does not know.
at 95 lose a b 200
at 95 lose a c 200
at 100 abcast a "pay Eve 10"
at 130 crash a`

export const limitDurability: Scenario = {
  name: 'limit-durability',
  title: 'Limit 5: delivered, and gone',
  summary: 'Atomic is not durable: one delivers, acts, dies, and nobody else has ever heard of it.',
  wrong:
    '_a_ orders the abcasts, so its own has its place at once: _a_ delivers it and pays. Then _a_ is gone, and its message with it. ' +
    'Those who go on agree with each other that nothing was ever paid. The promise was about them: members that go on together ' +
    'deliver the same. About one that dies it says nothing, and the money is out.',
  does:
    'Whoever does something that cannot be undone waits for more than delivery: a receipt’s “stable” resolves when every member of ' +
    'the view has the multicast. On the right _a_ waits for that, in vain, and does not pay. What this version does not have is safe ' +
    'delivery for everybody (safe, durable: “unsupported”), and it keeps nothing on disk: when the last member leaves, the state ' +
    'is gone. It is not a database.',
  stateTitle: 'knows of',
  sides: [
    {
      title: 'Acting on delivery',
      system: 'tutti',
      script: `${network}\non a "pay Eve 10" note a "a has paid Eve"\nrun 1300`,
      expected: 'fault',
    },
    {
      title: 'Acting on “stable”',
      system: 'tutti',
      script: `${network}\nstable a "pay Eve 10" note a "a has paid Eve"\nrun 1300`,
      expected: 'fine',
    },
  ],
  judge,
  fine: 'Nothing is paid that the others do not know of.',
}

function judge(outcome: Outcome): string | undefined {
  const isPaid = outcome.notes.some(({ text }) => text === 'a has paid Eve')
  const isKnown = outcome.alive.some((name) => valuesOf(outcome, name).includes('pay Eve 10'))
  return isPaid && !isKnown ? 'a has paid, and nobody who lives knows of it' : undefined
}
