import type { Outcome } from '../run.ts'
import { deliveredAt, type Scenario } from '../scenario.ts'

const network = `members a b c
delay a b 200
delay a c 320
at 60 cbcast a "fire in the hall"
# a also calls b on the telephone.
at 65 tell a b "there is a fire!"`

export const limitCausality: Scenario = {
  name: 'limit-causality',
  title: 'Limit 1: causes that nobody told the group',
  summary: '“Can’t say for sure”: something travels outside the group, and the group cannot know.',
  wrong:
    '_a_ reports a fire to the group, and picks up the telephone as well. _b_ puts the fire out after the call, before _a_’s message ' +
    'has reached it, and says so. For people one follows from the other. For the group the two are concurrent: nothing that it ' +
    'has seen connects them. So _c_ reads that the fire is out, and then that there is one. This is true of every system that ' +
    'orders messages: it knows what passes through it.',
  does:
    'Tutti does not see telephones either, as the left side shows with real cbcasts. What helps is to act on what the group ' +
    'delivers and to take the rest as a hint: on the right _b_ waits for _a_’s message before it speaks, so its answer is a cbcast ' +
    'that follows the question. A token that carries the causes through a telephone (group.token) is declared and not yet built: ' +
    'it throws “unsupported”.',
  stateTitle: 'reads',
  sides: [
    {
      title: 'cbcast, and acting on the call',
      system: 'tutti',
      script: `${network}\non b "there is a fire!" cbcast b "the fire is out"\nrun 900`,
      expected: 'fault',
    },
    {
      title: 'cbcast, and acting on the group',
      system: 'tutti',
      script: `${network}\non b "fire in the hall" cbcast b "the fire is out"\nrun 900`,
      expected: 'fine',
    },
  ],
  judge,
  fine: 'Everyone reads of the fire first.',
}

function judge(outcome: Outcome): string | undefined {
  for (const name of outcome.alive) {
    const log = outcome.log(name).map(({ value }) => value)
    if (log.indexOf('the fire is out') === -1) return `${name} never reads that the fire is out`
    if (log.indexOf('the fire is out') < log.indexOf('fire in the hall')) {
      const atMs = Math.round(deliveredAt(outcome, name, 'fire in the hall') ?? 0)
      return `${name} reads “the fire is out”, and at ${atMs} ms “fire in the hall”`
    }
  }
  return undefined
}
